"""What is special about the price scale: a few letters below the price axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_PX: Final = 11


class ScaleNote(PaneItem):
    """``log``, ``inv`` and ``fix`` in the corner between the axes; nothing for a usual scale."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._text = ""
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_PX, MEDIUM))
        self._pen = pen("tx2")

    def area_in(self, panes: Panes) -> QRectF:
        """Below the price axis, beside the time axis."""
        axis, below = panes.price_axis, panes.time_axis
        return QRectF(axis.left(), below.top(), axis.width(), below.height())

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def view_changed(self) -> None:
        """Read the scale; all is repainted after this."""
        view = self.model.viewport
        marks = {
            "log": view.form.logarithmic,
            "inv": view.form.inverted,
            "fix": not view.auto_y,
        }
        self._text = " ".join(word for word, on in marks.items() if on)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """In the middle of the corner."""
        if self._text and self.model.exposure.touches(self.area):
            painter.setFont(self._texts.font)
            painter.setPen(self._pen)
            self._texts.draw_centred(painter, self.area, self._text)
