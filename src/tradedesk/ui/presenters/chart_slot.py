"""One chart of the desk with all that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError
from tradedesk.ui.chart_memory import ChartMemory, FixedPrices
from tradedesk.ui.presenters.chart_presenter import ChartPresenter
from tradedesk.ui.selection import Selection

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.charts.cell import ChartCell
    from tradedesk.ui.ports import Book, Markets
    from tradedesk.ui.presenters.chart_presenter import MoreLines
    from tradedesk.ui.presenters.level_feeds import LevelFeeds


class ChartSlot:
    """A cell, what is shown on it, and the presenter that feeds it.

    Attributes
    ----------
    wanted : str
        Symbol to be shown as soon as its contract is known.
    group : str
        Link group; empty for none.
    asked : bool
        Whether the venue was asked for the contract already.
    """

    def __init__(
        self,
        cell: ChartCell,
        memory: ChartMemory,
        state: DeskState,
        markets: Markets,
        parent: QObject,
        level_feeds: LevelFeeds,
        more_lines: MoreLines,
    ) -> None:
        self.cell = cell
        self.selection = Selection(spec_of(memory.interval), parent)
        self.presenter = ChartPresenter(
            cell.panel, state, markets, self.selection, level_feeds, more_lines
        )
        self.wanted, self.group, self.asked = memory.symbol, memory.group, False
        self._markets = markets
        self._prices = memory.prices
        self._paint_ns = 0
        cell.panel.looks.take(memory.look)
        self.show_header()

    @property
    def panel(self) -> ChartPanel:
        """The chart."""
        return self.cell.panel

    @property
    def book(self) -> Book | None:
        """Market of its contract."""
        instrument = self.selection.instrument
        return None if instrument is None else self._markets.books.get(instrument.contract_id)

    @property
    def memory(self) -> ChartMemory:
        """How it stands now."""
        return ChartMemory(
            symbol=self.wanted,
            interval=str(self.selection.spec),
            group=self.group,
            look=self.panel.looks.now,
            prices=self._prices,
        )

    @property
    def waiting_text(self) -> str:
        """What to say while its contract is not known."""
        return "" if self.selection.instrument is not None else f"Looking up {self.wanted}…"

    def show_selection(self) -> None:
        """Show another contract or bar size; the remembered one with its remembered scale."""
        before, kept = self.panel.instrument, self._prices
        self.presenter.show_selection()
        now = self.panel.instrument
        if before is None and now is not None and kept and kept.contract_id == now.contract_id:
            self.panel.navigator.fix_prices(kept.low_ticks, kept.high_ticks)

    def take_prices(self) -> bool:
        """Remember the price scale as it is; tells whether it was another one before.

        A chart that waits for its contract keeps the scale for it.
        """
        instrument, fixed = self.panel.instrument, self.panel.navigator.fixed_prices
        if instrument is None:
            return False
        now = None if fixed is None else FixedPrices(instrument.contract_id, *fixed)
        moved, self._prices = now != self._prices, now
        return moved

    def show_header(self) -> None:
        """Bring the strip up to date."""
        self.cell.header.show_choice(self.selection.instrument, self.selection.spec)
        self.cell.header.link.show_group(self.group)

    def take_paint_ns(self) -> int:
        """How long its last paint took; 0 if that was told before."""
        spent_ns = self.panel.paint_ns
        if spent_ns == self._paint_ns:
            return 0
        self._paint_ns = spent_ns
        return spent_ns


def spec_of(text: str) -> BarSpec:
    """Bar size of a remembered text; a minute where it cannot be read."""
    try:
        return BarSpec.parse(text)
    except BarSpecError:
        return BarSpec.parse("1m")
