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
    from collections.abc import Sequence

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


Places = list[dict[ExitKind, QRectF]]


def places_beside(tag: QRectF, pane: QRectF, newest: QRectF, y: float) -> Places:
    """Boxes left of a tag, below it, above it, and left of the newest bar on the line at `y`.

    The pointer gets there: those below and above touch the tag, the others are on the line.
    """
    width, height = SIZE
    room = 2 * width + _GAP
    left = max(tag.left() - _GAP - room, pane.left() + 2)
    under = max(tag.right() - room, pane.left() + 2)
    beyond = max(newest.left() - _GAP - room, pane.left() + 2)
    corners = (
        (left, tag.top()),
        (under, tag.bottom()),
        (under, tag.top() - height),
        (beyond, round(y - height / 2)),
    )
    return [
        {
            ExitKind.STOP: QRectF(x, y, width, height),
            ExitKind.TARGET: QRectF(x + width + _GAP, y, width, height),
        }
        for x, y in corners
    ]


def first_clear(places: Places, taken: Sequence[QRectF], pane: QRectF) -> int:
    """Which place is in the pane and over nothing of what is there; the first if none is."""
    for at, boxes in enumerate(places):
        if all(
            pane.contains(box) and not any(box.intersects(other) for other in taken)
            for box in boxes.values()
        ):
            return at
    return 0


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
