"""What changed at the end of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tradedesk.engine.bars import Bar, Bars


class Tail(NamedTuple):
    """Bars for ``BarSeries.apply_tail(*tail)``.

    Attributes
    ----------
    bars : Bars
        New and changed bars at the end of the series.
    at : int or None
        Row of the first one; None for time bars, which find their row by their time. Of other
        bars several may open at one time.
    forming : bool
        Whether the last of them may still change.
    """

    bars: Bars
    at: int | None
    forming: bool = True


class Newest(NamedTuple):
    """A tail of one bar, for ``BarSeries.apply_newest(*newest)``; see `Tail`."""

    bar: Bar
    at: int | None
    forming: bool = True
