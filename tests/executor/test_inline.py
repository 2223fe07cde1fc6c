"""The same executor on the desk's own loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.executor.live_desk import LiveDesk, config_for

from tradedesk.app.executor_inline import InlineExecutor
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import CommandDone, Phase

if TYPE_CHECKING:
    from pathlib import Path

    from tests.helpers.venue_process import RunningVenue


async def test_a_round_trip_without_a_process(venue: RunningVenue, desk_home: Path) -> None:
    (desk_home / "data").mkdir()
    desk = LiveDesk(config_for(venue, desk_home))
    desk.port = InlineExecutor(desk.config, desk.take, desk.clock)
    await desk.start()
    click = desk.place(size=1, stop_loss_ticks=40)
    assert desk.intent(click) is None, "events never arrive from inside send"
    await desk.until(lambda: desk.is_in(click, "accepted"))
    flatten = desk.give(cmd.Flatten, account_id=desk.account_id)
    await desk.until(lambda: desk.answers(flatten, CommandDone))
    await desk.port.close(shutdown=True)
    assert desk.phase is Phase.STOPPED
    await desk.port.close(shutdown=True)
