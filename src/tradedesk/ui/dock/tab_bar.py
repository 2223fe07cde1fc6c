"""Tabs with a count, painted flat with an accent line under the open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.focus_ring import PROPERTY

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT = 36
_PAD = 12


class Tab(QAbstractButton):
    """Name and count."""

    def __init__(self, text: str, *, counted: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._count: int | None = 0 if counted else None

    def show_count(self, count: int) -> None:
        """Show how many there are."""
        if count != self._count:
            self._count = count
            self.setAccessibleName(f"{self.text()} {count}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(fonts.ui_font(weight=fonts.MEDIUM))
        return QSize(
            round(metrics.horizontalAdvance(self.text()) + self._badge_room()) + _PAD, HEIGHT
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        font = fonts.ui_font(weight=fonts.MEDIUM if on else fonts.REGULAR)
        painter.setFont(font)
        painter.setPen(color("tx" if on or self.underMouse() else "tx2"))
        box = QRectF(_PAD / 2, 0, self.width() - _PAD, HEIGHT - 1)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, left, self.text())
        if self._count is not None:
            advance = QFontMetricsF(fonts.ui_font(weight=fonts.MEDIUM)).horizontalAdvance(
                self.text()
            )
            badge = QRectF(box.left() + advance + 6, HEIGHT / 2 - 8.5, self._badge_room() - 6, 17)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("bg3"))
            painter.drawRoundedRect(badge, 8, 8)
            painter.setPen(color("tx2"))
            painter.setFont(fonts.label())
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self._count))
        if on:
            painter.fillRect(QRectF(box.left(), HEIGHT - 2, box.width(), 2), color("accent"))
        if self.property(PROPERTY):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(color("accent"))
            painter.drawRect(self.rect().adjusted(0, 4, -1, -5))
        painter.end()

    def _badge_room(self) -> float:
        if self._count is None:
            return 0.0
        text = "0" * max(1, len(str(self._count)))
        return QFontMetricsF(fonts.label()).horizontalAdvance(text) + 12 + 6


class TabBar(QWidget):
    """Tabs from left to right.

    Signals
    -------
    chosen(int)
        The user took a tab.
    """

    chosen = Signal(int)

    def __init__(self, names: Sequence[tuple[str, bool]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_PAD // 2, 0, 0, 0)
        row.setSpacing(4)
        self.tabs = [Tab(name, counted=counted) for name, counted in names]
        for at, tab in enumerate(self.tabs):
            self._group.addButton(tab, at)
            row.addWidget(tab)
        self.tabs[0].setChecked(True)
        self._group.idClicked.connect(self.chosen)
