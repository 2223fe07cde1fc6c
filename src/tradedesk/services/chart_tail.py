"""From the live bars to the series of a chart: what is new and changed at its end."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.engine import BarSeries, Stitcher


class Shown(Enum):
    """What came of it."""

    NOTHING = "nothing"
    TAIL = "tail"
    PUT_BACK = "put back"


def show_tail(stitcher: Stitcher, series: BarSeries, first_row: int) -> Shown:
    """Bring the end of `series` up to date; a newest bar that only grew is rewritten in place.

    Parameters
    ----------
    stitcher : Stitcher
        Has taken in all trades.
    series : BarSeries
        The bars of the chart.
    first_row : int
        Row of the first bar of the stitcher, for bars that do not close by the clock.

    Returns
    -------
    Shown
        `Shown.PUT_BACK` if a replay was put back: what came before is of another time, and the
        series holds the bars of the stitcher alone.
    """
    newest = stitcher.newest()
    if newest is not None:
        at = None if newest.at is None else newest.at + first_row
        if series.apply_newest(newest.bar, at, newest.forming):
            return Shown.TAIL
    bars, row, forming = stitcher.take_tail()
    if not len(bars):
        return Shown.NOTHING
    if row is not None and len(series) and bars.ts_ns[0] < series.ts_ns[-1]:
        series.replace(bars, forming)
        return Shown.PUT_BACK
    series.apply_tail(bars, None if row is None else row + first_row, forming)
    return Shown.TAIL
