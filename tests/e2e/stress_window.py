"""A desk on a practice venue that goes through a stress test by the mouse; prints what was seen."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer
from tests.helpers.waiting import until

from tradedesk.app.gui import demo_hands as hands
from tradedesk.app.gui.desk import run_window
from tradedesk.app.session import SessionOptions
from tradedesk.domain.order import Side
from tradedesk.store.paths import home_paths
from tradedesk.ui.meter.sheet import MeterSheet

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession


def shown(desk: WindowSession) -> str:
    found = desk.window.presenter.selection.instrument
    return "" if found is None else found.symbol


def blocks_the_window() -> None:
    time.sleep(0.25)


async def play(desk: WindowSession) -> int:
    window = desk.window
    widgets = window.widgets
    await until(lambda: shown(desk))
    await hands.click(widgets.status.frames)
    (sheet,) = window.findChildren(MeterSheet)
    await hands.click(sheet.stress.segments.button("10000"))
    await until(lambda: widgets.ticket.widgets.buttons[Side.BUY].detail == "made-up prices")
    seen: dict[str, object] = {"on": shown(desk), "title": window.windowTitle()}
    QTimer.singleShot(0, window, blocks_the_window)
    await asyncio.sleep(2)
    rate = sheet.stress.figures.values[0].text.replace(",", "")
    seen["rate"] = float(rate)
    seen["threads"] = sorted(
        t.name for t in threading.enumerate() if t.name.startswith("tradedesk")
    )
    assert desk._frames is not None
    stalls = desk._frames.report().stalls
    seen["stacks"] = [line for stall in stalls for look in stall.samples for line in look.stack]
    seen["intake_ms"] = desk._frames.report().parts_ms[0][1]
    await hands.click(sheet.close_button)
    await hands.click(widgets.stress.end)
    seen["back"] = shown(desk)
    seen["books"] = sorted(window.presenter._context.markets.books)
    await hands.click(widgets.status.frames)
    await hands.click(sheet.stress.segments.button("5000"))
    await asyncio.sleep(0.2)
    sys.stdout.write(msgspec.json.encode(seen).decode() + "\n")
    # The test goes on while the desk is left.
    desk.leave()
    return 0


if __name__ == "__main__":
    home = home_paths(Path(sys.argv[1])).create()
    code = run_window(home, SessionOptions(), play)
    left = [t.name for t in threading.enumerate() if t.name.startswith("tradedesk")]
    sys.stdout.write(msgspec.json.encode(left).decode() + "\n")
    sys.exit(code)
