"""Rows at the top left of each pane: what is drawn there, and its figures."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.chart.studies.legend_rows import Deed, LegendRow, RowText, deeds_of, row_text
from tradedesk.ui.chart.study_look import PRICE
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.studies.study_book import StudyBook

_PX: Final = 13
_BUTTON_PX: Final = 12
_LEFT: Final = 10.0
_PAD: Final = 4.0
_UNDER_LEGEND: Final = 31.0
_UNDER_LINE: Final = 4.0
_ROW: Final = 20.0
_GAP: Final = 8.0
_BUTTON_PAD: Final = 6.0
_VEIL: Final = 0.88
"""Bars under a row are dimmed by this much, so that it can be read."""


class StudyLegend(PaneItem):
    """One row an indicator; the one under the pointer shows its buttons."""

    def __init__(self, model: ChartModel, book: StudyBook, z: float) -> None:
        super().__init__(model, z)
        self._book = book
        self._rows: tuple[LegendRow, ...] = ()
        self._slots: dict[tuple[str, int], float] = {}
        self._hovered: str | None = None
        self._pressed: Deed | None = None
        self._seen: tuple[object, ...] = ()
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts, self._small = Texts(ui_font(_PX)), Texts(ui_font(_BUTTON_PX))

    # --- asked by the tool --------------------------------------------------------------------

    @property
    def rows(self) -> tuple[LegendRow, ...]:
        """As they stand now."""
        return self._rows

    def row_at(self, at: QPointF) -> LegendRow | None:
        """The row under a point."""
        return next((row for row in self._rows if row.box.contains(at)), None)

    def deed_at(self, at: QPointF) -> tuple[str, Deed] | None:
        """The button under a point, with the key of its indicator."""
        row = self.row_at(at)
        if row is None:
            return None
        return next(((row.key, deed) for deed, box in row.buttons if box.contains(at)), None)

    def hover(self, at: QPointF | None) -> None:
        """Show the buttons of the row under the pointer."""
        row = None if at is None else self.row_at(at)
        over = None if at is None else self.deed_at(at)
        key, deed = (None if row is None else row.key), (None if over is None else over[1])
        if (key, deed) != (self._hovered, self._pressed):
            self._hovered, self._pressed = key, deed
            for each in self._rows:
                self.update(_touched(each))
            self._show()

    # --- told by the stage --------------------------------------------------------------------

    def view_changed(self) -> None:
        """Panes may stand elsewhere."""
        self._show()

    def figures_changed(self) -> None:
        """Another bar, or other figures of the same."""
        self._book.catch_up()
        self._show()

    # --- painting -----------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Rows that are being repainted."""
        for row in self._rows:
            if self.model.exposure.touches(row.box):
                lit = self._pressed if row.buttons else None
                shows = ("study row", row.text, tuple(deed for deed, _ in row.buttons), lit)
                face = partial(self._paint_row, row, lit)
                self.model.stamps.draw(painter, row.box, self.model.ratio, shows, face)

    def _paint_row(self, row: LegendRow, lit: Deed | None, painter: QPainter, box: QRectF) -> None:
        text = row.text
        ground = QColor(color("bg2" if row.buttons else "bg0"))
        ground.setAlphaF(1.0 if row.buttons else _VEIL)
        painter.fillRect(box, ground)
        painter.setFont(self._texts.font)
        top = box.top() + (box.height() - self._texts.height()) / 2
        x = box.left() + _PAD
        painter.setPen(pen("tx3" if text.off else "tx2"))
        x += self._texts.draw(painter, x, top, text.title) + _GAP
        if text.off:
            self._texts.draw(painter, x, top, "hidden")
        if text.trouble:
            painter.setPen(pen("warn"))
            self._texts.draw(painter, x, top, self._cut(text.trouble, box.right() - x))
        for at, (value, ink) in enumerate(text.figures):
            if x + self._texts.width(value) > box.right():
                break
            painter.setPen(pen(ink))
            self._texts.draw(painter, x, top, value)
            x += self._slot(row.key, at, value) + _GAP
        self._paint_buttons(row, lit, painter, box)

    def _paint_buttons(
        self, row: LegendRow, lit: Deed | None, painter: QPainter, box: QRectF
    ) -> None:
        painter.setFont(self._small.font)
        for deed, where in row.buttons:
            at = where.translated(box.topLeft() - row.box.topLeft())
            painter.fillRect(at, color("bg3" if deed is lit else "bg2"))
            painter.setPen(pen("tx" if deed is lit else "tx2"))
            self._small.draw_centred(painter, at, deed.value)

    # --- parts --------------------------------------------------------------------------------

    def _show(self) -> None:
        model = self.model
        seen = (
            self._book.version,
            model.hovered_row,
            model.panes,
            model.instrument,
            self._hovered,
            self._pressed,
            len(model.series),
        )
        if seen == self._seen:
            return
        self._seen = seen
        rows = tuple(self._lay_out())
        if rows == self._rows:
            return
        old, self._rows = self._rows, rows
        known = {row.key: row for row in old}
        now = {row.key: row for row in rows}
        for key in {*known, *now}:
            if known.get(key) != now.get(key):
                for row in (known.get(key), now.get(key)):
                    if row is not None:
                        self.update(_touched(row))

    def _lay_out(self) -> list[LegendRow]:
        model, panes = self.model, self.model.panes
        row = model.hovered_row if model.hovered_row is not None else len(model.series) - 1
        plots = [(PRICE, panes.price, _UNDER_LEGEND)]
        plots += [(pane.key, pane.plot, _UNDER_LINE) for pane in panes.lower]
        found = []
        for key, plot, under in plots:
            y = plot.top() + under
            for study in self._book.in_pane(key):
                if y + _ROW > plot.bottom():
                    break
                text = row_text(study, row, model.instrument)
                buttons = deeds_of(study, len(panes.lower))
                hovered = study.look.key == self._hovered
                found.append(self._row(study.look.key, text, buttons if hovered else (), y))
                y += _ROW
        return found

    def _row(self, key: str, text: RowText, deeds: tuple[Deed, ...], y: float) -> LegendRow:
        room = self.model.panes.price.width() - _LEFT - 2 * _PAD
        width = _PAD + self._texts.width(text.title) + _GAP
        if text.off:
            width += self._texts.width("hidden") + _GAP
        if text.trouble:
            width += self._texts.width(text.trouble) + _GAP
        for at, (value, _) in enumerate(text.figures):
            width += self._slot(key, at, value) + _GAP
        sizes = [ceil(self._small.width(deed.value) + 2 * _BUTTON_PAD) for deed in deeds]
        width = min(ceil(width), max(room - sum(sizes), 40.0))
        x, buttons = _LEFT + width, []
        for deed, size in zip(deeds, sizes, strict=True):
            buttons.append((deed, QRectF(x, y, size, _ROW)))
            x += size
        box = QRectF(_LEFT, y, min(x - _LEFT, max(room, 1.0)), _ROW)
        return LegendRow(key, text, box, tuple(buttons))

    def _slot(self, key: str, at: int, value: str) -> float:
        """Room for a figure: it only ever grows, so that neighbours stay."""
        width = max(self._slots.get((key, at), 0.0), self._texts.width(value))
        self._slots[(key, at)] = width
        return width

    def _cut(self, text: str, room: float) -> str:
        """As much of a sentence as there is room for."""
        if self._texts.width(text) <= room:
            return text
        share = room / max(self._texts.width(text), 1.0)
        return f"{text[: max(1, int(len(text) * share) - 2)].rstrip()}…"


def cursor_of(deed: Deed | None) -> Qt.CursorShape:
    """A hand over buttons, else an arrow."""
    return Qt.CursorShape.ArrowCursor if deed is None else Qt.CursorShape.PointingHandCursor


def _touched(row: LegendRow) -> QRectF:
    return row.box
