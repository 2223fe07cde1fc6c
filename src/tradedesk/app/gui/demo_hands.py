"""The demo's hands: real mouse events on the real widgets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

PAUSE_S = 0.04
STEPS = 8

_LEFT = Qt.MouseButton.LeftButton


async def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Move there, press, wait as long as a finger does, release."""
    point = widget.rect().center() if at is None else at
    QTest.mouseMove(widget, point)
    await asyncio.sleep(PAUSE_S)
    QTest.mousePress(widget, _LEFT, Qt.KeyboardModifier.NoModifier, point)
    await asyncio.sleep(PAUSE_S)
    QTest.mouseRelease(widget, _LEFT, Qt.KeyboardModifier.NoModifier, point)
    await asyncio.sleep(PAUSE_S)


async def click_holding(widget: QWidget, key: Qt.Key, at: QPoint) -> None:
    """Hold a key down while clicking."""
    QTest.mouseMove(widget, at)
    await asyncio.sleep(PAUSE_S)
    QTest.keyPress(widget, key)
    await click(widget, at)
    QTest.keyRelease(widget, key)
    await asyncio.sleep(PAUSE_S)


async def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Press at ``start``, move in steps, release at ``end``."""
    QTest.mouseMove(widget, start)
    await asyncio.sleep(PAUSE_S)
    QTest.mousePress(widget, _LEFT, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, STEPS + 1):
        await asyncio.sleep(PAUSE_S)
        way = (end - start) * step / STEPS
        QTest.mouseMove(widget, start + QPoint(round(way.x()), round(way.y())))
    await asyncio.sleep(PAUSE_S)
    QTest.mouseRelease(widget, _LEFT, Qt.KeyboardModifier.NoModifier, end)
    await asyncio.sleep(PAUSE_S)


async def write(widget: QWidget, text: str) -> None:
    """Click into a field, take what is there and type over it."""
    await click(widget)
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)
    await asyncio.sleep(PAUSE_S)
