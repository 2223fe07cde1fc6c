"""The bottom dock: positions, working orders, fills, latency and log."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from tradedesk.ui.dock.tab_bar import HEIGHT, TabBar
from tradedesk.ui.models.fills import FillsModel
from tradedesk.ui.models.latency import LatencyModel
from tradedesk.ui.models.log import LogModel
from tradedesk.ui.models.orders import OrdersModel
from tradedesk.ui.models.positions import PositionsModel
from tradedesk.ui.models.table import CellKind, TableModel
from tradedesk.ui.widgets.layout import column, row, rule
from tradedesk.ui.widgets.table import DeskTable

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock

NAMES = ("Positions", "Working", "Fills", "Latency", "Log")
_COUNTED = ("Positions", "Working", "Fills")


class DockPanel(QWidget):
    """Five tables behind tabs; folds to its tabs.

    Signals
    -------
    close_requested(str, object)
        Contract id of the position to close, and the moment of the press.
    cancel_requested(str, object)
        Key of the order to cancel, and the moment of the press.
    fold_changed(bool)
        True when opened.
    export_requested(str)
        Name of the open tab.
    """

    close_requested = Signal(str, object)
    cancel_requested = Signal(str, object)
    fold_changed = Signal(bool)
    export_requested = Signal(str)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = TabBar([(name, name in _COUNTED) for name in NAMES])
        models = (PositionsModel(), OrdersModel(), FillsModel(), LatencyModel(), LogModel())
        self.tables = {
            name: DeskTable(model, clock) for name, model in zip(NAMES, models, strict=True)
        }
        self._pages = QStackedWidget()
        for table in self.tables.values():
            self._pages.addWidget(table)
        self.export = _flat_button("Export CSV")
        self.fold = _flat_button("Hide ▾")
        head = row(self.tabs, None, self.export, self.fold, spacing=4)
        head.setContentsMargins(0, 0, 8, 0)
        self._rule = rule()
        self.setLayout(column(head, self._rule, self._pages, spacing=0))
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]
        self._open = True
        self.tabs.chosen.connect(self._choose)
        self.fold.clicked.connect(lambda: self.set_open(not self._open))
        self.export.clicked.connect(lambda: self.export_requested.emit(self.current))
        self.tables["Positions"].action_requested.connect(self.close_requested)
        self.tables["Working"].action_requested.connect(self.cancel_requested)

    @property
    def current(self) -> str:
        """Name of the open tab."""
        return NAMES[self._pages.currentIndex()]

    @property
    def is_open(self) -> bool:
        """Whether the tables are shown."""
        return self._open

    def model(self, name: str) -> TableModel:
        """Model of one tab."""
        return self.tables[name].table

    def show_count(self, name: str, count: int) -> None:
        """Show a count behind a tab's name."""
        self.tabs.tabs[NAMES.index(name)].show_count(count)

    def open_tab(self, name: str) -> None:
        """Show one of the tables."""
        at = NAMES.index(name)
        self.tabs.tabs[at].setChecked(True)
        self._pages.setCurrentIndex(at)

    def set_open(self, opened: bool) -> None:
        """Unfold the tables, or fold them to the tabs."""
        self._open = opened
        self._pages.setVisible(opened)
        self._rule.setVisible(opened)
        self.export.setVisible(opened)
        self.fold.setText("Hide ▾" if opened else "Show ▴")
        self.setMinimumHeight(HEIGHT + 29 + 60 if opened else HEIGHT)
        self.setMaximumHeight(16_777_215 if opened else HEIGHT)
        self.fold_changed.emit(opened)

    def csv_text(self) -> str:
        """The open table as CSV, with the header and without actions."""
        model = self.model(self.current)
        keep = [at for at, column in enumerate(model.columns) if column.title]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([model.columns[at].title for at in keep])
        for each in model.rows:
            writer.writerow(
                [each.cells[at].text for at in keep if each.cells[at].kind is not CellKind.ACTION]
            )
        return out.getvalue()

    def _choose(self, at: int) -> None:
        self._pages.setCurrentIndex(at)
        if not self._open:
            self.set_open(True)


def _flat_button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", "flat")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
