"""The product's name, its second half in the accent of the palette."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import palette
from tradedesk.ui.theme.tokens import METRICS


class NameLabel(QLabel):
    """Written anew when the palette changes: a style sheet cannot colour half a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(fonts.ui_font(METRICS.body_px, fonts.SEMIBOLD))
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._write()

    def _write(self) -> None:
        text = f"trade<span style='color:{palette().accent}'>desk</span>"
        if text != self.text():
            self.setText(text)
