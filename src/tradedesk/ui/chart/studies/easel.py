"""The picture on which columns are painted before they are put away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FORMAT: Final = QImage.Format.Format_ARGB32_Premultiplied


class Easel:
    """One for all panes of a chart; clear whenever it is not in use.

    Attributes
    ----------
    image : QImage
        What was painted, from the top left corner on, until it is wiped.
    """

    def __init__(self) -> None:
        self.image, self._words = sheet_of(0, 0)

    def begin(self, width: int, box: QRect) -> tuple[NDArray[np.uint32], QPainter]:
        """A painter on so many columns, whose rows are those of the pane, and their pixels."""
        height, across = self._words.shape
        if width > across or box.height() > height:
            self.image, self._words = sheet_of(max(width, across), max(box.height(), height))
            self._words[:] = 0
        painter = QPainter(self.image)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.translate(0, -box.top())
        painter.setClipRect(QRect(0, box.top(), width, box.height()))
        return self._words, painter

    def wipe(self, rows: NDArray[np.int32]) -> None:
        """Clear it; `rows` are the first row of each column and the one behind the last."""
        self._words[int(rows[0].min()) : max(0, int(rows[1].max())), : rows.shape[1]] = 0


def sheet_of(width: int, height: int) -> tuple[QImage, NDArray[np.uint32]]:
    """A picture that lets what is below shine through, and its pixels; shape (height, width)."""
    image = QImage(width, height, _FORMAT)
    if image.isNull():
        return image, np.empty((0, 0), np.uint32)
    return image, np.frombuffer(image.bits(), np.uint32).reshape(height, width)
