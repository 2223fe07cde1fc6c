"""A text that changes often and never moves its neighbours."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone

_RIGHT = Qt.AlignmentFlag.AlignRight


class NumberLabel(QWidget):
    """Paints one line of text in a box whose size comes from ``widest``, not from the text.

    Parameters
    ----------
    widest : str
        The longest text expected; it fixes the width. A longer one is cut with an ellipsis and
        shown in full as a tool tip.
    font : QFont or None
        Body text if None.
    align : Qt.AlignmentFlag
        Horizontal place of the text in the box.
    """

    def __init__(
        self,
        widest: str,
        font: QFont | None = None,
        align: Qt.AlignmentFlag = _RIGHT,
        tone: Tone = Tone.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFont(font if font is not None else fonts.body())
        self._widest = widest
        self._align = align
        self._text = ""
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    @property
    def tone(self) -> Tone:
        """How it is shown."""
        return self._tone

    def show_text(self, text: str, tone: Tone | None = None) -> None:
        """Show another text; does nothing if it is already there."""
        tone = self._tone if tone is None else tone
        if text == self._text and tone is self._tone:
            return
        self._text = text
        self._tone = tone
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(int(metrics.horizontalAdvance(self._widest)) + 2, int(metrics.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._tone.color)
        box = QRectF(self.rect())
        metrics = QFontMetricsF(self.font())
        text = self._text
        if metrics.horizontalAdvance(text) > box.width() + 1:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            if self.toolTip() != self._text:
                self.setToolTip(self._text)
        painter.drawText(box, self._align | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
