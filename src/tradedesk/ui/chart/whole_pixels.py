"""Device pixels of rectangles given in logical ones, whose edges may lie within a pixel."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF


def screen_pixels(rect: QRectF, ratio: float) -> QRect:
    """Device pixels that Qt repaints for a rectangle of logical ones.

    Each edge goes to the nearest pixel, one that lies half way to the right or down. So
    neighbours share no pixel, and what is painted within them is painted once.
    """
    left, top = floor(rect.left() * ratio + 0.5), floor(rect.top() * ratio + 0.5)
    right, bottom = floor(rect.right() * ratio + 0.5), floor(rect.bottom() * ratio + 0.5)
    return QRect(left, top, right - left, bottom - top)


def pane_pixels(plot: QRectF, ratio: float) -> QRect:
    """Device pixels of a plot without the line above it."""
    top = ceil(plot.top() * ratio) + (round(ratio) if plot.top() else 0)
    return QRect(0, top, ceil(plot.width() * ratio), max(0, floor(plot.bottom() * ratio) - top))
