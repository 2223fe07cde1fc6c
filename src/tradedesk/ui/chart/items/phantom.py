"""What an order would make: entry, stop and target, dashed, with dollars, ticks and R."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF

from tradedesk.services.plan_texts import entry_text, stop_text, target_text
from tradedesk.ui.chart import inks
from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.label_places import GAP, beside, free_place
from tradedesk.ui.chart.panes import LEGEND_ROOM
from tradedesk.ui.chart.primitives import Texts, dashes, pen
from tradedesk.ui.chart.spread import Label, spread
from tradedesk.ui.chart.tags import HELD
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.inks import Ink
    from tradedesk.ui.chart.marks import Phantom
    from tradedesk.ui.chart.model import ChartModel

_LABEL_PX = 12
_HEIGHT = 20.0
_LEAST_LEFT = 12.0
_SIDE = 8.0
_ARROWS = {-1: "▲ ", 0: "", 1: "▼ "}


@dataclass(frozen=True, slots=True)
class Plate:
    """A label in place."""

    box: QRectF
    ink: Ink
    text: str


class PhantomItem(PaneItem):
    """Labels at the left, away from tags and new bars; the lines are drawn by `below`.

    Attributes
    ----------
    below : LowerLayer
        To be put into the scene as well, under the lines and tags of real orders.
    taken : callable
        Boxes that the labels keep clear of, by standing further left.
    beside : callable
        The label that these stand above and below of; empty for none.
    """

    def __init__(self, model: ChartModel, z: float, below_z: float) -> None:
        super().__init__(model, z)
        self.below = LowerLayer(self, below_z, self._paint_lines)
        self.taken: Callable[[], list[QRectF]] = list
        self.beside: Callable[[], QRectF] = QRectF
        self._phantom: Phantom | None = None
        self._plates: list[Plate] = []
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts of the palette in use."""
        self._texts = Texts(ui_font(_LABEL_PX, MEDIUM))

    def show_phantom(self, phantom: Phantom | None) -> None:
        """Show another one; None for none."""
        if phantom != self._phantom:
            self._ask_lines()
            self._phantom = phantom
            self.setVisible(phantom is not None)
            self.below.setVisible(phantom is not None)
            self._ask_lines()
        self.settle()

    def settle(self) -> None:
        """Place the labels anew: what they keep clear of may stand elsewhere."""
        before = self._plates
        if self._phantom is None and not before:
            return
        self._plates = self._lay_out()
        if before != self._plates:
            for plate in (*before, *self._plates):
                self.update(plate.box.adjusted(-1, -1, 1, 1))

    def view_changed(self) -> None:
        """Prices stand elsewhere."""
        self.settle()

    @property
    def plates(self) -> list[Plate]:
        """Its labels where they stand."""
        return self._plates

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Labels at their prices."""
        painter.setFont(self._texts.font)
        for plate in self._plates:
            paint_box(painter, plate.box, plate.ink.ground, plate.ink.line)
            painter.setPen(pen("tx"))
            self._texts.draw_centred(painter, plate.box, plate.text)

    def _paint_lines(self, painter: QPainter) -> None:
        pane = self.model.panes.price
        for y, ink, _ in self._levels():
            if self._edge(y) == 0:
                painter.setPen(dashes(ink.line, *(ink.dashes or (4, 4))))
                painter.drawLine(QLineF(pane.left(), y, pane.right() - 1, y))

    def _ask_lines(self) -> None:
        pane = self.model.panes.price
        for y, _, _ in self._levels():
            if self._edge(y) == 0:
                self.update(QRectF(pane.left(), y - 1, pane.width(), 3))

    def _lay_out(self) -> list[Plate]:
        """Below the legend; those that would touch make room, and all begin at one place."""
        pane, levels = self.model.panes.price, self._levels()
        if self._phantom is None or not levels:
            return []
        held = self.beside()
        wanted = [Label(y - _HEIGHT / 2, _HEIGHT) for y, _, _ in levels]
        if not held.isEmpty():
            wanted.append(Label(held.top(), held.height(), HELD))
        tops = spread(wanted, pane.top() + LEGEND_ROOM, pane.bottom() - 2, 2)
        boxes = [
            QRectF(0, round(top), round(self._texts.width(text)) + 2 * _SIDE, _HEIGHT)
            for (_, _, text), top in zip(levels, tops, strict=False)
        ]
        placed = self._clear(boxes, self._phantom.x if held.isEmpty() else held.left(), held)
        return [Plate(box, ink, text) for box, (_, ink, text) in zip(placed, levels, strict=True)]

    def _clear(self, boxes: list[QRectF], wish: float, held: QRectF) -> list[QRectF]:
        """Labels that begin where asked for, but within the pane and clear of tags.

        All of them begin further left if there is room, else each one goes up or down.
        """
        pane, taken = self.model.panes.price, [*self.taken(), held]
        room = pane.right() - max(box.width() for box in boxes) - 8
        left = float(round(max(_LEAST_LEFT, min(wish, room))))
        wishes = [box.translated(left, 0) for box in boxes]
        places = [beside(box, taken, pane.left() + GAP) for box in wishes]
        clear = [place.left() for place in places if place is not None]
        if len(clear) == len(boxes):
            return [box.translated(min(clear), 0) for box in boxes]
        for at, box in enumerate(wishes):
            wishes[at] = free_place([box], taken, pane)
            taken.append(wishes[at])
        return wishes

    def _levels(self) -> list[tuple[int, Ink, str]]:
        """Row, ink and label of each price; the label points to one that is out of view."""
        if self._phantom is None:
            return []
        levels = []
        for ticks, ink, text in self._wanted(self._phantom):
            y = self.model.y_line(ticks)
            levels.append((y, ink, f"{_ARROWS[self._edge(y)]}{text}"))
        return levels

    def _edge(self, y: float) -> int:
        """-1 above the pane, +1 below it, 0 in it."""
        pane = self.model.panes.price
        return -1 if y < pane.top() else int(y >= pane.bottom())

    def _wanted(self, phantom: Phantom) -> list[tuple[int, Ink, str]]:
        """Price, ink and label of each line."""
        found: list[tuple[int, Ink, str]] = []
        entry, size, instrument = phantom.entry_ticks, phantom.size, self.model.instrument
        if instrument is None:
            return found
        if phantom.entry_shown:
            price = self.model.price_text(entry)
            text = entry_text(phantom.side, phantom.type, size, price)
            found.append((entry, inks.of_side(phantom.side), text))
        risk = None
        if phantom.stop_ticks is not None:
            risk = abs(phantom.stop_ticks - entry)
            found.append((phantom.stop_ticks, inks.STOP, stop_text(instrument, size, risk)))
        if phantom.target_ticks is not None:
            reward = abs(phantom.target_ticks - entry)
            text = target_text(instrument, size, reward, risk)
            found.append((phantom.target_ticks, inks.TARGET, text))
        return found
