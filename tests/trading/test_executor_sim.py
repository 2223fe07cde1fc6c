"""The shipped executor against a faulty venue, in virtual time, judged by the venue's own book."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.fake_gateway import Fault
from tests.fakes.sim_desk import TIMINGS, SimDesk
from tests.fakes.virtual_time import run_virtual

from tradedesk.domain.events import IntentChanged, IntentState
from tradedesk.domain.order import OrderType, Side
from tradedesk.trading.limits import Timings

NO_ORDER = {IntentState.REJECTED, IntentState.NOT_SENT, IntentState.ABSENT, IntentState.DENIED}

PLACE_FAULTS = (
    (Fault.NOT_SENT, 0.05),
    (Fault.REQUEST_LOST, 0.08),
    (Fault.REPLY_LOST, 0.15),
    (Fault.LATE, 0.07),
    (Fault.REFUSED, 0.05),
    (Fault.CUT, 0.03),
)


class Session:
    """One trader, one faulty day, one seed."""

    def __init__(self, seed: int, *, strict_tags: bool, timings: Timings = TIMINGS) -> None:
        self.dice = random.Random(seed)
        self.desk = desk = SimDesk(strict_tags=strict_tags, timings=timings)
        desk.gateway.late_s = self.dice.uniform(6, 30)
        desk.gateway.choose = self.fault
        desk.stream.delay_s = lambda: self.dice.uniform(0.01, 0.4)
        desk.stream.loses = lambda: self.dice.random() < 0.05
        self.intention: dict[str, int] = {}
        self.asked_again: set[int] = set()

    def fault(self, kind: str) -> Fault:
        roll = self.dice.random()
        if kind != "place":
            return Fault.NOT_SENT if roll < 0.05 else Fault.NONE
        for fault, share in PLACE_FAULTS:
            if roll < share:
                return fault
            roll -= share
        return Fault.NONE

    def click(self, number: int) -> None:
        side = self.dice.choice((Side.BUY, Side.SELL))
        size = self.dice.randint(1, 3)
        if self.dice.random() < 0.5:
            click_id = self.desk.place(side, size, stop_loss_ticks=40)
        else:
            limit = 79_900 if side is Side.BUY else 80_100
            click_id = self.desk.place(side, size, type=OrderType.LIMIT, limit_ticks=limit)
        self.intention[click_id] = number

    def click_again_where_told_it_failed(self) -> None:
        for event in self.desk.heard(IntentChanged):
            intent = event.intent
            number = self.intention.get(intent.command.click_id)
            if number is None:
                continue  # a stop that the desk itself placed
            if intent.state not in NO_ORDER or number in self.asked_again:
                continue
            self.asked_again.add(number)
            if self.dice.random() < 0.5:
                ask = intent.command
                same_tag = intent.state is not IntentState.REJECTED and self.dice.random() < 0.5
                click_id = self.desk.place(
                    ask.side,
                    ask.size,
                    type=ask.type,
                    limit_ticks=ask.limit_ticks,
                    stop_loss_ticks=ask.stop_loss_ticks,
                    custom_tag=intent.tag if same_tag else None,
                )
                self.intention[click_id] = number

    async def trouble(self) -> None:
        desk, dice = self.desk, self.dice
        if dice.random() < 0.08:
            await desk.kill()
            await desk.settle(dice.uniform(0.2, 3))
            desk.start()
            await desk.ready()
        if dice.random() < 0.08:
            desk.stream.drop()
            await desk.settle(dice.uniform(0.1, 5))
            desk.stream.up.set()
            await desk.ready()

    async def run(self, orders: int) -> None:
        desk = self.desk
        await desk.ready()
        for number in range(orders):
            self.click(number)
            await desk.settle(self.dice.expovariate(1.0))
            await self.trouble()
            self.click_again_where_told_it_failed()
        for _ in range(20):
            await desk.settle(4)
            self.click_again_where_told_it_failed()
        desk.gateway.choose = None
        desk.stream.loses = lambda: False
        await desk.settle(200)
        await desk.stop()

    def duplicates(self) -> int:
        """Intentions that the venue holds more than one order for."""
        orders: Counter[int] = Counter()
        clicked = (i for i in self.desk.intents.values() if i.command.click_id in self.intention)
        tags = {i.tag: self.intention[i.command.click_id] for i in clicked}
        for tag, number in tags.items():
            orders[number] += len(self.desk.venue.accepted(tag))
        return sum(count > 1 for count in orders.values())

    def judge(self) -> None:
        desk, venue = self.desk, self.desk.venue
        for tag, intent in desk.intents.items():
            orders = venue.accepted(tag)
            assert not intent.state.is_open
            assert len(orders) == (0 if intent.state in NO_ORDER else 1), (tag, intent)
            if orders:
                assert intent.order_id == orders[0].order_id
        assert set(venue.arrived) <= set(desk.intents)
        assert {o.order_id: (o.status, o.filled) for o in venue.orders.values()} == {
            o.order_id: (o.status, o.filled) for o in desk.blotter.orders.values()
        }
        assert sum(p.net_size for p in desk.blotter.open_positions()) == venue.net
        assert set(desk.blotter.fills) == {fill.trade_id for fill in venue.fills}


def played(seed: int, *, strict_tags: bool, orders: int, timings: Timings = TIMINGS) -> Session:
    async def main() -> Session:
        session = Session(seed, strict_tags=strict_tags, timings=timings)
        await session.run(orders)
        return session

    return run_virtual(main)


@given(seed=st.integers(0, 2**32), strict_tags=st.booleans())
@settings(max_examples=25)
def test_no_duplicate_and_no_wrong_belief_under_faults(seed: int, strict_tags: bool) -> None:
    session = played(seed, strict_tags=strict_tags, orders=40)
    session.judge()
    assert session.duplicates() == 0


def test_the_judge_notices_a_quiet_time_that_is_too_short() -> None:
    """The venue sits on some orders for up to 30 s: 3 s prove nothing, and this must show."""
    hasty = Timings(quiet_s=3.0)
    runs = [played(seed, strict_tags=False, orders=40, timings=hasty) for seed in range(12)]
    assert sum(run.duplicates() for run in runs) > 0


@pytest.mark.parametrize("seed", range(3))
def test_a_session_is_repeatable(seed: int) -> None:
    first, second = (played(seed, strict_tags=True, orders=15) for _ in range(2))
    assert first.desk.disk.rows == second.desk.disk.rows
