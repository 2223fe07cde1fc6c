"""Physical keys: where a key is, not what the layout prints on it."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

_X11: Final = {56: Qt.Key.Key_B, 39: Qt.Key.Key_S, 38: Qt.Key.Key_A}
_WINDOWS: Final = {0x30: Qt.Key.Key_B, 0x1F: Qt.Key.Key_S, 0x1E: Qt.Key.Key_A}
_MAC: Final = {11: Qt.Key.Key_B, 1: Qt.Key.Key_S, 0: Qt.Key.Key_A}
_PLACED: Final = (Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_S)


def physical_key(event: QKeyEvent) -> int:
    """The key at this place on a US keyboard for A, B and S; elsewhere what Qt says.

    Neither another layout nor Caps Lock changes what they do.
    """
    code = _place(event)
    table = _table()
    if code and table:
        if code in table:
            return table[code].value
        if event.key() in _PLACED:
            return Qt.Key.Key_unknown.value
    return event.key()


def _place(event: QKeyEvent) -> int:
    return event.nativeVirtualKey() if sys.platform == "darwin" else event.nativeScanCode()


def _table() -> dict[int, Qt.Key] | None:
    if sys.platform == "darwin":
        return _MAC
    if sys.platform == "win32":
        return _WINDOWS
    return _X11 if QGuiApplication.platformName() in ("xcb", "wayland") else None
