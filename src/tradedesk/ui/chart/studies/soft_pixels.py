"""Pixels that lines cover in part, gathered in a small picture and drawn at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QRect

    from tradedesk.ui.chart.studies.strokes import Stroke

_FORMAT: Final = QImage.Format.Format_ARGB32_Premultiplied
_BYTES: Final = 4


class SoftPixels:
    """Takes the edges of some lines, paints them, and is empty again.

    The picture reaches from the highest to the lowest row of the edges. Where lines cross the
    stronger cover stays.
    """

    def __init__(self) -> None:
        self._words: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._inks: dict[int, NDArray[np.uint32]] = {}
        self._waiting: list[tuple[Stroke, QColor]] = []

    def add(self, stroke: Stroke, ink: QColor) -> None:
        """Keep the edges of a line for the next `paint`."""
        if len(stroke.column):
            self._waiting.append((stroke, ink))

    def paint(self, painter: QPainter, rect: QRect) -> None:
        """Draw what lies within `rect`, in pixels of the painter."""
        waiting, self._waiting = self._waiting, []
        if not waiting or rect.isEmpty():
            return
        top = max(rect.top(), min(int(stroke.row.min()) for stroke, _ in waiting))
        stop = min(rect.bottom(), max(int(stroke.row.max()) for stroke, _ in waiting)) + 1
        if stop <= top:
            return
        across = rect.width()
        self._make_room(across * (stop - top))
        words, used = self._words, []
        for stroke, ink in waiting:
            column, row = stroke.column - rect.left(), stroke.row - top
            seen = (column >= 0) & (column < across) & (row >= 0) & (row < stop - top)
            seen &= stroke.share > 0
            at = (row * across + column)[seen]
            new = self._ink(ink)[(stroke.share[seen] * 255).astype(np.intp)]
            # the highest byte is the cover, so the stronger one is the greater number
            words[at] = np.where((words[at] >> 24) > (new >> 24), words[at], new)
            used.append(at)
        draw_words(painter, rect.left(), top, words[: across * (stop - top)].reshape(-1, across))
        for at in used:
            words[at] = 0

    def _make_room(self, count: int) -> None:
        if count > len(self._words):
            self._words = np.zeros(count + count // 4, np.uint32)

    def _ink(self, ink: QColor) -> NDArray[np.uint32]:
        """A colour at each of 256 covers, multiplied by it."""
        rgb = ink.rgb() & 0xFFFFFF
        found = self._inks.get(rgb)
        if found is None:
            cover = np.arange(256, dtype=np.uint32)
            found = cover << 24
            for shift in (16, 8, 0):
                channel = np.uint32((rgb >> shift) & 0xFF)
                found |= ((cover * channel + 127) // 255) << shift
            self._inks[rgb] = found
        return found


def draw_words(painter: QPainter, left: int, top: int, words: NDArray[np.uint32]) -> None:
    """Draw pixels given as words of alpha, red, green, blue, multiplied; shape (rows, columns)."""
    rows, across = words.shape
    flat = memoryview(words.reshape(-1)).cast("B")
    image = QImage(flat, across, rows, across * _BYTES, _FORMAT)
    painter.drawImage(QPoint(left, top), image)
