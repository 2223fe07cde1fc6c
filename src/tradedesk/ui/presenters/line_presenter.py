"""What was asked by the lines of charts, and the answers to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.ui.chart.exits import ExitKind

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.ui.chart.exits import ExitOffer
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.presenters.actions import DeskActions
    from tradedesk.ui.presenters.asking import Say
    from tradedesk.ui.presenters.desk_charts import DeskCharts


class LinePresenter:
    """Tells lines what became of their moves, and asks for exits pulled off a position.

    An answer goes to the chart that asked, as long as it is there.

    Attributes
    ----------
    charts : DeskCharts
        Set before the first answer.
    """

    def __init__(self, actions: DeskActions, say: Say) -> None:
        self.charts: DeskCharts
        self._actions, self._say = actions, say
        self._asked: dict[str, tuple[ChartPanel, Instrument, ExitKind]] = {}

    def wire(self, chart: ChartPanel) -> None:
        """Carry out what one more chart asks for."""
        chart.trading.exit_requested.connect(partial(self._ask, chart))
        chart.trading.said.connect(partial(self._say, "warning"))

    def take(self, event: ev.CommandDone | ev.CommandFailed) -> None:
        """It may be the answer to a move or to an exit; reasons are told by a toast as well."""
        line, chart = self._actions.take_move(event)
        if line:
            self._answer(line, chart, event)
        asked = self._asked.pop(event.click_id, None)
        if asked is not None:
            panel, instrument, kind = asked
            if self._is_there(panel) and panel.instrument == instrument:
                panel.trading.exit_answered(kind)

    def _answer(
        self, line: str, chart: ChartPanel | None, event: ev.CommandDone | ev.CommandFailed
    ) -> None:
        if chart is None:
            if isinstance(event, ev.CommandFailed):
                self.charts.reject_move(line, event.reason)
        elif self._is_there(chart):
            if isinstance(event, ev.CommandFailed):
                chart.reject_move(line, event.reason)
            else:
                chart.trading.settle_move(line)

    def _is_there(self, chart: ChartPanel) -> bool:
        return any(slot.panel is chart for slot in self.charts.slots)

    def _ask(self, chart: ChartPanel, found: ExitOffer, press_ns: int) -> None:
        click, instrument = None, chart.instrument
        if instrument is not None:
            terms = (instrument.contract_id, found.price_ticks, press_ns)
            if found.kind is ExitKind.STOP:
                click = self._actions.protect_at(*terms)
            else:
                click = self._actions.target_at(*terms)
        if click is None or instrument is None:
            chart.trading.exit_answered(found.kind)
        else:
            self._asked[click] = (chart, instrument, found.kind)
