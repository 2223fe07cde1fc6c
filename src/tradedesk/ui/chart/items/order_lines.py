"""Lines of orders and positions with their tags."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from tradedesk.ui.chart import inks
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.note_places import NOTE_PAD, NOTE_ROW
from tradedesk.ui.chart.primitives import dashes, pen
from tradedesk.ui.chart.tags import PAD, ROW, Tag
from tradedesk.ui.widgets.shield_mark import paint_shield

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.inks import Ink
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.overlay import LineOverlay
    from tradedesk.ui.chart.panes import Panes

_CROSS_HALF = 3.5


class OrderLines(PaneItem):
    """Paints what the overlay laid out; knows nothing of orders itself."""

    def __init__(self, model: ChartModel, overlay: LineOverlay, z: float) -> None:
        super().__init__(model, z)
        self._overlay = overlay
        self._lit: frozenset[str] = frozenset()
        self.dress()

    def dress(self) -> None:
        """Take the colours of the palette in use."""
        self._text_pen, self._soft_pen = pen("tx"), pen("tx2")
        self._line_pens: dict[tuple[Ink, int], QPen] = {}

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def light(self, keys: frozenset[str]) -> None:
        """Show these lines lit: their move was refused."""
        for tag in self._overlay.tags:
            if tag.shown.line.key in keys ^ self._lit:
                for rect in self._overlay.touched(tag):
                    self.update(rect)
        self._lit = keys

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """All lines below, all tags above, notes over them; what is held comes last."""
        dirty = self.model.exposure.within(self.area)
        if dirty.isEmpty():
            return
        tags = sorted(self._overlay.tags, key=_is_on_top)
        for tag in tags:
            self._paint_line(painter, tag, dirty)
        for tag in tags:
            if any(self.model.exposure.touches(part & self.area) for part in tag.reach):
                self._paint_tag(painter, tag)
        for tag in tags:
            if tag.shown.note:
                self._paint_note(painter, tag)

    def _paint_line(self, painter: QPainter, tag: Tag, dirty: QRectF) -> None:
        shown, area = tag.shown, self.area
        if shown.edge or not dirty.top() - 2 <= shown.y <= dirty.bottom() + 2:
            return
        thick = 2 if shown.hovered or shown.dragged or shown.selected else 1
        ink = self._ink(tag)
        painter.setPen(self._line_pen(ink, thick))
        start = area.left()
        if self.model.ratio == int(self.model.ratio):
            # Dashes begin at whole periods, so that a part looks as it does in the whole line.
            # They are counted in device pixels: at 1.5 a period would end between two points.
            period = sum(ink.dashes or (1,))
            start += (dirty.left() - start) // period * period
        painter.drawLine(QLineF(start, shown.y, min(dirty.right(), area.right() - 1), shown.y))

    def _paint_tag(self, painter: QPainter, tag: Tag) -> None:
        shown, box, leader = tag.shown, tag.box, tag.leader
        ink = self._ink(tag)
        if leader is not None:
            painter.setPen(pen(ink.line))
            painter.drawLine(leader)
        looks = (shown.hovered, shown.selected, shown.line.shield, self.model.market.stale)
        shows = ("tag", tag.rows, ink, tag.cross is not None, looks)
        face = partial(self._paint_face, tag, ink)
        self.model.stamps.draw(painter, box, self.model.ratio, shows, face)

    def _paint_face(self, tag: Tag, ink: Ink, painter: QPainter, box: QRectF) -> None:
        paint_box(painter, box, ink.ground, "tx" if tag.shown.selected else ink.line)
        texts = self._overlay.texts
        painter.setFont(texts.font)
        painter.setPen(self._soft_pen if self.model.market.stale else self._text_pen)
        for at, row in enumerate(tag.rows):
            top = box.top() + at * ROW + (ROW - texts.height()) / 2
            for x, text in row:
                texts.draw(painter, box.left() + x, top, text)
        if tag.shown.line.shield is not None:
            sign = QRectF(box.left() + PAD - 1, box.top() + 3, 12, 14)
            paint_shield(painter, sign, tag.shown.line.shield)
        if tag.cross is not None:
            at_cross = tag.cross.center() - tag.box.topLeft()
            self._paint_cross(painter, at_cross, tag.shown.hovered)

    def _paint_cross(self, painter: QPainter, at: QPointF, bright: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        stroke = QPen(self._text_pen if bright else self._soft_pen)
        stroke.setWidthF(1.4)
        painter.setPen(stroke)
        h, x, y = _CROSS_HALF, at.x(), at.y()
        painter.drawLines([QLineF(x - h, y - h, x + h, y + h), QLineF(x - h, y + h, x + h, y - h)])

    def _paint_note(self, painter: QPainter, tag: Tag) -> None:
        note, texts = self._overlay.note_of(tag), self._overlay.texts
        paint_box(painter, note.box, inks.REFUSED.ground, inks.REFUSED.line)
        painter.setFont(texts.font)
        painter.setPen(self._text_pen)
        for at, text in enumerate(note.rows):
            row = note.box.adjusted(0, NOTE_PAD + at * NOTE_ROW, 0, 0)
            row.setHeight(NOTE_ROW)
            texts.draw_centred(painter, row, text)

    def _ink(self, tag: Tag) -> Ink:
        shown = tag.shown
        if shown.line.key in self._lit:
            return inks.REFUSED
        return inks.of_line(shown.line, unconfirmed=shown.unconfirmed)

    def _line_pen(self, ink: Ink, width: int) -> QPen:
        found = self._line_pens.get((ink, width))
        if found is None:
            pattern = ink.dashes
            if pattern is None:
                found = pen(ink.line, Qt.PenStyle.SolidLine, width)
            else:
                found = dashes(ink.line, *pattern, width)
            self._line_pens[ink, width] = found
        return found


def _is_on_top(tag: Tag) -> bool:
    return tag.shown.hovered or tag.shown.dragged or tag.shown.selected
