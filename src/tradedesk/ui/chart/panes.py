"""How the chart's area is divided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF

LEAST_AXIS_WIDTH: Final = 66.0
TIME_AXIS_HEIGHT: Final = 24
LEGEND_ROOM: Final = 36.0
"""Pixels at the top that bars stay clear of when prices are fitted."""
PILL: Final = (64.0, 24.0)
PILL_GAP: Final = 10.0
PILL_ROOM: Final = PILL[1] + PILL_GAP + 4
"""Height at the bottom of the pane that the pill back to live takes."""
_VOLUME_SHARE: Final = 0.14
_VOLUME_ROOM: Final = (40.0, 140.0)
_LEAST_FOR_VOLUME: Final = 160.0


@dataclass(frozen=True, slots=True)
class Panes:
    """Rectangles in logical pixels; together with the corner they cover everything."""

    price: QRectF
    volume: QRectF
    price_axis: QRectF
    time_axis: QRectF

    @classmethod
    def of(cls, width: float, height: float, axis_width: float = LEAST_AXIS_WIDTH) -> Panes:
        """Divide an area; in a very low one the volume strip goes first."""
        across = max(1.0, width - axis_width)
        down = max(1.0, height - TIME_AXIS_HEIGHT)
        strip = 0.0
        if down >= _LEAST_FOR_VOLUME:
            strip = float(round(min(max(down * _VOLUME_SHARE, _VOLUME_ROOM[0]), _VOLUME_ROOM[1])))
        return cls(
            price=QRectF(0, 0, across, down - strip),
            volume=QRectF(0, down - strip, across, strip),
            price_axis=QRectF(across, 0, width - across, down),
            time_axis=QRectF(0, down, width, height - down),
        )

    @property
    def plot(self) -> QRectF:
        """Price pane and volume strip together."""
        return self.price.united(self.volume)
