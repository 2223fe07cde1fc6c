"""A small picture of a palette: its ground with a rising and a falling candle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

if TYPE_CHECKING:
    from tradedesk.ui.theme.tokens import Palette

SIZE: Final = 16
_RATIOS: Final = (1.0, 1.5, 2.0, 3.0)


def swatch(palette: Palette) -> QIcon:
    """The picture for menus, sharp at every scale factor."""
    icon = QIcon()
    for ratio in _RATIOS:
        icon.addPixmap(_painted(palette, ratio))
    return icon


def _painted(palette: Palette, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(SIZE * ratio), round(SIZE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.fillRect(QRectF(0, 0, SIZE, SIZE), QColor(palette.line))
    painter.fillRect(QRectF(1, 1, SIZE - 2, SIZE - 2), QColor(palette.bg0))
    up, down = QColor(palette.buy_fill), QColor(palette.sell_fill)
    painter.fillRect(QRectF(5, 2, 1, 10), up)
    painter.fillRect(QRectF(10, 4, 1, 10), down)
    painter.fillRect(QRectF(9, 6, 3, 6), down)
    if palette.shapes:
        painter.setPen(QPen(up, 1))
        painter.setBrush(QColor(palette.bg0))
        painter.drawRect(QRectF(4.5, 4.5, 2, 5))
    else:
        painter.fillRect(QRectF(4, 4, 3, 6), up)
    painter.end()
    return pixmap
