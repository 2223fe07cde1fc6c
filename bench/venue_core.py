"""Orders through the matching core of the practice venue, in one process and without sockets.

Run as a process by ``venue.py``; prints what it measured as one line of JSON. A seeded trader
places, changes and cancels orders on three generated contracts while their market goes on, and at
the end fills, trades, positions and money are counted against one another.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.order import OrderType, Side
from tradedesk.gateway.wire.orders import BracketModel, ModifyOrderRequest, PlaceOrderRequest
from tradedesk.practice.books.exchange import Exchange
from tradedesk.practice.books.ledger import Ledger
from tradedesk.practice.clock import VenueClock
from tradedesk.practice.exchange_hours import AlwaysOpen
from tradedesk.practice.floor import Floor
from tradedesk.practice.market.source import SyntheticMarket

if not __package__:
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.venue_process import usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradedesk.practice.books.ledger import HalfTurn, PositionRow
    from tradedesk.practice.books.matching import Match
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.feed import Feed
    from tradedesk.practice.products import Contract

ACCOUNT: Final = 1
START: Final = Decimal(10_000_000)
ORIGIN_NS: Final = 1_795_190_400_000_000_000
STEP_NS: Final = 500_000
PACE: Final = 10.0
SYMBOLS: Final = ("MNQ", "ES", "CL")
MARKET: Final = "(the market, and what it does to orders)"
MOST_RESTING: Final = 3_000
MIX: Final = {
    "market": 25,
    "limit near": 30,
    "limit far": 15,
    "stop": 12,
    "trailing stop": 3,
    "join": 5,
    "market with bracket": 10,
}
CHANGES: Final = {"modify": 0.25, "cancel": 0.35}
"""How often a resting order is changed or cancelled, per order placed."""


class Told:
    """The user's side: counts what it is told."""

    def __init__(self) -> None:
        self.orders = self.positions = self.accounts = 0
        self.traded: defaultdict[int, int] = defaultdict(int)

    def on_order(self, row: OrderRow) -> None:
        """Count."""
        self.orders += 1

    def on_trade(self, trade: HalfTurn) -> None:
        """Add up what an order traded."""
        self.traded[trade.order_id] += trade.size

    def on_position(self, account_id: int, row: PositionRow) -> None:
        """Count."""
        self.positions += 1

    def on_account(self, ledger: Ledger) -> None:
        """Count."""
        self.accounts += 1


class Core:
    """Exchange, floor and one account, in time that is moved by hand."""

    def __init__(self) -> None:
        self.clock = VenueClock(SystemClock(), ORIGIN_NS, stepped=True)
        self.market = SyntheticMarket(7, ORIGIN_NS, PACE)
        self.told = Told()
        self.ledger = Ledger(ACCOUNT, START, 1, 1)
        self.floor = Floor(self.clock, self.market, AlwaysOpen(), joins_follow=False)
        self.exchange = Exchange({ACCOUNT: self.ledger}, self.floor, self.told)
        self.floor.open_to(self, self)
        self.contracts = [one for one in self.market.active() if one.product.symbol in SYMBOLS]
        for contract in self.contracts:
            self.floor.book(contract)

    def apply(self, matches: Sequence[Match]) -> None:
        """Orders traded."""
        self.exchange.execution.apply(matches)

    def moved(self, rows: Sequence[OrderRow]) -> None:
        """Trailing stops followed the market."""
        self.exchange.execution.moved(rows)

    def marked(self, contract: Contract) -> None:
        """Nobody watches the account."""

    def publish(self, feed: Feed) -> None:
        """Nobody listens to the market."""

    def listens(self, contract_id: str) -> bool:
        """Nobody."""
        return False

    def needs_book(self, contract_id: str) -> bool:
        """All of them are traded."""
        return True

    def forget(self, contract_id: str) -> None:
        """Never happens."""


