"""Small pictures that are painted once and then copied: tags, chips, the legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from tradedesk.ui.chart.whole_pixels import screen_pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_KEPT: Final = 256


class Stamps:
    """Copies of painted rectangles by what they show.

    Rounded boxes and text cost tens of microseconds each, a copy a few; most of a chart's tags and
    chips look the same in the next frame, only elsewhere.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Hashable, int, int, float], QPixmap] = {}

    def clear(self) -> None:
        """Forget all: fonts or colours changed."""
        self._kept.clear()

    def draw(
        self,
        painter: QPainter,
        box: QRectF,
        ratio: float,
        shows: Hashable,
        paint: Callable[[QPainter, QRectF], None],
    ) -> None:
        """Draw `box`, calling `paint` only if nothing that `shows` the same is kept.

        Parameters
        ----------
        painter : QPainter
            In logical pixels.
        box : QRectF
            Where; whole pixels.
        ratio : float
            Device pixels a logical pixel.
        shows : hashable
            Everything that the picture depends on, apart from its size.
        paint : callable
            Paints into a rectangle of the box's size at the origin.
        """
        there = screen_pixels(box, ratio)
        across, down = there.width(), there.height()
        key = (shows, across, down, ratio)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = _painted(box, (across, down), ratio, paint)
        if ratio == int(ratio):
            painter.drawPixmap(QPointF(box.left(), box.top()), found)
            return
        # At 1.5 Qt would stretch it onto points between pixels, each time a little differently.
        painter.save()
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawPixmap(there.topLeft(), found)
        painter.restore()


def _painted(
    box: QRectF,
    pixels: tuple[int, int],
    ratio: float,
    paint: Callable[[QPainter, QRectF], None],
) -> QPixmap:
    pixmap = QPixmap(max(1, pixels[0]), max(1, pixels[1]))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint(painter, QRectF(0, 0, box.width(), box.height()))
    painter.end()
    if ratio != int(ratio):
        pixmap.setDevicePixelRatio(1)
    return pixmap
