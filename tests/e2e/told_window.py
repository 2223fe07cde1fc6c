"""A desk with its window that prints what it is told, one JSON line each, and obeys lines.

Lines in: ``quit`` presses the close button of the window; ``buy`` clicks the buy button;
``flatten`` clicks flatten. Lines out: ``{"phase", "detail"}``, ``{"level", "text"}`` and
``{"position"}``.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from tests.helpers.waiting import until

from tradedesk.app.gui import demo_hands as hands
from tradedesk.app.gui.desk import run_window
from tradedesk.app.session import SessionOptions
from tradedesk.domain import events as ev
from tradedesk.domain.events import Phase
from tradedesk.domain.order import Side
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession


def say(**words: object) -> None:
    sys.stdout.write(msgspec.json.encode(words).decode() + "\n")
    sys.stdout.flush()


def tell(event: ev.AnyEvent) -> None:
    if isinstance(event, ev.SessionChanged):
        say(phase=event.phase, detail=event.detail)
    elif isinstance(event, ev.Notice):
        say(level=event.level, text=event.text)
    elif isinstance(event, ev.PositionChanged):
        say(position=event.position.net_size)


async def buy(desk: WindowSession) -> None:
    widgets = desk.window.widgets
    await until(lambda: desk.window.presenter.selection.instrument is not None)
    state = desk.session.state
    await until(lambda: state.session and state.session.phase is Phase.READY)
    await hands.click(widgets.top.arm)
    await until(lambda: not widgets.ticket.view.buy.refusal)
    await hands.click(widgets.ticket.widgets.buttons[Side.BUY])


async def obey(desk: WindowSession) -> None:
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line.strip())

    # A daemon, because nobody can interrupt its reading when the desk ends.
    threading.Thread(target=read, daemon=True).start()
    while True:
        match await lines.get():
            case "quit":
                desk.window.close()
            case "buy":
                await buy(desk)
            case "flatten":
                await hands.click(desk.window.widgets.top.flatten)


async def listen(desk: WindowSession) -> int:
    state = desk.session.state
    for notice in state.notices:
        tell(notice)
    if state.session is not None:
        tell(state.session)
    state.subscribe(tell)
    obeying = asyncio.create_task(obey(desk))
    try:
        return await desk.until_closed()
    finally:
        obeying.cancel()


if __name__ == "__main__":
    home = home_paths(Path(sys.argv[1])).create()
    sys.exit(run_window(home, SessionOptions(), listen))
