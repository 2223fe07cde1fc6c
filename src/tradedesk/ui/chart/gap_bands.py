"""Where the gaps of a chart are drawn, and what is said there. No painting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.services.chart_gap import GapRange, GapState

if TYPE_CHECKING:
    from tradedesk.engine import BarSeries
    from tradedesk.ui.chart.time_zone import LocalTime

_DOING: Final = {
    GapState.OFFLINE: "no connection",
    GapState.FILLING: "filling from history",
    GapState.RETRYING: "no history yet, trying again",
    GapState.LASTING: "counted anew",
}


class GapBand(NamedTuple):
    """One gap in bar positions; a bar reaches half a bar to either side of its own.

    Attributes
    ----------
    left, right : float
        From the bar that was cut off by the loss to the first whole one. `right` is infinite
        while there is no live trade.
    live_right : float
        End of the bars that are made of live trades alone until the gap is filled; `right` where
        there are none, or where the gap stays.
    texts : tuple of str
        What is missing and what is being done about it, from the fullest to the shortest.
    """

    left: float
    right: float
    live_right: float
    texts: tuple[str, ...]


def gap_bands(
    gaps: tuple[GapRange, ...], series: BarSeries, zone: LocalTime
) -> tuple[GapBand, ...]:
    """Find the bars between which each gap lies, oldest first; none where there are no bars."""
    if not len(series):
        return ()
    return tuple(_band(gap, series, zone) for gap in gaps)


def _band(gap: GapRange, series: BarSeries, zone: LocalTime) -> GapBand:
    rows = len(series)
    cut = max(0, int(np.searchsorted(series.ts_ns, gap.start_ns, side="right")) - 1)
    texts = (_text(gap, series, zone), "Gap")
    if gap.end_ns is None:
        return GapBand(cut - 0.5, float("inf"), float("inf"), texts)
    # A bar that opens with the first live trade is whole, one that was open by then is not.
    whole = int(np.searchsorted(series.ts_ns, gap.end_ns))
    right = max(whole, cut + 1) - 0.5
    newest = rows - 0.5
    if gap.state is GapState.LASTING or newest <= right:
        return GapBand(cut - 0.5, right, right, texts)
    return GapBand(cut - 0.5, right, newest, (f"{texts[0]} · bars since provisional", *texts))


def _text(gap: GapRange, series: BarSeries, zone: LocalTime) -> str:
    start, newest = zone.datetime(gap.start_ns), zone.datetime(int(series.ts_ns[-1]))
    day = "" if start.date() == newest.date() else f"{start:%b} {start.day} "
    begin, doing = f"{day}{start:%H:%M:%S}", _DOING[gap.state]
    if gap.end_ns is None:
        return f"Gap since {begin} · {doing}"
    return f"Gap {begin} – {zone.datetime(gap.end_ns):%H:%M:%S} · {doing}"
