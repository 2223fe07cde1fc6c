"""B and S by their place on the keyboard."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from tradedesk.ui.chart.keys import physical_key

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

NONE = Qt.KeyboardModifier.NoModifier


def press(key: int, scan: int) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, NONE, scan, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="key codes of X11 and Wayland")
@pytest.mark.parametrize(
    ("printed", "scan", "means"),
    [
        (Qt.Key.Key_B, 56, Qt.Key.Key_B),
        (0x0418, 56, Qt.Key.Key_B),  # Cyrillic И stands where B is
        (Qt.Key.Key_S, 39, Qt.Key.Key_S),
        (Qt.Key.Key_B, 57, Qt.Key.Key_unknown),  # Dvorak prints B on the key of N
        (Qt.Key.Key_End, 115, Qt.Key.Key_End),
        (Qt.Key.Key_B, 0, Qt.Key.Key_B),  # a key that was made up by a program
    ],
)
def test_place_counts_not_print(
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    printed: int,
    scan: int,
    means: Qt.Key,
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "xcb"))
    assert physical_key(press(int(printed), scan)) == means.value
