"""Parts of a repaint in device pixels, where the scale of the screen has fractions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QRegion

from tradedesk.ui.chart.studies.whole_pixels import apart, touched


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_neighbours_share_no_pixel(ratio: float) -> None:
    """At a scale of 1.5 both sides of 69 touch the same row; soft edges must be painted once."""
    neighbours = [QRectF(44, 0, 300, 54), QRectF(39, 54, 305, 15), QRectF(0, 69, 344, 167)]
    wanted = [touched(each, ratio) for each in neighbours]
    parts = apart(wanted, ratio)
    for at, part in enumerate(parts):
        assert not any(part.intersects(other) for other in parts[:at])
    assert _joined(parts) == _joined(wanted)


def _joined(parts: list[QRect]) -> QRegion:
    region = QRegion()
    for part in parts:
        region |= part
    return region
