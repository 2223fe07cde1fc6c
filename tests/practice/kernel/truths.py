"""What must be true of the books at any moment, whatever was asked of them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradedesk.domain.order import OrderStatus, OrderType

if TYPE_CHECKING:
    from tests.practice.kernel.hall import Hall

    from tradedesk.practice.books.matching import Book
    from tradedesk.practice.books.rows import OrderRow


class Truths:
    """Checks a hall; keeps what it heard so far, so that nothing is read twice."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._heard = 0
        self._orders: dict[int, dict[str, Any]] = {}
        self._positions: dict[tuple[int, str], int] = {}
        self._balances: dict[int, float] = {}
        self._seen: list[int] = []
        self._trades: list[dict[str, Any]] = []
        self.resized: set[int] = set()
        self.repriced: set[int] = set()

    def check(self) -> None:
        self._listen()
        self._ids()
        for account in self._hall.accounts:
            self._money(account)
            self._orders_are_sound(account)
            self._views_agree(account)
            self._who_may_not_trade_is_being_closed(account)
        self._families()
        self._books()

    def _listen(self) -> None:

        records = self._hall.ear.records
        for record in records[self._heard :]:
            one = json.loads(record.rstrip(b"\x1e"))
            data = one["arguments"][0]["data"]
            match one["target"]:
                case "GatewayUserOrder":
                    before = self._orders.get(data["id"])
                    if before is None:
                        self._seen.append(data["id"])
                    else:
                        assert before["status"] not in (2, 3, 5), ("told after its end", data)
                        assert before["fillVolume"] <= data["fillVolume"]
                        assert before["updateTimestamp"] <= data["updateTimestamp"]
                    self._orders[data["id"]] = data
                case "GatewayUserPosition":
                    sign = {0: 0, 1: 1, 2: -1}[data["type"]]
                    self._positions[(data["accountId"], data["contractId"])] = sign * data["size"]
                case "GatewayUserAccount":
                    self._balances[data["id"]] = data["balance"]
                case _:
                    self._trades.append(data)
        self._heard = len(records)

    def _ids(self) -> None:
        """Unique and ascending in the order in which orders came to be."""
        assert len(set(self._seen)) == len(self._seen)
        rows = [row for one in self._hall.accounts for row in self._hall.rows(one)]
        assert sorted(row.id for row in rows) == sorted(self._seen)
        by_time = sorted(rows, key=lambda row: row.id)
        stamps = [row.created_ns for row in by_time]
        assert stamps == sorted(stamps)
        for account in self._hall.accounts:
            ids = [trade.id for trade in self._hall.world.ledgers[account].trades]
            assert ids == sorted(set(ids))
        every = [trade["id"] for trade in self._trades]
        assert len(set(every)) == len(every)

    def _money(self, account: int) -> None:
        ledger = self._hall.world.ledgers[account]
        net: Counter[str] = Counter()
        filled: Counter[int] = Counter()
        cost: Counter[int] = Counter()
        money = Decimal(0)
        for trade in ledger.trades:
            net[trade.contract.contract_id] += trade.size * trade.side.sign
            filled[trade.order_id] += trade.size
            cost[trade.order_id] += trade.size * trade.px
            money += (trade.pnl or Decimal(0)) - trade.fees
            assert trade.fees == trade.contract.product.fee * trade.size
        assert ledger.balance == self._hall.start[account] + money
        held = {row.contract.contract_id: row.net for row in ledger.positions()}
        assert held == {contract: size for contract, size in net.items() if size}
        if ledger.trades:
            assert self._balances[account] == float(ledger.balance)
        for contract, size in net.items():
            assert self._positions[(account, contract)] == size
        for row in self._hall.rows(account):
            assert (row.filled, row.cost) == (filled[row.id], cost[row.id])

    def _orders_are_sound(self, account: int) -> None:
        for row in self._hall.rows(account):
            assert 0 <= row.filled <= row.size, row
            assert (row.status is OrderStatus.FILLED) == (row.remaining == 0), row
            if row.status is OrderStatus.REJECTED:
                assert not row.filled
            stays = row.type is OrderType.LIMIT and row.tag is not None  # no pair of a position's
            if row.filled and stays and row.id not in self.repriced:
                assert row.limit is not None
                assert (row.cost - row.limit * row.filled) * row.side.sign <= 0, row
            if row.is_leg and not self._entry(row).filled:
                if not self._entry(row).live:
                    assert not row.live, ("a leg without an entry", row)
                assert row.status in (OrderStatus.SUSPENDED, OrderStatus.CANCELLED), row

    def _who_may_not_trade_is_being_closed(self, account: int) -> None:
        """Flat, or on its way there by orders of the venue's own that nobody can take back."""
        hall = self._hall
        if hall.world.supervisor.can_trade(account):
            return
        live = hall.world.exchange.rows.live_of(account)
        for position in hall.world.ledgers[account].positions():
            mine = [row for row in live if row.forced and row.contract == position.contract]
            closing = sum(row.remaining * row.side.sign for row in mine)
            assert closing == -position.net, (position, live)

    def _families(self) -> None:
        for account in self._hall.accounts:
            for entry in self._hall.rows(account):
                if entry.bracket and not self.resized & {entry.id, *entry.bracket}:
                    self._family(entry)

    def _family(self, entry: OrderRow) -> None:
        legs = [self._hall.world.exchange.rows[one] for one in entry.bracket]
        out = sum(leg.filled for leg in legs)
        assert out <= entry.filled, (entry, legs)
        working = [leg for leg in legs if leg.status is OrderStatus.OPEN]
        for leg in working:
            assert leg.remaining == entry.filled - out, (entry, legs)
        if any(leg.status is OrderStatus.FILLED for leg in legs):
            assert not entry.live, (entry, legs)
            assert not working, (entry, legs)

    def _views_agree(self, account: int) -> None:
        """REST says of each order what the stream said last."""
        hall = self._hall
        for row in hall.rows(account):
            assert hall.order_by_rest(row) == self._orders[row.id], row
        rows = {row["id"]: row for row in hall.open_by_rest(account)}
        told = {
            one: row
            for one, row in self._orders.items()
            if row["accountId"] == account and row["status"] == 1
        }
        assert rows == told
        positions = {
            row["contractId"]: row["size"] * (1 if row["type"] == 1 else -1)
            for row in hall.positions_by_rest(account)
        }
        heard = {key[1]: net for key, net in self._positions.items() if key[0] == account and net}
        assert positions == heard
        trades = hall.trades_by_rest(account)
        assert trades[::-1] == [one for one in self._trades if one["accountId"] == account]

    def _books(self) -> None:
        """What the rows call open stands in the book once, and nothing else does."""
        hall = self._hall
        wanted: dict[str, list[int]] = defaultdict(list)
        for row in hall.live():
            if row.status is OrderStatus.OPEN:
                wanted[row.contract.contract_id].append(row.id)
        for contract in hall.market.active():
            book = hall.world.floor.book(contract)
            resting = resting_in(book)
            assert sorted(row.id for row in resting) == sorted(wanted[contract.contract_id])
            for row in resting:
                assert row.ahead >= 0

    def _entry(self, leg: OrderRow) -> OrderRow:
        assert leg.parent_id is not None
        return self._hall.world.exchange.rows[leg.parent_id]


def resting_in(book: Book) -> list[OrderRow]:
    """Orders that a book holds, with the prices under which it holds them checked."""
    found = []
    for side, limits in book._limits.items():
        for px, queue in limits._queues.items():
            assert queue
            for row in queue:
                assert (row.limit, row.side) == (px, side), row
                found.append(row)
    for side, stops in book._stops.items():
        for key, seq, row in stops._entries:
            assert row.stop is not None
            assert (row.stop * side.sign, row.seq, row.side) == (key, seq, side), row
            found.append(row)
    return found + book._triggered
