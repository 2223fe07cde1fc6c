"""Device pixels of rectangles given in logical ones, whose edges may lie within a pixel."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF


def apart(parts: list[QRect], ratio: float) -> list[QRect]:
    """Parts that share no pixel, as the edges of neighbours do where a scale has fractions.

    Soft edges that are painted twice are not soft any more.
    """
    if len(parts) < 2 or ratio.is_integer():
        return parts
    region = QRegion()
    for part in parts:
        region |= part
    found: list[QRect] = list(region)  # type: ignore[call-overload]
    return found


def touched(rect: QRectF, ratio: float) -> QRect:
    """All device pixels that a rectangle touches."""
    left, top = floor(rect.left() * ratio), floor(rect.top() * ratio)
    right, bottom = ceil(rect.right() * ratio), ceil(rect.bottom() * ratio)
    return QRect(left, top, right - left, bottom - top)


def pane_pixels(plot: QRectF, ratio: float) -> QRect:
    """Device pixels of a plot without the line above it."""
    top = ceil(plot.top() * ratio) + (round(ratio) if plot.top() else 0)
    return QRect(0, top, ceil(plot.width() * ratio), max(0, floor(plot.bottom() * ratio) - top))
