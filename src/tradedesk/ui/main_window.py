"""The window: where the panels stand, keys, arming and leaving. No trading knowledge."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from tradedesk.services.latency_log import LatencyLog
from tradedesk.ui.appearance import Appearance
from tradedesk.ui.arming import Arming
from tradedesk.ui.chart.panel import ChartPanel
from tradedesk.ui.charts.chart_window import ChartWindow
from tradedesk.ui.charts.grid import ChartGrid
from tradedesk.ui.desk_widgets import DeskWidgets
from tradedesk.ui.dock.panel import DockPanel
from tradedesk.ui.frame import FrameLayout
from tradedesk.ui.hotkeys import Hotkeys
from tradedesk.ui.key_sheet import KeySheet
from tradedesk.ui.latency.panel import LatencyPanel
from tradedesk.ui.leaving import Leaving
from tradedesk.ui.memory_keeper import MemoryKeeper
from tradedesk.ui.meter.stress_band import StressBand
from tradedesk.ui.phases.panel import PhasesPanel
from tradedesk.ui.position.panel import PositionPanel
from tradedesk.ui.presenters.chart_windows import ChartWindows
from tradedesk.ui.presenters.charts_menu import ChartsMenu
from tradedesk.ui.presenters.desk_presenter import DeskPresenter
from tradedesk.ui.risk.panel import RiskPanel
from tradedesk.ui.safety.kill_band import KillBand
from tradedesk.ui.settings_keeper import SettingsKeeper
from tradedesk.ui.status_bar.panel import StatusBar
from tradedesk.ui.ticket.panel import TicketPanel
from tradedesk.ui.toast_rooms import ToastRooms
from tradedesk.ui.toasts.stack import ToastStack
from tradedesk.ui.top_bar.contract_picker import ContractPicker
from tradedesk.ui.top_bar.panel import TopBar
from tradedesk.ui.unknown.panel import UnknownPanel
from tradedesk.ui.widgets.layout import column

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint, QSize
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent

    from tradedesk.ui.charts.cell import ChartCell
    from tradedesk.ui.context import DeskContext
    from tradedesk.ui.ports import Frames


class MainWindow(QMainWindow):
    """One desk.

    Parameters
    ----------
    context : DeskContext
        The services.
    frames : Frames
        What paces the screen.
    """

    def __init__(self, context: DeskContext, frames: Frames) -> None:
        super().__init__()
        self.setWindowTitle("SIM — tradedesk")
        self.setMinimumSize(1_180, 640)
        self._keeper = MemoryKeeper(context.memory, context.save_memory, self)
        self.settings = SettingsKeeper(context.settings, context.save_settings, self)
        memory, clock = context.memory, context.clock
        self.latency = LatencyLog(context.keep_latency)
        make_chart = partial(ChartPanel, clock.mono_ns)
        charts = ChartGrid(make_chart)
        self.widgets = self._make_widgets(context, charts)
        self.frame = FrameLayout(self, self.widgets, self._keeper)
        self.rooms = ToastRooms(self, self.widgets, self.frame.column)
        self.rooms.changed.connect(self.widgets.toasts.place)
        self.key_sheet = KeySheet(self)
        self.presenter = DeskPresenter(
            context, self.widgets, frames, self._keeper, self.settings, self.latency, self
        )
        self.arming = Arming(self, context.state, self.presenter.actions, self._keeper)
        self.hotkeys = Hotkeys(self, self.presenter, self.arming)
        self.chart_windows = ChartWindows(
            make_chart,
            charts,
            self.presenter.charts,
            self.presenter.choice,
            self._keeper,
            lambda event: self.hotkeys.take(event, self.key_sheet),
            self,
        )
        self.chart_windows.opened.connect(self.hotkeys.install)
        self.presenter.charts.add_menu(ChartsMenu(self.presenter.charts, self.chart_windows).fill)
        self.presenter.charts.picker_requested.connect(self._open_picker_for)
        self.appearance = Appearance(self.settings, self)
        self.risk = RiskPanel(context, self.settings, self.widgets, self)
        self.leaving = Leaving(self, context, self.presenter.actions)
        self.presenter.title_changed.connect(self._show_title)
        self.widgets.top.arm_requested.connect(self.arming.ask)
        self.widgets.top.picker_requested.connect(self._open_picker)
        self.widgets.top.chart_menu.fill_by(self._fill_chart_menu)
        self.widgets.top.indicators.clicked.connect(
            lambda: self.widgets.chart.studies.choose(self.widgets.top.indicators.x())
        )
        self.widgets.picker.closed.connect(lambda: self.widgets.chart.setFocus())
        self.widgets.position.pnl.choose(memory.profit_unit)
        self.widgets.position.pnl.unit_changed.connect(
            lambda unit: self._keeper.change(profit_unit=unit)
        )
        self.resize(*memory.window_size)
        self.widgets.chart.setFocus()

    def _make_widgets(self, context: DeskContext, charts: ChartGrid) -> DeskWidgets:
        clock = context.clock
        return DeskWidgets(
            top=TopBar(clock),
            charts=charts,
            ticket=TicketPanel(clock, context.settings, context.memory),
            position=PositionPanel(clock),
            latency=LatencyPanel(self.latency, clock),
            dock=DockPanel(clock),
            status=StatusBar(),
            picker=ContractPicker(self),
            toasts=ToastStack(self, lambda: self.rooms.all()),
            kill=KillBand(),
            phases=PhasesPanel(lambda: self.rooms.below_card().height()),
            unknown=UnknownPanel(clock, charts),
            stress=StressBand(),
        )

    def put_above_chart(self, strip: QWidget) -> None:
        """Let a strip stand above the chart from now on; to be called before it is shown."""
        vertical, sizes = self.frame.vertical, self.frame.vertical.sizes()
        both = QWidget()
        both.setLayout(column(strip, self.widgets.charts, spacing=0))
        vertical.insertWidget(0, both)
        vertical.setStretchFactor(0, 1)
        vertical.setSizes(sizes)
        self.widgets.chart.setFocus()  # which it lost by being put elsewhere

    def open_within(self, room: QSize | None) -> None:
        """Show the window, no larger than a screen has room for; None if nobody looks at it."""
        if room is not None:
            self.resize(self.size().boundedTo(room))
        self.show()
        self.chart_windows.restore()

    def release(self) -> None:
        """Close without a question; the composition root calls it when all is shut down."""
        self.leaving.allow()
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.hotkeys.take(event, self.key_sheet):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.frame.fit()
        self.widgets.toasts.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leaving.may_close():
            event.ignore()
            return
        size = self.size()
        self._keeper.change(window_size=(size.width(), size.height()))
        self._keeper.flush()
        self.chart_windows.close_all()
        self.presenter.stop()
        event.accept()

    def _show_title(self, title: str, live: bool) -> None:
        self.setWindowTitle(title)
        self.frame.show_venue(live=live)
        self.chart_windows.show_venue(title, live=live)

    def _open_picker_for(self, cell: ChartCell, on_screen: QPoint) -> None:
        window = cell.window()
        if isinstance(window, ChartWindow):
            window.open_picker(on_screen)
        else:
            self._open_picker(self.mapFromGlobal(on_screen))

    def _fill_chart_menu(self, menu: QMenu) -> None:
        self.presenter.charts.active.panel.menus.fill(menu)
        menu.addSeparator()
        self.appearance.offer(menu)

    def _open_picker(self, corner: QPoint) -> None:
        if self.widgets.picker.isVisible():
            self.widgets.picker.dismiss()
        else:
            self.widgets.picker.open_at(corner)
