"""A desk with a drill that is played by the mouse; prints what was seen as one JSON line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QLabel
from tests.helpers.waiting import until

from tradedesk.app.gui import demo_hands as hands
from tradedesk.app.gui.desk import run_window
from tradedesk.app.practice_process import PracticeOptions
from tradedesk.app.session import SessionOptions
from tradedesk.domain.events import Phase
from tradedesk.domain.order import Side
from tradedesk.store.paths import home_paths
from tradedesk.ui.drill.sheet import ScoreSheet
from tradedesk.ui.drill.strip import DrillStrip
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession


async def play(desk: WindowSession) -> int:
    state, window = desk.session.state, desk.window
    widgets = window.widgets
    (strip,) = window.findChildren(DrillStrip)
    (sheet,) = window.findChildren(ScoreSheet)
    await until(lambda: window.presenter.selection.instrument is not None)
    await until(lambda: strip.text.text().startswith("Buy"))
    asked = strip.text.text()
    await until(lambda: state.session and state.session.phase is Phase.READY)
    await hands.click(widgets.top.arm)
    await until(lambda: not widgets.ticket.view.buy.refusal)
    await hands.click(widgets.ticket.widgets.buttons[Side.BUY])
    await until(state.open_positions)
    await hands.click(widgets.top.flatten)
    await until(sheet.isVisible)
    labels = [label.text() for label in sheet.findChildren(QLabel)]
    seen = {
        "asked": asked,
        "text": strip.text.text(),
        "texts": [text for text in labels if " " in text and text.endswith(".")],
        "points": [label.text for label in sheet.findChildren(NumberLabel)],
    }
    await hands.click(sheet.again)
    await until(lambda: not sheet.isVisible())
    sys.stdout.write(msgspec.json.encode({**seen, "again": strip.text.text()}).decode() + "\n")
    desk.leave()
    return 0


if __name__ == "__main__":
    home = home_paths(Path(sys.argv[1])).create()
    practice = PracticeOptions(arguments=("--drill", "stop-rejected"))
    sys.exit(run_window(home, SessionOptions(practice=practice), play))
