"""The layer of the drawings: paints those in view, knows what is under a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from tradedesk.ui.chart.drawings.axis_chips import drawing_chips
from tradedesk.ui.chart.drawings.builder import figure_of
from tradedesk.ui.chart.drawings.extents import Extents
from tradedesk.ui.chart.drawings.figure_paint import FigurePainter, rect
from tradedesk.ui.chart.drawings.seen import Seen
from tradedesk.ui.chart.drawings.view import View
from tradedesk.ui.chart.items.base import LowerLayer, PaneItem

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.ui.chart.chips import Chip
    from tradedesk.ui.chart.drawings.easel import Easel
    from tradedesk.ui.chart.panes import Panes


class DrawingLayer(PaneItem):
    """Shows what the easel holds; drawings out of view are never looked at one by one.

    Attributes
    ----------
    below : LowerLayer
        The areas, under the bars; to be put into the scene as well.
    """

    def __init__(self, easel: Easel, z: float, below_z: float) -> None:
        super().__init__(easel.mapping.model, z)
        self.below = LowerLayer(self, below_z, self._paint_areas)
        self._easel = easel
        self._painter = FigurePainter(self.model)
        self._extents: tuple[list[Drawing], Extents] | None = None
        self._seen: list[Seen] = []
        self._seen_for: tuple[int, int, int] | None = None

    # --- told by the stage and the easel ------------------------------------------------------

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._painter.dress()
        self._seen_for = None

    def bars_exchanged(self) -> None:
        """Another contract has other drawings."""
        instrument = self.model.instrument
        self._easel.show_contract(None if instrument is None else instrument.contract_id)

    def refresh(self) -> None:
        """The easel changed: repaint what looks otherwise than before."""
        before = list(self._seen)
        after = self.seen()
        if [s.drawing.id for s in before] != [s.drawing.id for s in after]:
            changed = [*before, *after]
        else:
            changed = [
                each
                for pair in zip(before, after, strict=True)
                if pair[0].figure != pair[1].figure
                for each in pair
            ]
        for each in changed:
            self.update(each.bounds & self.area)

    def wanted_chips(self) -> list[Chip]:
        """Prices of level lines, and of the drawing that is selected."""
        return drawing_chips(self.seen(), self.area, self.model)

    # --- reading ------------------------------------------------------------------------------

    def seen(self) -> list[Seen]:
        """Drawings in view, those in front last."""
        easel = self._easel
        now = (self.model.stamp, easel.version, len(self.model.series))
        if now != self._seen_for:
            self._seen_for = now
            self._seen = self._look()
            self.setVisible(bool(self._seen))
            self.below.setVisible(any(each.figure.areas for each in self._seen))
        return self._seen

    def written(self) -> list[QRectF]:
        """Boxes of all that is written on drawings in view."""
        return [rect(words.box) for each in self.seen() for words in each.figure.words]

    def view_changed(self) -> None:
        """Find out what is in view, so that an empty layer is not even asked to paint."""
        self.seen()

    def at(self, point: QPointF, *, selected: bool) -> Seen | None:
        """The selected drawing if it is there, or the frontmost of the others."""
        if not self.area.contains(point):
            return None
        for each in reversed(self.seen()):
            if each.selected is selected and each.figure.hit(point.x(), point.y(), inside=selected):
                return each
        return None

    def selected(self) -> Seen | None:
        """The selected drawing, if it is in view."""
        return next((each for each in self.seen() if each.selected), None)

    # --- painting -----------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """All that touches what is exposed, within the pane."""
        touched = self._touched()
        if not touched:
            return
        painter.save()
        painter.setClipRect(self.area, Qt.ClipOperation.IntersectClip)
        for each in touched:
            self._painter.paint(painter, each.figure)
        painter.restore()

    def _touched(self) -> list[Seen]:
        exposure = self.model.exposure
        return [each for each in self.seen() if exposure.touches(each.bounds)]

    def _paint_areas(self, painter: QPainter) -> None:
        for each in self._touched():
            self._painter.paint_areas(painter, each.figure)

    def _look(self) -> list[Seen]:
        easel = self._easel
        shown = easel.shown()
        if not shown:
            return []
        if self._extents is None or self._extents[0] != shown:
            self._extents = (shown, Extents(shown))
        found = []
        view = View(easel.mapping, self._painter.texts, easel.rules)
        for number in self._extents[1].in_view(easel.mapping):
            drawing = shown[number]
            in_hand = easel.draft is not None and drawing.id == easel.draft.id
            selected = drawing.id == easel.selected or in_hand
            figure = figure_of(drawing, view, selected=selected)
            bounds = figure.bounds()
            if bounds is not None:
                found.append(Seen(drawing, figure, rect(bounds), selected))
        return found
