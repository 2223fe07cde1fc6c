"""What the menu of a chart offers about charts: how many, and how they are linked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tradedesk.ui.charts.arrangements import Arrangement
from tradedesk.ui.charts.link_button import GROUPS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.presenters.chart_slot import ChartSlot
    from tradedesk.ui.presenters.chart_windows import ChartWindows
    from tradedesk.ui.presenters.desk_charts import DeskCharts


class ChartsMenu:
    """One for all charts; each is given the entries that act on itself."""

    def __init__(self, charts: DeskCharts, windows: ChartWindows) -> None:
        self._charts, self._windows = charts, windows

    def fill(self, slot: ChartSlot, menu: QMenu) -> None:
        """Add the entries of one chart."""
        grid = self._windows.grid_of(slot.cell)
        several = menu.addMenu("Charts")
        for arrangement in Arrangement:
            action = several.addAction(arrangement.words)
            action.setCheckable(True)
            action.setChecked(grid.arrangement is arrangement)
            action.triggered.connect(partial(self._arrange, slot, arrangement))
        several.addSeparator()
        several.addAction("New chart window").triggered.connect(self._open)
        link = menu.addMenu("Link")
        for group in GROUPS:
            action = link.addAction(f"Group {group}" if group else "Not linked")
            action.setCheckable(True)
            action.setChecked(slot.group == group)
            action.triggered.connect(partial(self._link, slot, group))

    def _arrange(self, slot: ChartSlot, arrangement: Arrangement, _checked: bool = False) -> None:
        self._windows.arrange(self._windows.grid_of(slot.cell), arrangement)

    def _open(self, _checked: bool = False) -> None:
        self._windows.open()

    def _link(self, slot: ChartSlot, group: str, _checked: bool = False) -> None:
        self._charts.link(slot, group)
