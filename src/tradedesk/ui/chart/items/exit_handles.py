"""Two small handles beside the tag of the position: pull a stop or a target out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

from tradedesk.ui.chart import inks
from tradedesk.ui.chart.exits import ExitKind
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.fonts import SEMIBOLD, ui_font

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_TEXT_PX = 11
SIZE: Final = (28.0, 20.0)
_GAP = 4.0


@dataclass(frozen=True, slots=True)
class Handle:
    """One handle in place; `spent` when every contract has such an exit."""

    kind: ExitKind
    box: QRectF
    spent: bool = False
    hovered: bool = False


def place_handles(tag: QRectF, pane: QRectF) -> dict[ExitKind, QRectF]:
    """Boxes left of a tag, within the pane."""
    width, height = SIZE
    right = max(tag.left() - _GAP, pane.left() + 2 * width + _GAP + 2)
    top = tag.top()
    return {
        ExitKind.STOP: QRectF(right - 2 * width - _GAP, top, width, height),
        ExitKind.TARGET: QRectF(right - width, top, width, height),
    }


class ExitHandles(PaneItem):
    """Paints the handles that it is shown."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self.handles: tuple[Handle, ...] = ()
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts of the palette in use."""
        self._texts = Texts(ui_font(_TEXT_PX, SEMIBOLD))

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def show_handles(self, handles: tuple[Handle, ...]) -> None:
        """Show other ones; empty for none."""
        if handles == self.handles:
            return
        before, self.handles = self.handles, handles
        self.setVisible(bool(handles))
        for handle in (*before, *handles):
            self.update(handle.box.adjusted(-1, -1, 1, 1))

    def boxes(self) -> list[QRectF]:
        """Where they stand."""
        return [handle.box for handle in self.handles]

    def at(self, point: QPointF) -> ExitKind | None:
        """Kind of the handle at a point."""
        return next((one.kind for one in self.handles if one.box.contains(point)), None)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Boxes in the colours of what they make; grey when there is nothing to make."""
        painter.setFont(self._texts.font)
        for handle in self.handles:
            ink = inks.STOP if handle.kind is ExitKind.STOP else inks.TARGET
            if handle.spent:
                ink = inks.MOVING
            ground, words = (ink.line, "on_chip") if handle.hovered else (ink.ground, "tx")
            paint_box(painter, handle.box, ground, ink.line)
            painter.setPen(pen(words))
            self._texts.draw_centred(painter, handle.box, handle.kind.value)
