"""What the window remembers by itself between two starts. What a person sets is `Settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.ui.chart_memory import ChartMemory, WindowCharts

if TYPE_CHECKING:
    from tradedesk.domain.settings import Settings


class BracketTemplate(msgspec.Struct, frozen=True):
    """Stop and target distance in ticks; 0 leaves that leg out."""

    stop_ticks: int
    target_ticks: int

    @property
    def text(self) -> str:
        """``20 / 40 t``."""
        return f"{self.stop_ticks} / {self.target_ticks} t"


class WindowMemory(msgspec.Struct, frozen=True, kw_only=True):
    """How the window was left. The first start takes contract, bars and ticket from `Settings`.

    Everything but the ticket has a default, so an older file still loads.
    """

    symbol: str
    interval: str
    size: int
    bracket_on: bool
    bracket: BracketTemplate
    window_size: tuple[int, int] = (1600, 1000)
    right_column: int = 372
    dock_height: int = 214
    profit_unit: str = "dollars"
    dock_open: bool | None = None
    """None: open where the window is tall enough."""
    live_confirmed: tuple[str, ...] = ()
    """Venues for which the typed confirmation for real money was given."""
    charts: WindowCharts = WindowCharts()
    """Those of the desk's own window."""
    chart_windows: tuple[WindowCharts, ...] = ()
    """Those of windows that show nothing but charts."""

    @property
    def own_charts(self) -> tuple[ChartMemory, ...]:
        """Charts of the desk's own window, at least one."""
        first = ChartMemory(symbol=self.symbol, interval=self.interval)
        return self.charts.charts or (first,)

    @classmethod
    def first(cls, settings: Settings) -> WindowMemory:
        """What a window starts with that remembers nothing."""
        return cls(
            symbol=settings.symbol,
            interval=settings.timeframe,
            size=settings.order_size,
            bracket_on=settings.bracket_on,
            bracket=BracketTemplate(settings.stop_ticks, settings.target_ticks),
        )
