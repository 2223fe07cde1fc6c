"""Many columns one pixel wide, drawn as one picture.

Qt fills a rectangle row by row, and a row of one pixel costs it as much as one of ten. From some
hundred columns on it is cheaper to make all pixels at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter

WORTH_IT: Final = 256
"""Fewer columns than this are drawn faster as rectangles."""
_NOTHING: Final = np.iinfo(np.int16).max


def draw_columns(
    painter: QPainter,
    x: NDArray[np.int32],
    top: NDArray[np.int32],
    base: int,
    rising: NDArray[np.bool_],
    inks: tuple[QColor, QColor],
) -> None:
    """Fill each pixel column `x` from row `top` to row `base`, both included.

    Parameters
    ----------
    painter : QPainter
        In device pixels, without scale.
    x, top : ndarray of int32, shape (n,)
        Ascending columns, none twice, and their rows; a `top` below `base` draws nothing.
    base : int
        The last row.
    rising : ndarray of bool, shape (n,)
        Which of the two inks.
    inks : tuple of QColor
        For those that rise, and for the others; opaque.
    """
    first = int(top.min()) if len(top) else base + 1
    if first > base:
        return
    at = x - x[0]
    width = int(at[-1]) + 1
    tops = np.full(width, _NOTHING, np.int16)
    tops[at] = top - first
    colours = np.zeros(width, np.uint32)
    colours[at] = np.where(rising, np.uint32(inks[0].rgba()), np.uint32(inks[1].rgba()))
    rows = np.arange(base - first + 1, dtype=np.int16)[:, None]
    pixels = np.multiply(rows >= tops, colours, dtype=np.uint32, casting="unsafe")
    # The picture has no memory of its own: it is drawn before the pixels go.
    picture = QImage(
        pixels.data, width, len(rows), 4 * width, QImage.Format.Format_ARGB32_Premultiplied
    )
    painter.drawImage(int(x[0]), first, picture)
