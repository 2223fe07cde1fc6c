"""A desk with its window that opens a position by a click and then waits to be killed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.helpers.waiting import until

from tradedesk.app.gui import demo_hands as hands
from tradedesk.app.gui.desk import run_window
from tradedesk.app.session import SessionOptions
from tradedesk.domain.events import Phase
from tradedesk.domain.order import Side
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession


async def trade_and_wait(desk: WindowSession) -> int:
    state, widgets = desk.session.state, desk.window.widgets
    await until(lambda: desk.window.presenter.selection.instrument is not None)
    await until(lambda: state.session and state.session.phase is Phase.READY)
    await hands.click(widgets.top.arm)
    ticket = widgets.ticket.widgets
    await hands.write(ticket.stop.input, "400")
    await hands.write(ticket.target.input, "400")
    buy = ticket.buttons[Side.BUY]
    await until(lambda: not widgets.ticket.view.buy.refusal)
    await hands.click(buy)
    await until(lambda: any(state.is_covered(p) for p in state.open_positions()))
    sys.stdout.write("open\n")
    sys.stdout.flush()
    return await desk.until_closed()


if __name__ == "__main__":
    home = home_paths(Path(sys.argv[1])).create()
    sys.exit(run_window(home, SessionOptions(), trade_and_wait))
