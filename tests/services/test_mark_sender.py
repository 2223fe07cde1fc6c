"""The prices of what is held reach the executor, each as old as it is."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.fakes.fake_venue import ACCOUNT, LAST, MNQ
from tests.fakes.virtual_time import WALL_0, VirtualClock, run_virtual

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import InstrumentResolved, PositionChanged
from tradedesk.domain.market import Quote
from tradedesk.domain.position import Position
from tradedesk.services.desk_state import DeskState
from tradedesk.services.mark_sender import MarkSender
from tradedesk.services.market_desk import MarketDesk
from tradedesk.services.trade_desk import TradeDesk

if TYPE_CHECKING:
    from tradedesk.domain.commands import AnyCommand


class Executor:
    def __init__(self) -> None:
        self.sent: list[cmd.MarkPrices] = []

    def send(self, command: AnyCommand) -> None:
        assert isinstance(command, cmd.MarkPrices)
        self.sent.append(command)

    async def close(self, *, shutdown: bool) -> None:
        raise AssertionError


def test_once_a_second_with_the_moment_at_which_each_was_heard() -> None:
    async def main() -> None:
        clock, state, executor = VirtualClock(), DeskState(), Executor()
        markets = MarketDesk(clock)
        trade = TradeDesk(state, executor, clock)
        sender = MarkSender(state, markets, trade, clock)
        sender.start()
        await asyncio.sleep(1.5)
        assert [one.marks for one in executor.sent] == [{}, {}]
        state.apply(InstrumentResolved(instrument=MNQ))
        held = Position(ACCOUNT, MNQ.contract_id, 2, Decimal(20_000))
        state.apply(PositionChanged(position=held))
        await asyncio.sleep(1)
        assert executor.sent[-1].marks == {}  # followed from now on, and nothing heard yet
        heard_ns = clock.mono_ns()
        quote = Quote(MNQ.contract_id, LAST - 1, LAST, LAST, WALL_0)
        markets.books[MNQ.contract_id].take_quote(quote, heard_ns)
        await asyncio.sleep(3)
        assert len(executor.sent) == 6
        assert executor.sent[-1].marks == {MNQ.contract_id: cmd.Mark(LAST, heard_ns)}
        assert executor.sent[-1].venue_ns == clock.wall_ns() - (clock.mono_ns() - 5 * 10**9)
        state.apply(PositionChanged(position=Position(ACCOUNT, MNQ.contract_id, 0, Decimal(0))))
        sender.stop()
        sender.stop()
        sent = len(executor.sent)
        await asyncio.sleep(5)
        assert len(executor.sent) == sent

    run_virtual(main)
