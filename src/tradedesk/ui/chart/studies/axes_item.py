"""The axes beside the panes of indicators: round values, and chips of the newest ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

from tradedesk.ui.chart.chips import CHIP, Chip, place_chips
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.chart.studies.catalogue import Kind, Unit
from tradedesk.ui.chart.studies.figures import figure, label, short
from tradedesk.ui.chart.study_look import PRICE, SIDES
from tradedesk.ui.theme.fonts import REGULAR, SEMIBOLD, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import LowerPane, Panes
    from tradedesk.ui.chart.studies.live_study import DrawnLine, LiveStudy
    from tradedesk.ui.chart.studies.study_book import StudyBook

    Placed = dict[str, list[tuple[Chip, QRectF]]]

_PX: Final = 12
_RIGHT_GAP: Final = 7.0
_PAD: Final = 5.0
_WEIGHT: Final = 0.2
"""A chip of an indicator gives way to those of prices and orders."""
_LONG: Final = 9
"""Characters from which on counts are shortened."""


class StudyAxes(PaneItem):
    """Beside all panes below; over the bars it only names its chips to the price axis."""

    def __init__(self, model: ChartModel, book: StudyBook, z: float) -> None:
        super().__init__(model, z)
        self._book = book
        self._placed: Placed = {}
        self._below: tuple[object, Placed] = (None, {})
        self._above: tuple[object, list[Chip]] = (None, [])
        self._marks: dict[str, tuple[object, list[tuple[float, str]]]] = {}
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._labels = Texts(ui_font(_PX, REGULAR))
        self._bold = Texts(ui_font(_PX, SEMIBOLD))
        self._label_pen, self._chip_pen = pen("tx3"), pen("on_chip")
        self._marks.clear()

    def area_in(self, panes: Panes) -> QRectF:
        """Beside all panes below."""
        top = panes.price.bottom()
        axis = panes.price_axis
        return QRectF(axis.left(), top, axis.width(), max(0.0, panes.time_axis.top() - top))

    # --- told by the stage --------------------------------------------------------------------

    def view_changed(self) -> None:
        """Chips elsewhere; all is painted anyway."""
        self._placed = self._place()

    def newest_changed(self) -> None:
        """Repaint the chips that changed."""
        placed = self._place()
        if placed != self._placed:
            self._placed = placed
            self.update()

    def wanted_chips(self) -> list[Chip]:
        """Chips of newest values over the bars; asked several times a frame."""
        depends = (*self._depends(), self.model.ymap)
        if depends != self._above[0]:
            self._above = (depends, self._chips_above())
        return self._above[1]

    def _chips_above(self) -> list[Chip]:
        pane = self.model.panes.price
        found = []
        for study, line in self._book.lines_in(PRICE):
            value = self._newest(study, line)
            if value is None or not study.face.line(line.output).chip:
                continue
            y = self.model.y_line(value)
            if pane.top() <= y < pane.bottom():
                text = figure(value, Unit.PRICE, self.model.instrument)
                found.append(Chip(y, text, _ground(line, value), _WEIGHT))
        return found

    def chips_of(self, pane: str) -> list[tuple[Chip, QRectF]]:
        """As placed last beside a pane below."""
        return self._placed.get(pane, [])

    # --- painting -----------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Labels first, chips over them."""
        dirty = self.model.exposure.within(self.area)
        if dirty.isEmpty():
            return
        for pane in self.model.panes.lower:
            if pane.axis.intersects(dirty) and self._book.in_pane(pane.key):
                self._paint_labels(painter, pane)
                for chip, box in reversed(self._placed.get(pane.key, [])):
                    shows = ("study chip", chip.text, chip.ground)
                    face = partial(self._paint_chip, chip)
                    self.model.stamps.draw(painter, box, self.model.ratio, shows, face)

    def _paint_labels(self, painter: QPainter, pane: LowerPane) -> None:
        scale, model = self._book.scale(pane.key), self.model
        chips = self._placed.get(pane.key, [])
        fixed = pane.key in model.viewport.fixed
        depends = (pane, scale.range, fixed, model.ratio, model.instrument, self._book.looks, chips)
        kept = self._marks.get(pane.key)
        if kept is None or kept[0] != depends:
            kept = self._marks[pane.key] = (depends, self._labels_beside(pane))
        painter.setFont(self._labels.font)
        painter.setPen(self._label_pen)
        for top, text in kept[1]:
            self._labels.draw_right(painter, pane.axis.right() - _RIGHT_GAP, top, text)

    def _labels_beside(self, pane: LowerPane) -> list[tuple[float, str]]:
        """Round values, and that they were fixed: where their texts begin, and what they say."""
        unit, size = self._unit(pane.key)
        scale, height = self._book.scale(pane.key), self._labels.height()
        ymap = scale.ymap(pane.plot.top(), pane.plot.height(), self.model.ratio)
        step = scale.step(pane.plot.height(), size)
        taken = [box for _, box in self._placed.get(pane.key, [])]
        found = []
        first, last = pane.plot.top() + 2, pane.plot.bottom() - height
        if pane.key in self.model.viewport.fixed:
            for top in (last - 1, first):
                if _is_free(top, height, taken):
                    found.append((top, "fix"))
                    taken.append(QRectF(pane.axis.left(), top, pane.axis.width(), height))
                    break
        for value in scale.marks(pane.plot.height(), size):
            if unit is Unit.COUNT and value != round(value):
                continue  # there are no parts of a contract
            top = ymap.row(value) / self.model.ratio - height / 2
            if first <= top <= last and _is_free(top, height, taken):
                found.append((top, label(value, step, unit, self.model.instrument)))
        return found

    def _paint_chip(self, chip: Chip, painter: QPainter, box: QRectF) -> None:
        paint_box(painter, box, chip.ground)
        painter.setPen(self._chip_pen)
        painter.setFont(self._bold.font)
        top = box.top() + (CHIP - self._bold.height()) / 2
        self._bold.draw_right(painter, box.right() - _PAD, top, chip.text)

    # --- parts --------------------------------------------------------------------------------

    def _depends(self) -> tuple[object, ...]:
        """What chips depend on beside scales."""
        model = self.model
        return (self._book.version, len(model.series), model.panes, model.instrument, model.ratio)

    def _place(self) -> Placed:
        """Chips beside the panes below; where nothing changed, as they were."""
        scales = [self._book.scale(pane.key).range for pane in self.model.panes.lower]
        depends = (*self._depends(), scales)
        if depends != self._below[0]:
            self._below = (depends, self._placed_anew())
        return self._below[1]

    def _placed_anew(self) -> Placed:
        placed = {}
        for pane in self.model.panes.lower:
            found = self._chips_beside(pane)
            if found:
                placed[pane.key] = place_chips(found, pane.axis)
        return placed

    def _chips_beside(self, pane: LowerPane) -> list[Chip]:
        found = []
        ymap = self._book.scale(pane.key).ymap(
            pane.plot.top(), pane.plot.height(), self.model.ratio
        )
        for study, line in self._book.lines_in(pane.key):
            value = self._newest(study, line)
            if value is not None:
                y = ymap.row(value) // self.model.ratio
                text = figure(value, study.face.unit, self.model.instrument)
                if len(text) > _LONG:
                    text = short(value, 1)
                found.append(Chip(y, text, _ground(line, value), 1.0 - 0.1 * line.output))
        return found if len(found) * (CHIP + 1) <= pane.axis.height() else found[:1]

    def _newest(self, study: LiveStudy, line: DrawnLine) -> float | None:
        """The newest value, wherever it is drawn; None if it is not of this line's side."""
        rows = len(self.model.series)
        value = study.value(line.output, rows - 1 + line.curve.shift) if rows else None
        side = line.curve.side
        if value is None or side is None or side[-1] * line.curve.wanted > 0:
            return value
        return None

    def _unit(self, pane: str) -> tuple[Unit, float]:
        """Of the first indicator of a pane, and by how much its values are shown larger."""
        unit = next(study.face.unit for study in self._book.in_pane(pane))
        instrument = self.model.instrument
        if unit in (Unit.NUMBER, Unit.COUNT) or instrument is None:
            return unit, 1.0
        return unit, float(instrument.tick.size)


def _ground(line: DrawnLine, value: float) -> str:
    if line.ink != SIDES:
        return line.ink
    if line.kind is Kind.COLUMNS:
        return "buy_fill" if value >= 0 else "sell_fill"
    return "buy_fill"


def _is_free(top: float, height: float, taken: list[QRectF]) -> bool:
    """Whether a text would hardly touch what stands there."""
    return not any(top + 2 < box.bottom() and top + height - 2 > box.top() for box in taken)
