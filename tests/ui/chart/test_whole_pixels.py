"""Device pixels of what Qt repaints, where the scale of the screen has fractions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QRegion, QTransform

from tradedesk.ui.chart.whole_pixels import screen_pixels

RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0)


@pytest.mark.parametrize("ratio", RATIOS)
def test_they_are_those_that_qt_repaints(ratio: float) -> None:
    for y in range(60):
        for height in range(1, 30):
            rect = QRect(y, y, 2 * height, height)
            region = QTransform.fromScale(ratio, ratio).map(QRegion(rect))
            assert screen_pixels(QRectF(rect), ratio) == region.boundingRect()


@pytest.mark.parametrize("ratio", RATIOS)
def test_neighbours_share_no_pixel(ratio: float) -> None:
    """At a scale of 1.5 both sides of 69 touch the same row; soft edges must be painted once."""
    neighbours = [QRectF(44, 0, 300, 54), QRectF(39, 54, 305, 15), QRectF(0, 69, 344, 167)]
    parts = [screen_pixels(each, ratio) for each in neighbours]
    for at, part in enumerate(parts):
        assert not any(part.intersects(other) for other in parts[:at])
