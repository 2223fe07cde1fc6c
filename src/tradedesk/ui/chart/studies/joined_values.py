"""Values joined to one span a pixel column, kept while the view pans."""

from __future__ import annotations

from functools import lru_cache
from math import floor
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.ui.chart.joined import first_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.ui.chart.studies.curve import Curve

LOW, HIGH, FIRST, LAST = range(4)
_MOST: Final = 20_000
"""More columns than this are not kept."""


class JoinedValues:
    """Extremes, first and last value of each column of one bar spacing.

    Bar i belongs to column ``floor((i - base) * scale)``, as candles do. Column numbers do not
    depend on where the view is, so a pan only works out the columns that come into view.
    """

    def __init__(self) -> None:
        self._scale = 0.0
        self._base = 0
        self._start = 0
        self._kept: NDArray[np.float64] = np.empty((4, 0))
        self._room: NDArray[np.float64] = np.empty((4, 0))

    def forget(self, first_bar: int = 0) -> None:
        """Values drawn at bars from `first_bar` on changed."""
        known = floor((first_bar - self._base) * self._scale) - self._start
        if first_bar <= 0 or known <= 0:
            self._kept = np.empty((4, 0))
        elif known < self._kept.shape[1]:
            self._kept = self._kept[:, :known]

    def get(
        self, curve: Curve, scale: float, start: int, stop: int, base: int = 0
    ) -> NDArray[np.float64]:
        """Columns `start` to `stop` (exclusive), counted from the bar `base`.

        Returns
        -------
        ndarray of float64, shape (4, stop - start)
            Rows `LOW`, `HIGH`, `FIRST`, `LAST`; extremes leave NaN out, and are NaN where a column
            holds no value.
        """
        if base != self._base:
            self._base, self._kept = base, np.empty((4, 0))
        kept, first = self._kept, self._start
        end = first + kept.shape[1]
        if scale != self._scale or not kept.shape[1] or stop < first or start > end:
            kept, first, end = work_out(curve, scale, start, stop, base), start, stop
        if start < first:
            kept = np.concatenate((work_out(curve, scale, start, first, base), kept), axis=1)
            first = start
        if stop > end:
            kept = self._grown(kept, stop - first)
            kept[:, end - first :] = work_out(curve, scale, end, stop, base)
        found = kept[:, start - first : stop - first]
        if kept.shape[1] > _MOST:
            kept, first = found.copy(), start
        self._scale, self._start, self._kept = scale, first, kept
        return found

    def _grown(self, kept: NDArray[np.float64], count: int) -> NDArray[np.float64]:
        """The same columns with room for more behind them; mostly there is some already."""
        room = self._room
        if kept.base is not room or count > room.shape[1]:
            self._room = room = np.empty((4, 2 * count))
            room[:, : kept.shape[1]] = kept
        return room[:, :count]


def work_out(curve: Curve, scale: float, start: int, stop: int, base: int) -> NDArray[np.float64]:
    """What `JoinedValues.get` gives, from the values themselves."""
    found = np.full((4, stop - start), np.nan)
    edges = _edges(start, stop, scale, base)
    low, high = curve.clipped(curve.shift, int(edges[-1]))
    edges = np.minimum(np.maximum(edges, low), max(low, high))
    some = (edges[1:] > edges[:-1]).nonzero()[0]
    if not len(some):
        return found
    base, end = int(edges[some[0]]), int(edges[some[-1] + 1])
    values = curve.at(base, end)
    starts = edges[some] - base
    least, most = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    if np.isnan(least).any():
        least, most = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    found[LOW, some], found[HIGH, some] = least, most
    found[FIRST, some] = values[starts]
    found[LAST, some] = values[edges[some + 1] - base - 1]
    return found


@lru_cache(maxsize=16)
def _edges(start: int, stop: int, scale: float, base: int) -> NDArray[np.int64]:
    """First bar of each column and of the one behind; all lines of a chart ask for the same."""
    found: NDArray[np.int64] = first_rows(np.arange(start, stop + 1), scale)
    found += base
    found.flags.writeable = False
    return found
