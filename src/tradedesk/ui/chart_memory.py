"""How the charts were left."""

from __future__ import annotations

import msgspec

from tradedesk.ui.chart.look import ChartLook


class FixedPrices(msgspec.Struct, frozen=True):
    """A price scale that was set by hand: it says something for its contract alone."""

    contract_id: str
    low_ticks: float
    high_ticks: float


class ChartMemory(msgspec.Struct, frozen=True, kw_only=True):
    """One chart.

    Attributes
    ----------
    symbol : str
        Of its contract.
    interval : str
        Bar size.
    group : str
        Link group; empty for none.
    look : ChartLook
        How it is drawn.
    prices : FixedPrices or None
        What its price scale was set to; None for an automatic one.
    """

    symbol: str
    interval: str
    group: str = ""
    look: ChartLook = ChartLook()
    prices: FixedPrices | None = None


class WindowCharts(msgspec.Struct, frozen=True, kw_only=True):
    """The charts of one window.

    Attributes
    ----------
    arrangement : str
        Name of an `Arrangement`.
    charts : tuple of ChartMemory
        In the order in which the arrangement takes them; those behind are not shown, but come
        back when more are wanted.
    place : tuple of int or None
        x, y, width and height of a window of its own.
    """

    arrangement: str = "one"
    charts: tuple[ChartMemory, ...] = ()
    place: tuple[int, int, int, int] | None = None
