"""Signs of the tools, drawn by code so that they are sharp at every scale and in every palette."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor

SIDE: Final = 18.0
"""Signs are drawn into a square of this size."""

_LINES: Final[dict[str, tuple[tuple[float, float, float, float], ...]]] = {
    "trend": ((4.5, 13.5, 13.5, 4.5),),
    "ray": ((4, 13, 17, 4.5),),
    "extended": ((1, 14.5, 17, 3.5),),
    "horizontal": ((1, 9.5, 17, 9.5),),
    "vertical": ((9.5, 1, 9.5, 17),),
    "rectangle": ((3, 4.5, 15, 4.5), (15, 4.5, 15, 13.5), (15, 13.5, 3, 13.5), (3, 13.5, 3, 4.5)),
    "fibonacci": ((2, 2.5, 16, 2.5), (2, 7.5, 16, 7.5), (2, 10.5, 16, 10.5), (2, 15.5, 16, 15.5)),
    "measure": (
        (2.5, 12.5, 12.5, 2.5),
        (12.5, 2.5, 15.5, 5.5),
        (15.5, 5.5, 5.5, 15.5),
        (5.5, 15.5, 2.5, 12.5),
        (5.5, 9.5, 7.5, 11.5),
        (8.5, 6.5, 10.5, 8.5),
    ),
    "pointer": ((9, 1.5, 9, 7), (9, 11, 9, 16.5), (1.5, 9, 7, 9), (11, 9, 16.5, 9)),
    "remove": (
        (3, 4.5, 15, 4.5),
        (7, 4.5, 7, 2.5),
        (7, 2.5, 11, 2.5),
        (11, 2.5, 11, 4.5),
        (4.5, 4.5, 5.5, 15.5),
        (5.5, 15.5, 12.5, 15.5),
        (12.5, 15.5, 13.5, 4.5),
        (9, 7.5, 9, 12.5),
    ),
    "fold": ((11, 4, 6, 9), (6, 9, 11, 14)),
    "more": (),
}
_DOTS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "trend": ((4.5, 13.5), (13.5, 4.5)),
    "ray": ((4, 13), (10.5, 8.75)),
    "extended": ((5.5, 11.5), (12.5, 6.5)),
    "horizontal": ((9, 9.5),),
    "vertical": ((9.5, 9),),
    "rectangle": ((3, 4.5), (15, 13.5)),
    "more": ((4, 9), (9, 9), (14, 9)),
}


def paint_glyph(painter: QPainter, name: str, at: QPointF, ink: QColor, up: QColor) -> None:
    """Draw a sign with its top left corner at a point; `up` fills what stands for a reward."""
    painter.save()
    painter.translate(at)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    stroke = QPen(ink, 1.3)
    stroke.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(stroke)
    painter.drawLines([QLineF(*line) for line in _LINES.get(name, ())])
    special = _SPECIAL.get(name)
    if special is not None:
        special(painter, ink, up)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for x, y in _DOTS.get(name, ()):
        painter.drawEllipse(QPointF(x, y), 2.0, 2.0)
    painter.restore()


def _text(painter: QPainter, ink: QColor, up: QColor) -> None:
    painter.setFont(ui_font(15, MEDIUM))
    painter.drawText(QRectF(0, 0, SIDE, SIDE), Qt.AlignmentFlag.AlignCenter, "T")


def _risk(painter: QPainter, ink: QColor, up: QColor) -> None:
    painter.drawRect(QRectF(3, 2.5, 12, 13))
    painter.drawLine(QLineF(3, 10.5, 15, 10.5))
    painter.fillRect(QRectF(4, 3.5, 10, 6.5), up)


def _magnet(painter: QPainter, ink: QColor, up: QColor) -> None:
    painter.drawArc(QRectF(3.5, 5.5, 11, 11), 180 * 16, 180 * 16)
    painter.drawArc(QRectF(7, 9, 4, 4), 180 * 16, 180 * 16)
    for x in (3.5, 7.0, 11.0, 14.5):
        painter.drawLine(QLineF(x, 11, x, 2.5))
    for y in (2.5, 5.5):
        painter.drawLines([QLineF(3.5, y, 7, y), QLineF(11, y, 14.5, y)])


def _eye(painter: QPainter, ink: QColor, up: QColor) -> None:
    painter.drawArc(QRectF(1, 4.5, 16, 14), 35 * 16, 110 * 16)
    painter.drawArc(QRectF(1, -0.5, 16, 14), -35 * 16, -110 * 16)
    painter.drawEllipse(QPointF(9, 9), 2.4, 2.4)


def _eye_off(painter: QPainter, ink: QColor, up: QColor) -> None:
    _eye(painter, ink, up)
    painter.drawLine(QLineF(3, 15, 15, 3))


_SPECIAL: Final[dict[str, Callable[[QPainter, QColor, QColor], None]]] = {
    "text": _text,
    "risk": _risk,
    "magnet": _magnet,
    "eye": _eye,
    "eye_off": _eye_off,
}
