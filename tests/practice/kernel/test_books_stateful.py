"""Any orders, in any order, on any market: what must be true of the books stays true."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.practice.kernel.hall import MS, Hall
from tests.practice.kernel.hand_market import ASKS, BIDS, BUY, SELL, HandMarket, five_each
from tests.practice.kernel.truths import Truths

from tradedesk.domain.order import OrderStatus
from tradedesk.gateway.wire.orders import BracketModel

EXAMPLES = int(os.environ.get("KERNEL_EXAMPLES", "40"))
SYMBOLS = ("MNQ", "ES")
KINDS = ("practice", "combine-50k:daily-loss", "practice")
LIMIT, MARKET, STOP, TRAILING, JOIN_BID, JOIN_ASK = 1, 2, 4, 5, 6, 7

symbols = st.sampled_from(SYMBOLS)
nth_account = st.integers(0, len(KINDS) - 1)
sides = st.sampled_from((0, 1))
sizes = st.sampled_from((1, 2, 3, 7, 40))
near = st.integers(-14, 14)
pauses = st.sampled_from((0, 1, 7, 8, 9, 18, 26, 250, 11_000))
picks = st.integers(0, 1_000)
happenings = st.lists(
    st.tuples(
        st.sampled_from(("trade", "print", "level", "leave", "shift", "wipe", "reset")),
        sides,
        near,
        st.integers(1, 30),
        st.sampled_from((0, 1, 3, 9, 20)),
    ),
    min_size=1,
    max_size=6,
)


class Books(RuleBasedStateMachine):
    """Three accounts on two contracts; the third one keeps Position Brackets."""

    hall: Hall

    @initialize(brackets=st.booleans())
    def open_the_hall(self, brackets: bool) -> None:
        self.hall = Hall(HandMarket(MNQ=80_000, ES=24_000), *KINDS)
        self.truths = Truths(self.hall)
        self.tags = 0
        if brackets:
            wrong = self.hall.control(
                "bracket_mode",
                mode="position",
                accountId=self.hall.accounts[2],
                stopTicks=6,
                targetTicks=5,
            )
            assert wrong is None

    @rule(
        nth=nth_account,
        symbol=symbols,
        kind=st.sampled_from((LIMIT, MARKET, STOP, TRAILING, JOIN_BID, JOIN_ASK)),
        side=sides,
        size=sizes,
        offset=near,
        legs=st.none() | st.tuples(st.none() | st.integers(4, 12), st.none() | st.integers(4, 12)),
        trails=st.booleans(),
    )
    def place(
        self,
        nth: int,
        symbol: str,
        kind: int,
        side: int,
        size: int,
        offset: int,
        legs: tuple[int | None, int | None] | None,
        trails: bool,
    ) -> None:
        at = self.hall.tape(symbol).last + offset
        members: dict[str, Any] = {"type": kind, "side": side, "size": size}
        name = {LIMIT: "limit_price", STOP: "stop_price", TRAILING: "trail_price"}.get(kind)
        if name is not None:
            members[name] = at
        sign = 1 if side == 0 else -1
        stop, target = legs or (None, None)
        if stop is not None:
            members["stop_loss_bracket"] = BracketModel(ticks=-stop * sign, type=5 if trails else 4)
        if target is not None:
            members["take_profit_bracket"] = BracketModel(ticks=target * sign, type=1)
        self.tags += 1
        answer = self.hall.place(
            self.hall.accounts[nth], symbol, custom_tag=f"t{self.tags}", **members
        )
        assert (answer.code == 0) <= (answer.order_id is not None)

    @precondition(lambda self: self.hall.live())
    @rule(pick=picks, size=st.none() | sizes, offset=st.none() | near)
    def modify(self, pick: int, size: int | None, offset: int | None) -> None:
        row = self._picked(pick)
        at = None if offset is None else self.hall.tape(row.contract.product.symbol).last + offset
        answer = self.hall.modify(row, size=size, limit_price=at, stop_price=at, trail_price=at)
        if answer.code == 0 and size is not None:
            self.truths.resized.add(row.id)
        if answer.code == 0 and at is not None:
            self.truths.repriced.add(row.id)

    @precondition(lambda self: self.hall.live())
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        row = self._picked(pick)
        assert self.hall.world.exchange.cancel(row.account_id, row.id).code == 0
        assert row.status is OrderStatus.CANCELLED

    @rule(nth=nth_account, symbol=symbols, size=st.none() | st.integers(0, 8))
    def close(self, nth: int, symbol: str, size: int | None) -> None:
        account = self.hall.accounts[nth]
        held = abs(self.hall.net(account, symbol))
        answer = self.hall.world.exchange.close(account, self.hall.id(symbol), size)
        if not held:
            assert answer.code == 2
        elif size is not None and not 0 < size <= held:
            assert answer.code == 5

    @rule(symbol=symbols, rows=happenings)
    def market(self, symbol: str, rows: list[tuple[str, int, int, int, int]]) -> None:
        tape, at_ns = self.hall.tape(symbol), self.hall.now_ns + 1
        for kind, side, offset, size, wait_ms in rows:
            at_ns += wait_ms * MS
            last = tape.last
            match kind:
                case "trade":
                    tape.trade(at_ns, BUY if side == 0 else SELL, size)
                case "print":
                    tape.trade(at_ns, side, size, last + offset)
                case "level" | "leave":
                    book_side = BIDS if offset < 0 else ASKS
                    if kind == "level":
                        tape.level(at_ns, book_side, last + offset, size * side)
                    else:
                        tape.leave(at_ns, book_side, last + offset, size, at_ns - size * MS)
                case "shift":
                    tape.around(at_ns, last + offset, last + offset + 1)
                    tape.trade(at_ns, BUY if side == 0 else SELL, 1)
                case "wipe":
                    for one in list(tape.book.levels(side)):
                        tape.level(at_ns, side, one.px, 0)
                case _:
                    whole = five_each(last + offset, last + offset + 1)
                    tape.reset(at_ns, whole if side else type(whole)())
        self.hall.go(at_ns - self.hall.now_ns)

    @rule(ms=pauses)
    def wait(self, ms: int) -> None:
        self.hall.go(ms * MS)

    @rule(nth=nth_account, on=st.booleans())
    def switch_mode(self, nth: int, on: bool) -> None:
        account = self.hall.accounts[nth]
        busy = self.hall.world.ledgers[account].positions() or any(
            row.account_id == account for row in self.hall.live()
        )
        more = {"stopTicks": 8, "targetTicks": 4} if on else {}
        wrong = self.hall.control(
            "bracket_mode", mode="position" if on else "auto_oco", accountId=account, **more
        )
        assert (wrong is not None) == bool(busy)

    @invariant()
    def the_truth_stays(self) -> None:
        if hasattr(self, "hall"):
            self.truths.check()

    def teardown(self) -> None:
        if hasattr(self, "hall"):
            self.hall.close_down()

    def _picked(self, pick: int) -> Any:
        live = self.hall.live()
        return live[pick % len(live)]


Books.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=25,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
TestBooks = Books.TestCase
