"""Where a line runs: for each pixel column the lowest and highest value it has there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradedesk.ui.chart.studies.catalogue import Kind
from tradedesk.ui.chart.studies.joined_values import FIRST, HIGH, LAST, LOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.ui.chart.columns import XMap
    from tradedesk.ui.chart.studies.curve import Curve
    from tradedesk.ui.chart.studies.joined_values import JoinedValues


@dataclass(frozen=True, slots=True)
class Track:
    """Columns of one length; NaN where the line is not.

    Attributes
    ----------
    start : int
        The first pixel column.
    low, high : ndarray of float64
        Values.
    smooth : bool
        Whether slopes are those of straight pieces, whose edges may be softened.
    """

    start: int
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    smooth: bool

    @property
    def middle(self) -> NDArray[np.float64]:
        """Between both."""
        return (self.low + self.high) / 2


def track_of(
    curve: Curve, joined: JoinedValues, kind: Kind, xmap: XMap, span: tuple[int, int], wick: int
) -> Track:
    """The track of a line in the pixel columns ``span[0]`` to ``span[1]`` (exclusive).

    It has no columns at all where the span lies behind the last value or in front of the first.

    Parameters
    ----------
    wick : int
        Width of a wick in pixels: values stand in its middle.
    """
    if xmap.column(curve.stop) < span[0] or xmap.column(curve.shift - 1) >= span[1]:
        nothing = np.empty(0)
        return Track(span[0], nothing, nothing, smooth=False)
    if xmap.scale < 1.0:
        return _joined(curve, joined, xmap, span, linked=kind is Kind.LINE)
    if kind is Kind.LEVELS:
        return _levels(curve, xmap, span)
    return _line(curve, xmap, span, wick)


def bars_near(curve: Curve, xmap: XMap, span: tuple[int, int], beyond: int = 2) -> tuple[int, int]:
    """Bars that may show in a span of columns, and `beyond` more on either side."""
    first = int((span[0] - xmap.origin) // xmap.scale) + xmap.base - beyond
    stop = int((span[1] - xmap.origin) // xmap.scale) + xmap.base + 1 + beyond
    return curve.clipped(first, stop)


def _line(curve: Curve, xmap: XMap, span: tuple[int, int], wick: int) -> Track:
    """Straight from bar to bar."""
    start, stop = bars_near(curve, xmap, span)
    columns = span[1] - span[0]
    if stop <= start:
        nothing = np.full(columns, np.nan)
        return Track(span[0], nothing, nothing, smooth=True)
    values = curve.at(start, stop)
    at = xmap.columns(np.arange(start, stop))
    middle = at + (wick / 2 - wick // 2)
    cuts = np.interp(np.arange(span[0], span[1] + 1), middle, values, left=np.nan, right=np.nan)
    low, high = np.fmin(cuts[:-1], cuts[1:]), np.fmax(cuts[:-1], cuts[1:])
    # the corner itself lies inside a column
    first, last = np.searchsorted(at, span)
    corners = at[first:last] - span[0]
    own = values[first:last]
    low[corners] = np.fmin(low[corners], own)
    high[corners] = np.fmax(high[corners], own)
    return Track(span[0], low, high, smooth=True)


def _levels(curve: Curve, xmap: XMap, span: tuple[int, int]) -> Track:
    """Each bar's value over the width of the bar."""
    bars = np.floor((np.arange(*span) - xmap.origin) / xmap.scale + 0.5).astype(np.int64)
    bars += xmap.base
    start, stop = curve.clipped(int(bars[0]), int(bars[-1]) + 1)
    found = np.full(len(bars), np.nan)
    if stop > start:
        inside = (bars >= start) & (bars < stop)
        found[inside] = curve.at(start, stop)[bars[inside] - start]
    return Track(span[0], found, found, smooth=False)


def _joined(
    curve: Curve, joined: JoinedValues, xmap: XMap, span: tuple[int, int], *, linked: bool
) -> Track:
    """Below a pixel a bar: all values of a column, and half the way to its neighbours."""
    start, stop = span[0] - xmap.origin, span[1] - xmap.origin
    found = joined.get(curve, xmap.scale, start - 1, stop + 1, xmap.base)
    low, high = found[LOW, 1:-1], found[HIGH, 1:-1]
    if linked:
        links = (found[LAST, :-1] + found[FIRST, 1:]) / 2
        low = np.fmin(low, np.fmin(links[:-1], links[1:]))
        high = np.fmax(high, np.fmax(links[:-1], links[1:]))
    return Track(span[0], low, high, smooth=False)
