"""The small square of a chart that shows its link group and changes it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color

GROUPS: Final = ("", "A", "B", "C", "D")
"""Link groups; the first one is none."""
_INKS: Final = {"": "tx3", "A": "accent", "B": "position", "C": "warn", "D": "ok"}


class LinkButton(QPushButton):
    """A letter in the colour of its group; a click takes the next group.

    Signals
    -------
    group_chosen(str)
        One of `GROUPS`.
    """

    group_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "flat")
        self.setFixedSize(26, 28)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._group = ""
        self.clicked.connect(self._next)
        self.show_group("")

    def show_group(self, group: str) -> None:
        """Show another group."""
        self._group = group if group in GROUPS else ""
        name = f"Link group {self._group}" if self._group else "Not linked"
        self.setAccessibleName(name)
        self.setToolTip(
            f"{name}: charts of one group show the same contract, time and crosshair. "
            "Click for the next group"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        box = QRectF((self.width() - 14) / 2, (self.height() - 14) / 2, 14, 14)
        ink = color(_INKS[self._group])
        if self._group:
            painter.fillRect(box, ink)
            painter.setPen(color("on_chip"))
            painter.setFont(fonts.ui_font(10, fonts.SEMIBOLD))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._group)
        else:
            painter.setPen(ink)
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.end()

    def _next(self) -> None:
        self.group_chosen.emit(GROUPS[(GROUPS.index(self._group) + 1) % len(GROUPS)])
