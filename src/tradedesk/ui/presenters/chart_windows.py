"""Opens, remembers and closes the windows of charts beside the desk's own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from tradedesk.ui.chart_memory import WindowCharts
from tradedesk.ui.charts.arrangements import Arrangement
from tradedesk.ui.charts.chart_window import ChartWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.charts.cell import ChartCell
    from tradedesk.ui.charts.grid import ChartGrid
    from tradedesk.ui.memory_keeper import MemoryKeeper
    from tradedesk.ui.presenters.choice_presenter import ChoicePresenter
    from tradedesk.ui.presenters.desk_charts import DeskCharts


class ChartWindows(QObject):
    """All windows of charts, and what is remembered of every chart.

    Parameters
    ----------
    make : callable
        Makes a chart.
    own : ChartGrid
        The charts of the desk's own window.
    take_key : callable
        Acts on a key that no chart wanted.

    Signals
    -------
    opened(ChartWindow)
        One more window is there, not shown yet.
    """

    opened = Signal(object)

    def __init__(
        self,
        make: Callable[[], ChartPanel],
        own: ChartGrid,
        charts: DeskCharts,
        choice: ChoicePresenter,
        keeper: MemoryKeeper,
        take_key: Callable[[QKeyEvent], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._make, self._own, self._charts = make, own, charts
        self._choice, self._keeper, self._take_key = choice, keeper, take_key
        self._title, self._live = "tradedesk", False
        self._restored, self._shown = False, 0
        self.windows: list[ChartWindow] = []
        charts.changed.connect(self._remember)

    def restore(self) -> None:
        """Bring back arrangement and windows of the last time; call once, when shown."""
        memory = self._keeper.now
        self._own.arrange(Arrangement.of(memory.charts.arrangement))
        for each in memory.chart_windows:
            self._open(each)
        self._restored = True
        self._remember()

    def open(self) -> ChartWindow:
        """Open one more window with a chart like the active one."""
        return self._open(WindowCharts(charts=(self._charts.twin(),)))

    def arrange(self, grid: ChartGrid, arrangement: Arrangement) -> None:
        """Show as many charts in a window as an arrangement takes."""
        grid.arrange(arrangement)
        self._remember()

    def grid_of(self, cell: ChartCell) -> ChartGrid:
        """Where a chart stands."""
        grids = [self._own, *(window.grid for window in self.windows)]
        return next(grid for grid in grids if cell in grid.cells)

    def show_venue(self, title: str, *, live: bool) -> None:
        """Say on every window whose money it is."""
        self._title, self._live = title, live
        for window in self.windows:
            window.show_venue(f"{title} — charts", live=live)

    def close_all(self) -> None:
        """Close them with the desk; they come back with it."""
        self._charts.changed.disconnect(self._remember)
        for window in self.windows:
            window.closing.disconnect()
            window.close()
            window.deleteLater()
        self.windows.clear()

    def _open(self, memory: WindowCharts) -> ChartWindow:
        window = ChartWindow(self._make, self._take_key)
        self.windows.append(window)
        self._choice.answer(window.picker)
        charts = memory.charts or (self._charts.twin(),)
        self._charts.take_grid(window.grid, lambda: charts)
        window.grid.arrange(Arrangement.of(memory.arrangement))
        window.closing.connect(partial(self._closed, window))
        window.moved.connect(self._remember)
        window.show_venue(f"{self._title} — charts", live=self._live)
        if memory.place is not None:
            x, y, width, height = memory.place
            window.resize(width, height)
            if _on_a_screen(x, y):
                window.move(x, y)
        self.opened.emit(window)
        window.show()
        self._remember()
        return window

    def _closed(self, window: ChartWindow) -> None:
        self.windows.remove(window)
        self._choice.forget(window.picker)
        self._charts.drop_grid(window.grid)
        window.deleteLater()
        self._remember()

    def _remember(self) -> None:
        if not self._restored:
            return
        own, kept = self._charts.memories(self._own), self._keeper.now.own_charts
        # Charts that are not shown now come back when more are wanted; one that was closed in front
        # of others does not, and those have moved up.
        closed = len(own) < self._shown and kept[: len(own)] != own
        hidden = kept[self._shown if closed else len(own) :]
        self._shown = len(own)
        self._keeper.change(
            charts=WindowCharts(arrangement=self._own.arrangement.key, charts=(*own, *hidden)),
            chart_windows=tuple(self._of(window) for window in self.windows),
        )

    def _of(self, window: ChartWindow) -> WindowCharts:
        at = window.geometry()
        return WindowCharts(
            arrangement=window.grid.arrangement.key,
            charts=self._charts.memories(window.grid),
            place=(at.x(), at.y(), at.width(), at.height()),
        )


def _on_a_screen(x: int, y: int) -> bool:
    """Whether a remembered corner is still on one of the screens that are there."""
    return any(
        screen.availableGeometry().adjusted(0, 0, -80, -40).contains(x, y)
        for screen in QGuiApplication.screens()
    )
