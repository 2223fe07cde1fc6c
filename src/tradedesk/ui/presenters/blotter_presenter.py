"""Fills the tables of the dock, each only when what it shows has changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from tradedesk.services.latency import to_csv
from tradedesk.ui.models.fills import fill_rows
from tradedesk.ui.models.latency import latency_rows
from tradedesk.ui.models.log import log_rows
from tradedesk.ui.models.orders import order_rows
from tradedesk.ui.models.positions import position_rows

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.events import Notice
    from tradedesk.domain.position import Fill
    from tradedesk.services.desk_state import DeskState
    from tradedesk.services.latency_log import LatencyLog
    from tradedesk.ui.dock.panel import DockPanel
    from tradedesk.ui.ports import Markets
    from tradedesk.ui.presenters.actions import DeskActions
    from tradedesk.ui.presenters.asking import Say

LATENCY_ROWS = 200
"""Orders the table shows; the export has all of them."""


class BlotterPresenter:
    """Shows positions, orders, fills, latency and log."""

    def __init__(
        self,
        dock: DockPanel,
        state: DeskState,
        markets: Markets,
        clock: Clock,
        latency: LatencyLog,
        actions: DeskActions,
        say: Say,
    ) -> None:
        self._dock = dock
        self._state = state
        self._markets = markets
        self._clock = clock
        self._latency = latency
        self._actions = actions
        self._say = say
        self._latency_seen = -1
        self._fills: tuple[list[Fill], int] = ([], 0)
        self._notices: list[Notice] = []
        dock.export_requested.connect(self._export)

    def show_state(self) -> None:
        """The state changed: counts and all tables."""
        state, dock = self._state, self._dock
        self.show_prices()
        fills = (state.account_fills(), len(state.instruments))
        if fills != self._fills:
            self._fills = fills
            dock.model("Fills").set_rows(fill_rows(state))
        if state.notices != self._notices:
            self._notices = list(state.notices)
            dock.model("Log").set_rows(log_rows(state.notices))
        dock.show_count("Positions", dock.model("Positions").rowCount())
        dock.show_count("Working", dock.model("Working").rowCount())
        dock.show_count("Fills", dock.model("Fills").rowCount())

    def show_prices(self) -> None:
        """Prices moved or time went on: distances, ages and open P&L."""
        dock, books = self._dock, self._markets.books
        dock.model("Positions").set_rows(position_rows(self._state, books, self._clock.mono_ns()))
        dock.model("Working").set_rows(
            order_rows(
                self._state,
                books,
                self._markets.market_ns,
                self._clock.wall_ns(),
                self._actions.cancelling,
            )
        )
        if self._latency.version != self._latency_seen:
            self._latency_seen = self._latency.version
            dock.model("Latency").set_rows(latency_rows(self._latency.orders[-LATENCY_ROWS:]))

    def _export(self, name: str) -> None:
        start = f"tradedesk-{name.lower()}.csv"
        chosen, _filter = QFileDialog.getSaveFileName(
            self._dock.window(), f"Export {name.lower()}", start, "CSV (*.csv)"
        )
        if chosen:
            self.write(Path(chosen), name)

    def write(self, path: Path, name: str) -> None:
        """Write one table to a file and say what came of it."""
        text = to_csv(self._latency.orders) if name == "Latency" else self._dock.csv_text()
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self._say(
                "error", f"{path.name} was not written: {error.strerror}. Choose another place."
            )
        else:
            self._say("info", f"Wrote {text.count(chr(10)) - 1} rows to {path.name}")
