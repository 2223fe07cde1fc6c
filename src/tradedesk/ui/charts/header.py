"""The strip above one chart of several: contract, bar size, link, its menu, away with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from tradedesk.ui.charts.link_button import LinkButton
from tradedesk.ui.top_bar.contract_picker import ContractButton
from tradedesk.ui.top_bar.panel import INTERVALS, interval_text
from tradedesk.ui.widgets.layout import row
from tradedesk.ui.widgets.menu_button import MenuButton

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.instrument import Instrument

HEIGHT = 34


class ChartHeader(QWidget):
    """Shown where there is more than one chart, and in windows of their own.

    Signals
    -------
    picker_requested(QPoint)
        Open the contract search there, in coordinates of the screen.
    interval_chosen(str)
        Bar size, e.g. ``5m``.
    close_requested()
        Away with this chart.
    """

    picker_requested = Signal(QPoint)
    interval_chosen = Signal(str)
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.link = LinkButton()
        self.contract = ContractButton()
        self.interval = MenuButton("flat")
        self.interval.offer(lambda: [(text, interval_text(text)) for text in INTERVALS])
        self.interval.chosen.connect(self.interval_chosen)
        self.menu = MenuButton("flat")
        self.menu.show_text("Chart")
        self.interval.setAccessibleName("Bar size of this chart")
        self.menu.setAccessibleName("How this chart is drawn")
        self.away = QPushButton("×")
        self.away.setProperty("kind", "flat")
        self.away.setFixedSize(26, 28)
        self.away.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.away.setAccessibleName("Close this chart")
        self.away.setToolTip("Close this chart")
        self.away.clicked.connect(self.close_requested)
        self.contract.clicked.connect(self._ask_picker)
        layout = row(self.link, self.contract, self.interval, None, self.menu, self.away, spacing=4)
        layout.setContentsMargins(6, 0, 6, 0)
        self.setLayout(layout)

    def show_choice(self, instrument: Instrument | None, spec: BarSpec) -> None:
        """Show what is on the chart."""
        self.contract.show_contract(instrument, short=True)
        self.interval.show_text(interval_text(str(spec)))

    def _ask_picker(self) -> None:
        corner = QPoint(0, self.contract.height() + 4)
        self.picker_requested.emit(self.contract.mapToGlobal(corner))
