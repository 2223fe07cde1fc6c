"""The panels of the window, as one value for those who keep them current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.charts.grid import ChartGrid
    from tradedesk.ui.dock.panel import DockPanel
    from tradedesk.ui.latency.panel import LatencyPanel
    from tradedesk.ui.meter.stress_band import StressBand
    from tradedesk.ui.phases.panel import PhasesPanel
    from tradedesk.ui.position.panel import PositionPanel
    from tradedesk.ui.safety.kill_band import KillBand
    from tradedesk.ui.status_bar.panel import StatusBar
    from tradedesk.ui.ticket.panel import TicketPanel
    from tradedesk.ui.toasts.stack import ToastStack
    from tradedesk.ui.top_bar.contract_picker import ContractPicker
    from tradedesk.ui.top_bar.panel import TopBar
    from tradedesk.ui.unknown.panel import UnknownPanel


@dataclass(frozen=True, slots=True)
class DeskWidgets:
    """Everything that shows something."""

    top: TopBar
    charts: ChartGrid
    ticket: TicketPanel
    position: PositionPanel
    latency: LatencyPanel
    dock: DockPanel
    status: StatusBar
    picker: ContractPicker
    toasts: ToastStack
    kill: KillBand
    phases: PhasesPanel
    unknown: UnknownPanel
    stress: StressBand

    @property
    def chart(self) -> ChartPanel:
        """The active chart of the desk's own window."""
        return self.charts.panel
