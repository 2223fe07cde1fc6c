"""Any orders, in any order, on any market: what must be true of the books stays true."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.practice.kernel.hall import MS, Hall
from tests.practice.kernel.hand_market import ASKS, BIDS, BUY, HandMarket, HandTape, five_each
from tests.practice.kernel.truths import Truths

from tradedesk.gateway.wire.orders import BracketModel
from tradedesk.practice.market.book import NO_DEPTH

EXAMPLES = int(os.environ.get("KERNEL_EXAMPLES", "40"))
SYMBOLS = ("MNQ", "ES")
KINDS = ("practice", "combine-50k:daily-loss=60", "practice")
LIMIT, MARKET, STOP, TRAILING, JOIN_BID, JOIN_ASK = 1, 2, 4, 5, 6, 7

symbols = st.sampled_from(SYMBOLS)
nth_account = st.integers(0, len(KINDS) - 1)
sides = st.sampled_from((0, 1))
sizes = st.sampled_from((1, 2, 3, 7, 40))
near = st.integers(-14, 14)
very_near = st.sampled_from((0, 1, -1, 2, -2, 4, -4, 9, -9))
pauses = st.sampled_from((9, 0, 30, 1, 7, 8, 18, 26, 250, 11_000))
distances = st.sampled_from((4, 5, 7, 12))
picks = st.integers(0, 1_000)
happenings = st.lists(
    st.tuples(
        st.sampled_from(("run", "trade", "print", "level", "leave", "shift", "wipe", "reset")),
        sides,
        near,
        st.integers(1, 30),
        st.sampled_from((9, 0, 1, 3, 20)),
    ),
    min_size=1,
    max_size=6,
)


class Books(RuleBasedStateMachine):
    """Three accounts on two contracts; the third one may keep Position Brackets."""

    hall: Hall

    @initialize(brackets=st.booleans(), follow=st.booleans(), twins=st.booleans())
    def open_the_hall(self, brackets: bool, follow: bool, twins: bool) -> None:
        """The same hall twice; in the second one time goes on in small slices."""
        knobs: dict[str, Any] = {"joins_follow": follow, "leg_cancel_takes_twin": twins}
        self.hall, self.sliced = self.halls = [
            Hall(HandMarket(MNQ=80_000, ES=24_000), *KINDS, slice_ns=slice_ns, **knobs)
            for slice_ns in (None, 37 * MS)
        ]
        self.truths = Truths(self.hall)
        self.tags = 0
        if brackets:
            for hall in self.halls:
                wrong = hall.control(
                    "bracket_mode",
                    mode="position",
                    accountId=hall.accounts[2],
                    stopTicks=6,
                    targetTicks=5,
                )
                assert wrong is None

    @rule(
        nth=nth_account,
        symbol=symbols,
        kind=st.sampled_from((MARKET, LIMIT, STOP, TRAILING, JOIN_BID, JOIN_ASK)),
        side=sides,
        size=sizes,
        offset=very_near,
        legs=st.tuples(distances, distances)
        | st.tuples(st.none() | distances, st.none() | distances),
        trails=st.booleans(),
        ms=pauses,
    )
    def place(
        self,
        nth: int,
        symbol: str,
        kind: int,
        side: int,
        size: int,
        offset: int,
        legs: tuple[int | None, int | None],
        trails: bool,
        ms: int,
    ) -> None:
        sign = 1 if side == 0 else -1
        at = self.hall.tape(symbol).last + (abs(offset) * sign if kind == STOP else offset)
        members: dict[str, Any] = {"type": kind, "side": side, "size": size}
        name = {LIMIT: "limit_price", STOP: "stop_price", TRAILING: "trail_price"}.get(kind)
        if name is not None:
            members[name] = at
        stop, target = legs
        if stop is not None:
            members["stop_loss_bracket"] = BracketModel(ticks=-stop * sign, type=5 if trails else 4)
        if target is not None:
            members["take_profit_bracket"] = BracketModel(ticks=target * sign, type=1)
        self.tags += 1
        answer, same = (
            hall.place(hall.accounts[nth], symbol, custom_tag=f"t{self.tags}", **members)
            for hall in self.halls
        )
        assert answer == same
        assert (answer.code == 0) <= (answer.order_id is not None)
        self.wait(ms)

    @precondition(lambda self: self.hall.live())
    @rule(pick=picks, size=st.none() | sizes, offset=st.none() | near)
    def modify(self, pick: int, size: int | None, offset: int | None) -> None:
        row = self._picked(pick)
        at = None if offset is None else self.hall.tape(row.contract.product.symbol).last + offset
        other = self.sliced.world.exchange.rows[row.id]
        answer, same = (
            hall.modify(one, size=size, limit_price=at, stop_price=at, trail_price=at)
            for hall, one in ((self.hall, row), (self.sliced, other))
        )
        assert answer == same
        if answer.code == 0 and size is not None:
            self.truths.resized.add(row.id)
        if answer.code == 0 and at is not None:
            self.truths.repriced.add(row.id)

    @precondition(lambda self: self.hall.live())
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        row = self._picked(pick)
        for hall in self.halls:
            answer = hall.world.exchange.cancel(row.account_id, row.id)
            assert answer.code == (3 if row.forced else 0)
        assert row.live == row.forced

    @rule(nth=nth_account, symbol=symbols, size=st.none() | st.integers(0, 8))
    def close(self, nth: int, symbol: str, size: int | None) -> None:
        account = self.hall.accounts[nth]
        held = abs(self.hall.net(account, symbol))
        answer, same = (
            hall.world.exchange.close(account, hall.id(symbol), size) for hall in self.halls
        )
        assert answer == same
        if not held:
            assert answer.code == 2
        elif size is not None and not 0 < size <= held:
            assert answer.code == 5

    @rule(symbol=symbols, rows=happenings)
    def market(self, symbol: str, rows: list[tuple[str, int, int, int, int]]) -> None:
        for hall in self.halls:
            self._write(hall, symbol, rows)

    @staticmethod
    def _write(hall: Hall, symbol: str, rows: list[tuple[str, int, int, int, int]]) -> None:
        tape, at_ns = hall.tape(symbol), hall.now_ns + 1
        for kind, side, offset, size, wait_ms in rows:
            at_ns += wait_ms * MS
            last = tape.last
            if kind == "run":  # up or down, tick by tick, somebody trading at each
                for _ in range(size % 13):
                    at_ns += wait_ms * MS // 3
                    step = 1 if side == BUY else -1
                    tape.around(at_ns, tape.bid + step, tape.bid + step + 1)
                    tape.trade(at_ns, side, 1 + size % 7)
            elif kind == "trade":
                tape.trade(at_ns, side, size)
            elif kind == "print":
                tape.trade(at_ns, side, size, last + offset)
            elif kind == "shift":
                tape.around(at_ns, last + offset, last + offset + 1)
                tape.trade(at_ns, side, 1)
            else:
                _change(tape, at_ns, kind, side, offset, size)
        hall.go(at_ns - hall.now_ns)

    @rule(ms=pauses)
    def go_on(self, ms: int) -> None:
        self.wait(ms)

    def wait(self, ms: int) -> None:
        for hall in self.halls:
            hall.go(ms * MS)

    @rule(nth=nth_account, on=st.booleans())
    def switch_mode(self, nth: int, on: bool) -> None:
        account = self.hall.accounts[nth]
        busy = self.hall.world.ledgers[account].positions() or any(
            row.account_id == account for row in self.hall.live()
        )
        more = {"stopTicks": 8, "targetTicks": 4} if on else {}
        wrong, _ = (
            hall.control(
                "bracket_mode", mode="position" if on else "auto_oco", accountId=account, **more
            )
            for hall in self.halls
        )
        assert (wrong is not None) == bool(busy)

    @invariant()
    def the_truth_stays(self) -> None:
        if hasattr(self, "hall"):
            self.truths.check()
            assert self.sliced.ear.records == self.hall.ear.records

    def teardown(self) -> None:
        if hasattr(self, "hall"):
            for hall in self.halls:
                hall.close_down()

    def _picked(self, pick: int) -> Any:
        live = self.hall.live()
        return live[pick % len(live)]


def _change(tape: HandTape, at_ns: int, kind: str, side: int, offset: int, size: int) -> None:
    """Levels change without a trade."""
    px, book_side = tape.last + offset, BIDS if offset < 0 else ASKS
    if kind == "level":
        tape.level(at_ns, book_side, px, size * side)
    elif kind == "leave":
        tape.leave(at_ns, book_side, px, size, at_ns - size * MS)
    elif kind == "wipe":
        for one in list(tape.book.levels(side)):
            tape.level(at_ns, side, one.px, 0)
    else:
        tape.reset(at_ns, five_each(px, px + 1) if side else NO_DEPTH)


Books.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
TestBooks = Books.TestCase
