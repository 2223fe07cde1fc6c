"""How the charts were left."""

from __future__ import annotations

import msgspec

from tradedesk.ui.chart.look import ChartLook


class ChartMemory(msgspec.Struct, frozen=True, kw_only=True):
    """One chart: contract by symbol, bar size, link group (empty for none) and look."""

    symbol: str
    interval: str
    group: str = ""
    look: ChartLook = ChartLook()


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
