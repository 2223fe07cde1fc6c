"""Indicators of a chart: what draws them, what is clicked, what opens, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.services.product_hours import product_hours
from tradedesk.ui.chart.studies.axes_item import StudyAxes
from tradedesk.ui.chart.studies.legend_item import StudyLegend
from tradedesk.ui.chart.studies.lines_item import StudyLines
from tradedesk.ui.chart.studies.separator_tool import SeparatorTool
from tradedesk.ui.chart.studies.study_desk import StudyDesk
from tradedesk.ui.chart.studies.study_menu import StudyMenu
from tradedesk.ui.chart.studies.study_set import StudySet
from tradedesk.ui.chart.studies.study_tool import StudyTool

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.chart.look import ChartLook, Looks
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.study_look import StudyLook


class Studies(StudySet):
    """The indicators of one chart.

    Parameters
    ----------
    stage : Stage
        Where they are drawn.
    looks : Looks
        Where they are remembered.
    panel : QWidget
        Over which their windows open.

    Examples
    --------
    >>> key = panel.studies.add("ema(21)")  # doctest: +SKIP
    >>> panel.studies.list()  # doctest: +SKIP
    ('vwap(1, without_flow=hlc3)', 'ema(21)')
    >>> panel.studies.remove(key)  # doctest: +SKIP
    """

    def __init__(self, stage: Stage, looks: Looks, panel: QWidget) -> None:
        super().__init__(stage.model, looks, panel)
        self._stage = stage
        self.drawn = StudyLines(stage.model, self.book, 1.5, below_z=0.9)
        self.axes = StudyAxes(stage.model, self.book, 7.1)
        self.legend = StudyLegend(stage.model, self.book, 10.1)
        stage.add(self.drawn.below, self.drawn, self.axes, self.legend)
        stage.overlay.legends.append(lambda: [row.box for row in self.legend.rows])
        self.desk = StudyDesk(self, stage, panel)
        self.menu = StudyMenu(self, looks, self.choose, self.desk.do, self.desk.fit)
        self.tools = (
            StudyTool(self.legend, self.desk.do, self.choose),
            SeparatorTool(stage, looks),
        )
        self._shown: tuple[StudyLook, ...] = ()
        looks.changed.connect(self._follow)
        self._follow(looks.now)
        stage.take_look(looks.now)

    def choose(self, left: int = 0) -> None:
        """Open the list of all indicators."""
        self.desk.choose(left)

    def keep_hours(self) -> None:
        """Let sessions begin as the product on the chart trades; call when bars changed."""
        series, instrument = self._stage.model.series, self._stage.model.instrument
        if len(series) and instrument is not None:
            first_ns, last_ns = int(series.ts_ns[0]), int(series.ts_ns[-1])
            self.book.use_sessions(product_hours(instrument.symbol, first_ns, last_ns).every)

    def _follow(self, look: ChartLook) -> None:
        if look.studies == self._shown:
            return
        self._shown = look.studies
        self.book.take(look.studies)
        self._stage.view_changed()
