"""Quiet labels in the plot, each on a plate of the ground's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import ui_font

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.exposure import Exposure

ROW: Final = 15.0
"""Height of a plate."""
PAD: Final = 4.0
"""Room beside the text, and between a plate and the edges of the pane."""
_TEXT_PX: Final = 11


class Plates:
    """In the font and colours of the palette in use when it was made."""

    def __init__(self) -> None:
        self._texts = Texts(ui_font(_TEXT_PX))
        self._ground, self._pen = color("bg0"), pen("tx2")

    def width(self, text: str) -> int:
        """Logical pixels that the plate of a text is wide."""
        return round(self._texts.width(text) + 2 * PAD)

    def paint(
        self, painter: QPainter, labels: Iterable[tuple[QRectF, str]], exposure: Exposure
    ) -> None:
        """Paint those that are exposed."""
        painter.setFont(self._texts.font)
        painter.setPen(self._pen)
        for box, text in labels:
            if exposure.touches(box):
                painter.fillRect(box, self._ground)
                self._texts.draw_centred(painter, box, text)