class Trader:
    """Places, changes and cancels by the dice, and takes the time of each kind."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.dice = random.Random(7)
        self.resting: list[int] = []
        self.ns: Counter[str] = Counter()
        self.count: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def run(self, orders: int) -> None:
        """Place so many orders."""
        dice, core = self.dice, self.core
        kinds = dice.choices(list(MIX), list(MIX.values()), k=orders)
        for kind in kinds:
            self._pass_time()
            self._place(kind)
            if dice.random() < CHANGES["modify"]:
                self._pass_time()
                self._modify()
            if dice.random() < CHANGES["cancel"] or len(self.resting) > MOST_RESTING:
                self._pass_time()
                self._cancel()
        core.clock.step(10**9)
        core.floor.catch_up()

    def _pass_time(self) -> None:
        self.core.clock.step(STEP_NS)
        with self._timed(MARKET):
            self.core.floor.catch_up()

    def _place(self, kind: str) -> None:
        contract = self.dice.choice(self.core.contracts)
        request = self._request(kind, contract)
        with self._timed(kind):
            answer = self.core.exchange.place(request)
        if answer.code:
            self.refused[kind] += 1
        elif kind not in ("market", "market with bracket"):
            assert answer.order_id is not None
            self.resting.append(answer.order_id)

    def _request(self, kind: str, contract: Contract) -> PlaceOrderRequest:
        dice, tick = self.dice, contract.product.tick
        touch = self.core.floor.book(contract).touch
        side = dice.choice((Side.BUY, Side.SELL))
        away = -side.sign
        request = PlaceOrderRequest(
            account_id=ACCOUNT,
            contract_id=contract.contract_id,
            type=OrderType.MARKET,
            side=side,
            size=dice.randint(1, 5),
        )
        match kind:
            case "limit near" | "limit far":
                ticks = dice.randint(-1, 4) if kind == "limit near" else dice.randint(40, 400)
                best = touch.bid if side is Side.BUY else touch.ask
                request.type = OrderType.LIMIT
                request.limit_price = tick.price_lossy(best + away * ticks)
            case "stop":
                request.type = OrderType.STOP
                px = touch.last - away * dice.randint(3, 60)
                request.stop_price = tick.price_lossy(px)
            case "trailing stop":
                request.type = OrderType.TRAILING_STOP
                px = touch.last - away * dice.randint(10, 60)
                request.trail_price = tick.price_lossy(px)
            case "join":
                request.type = OrderType.JOIN_BID if side is Side.BUY else OrderType.JOIN_ASK
            case "market with bracket":
                stop, target = dice.randint(8, 80), dice.randint(8, 80)
                request.stop_loss_bracket = BracketModel(ticks=away * stop, type=OrderType.STOP)
                request.take_profit_bracket = BracketModel(
                    ticks=-away * target, type=OrderType.LIMIT
                )
        return request

    def _modify(self) -> None:
        row = self._some_resting()
        if row is None:
            return
        tick, size = row.contract.product.tick, None
        limit = stop = None
        if row.limit is not None:
            limit = tick.price_lossy(row.limit + self.dice.randint(-3, 3))
        elif row.type is OrderType.STOP and row.stop is not None:
            stop = tick.price_lossy(row.stop + row.side.sign * self.dice.randint(0, 5))
        if self.dice.random() < 0.3:
            size = row.size + 1
        request = ModifyOrderRequest(
            account_id=ACCOUNT, order_id=row.id, size=size, limit_price=limit, stop_price=stop
        )
        with self._timed("modify"):
            answer = self.core.exchange.modify(request)
        self.refused["modify"] += bool(answer.code)

    def _cancel(self) -> None:
        row = self._some_resting()
        if row is not None:
            with self._timed("cancel"):
                answer = self.core.exchange.cancel(ACCOUNT, row.id)
            self.refused["cancel"] += bool(answer.code)

    def _some_resting(self) -> OrderRow | None:
        """An order that still rests; forgets those met on the way that do not."""
        while self.resting:
            at = self.dice.randrange(len(self.resting))
            row = self.core.exchange.rows[self.resting[at]]
            if row.live:
                return row
            self.resting[at] = self.resting[-1]
            self.resting.pop()
        return None

    @contextmanager
    def _timed(self, kind: str) -> Iterator[None]:
        begun = time.perf_counter_ns()
        yield
        self.ns[kind] += time.perf_counter_ns() - begun
        self.count[kind] += 1


def differences(core: Core) -> list[str]:
    """What does not add up when everything is over; empty if all does."""
    found = []
    rows = list(core.exchange.rows.where(ACCOUNT, lambda _: True))
    traded = core.told.traded
    if any(row.filled != traded.get(row.id, 0) or row.filled > row.size for row in rows):
        found.append("orders filled otherwise than they traded")
    if len(traded) != sum(row.filled > 0 for row in rows):
        found.append("trades of orders that are not known")
    found += _money(core)
    for row in rows:
        if row.live:
            core.exchange.cancel(ACCOUNT, row.id)
    if not all(core.floor.book(contract).empty for contract in core.contracts):
        found.append("orders rest that were all cancelled")
    return found


def _money(core: Core) -> list[str]:
    """Positions against the net of fills, profit against what was paid, balance against both."""
    found = []
    trades, value = core.ledger.trades, Decimal(0)
    for contract in core.contracts:
        mine = [trade for trade in trades if trade.contract is contract]
        position = core.ledger.position(contract.contract_id)
        held = 0 if position is None else position.net
        if sum(trade.size * trade.side.sign for trade in mine) != held:
            found.append(f"position on {contract.name} is not the net of its fills")
        paid = sum(trade.size * trade.px * trade.side.sign for trade in mine)
        value -= paid * contract.product.tick_value
        if position is not None:
            value += position.cost if held > 0 else -position.cost
    profit = sum((trade.pnl for trade in trades if trade.pnl is not None), Decimal(0))
    if value != profit:
        found.append(f"profit is {profit} by the trades and {value} by the cash")
    expected = START + profit - sum((trade.fees for trade in trades), Decimal(0))
    if core.ledger.balance != expected:
        found.append(f"the balance is {core.ledger.balance}, not {expected}")
    return found


def main(orders: int) -> None:
    """Run and print."""
    core = Core()
    trader = Trader(core)
    trader.run(1_000)  # makes the first hour of the market
    for counter in (trader.ns, trader.count, trader.refused):
        counter.clear()
    before = usage(os.getpid())
    begun = time.perf_counter()
    trader.run(orders)
    seconds = time.perf_counter() - begun
    after = usage(os.getpid())
    report: dict[str, Any] = {
        "orders": orders,
        "seconds": seconds,
        "kinds": {k: [trader.count[k], trader.ns[k] / trader.count[k]] for k in trader.count},
        "refused": dict(trader.refused),
        "trades": len(core.ledger.trades),
        "venue_s": (core.clock.now_ns() - ORIGIN_NS) / 1e9,
        "bytes": None if before is None or after is None else (after.rss - before.rss) / orders,
        "differences": differences(core),
    }
    core.floor.close()
    print(json.dumps(report))


if __name__ == "__main__":
    main(json.loads(sys.stdin.readline()))
