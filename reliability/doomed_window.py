"""A desk with its window that clicks a buy button and waits to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tradedesk.app.gui import demo_hands as hands
from tradedesk.app.gui.desk import run_window
from tradedesk.app.session import SessionOptions
from tradedesk.domain.order import Side
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.app.gui.window_session import WindowSession

_LOOK_S = 0.01
_DEADLINE_S = 30.0
_ARM_S = 5.0
_ARMS = 6


async def click_and_wait(desk: WindowSession) -> int:
    """Arm, say so, click, and go on until killed."""
    widgets = desk.window.widgets
    await _until(lambda: desk.window.presenter.selection.instrument is not None)
    await hands.click(widgets.top.arm)
    ticket = widgets.ticket.widgets
    await hands.write(ticket.stop.input, "400")
    await hands.write(ticket.target.input, "400")
    for _ in range(_ARMS):
        # the switch may not take while the executor of the window before is being taken over
        try:
            await _until(lambda: not widgets.ticket.view.buy.refusal, _ARM_S)
            break
        except TimeoutError:
            if widgets.ticket.view.buy.refusal.startswith("Armed is off"):
                await hands.click(widgets.top.arm)
    else:
        raise TimeoutError(f"refused: {widgets.ticket.view.buy.refusal}")
    sys.stdout.write("clicking\n")
    sys.stdout.flush()
    await hands.click(ticket.buttons[Side.BUY])
    return await desk.until_closed()


async def _until(holds: Callable[[], object], deadline_s: float = _DEADLINE_S) -> None:
    async with asyncio.timeout(deadline_s):
        while not holds():  # noqa: ASYNC110 - widgets tell nobody
            await asyncio.sleep(_LOOK_S)


if __name__ == "__main__":
    home = home_paths(Path(sys.argv[1])).create()
    sys.exit(run_window(home, SessionOptions(), click_and_wait))
