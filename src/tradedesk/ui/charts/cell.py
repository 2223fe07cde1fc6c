"""One place of the grid: a chart with its strip, framed while it is the active one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFrame, QWidget

from tradedesk.ui.charts.header import ChartHeader
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.widgets.layout import column

if TYPE_CHECKING:
    from tradedesk.ui.chart.panel import ChartPanel

_TAKES = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress)


class ChartCell(QFrame):
    """Becomes the active chart by a press or a key on it, before the chart itself hears of it.

    Signals
    -------
    touched()
        A press or a key on the chart.
    """

    touched = Signal()

    def __init__(self, panel: ChartPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = panel
        self.header = ChartHeader()
        self.setLayout(column(self.header, panel, spacing=0))
        self.header.menu.fill_by(panel.menus.fill)
        self.header.installEventFilter(self)
        for watched in (panel.canvas, panel.focusProxy()):
            if watched is not None:
                watched.installEventFilter(self)
        self.show_alone(alone=True)

    @property
    def is_pointed_at(self) -> bool:
        """Whether the pointer is over the chart."""
        canvas = self.panel.canvas
        return canvas.rect().contains(canvas.mapFromGlobal(QCursor.pos()))

    def show_alone(self, *, alone: bool) -> None:
        """Leave strip and frame away where there is no other chart."""
        self.header.setVisible(not alone)
        margin = 0 if alone else 1
        self.layout().setContentsMargins(margin, margin, margin, margin)  # type: ignore[union-attr]
        restyle(self, "cell", "alone" if alone else "quiet")

    def show_active(self, *, active: bool) -> None:
        """Frame it, or not; without strip there is nothing to frame."""
        if not self.header.isHidden():
            restyle(self, "cell", "active" if active else "quiet")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear of presses and keys first."""
        if event.type() in _TAKES:
            self.touched.emit()
        return False
