"""The top bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError
from tradedesk.ui.safety.arm_switch import ArmSwitch
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.top_bar.contract_picker import ContractButton
from tradedesk.ui.top_bar.name_label import NameLabel
from tradedesk.ui.widgets.hold_button import HoldButton
from tradedesk.ui.widgets.layout import column, row, small
from tradedesk.ui.widgets.menu_button import MenuButton
from tradedesk.ui.widgets.number_label import NumberLabel
from tradedesk.ui.widgets.press_button import PressButton
from tradedesk.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.instrument import Instrument

INTERVALS = ("5s", "15s", "1m", "5m", "15m", "1h", "1d", "500t")
"""Bar sizes of the segments; others are typed on the chart."""

_ROOM_FOR_INDICATORS = 1_360
"""Below this width indicators are found under Chart, and by the key /."""
_WIDE = 1_500
"""Below this width the name, the balance and the exchange are left out."""


class Stat(QWidget):
    """A small label over a figure."""

    def __init__(self, label: str, widest: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = small(label)
        head.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value = NumberLabel(widest, fonts.ui_font(METRICS.body_px, fonts.MEDIUM))
        self.value.show_text("—")
        self.setLayout(column(None, head, self.value, None, spacing=0))


class TopBar(QWidget):
    """What is shown and whose money it is.

    Signals
    -------
    interval_chosen(str)
        Bar size, e.g. ``5m``.
    account_chosen(str)
        Account id.
    picker_requested(QPoint)
        Open the contract search there, in coordinates of the window.
    arm_requested(bool)
        The user moved the switch.
    cancel_all_requested(object), flatten_requested(object)
        Moment of the press.
    """

    interval_chosen = Signal(str)
    account_chosen = Signal(str)
    picker_requested = Signal(QPoint)
    arm_requested = Signal(bool)
    cancel_all_requested = Signal(object)
    flatten_requested = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(METRICS.top_bar - METRICS.band)
        self._instrument: Instrument | None = None
        self.name = NameLabel()
        self.contract = ContractButton()
        self.intervals = Segments([(text, interval_text(text)) for text in INTERVALS])
        self.interval = MenuButton("flat")
        self.interval.setToolTip("Bar size; any other is typed on the chart")
        self.interval.setAccessibleName("Bar size")
        self.interval.hide()
        self.interval.offer(lambda: [(key, interval_text(key)) for key in self.intervals.keys])
        self.chart_menu = MenuButton("flat")
        self.chart_menu.show_text("Chart")
        self.chart_menu.setToolTip("How this chart is drawn; a right click on it offers the same")
        self.indicators = QPushButton("Indicators ▾")
        self.indicators.setProperty("kind", "flat")
        self.indicators.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.indicators.setToolTip("Search indicators and add them to the chart (/)")
        self.account = MenuButton("sim")
        self.balance = Stat("Balance", "$1,000,000.00")
        self.day = Stat("Day P&L", "+$10,000.00")
        self.open = Stat("Open", "+$10,000.00")
        self.arm_switch = ArmSwitch()
        self.arm, self.armed_word = self.arm_switch.toggle, self.arm_switch.word
        self.cancel_all = PressButton("Cancel all", clock)
        self.flatten = PressButton("Flatten all", clock, "danger")
        self.kill = HoldButton("Kill", clock)
        self.kill.setToolTip(
            "Hold it down: entries off until released by a typed word, every order of this account "
            "cancelled, every position closed (Ctrl+Shift+K twice; with the window frozen "
            "“tradedesk panic” in a terminal)"
        )
        self.cancel_all.setToolTip(
            "Cancel every working order of this account; stops and targets of open positions stay "
            "(Ctrl+Shift+X; there a second time within a second takes them too)"
        )
        self.flatten.setToolTip(
            "Cancel every order and close every position of this account, until proven flat"
        )
        self.setLayout(self._arranged())
        self._connect()

    @property
    def is_wide(self) -> bool:
        """Whether there is room for everything."""
        return self.width() >= _WIDE

    def show_contract(self, instrument: Instrument | None) -> None:
        """Show which contract is on the chart."""
        self._instrument = instrument
        self.contract.show_contract(instrument, short=not self.is_wide)
        self._fold()

    def show_interval(self, spec: BarSpec) -> None:
        """Mark the bar size in use; one that is not there yet is added."""
        text = str(spec)
        self.intervals.select(text, interval_text(text))
        self.interval.show_text(interval_text(text))
        self._fold()

    def show_account(self, text: str, *, live: bool, choice: bool) -> None:
        """Show the account, in the colour of its kind of money, and whether there are others."""
        restyle(self.account, "kind", "live" if live else "sim")
        self.account.show_text(text, arrow=choice)
        self.account.setEnabled(choice)
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.name.setVisible(self.is_wide)
        self.balance.setVisible(self.is_wide)
        self.indicators.setVisible(self.width() >= _ROOM_FOR_INDICATORS)
        self.show_contract(self._instrument)
        self._fold()

    def _fold(self) -> None:
        """Show the bar sizes side by side where there is room, else behind a button."""
        layout = self.layout()
        if layout is None:
            return
        segments, button = self.intervals.sizeHint().width(), self.interval.sizeHint().width()
        folded = self.intervals.isHidden()
        needed = layout.minimumSize().width() + (segments - button if folded else 0)
        fold = needed > self.width()
        self.intervals.setHidden(fold)
        self.interval.setHidden(not fold)

    def _arranged(self) -> QHBoxLayout:
        made = row(
            self.name,
            4,
            self.contract,
            4,
            self.intervals,
            self.interval,
            4,
            self.chart_menu,
            self.indicators,
            None,
            self.account,
            self.balance,
            self.day,
            self.open,
            8,
            self.arm_switch,
            4,
            self.cancel_all,
            self.flatten,
            self.kill,
        )
        made.setContentsMargins(12, 0, 12, 0)
        return made

    def _connect(self) -> None:
        self.contract.clicked.connect(self._ask_picker)
        self.intervals.chosen.connect(self.interval_chosen)
        self.interval.chosen.connect(self.interval_chosen)
        self.account.chosen.connect(self.account_chosen)
        self.arm_switch.asked.connect(self.arm_requested)
        self.cancel_all.fired.connect(self.cancel_all_requested)
        self.flatten.fired.connect(self.flatten_requested)

    def _ask_picker(self) -> None:
        corner = QPoint(0, self.contract.height() + 8)
        self.picker_requested.emit(self.contract.mapTo(self.window(), corner))


def interval_text(text: str) -> str:
    """How a bar size stands on its segment: ``1d`` becomes ``1D``, ``500t`` stays."""
    try:
        spec = BarSpec.parse(text)
    except BarSpecError:
        return text
    return spec.label if spec.is_time else str(spec)
