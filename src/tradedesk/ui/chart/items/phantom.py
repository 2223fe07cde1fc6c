"""What an order would make: entry, stop and target, dashed, with dollars, ticks and R."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF

from tradedesk.services.plan_texts import entry_text, stop_text, target_text
from tradedesk.ui.chart import inks
from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.panes import LEGEND_ROOM
from tradedesk.ui.chart.primitives import Texts, dashes, pen
from tradedesk.ui.chart.spread import Label, spread
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.inks import Ink
    from tradedesk.ui.chart.marks import Phantom
    from tradedesk.ui.chart.model import ChartModel

_LABEL_PX = 12
_HEIGHT = 20.0
_LEAST_LEFT = 12.0


class PhantomItem(PaneItem):
    """Labels at the left, away from tags and new bars; the lines are drawn by `below`.

    Attributes
    ----------
    below : LowerLayer
        To be put into the scene as well, under the lines and tags of real orders.
    """

    def __init__(self, model: ChartModel, z: float, below_z: float) -> None:
        super().__init__(model, z)
        self.below = LowerLayer(self, below_z, self._paint_lines)
        self._phantom: Phantom | None = None
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts of the palette in use."""
        self._texts = Texts(ui_font(_LABEL_PX, MEDIUM))

    def show_phantom(self, phantom: Phantom | None) -> None:
        """Show another one; None for none."""
        if phantom != self._phantom:
            self._ask_rows()
            self._phantom = phantom
            self.setVisible(phantom is not None)
            self.below.setVisible(phantom is not None)
            self._ask_rows()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Labels at their prices, below the legend; those that would touch make room."""
        pane, levels = self.model.panes.price, self._levels()
        wanted = [Label(y - _HEIGHT / 2, _HEIGHT) for y, _, _ in levels]
        tops = spread(wanted, pane.top() + LEGEND_ROOM, pane.bottom() - 2, 2)
        painter.setFont(self._texts.font)
        left = self._left(levels)
        for (_, ink, text), top in zip(levels, tops, strict=True):
            box = QRectF(left, round(top), round(self._texts.width(text)) + 16, _HEIGHT)
            paint_box(painter, box, ink.ground, ink.line)
            painter.setPen(pen("tx"))
            self._texts.draw_centred(painter, box, text)

    def _paint_lines(self, painter: QPainter) -> None:
        pane = self.model.panes.price
        for y, ink, _ in self._levels():
            painter.setPen(dashes(ink.line, *(ink.dashes or (4, 4))))
            painter.drawLine(QLineF(pane.left(), y, pane.right() - 1, y))

    def _ask_rows(self) -> None:
        """Have the lines and the column of the labels repainted: it moves with every tick."""
        pane, levels = self.model.panes.price, self._levels()
        if not levels:
            return
        for y, _, _ in levels:
            self.update(QRectF(pane.left(), y - 1, pane.width(), 3))
        left, widest = self._left(levels), self._widest(levels)
        self.update(QRectF(left - 1, pane.top(), widest + 2, pane.height()))

    def _widest(self, levels: list[tuple[int, Ink, str]]) -> float:
        return max((round(self._texts.width(text)) + 16.0 for _, _, text in levels), default=0.0)

    def _left(self, levels: list[tuple[int, Ink, str]]) -> float:
        """Where the labels begin: as asked for, but within the pane."""
        x = 0.0 if self._phantom is None else self._phantom.x
        room = self.model.panes.price.right() - self._widest(levels) - 8
        return float(round(max(_LEAST_LEFT, min(x, room))))

    def _levels(self) -> list[tuple[int, Ink, str]]:
        """Row, ink and label of each price in view."""
        phantom, pane = self._phantom, self.model.panes.price
        if phantom is None:
            return []
        return [
            (y, ink, text)
            for ticks, ink, text in self._wanted(phantom)
            if pane.top() <= (y := self.model.y_line(ticks)) < pane.bottom()
        ]

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
