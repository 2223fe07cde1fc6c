"""The charts of one window, in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from tradedesk.ui.chart.drawings.modes import LETTERS
from tradedesk.ui.charts.arrangements import Arrangement
from tradedesk.ui.charts.cell import ChartCell
from tradedesk.ui.charts.letters import ChartLetters
from tradedesk.ui.widgets.layout import column

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.chart.panel import ChartPanel


class ChartGrid(QWidget):
    """Cells in an arrangement; there is always at least one, and one of them is active.

    Parameters
    ----------
    make : callable
        Makes a chart.
    always_headed : bool
        Whether a single chart has its strip as well, as in a window without a top bar.

    Signals
    -------
    added(ChartCell), removed(ChartCell)
        A chart came or is about to go.
    touched(ChartCell)
        Somebody works on this one.
    """

    added = Signal(object)
    removed = Signal(object)
    touched = Signal(object)

    def __init__(
        self,
        make: Callable[[], ChartPanel],
        *,
        always_headed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._always_headed = always_headed
        self._outer = _splitter(Qt.Orientation.Horizontal)
        self._columns: list[QSplitter] = []
        self.setLayout(column(self._outer, spacing=0))
        self.arrangement = Arrangement.ONE
        self.cells: list[ChartCell] = [self._new_cell()]
        self.active = self.cells[0]
        self._framed: ChartCell | None = None
        ChartLetters(self, (*LETTERS, *self.panel.viewing.letters), self._meant)
        self._lay_out()

    @property
    def panel(self) -> ChartPanel:
        """The active chart."""
        return self.active.panel

    def arrange(self, arrangement: Arrangement) -> None:
        """Show as many charts as that takes; those too many go, the last one first."""
        while len(self.cells) > arrangement.count:
            self._drop(self.cells[-1])
        fresh = [self._new_cell() for _ in range(arrangement.count - len(self.cells))]
        self.cells += fresh
        self.arrangement = arrangement
        self._lay_out()
        for cell in fresh:
            self.added.emit(cell)

    def close_cell(self, cell: ChartCell) -> None:
        """Take one chart away; the others close up."""
        if len(self.cells) == 1:
            return
        self._drop(cell)
        left = len(self.cells)
        fits = [each for each in Arrangement if each.count == left]
        # Five charts stand where six do: the one that is missing comes back as a new one.
        self.arrange(fits[0] if fits else Arrangement.SIX)

    def activate(self, cell: ChartCell | None) -> None:
        """Frame one chart as the active one; None where another window has it."""
        self._framed = cell
        for each in self.cells:
            each.show_active(active=each is cell)
        if cell is not None:
            self.active = cell

    def _meant(self) -> ChartCell:
        """The chart that has the keys, else the one under the pointer, else the active one."""
        holder = QApplication.focusWidget()
        for cell in self.cells:
            if holder is not None and cell.isAncestorOf(holder):
                return cell
        return next((cell for cell in self.cells if cell.is_pointed_at), self.active)

    def _new_cell(self) -> ChartCell:
        cell = ChartCell(self._make())
        cell.touched.connect(lambda: self.touched.emit(cell))
        cell.header.close_requested.connect(lambda: self.close_cell(cell))
        return cell

    def _drop(self, cell: ChartCell) -> None:
        self.cells.remove(cell)
        if self.active is cell:
            self.active = self.cells[0]
        self.removed.emit(cell)
        cell.setParent(None)
        cell.deleteLater()

    def _lay_out(self) -> None:
        holder = QApplication.focusWidget()
        focused = holder is not None and self.isAncestorOf(holder)
        old = list(self._columns)
        self._columns.clear()
        headed = self._always_headed or len(self.cells) > 1
        at = 0
        for count in self.arrangement.value:
            inner = _splitter(Qt.Orientation.Vertical)
            for cell in self.cells[at : at + count]:
                cell.show_alone(alone=not headed)
                cell.header.away.setVisible(len(self.cells) > 1)
                inner.addWidget(cell)
                cell.show()
            at += count
            self._outer.addWidget(inner)
            self._columns.append(inner)
            inner.setSizes([10_000] * count)
        for widget in old:
            widget.setParent(None)
            widget.deleteLater()
        self._outer.setSizes([10_000] * len(self.arrangement.value))
        self.activate(self._framed)
        if focused:
            self.active.panel.setFocus()  # which it lost by being put elsewhere


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    made = QSplitter(orientation)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(1)
    return made
