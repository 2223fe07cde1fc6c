"""Every state of the window at every size: nothing is cut, nothing overlaps, nothing is grey."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from tests.ui.scenes import SCENES, walk

from tradedesk.ui.theme.tokens import DARK

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

SIZES = ((1_280, 720), (1_280, 800), (1_600, 1_000), (3_840, 2_160))
ROOT = Path(__file__).resolve().parents[2]
GREYS = {"#efefef", "#f0f0f0", "#ffffff", "#c0c0c0", "#a0a0a4", "#d4d0c8"}
"""What Qt's own styles paint where nobody told them otherwise."""


def pixels(image: QImage) -> np.ndarray:
    """Every pixel as 0xRRGGBB, a row each."""
    flat = image.convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(flat.constBits(), np.uint32).reshape(flat.height(), -1)
    return words[:, : flat.width()] & 0xFFFFFF  # a copy: the image owns its memory


def share_of(picture: np.ndarray, colour: str) -> float:
    """Part of the picture in exactly this colour."""
    return float((picture == int(colour[1:], 16)).mean())


def cut_texts(window: QWidget) -> list[str]:
    """Labels, buttons and inputs whose text does not fit."""
    found = []
    for label in window.findChildren(QLabel):
        text = QTextDocumentFragment.fromHtml(label.text()).toPlainText()
        if not label.isVisible() or not text:
            continue
        room = label.contentsRect()
        if label.wordWrap():
            fits = label.heightForWidth(room.width()) <= room.height() + 1
        else:
            fits = label.fontMetrics().horizontalAdvance(text) <= room.width() + 1
        if not fits:
            found.append(f"label {text!r}")
    for button in window.findChildren(QPushButton):
        advance = button.fontMetrics().horizontalAdvance(button.text())
        if button.isVisible() and advance > button.width():
            found.append(f"button {button.text()!r}")
    for line in window.findChildren(QLineEdit):
        advance = line.fontMetrics().horizontalAdvance(line.text())
        if line.isVisible() and advance > line.width():
            found.append(f"input {line.text()!r}")
    return found


def overlaps(parent: QWidget) -> list[str]:
    """Visible children that lie over each other or out of their parent."""
    shown = [w for w in parent.findChildren(QWidget) if w.isVisible() and w.parent() is parent]
    found = [f"{w} sticks out" for w in shown if not parent.rect().contains(w.geometry())]
    found += [
        f"{first} over {second}"
        for at, first in enumerate(shown)
        for second in shown[at + 1 :]
        if first.geometry().intersects(second.geometry())
    ]
    return found


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_cut_and_nothing_overlaps(
    make_desk: Callable[..., FakeDesk], name: str, size: tuple[int, int]
) -> None:
    desk = make_desk(*size, bars=walk)
    SCENES[name](desk)
    desk.frame()
    desk.frame()
    w = desk.window.widgets
    assert desk.window.size().toTuple() == size, "the window is not larger than asked for"
    assert cut_texts(desk.window) == []
    for panel in (w.top, w.status, w.kill, w.ticket, w.position, w.phases, w.unknown, w.latency):
        assert overlaps(panel) == []
    area = desk.window.frame.column
    inside = area.widget()
    assert inside is not None
    assert inside.width() <= area.viewport().width(), "the right column scrolls downwards only"
    picture = pixels(desk.window.grab().toImage())
    assert share_of(picture, DARK.bg1) > 0.1
    assert [grey for grey in GREYS if share_of(picture, grey) > 0.0005] == []


def test_the_zones_have_the_sizes_of_the_drawing(make_desk: Callable[..., FakeDesk]) -> None:
    desk = make_desk(1_600, 1_000, bars=walk)
    SCENES["working"](desk)
    w, frame = desk.window.widgets, desk.window.frame

    def place(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(desk.window, QPoint(0, 0)), widget.size())

    assert place(frame.band).bottom() + 1 == 44
    assert frame.band.height() == 3
    assert place(frame.band).width() == 1_600
    assert w.status.height() == 26
    assert frame.column.width() == 372
    assert w.dock.height() == 214
    assert {b.height() for b in w.ticket.widgets.buttons.values()} == {54}
    assert w.dock.tables["Working"].rowHeight(0) == 30


def test_nothing_moves_when_prices_and_sentences_change(make_desk: Callable[..., FakeDesk]) -> None:
    desk = make_desk(1_600, 1_000, bars=walk)
    SCENES["working"](desk)
    w = desk.window.widgets

    def places() -> dict[str, QRect]:
        panels = (w.top, w.status, w.ticket, w.latency)
        return {
            f"{type(child).__name__} {at} in {type(panel).__name__}": child.geometry()
            for panel in panels
            for at, child in enumerate(panel.findChildren(QWidget))
        }

    before = places()
    w.ticket.widgets.price.edited.emit("21,470.10")
    w.ticket.widgets.types.button("limit").click()
    w.ticket.say("Second press after 120 ms ignored: one order was sent. " * 2, "warn")
    w.ticket.widgets.stop.edited.emit("3")
    desk.book.trade(99_999)
    desk.frame()
    desk.frame(5_000)
    assert places() == before


def test_the_picture_is_sharp_at_scale_two(tmp_path: Path) -> None:
    """Drawn with twice the points, not stretched: neighbours differ that a stretch makes equal."""
    code = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from tests.ui.fakes.desk import FakeDesk\n"
        "from tests.ui.scenes import working, walk\n"
        "from tradedesk.ui.theme.style import apply_theme\n"
        "app = QApplication([])\n"
        "apply_theme(app)\n"
        "desk = FakeDesk(bars=walk)\n"
        "desk.window.resize(1600, 1000)\n"
        "desk.window.show()\n"
        "working(desk)\n"
        "assert desk.window.grab().save(sys.argv[1])\n"
        "desk.close()\n"
    )
    path = tmp_path / "two.png"
    env = {
        **os.environ,
        "QT_SCALE_FACTOR": "2",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    picture = pixels(QImage(str(path)))
    assert picture.shape == (2_000, 3_200)
    column = picture[88:1_900, 2_456:]
    differing = (column[:, 0::2] != column[:, 1::2]).mean()
    assert differing > 0.005
