"""Paints figures: what is exposed of them, sharp where it is level, smooth where it is slanted."""

from __future__ import annotations

from functools import partial
from math import ceil, hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from tradedesk.ui.chart.drawings.clip import Span
from tradedesk.ui.chart.drawings.figure import HANDLE_PX
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.primitives import Texts, dashes, pen
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import ui_font

if TYPE_CHECKING:
    from tradedesk.ui.chart.drawings.clip import Box
    from tradedesk.ui.chart.drawings.figure import Area, Figure, Stroke, Words
    from tradedesk.ui.chart.model import ChartModel

_TEXT_PX = 12
_DASHES = {"dashed": (6, 4), "dotted": (1, 3)}


def rect(box: Box) -> QRectF:
    """A box as Qt has it."""
    return QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)


class FigurePainter:
    """Pens, fonts and colours of the palette in use."""

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self.texts = Texts(ui_font(_TEXT_PX))
        self._pens: dict[tuple[str, int, str], QPen] = {}
        self._fills: dict[tuple[str, float], QColor] = {}

    def paint_areas(self, painter: QPainter, figure: Figure) -> None:
        """What lies below the bars."""
        for area in figure.areas:
            self._paint_area(painter, area)

    def paint(self, painter: QPainter, figure: Figure) -> None:
        """Strokes, then handles, then words."""
        for stroke in figure.strokes:
            self._paint_stroke(painter, stroke)
        for _, x, y in figure.handles:
            self._paint_handle(painter, x, y)
        for words in figure.words:
            self._paint_words(painter, words)

    def _paint_area(self, painter: QPainter, area: Area) -> None:
        # All of it: cut to whole points it would miss half pixels at 1.5, and Qt clips it anyway.
        box = rect(area.box)
        if self._model.exposure.touches(box):
            painter.fillRect(box, self._fill(area.ink, area.share))

    def _paint_stroke(self, painter: QPainter, stroke: Stroke) -> None:
        x1, y1, x2, y2 = stroke.span
        reach = stroke.width + 1
        room = QRectF(
            min(x1, x2) - reach,
            min(y1, y2) - reach,
            abs(x2 - x1) + 2 * reach,
            abs(y2 - y1) + 2 * reach,
        )
        if not self._model.exposure.touches(room):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, stroke.is_slanted)
        if stroke.is_slanted and stroke.width > 1:
            # Qt cuts a thick line where the exposed part ends, which shifts its pixels; an area
            # it fills the same from parts as in one piece.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(stroke.ink))
            for piece in self._pieces(stroke):
                painter.drawConvexPolygon(self._ribbon(piece, stroke.width))
        else:
            painter.setPen(self._pen(stroke))
            painter.drawLine(QLineF(x1, y1, x2, y2))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _pieces(self, stroke: Stroke) -> list[Span]:
        """The dashes of a line that are exposed; all of it if it has none."""
        dash = _DASHES.get(stroke.dash)
        if dash is None:
            return [stroke.span]
        x1, y1, x2, y2 = stroke.span
        long = hypot(x2 - x1, y2 - y1)
        unit = stroke.width / self._model.ratio
        on, period = dash[0] * unit, sum(dash) * unit
        dx, dy = (x2 - x1) / long, (y2 - y1) / long
        exposed = self._model.exposure.within(self._model.panes.price).adjusted(-on, -on, on, on)
        found = []
        for number in range(ceil(long / period)):
            start = number * period
            end = min(start + on, long)
            piece = Span(x1 + start * dx, y1 + start * dy, x1 + end * dx, y1 + end * dy)
            if exposed.contains(piece.x1, piece.y1) or exposed.contains(piece.x2, piece.y2):
                found.append(piece)
        return found

    def _ribbon(self, span: Span, width: int) -> QPolygonF:
        """The outline of a thick line; its width is in device pixels, as that of a thin one."""
        x1, y1, x2, y2 = span
        half = width / 2 / self._model.ratio / max(hypot(x2 - x1, y2 - y1), 1e-9)
        dx, dy = (y1 - y2) * half, (x2 - x1) * half
        return QPolygonF(
            [
                QPointF(x1 + dx, y1 + dy),
                QPointF(x2 + dx, y2 + dy),
                QPointF(x2 - dx, y2 - dy),
                QPointF(x1 - dx, y1 - dy),
            ]
        )

    def _paint_handle(self, painter: QPainter, x: float, y: float) -> None:
        painter.setPen(pen("accent"))
        painter.setBrush(color("bg0"))
        side = 2 * HANDLE_PX
        painter.drawRect(QRectF(round(x - HANDLE_PX), round(y - HANDLE_PX), side, side))

    def _paint_words(self, painter: QPainter, words: Words) -> None:
        box = rect(words.box)
        if not self._model.exposure.touches(box.adjusted(-1, -1, 1, 1)):
            return
        if words.ground:
            shows = ("drawing", words.text, words.ink, words.ground, words.border)
            face = partial(self._paint_face, words)
            self._model.stamps.draw(painter, box, self._model.ratio, shows, face)
            return
        painter.setFont(self.texts.font)
        painter.setPen(pen(words.ink))
        self.texts.draw(painter, box.left(), box.top(), words.text)

    def _paint_face(self, words: Words, painter: QPainter, box: QRectF) -> None:
        paint_box(painter, box, words.ground, words.border or None)
        painter.setFont(self.texts.font)
        painter.setPen(pen(words.ink))
        self.texts.draw_centred(painter, box, words.text)

    def _pen(self, stroke: Stroke) -> QPen:
        key = (stroke.ink, stroke.width, stroke.dash)
        found = self._pens.get(key)
        if found is None:
            dash = _DASHES.get(stroke.dash)
            if dash is None:
                found = pen(stroke.ink, Qt.PenStyle.SolidLine, stroke.width)
                found.setCapStyle(Qt.PenCapStyle.FlatCap)
            else:
                on, off = (length * stroke.width for length in dash)
                found = dashes(stroke.ink, on, off, stroke.width)
            self._pens[key] = found
        return found

    def _fill(self, ink: str, share: float) -> QColor:
        found = self._fills.get((ink, share))
        if found is None:
            found = QColor(color(ink))
            found.setAlphaF(share)
            self._fills[ink, share] = found
        return found
