"""A window of nothing but charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from tradedesk.ui.charts.grid import ChartGrid
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.top_bar.contract_picker import ContractPicker
from tradedesk.ui.widgets.layout import column

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QMoveEvent, QResizeEvent

    from tradedesk.ui.chart.panel import ChartPanel

SIZE = (900, 640)


class ChartWindow(QWidget):
    """Belongs to the desk: it goes with the desk's own window, and its keys are the same.

    Parameters
    ----------
    make : callable
        Makes a chart.
    take_key : callable
        Acts on a key that no chart wanted; says whether it did.

    Signals
    -------
    moved()
        It stands elsewhere or has another size.
    closing()
        The user closes it: it will not come back by itself.
    """

    moved = Signal()
    closing = Signal()

    def __init__(
        self, make: Callable[[], ChartPanel], take_key: Callable[[QKeyEvent], bool]
    ) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setProperty("ground", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(320, 240)
        self._take_key = take_key
        self.band = QWidget()
        self.band.setFixedHeight(METRICS.band)
        self.band.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.grid = ChartGrid(make, always_headed=True)
        self.picker = ContractPicker(self)
        self.picker.closed.connect(lambda: self.grid.panel.setFocus())
        self.setLayout(column(self.band, self.grid, spacing=0))
        self.resize(*SIZE)

    def show_venue(self, title: str, *, live: bool) -> None:
        """Say whose money it is, in words and in the colour of the band."""
        self.setWindowTitle(title)
        restyle(self.band, "band", "live" if live else "sim")

    def open_picker(self, on_screen: QPoint) -> None:
        """Open the contract search under a chart's button, or close it."""
        if self.picker.isVisible():
            self.picker.dismiss()
            return
        corner = self.mapFromGlobal(on_screen)
        left = max(0, min(corner.x(), self.width() - self.picker.width()))
        corner.setX(left)
        self.picker.open_at(corner)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the desk."""
        if not self._take_key(event):
            super().keyPressEvent(event)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Remember the place."""
        super().moveEvent(event)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Remember the size."""
        super().resizeEvent(event)
        self.moved.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go without a question: nothing is lost but the window."""
        self.closing.emit()
        super().closeEvent(event)
