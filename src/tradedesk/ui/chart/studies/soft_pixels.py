"""Pixels that lines cover in part, gathered in a small picture and drawn at once."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradedesk.ui.chart.studies.strokes import Strokes

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
        self._waiting: list[tuple[Strokes, Sequence[QColor]]] = []

    def add(self, made: Strokes, inks: Sequence[QColor]) -> None:
        """Keep the edges of some lines for the next `paint`."""
        if len(made.column):
            self._waiting.append((made, inks))

    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Draw them; all their columns must lie within the span."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        top = min(int(made.row.min()) for made, _ in waiting)
        stop = max(int(made.row.max()) for made, _ in waiting) + 1
        across = span[1] - span[0]
        self._make_room(across * (stop - top))
        words, used = self._words, []
        for made, inks in waiting:
            at = (made.row - top) * across
            at += made.column - span[0]
            cover = (made.share * 255).astype(np.uint8)
            for ink, (first, last) in zip(inks, pairwise(made.cuts), strict=True):
                here = at[:, first:last]
                # the highest byte is the cover, so the stronger one is the greater number
                words[here] = np.maximum(words[here], self._ink(ink)[cover[:, first:last]])
            used.append(at)
        draw_words(painter, span[0], top, words[: across * (stop - top)].reshape(-1, across))
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
            cover = np.arange(256)
            mixed = cover << 24
            for shift in (16, 8, 0):
                mixed |= (cover * ((rgb >> shift) & 0xFF) + 127) // 255 << shift
            found = self._inks[rgb] = mixed.astype(np.uint32)
        return found


def draw_words(painter: QPainter, left: int, top: int, words: NDArray[np.uint32]) -> None:
    """Draw pixels given as words of alpha, red, green, blue, multiplied; shape (rows, columns)."""
    rows, across = words.shape
    flat = words.reshape(-1).view(np.uint8).data
    image = QImage(flat, across, rows, across * _BYTES, _FORMAT)
    painter.drawImage(QPoint(left, top), image)
