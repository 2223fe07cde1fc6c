"""Bars joined to one line a pixel column, kept while the view pans."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine import Bars, BarSeries
    from tradedesk.ui.chart.pyramid import Pyramid


_MOST: Final = 20_000
"""More columns than this are not kept."""


_FEW: Final = 4
_SHORT: Final = 2_048
"""So many columns of so many rows are looked through faster than the pyramid is asked."""
_MAX: Final = np.iinfo(np.int32).max


class Joined(NamedTuple):
    """One entry a column: first open, extremes, last close, largest volume; int32, shape (n,)."""

    open: NDArray[np.int32]
    high: NDArray[np.int32]
    low: NDArray[np.int32]
    close: NDArray[np.int32]
    volume: NDArray[np.int32]


class JoinedColumns:
    """Columns of one bar spacing: bar i belongs to column ``floor((i - base) * scale)``.

    Column numbers do not depend on where the view is, so a pan only works out the columns that
    come into view. All bars of a column count, and none of its neighbours'.
    """

    def __init__(self) -> None:
        self._scale = 0.0
        self._base = 0
        self._first = 0
        self._kept: Joined | None = None

    def forget(self, first_row: int = 0) -> None:
        """Rows from `first_row` on changed."""
        if self._kept is None:
            return
        known = column_of(first_row - self._base, self._scale) - self._first
        self._kept = _part(self._kept, 0, known) if known > 0 and first_row > 0 else None

    def count_from(self, base: int) -> None:
        """Count columns from another row on."""
        if base != self._base:
            self._base, self._kept = base, None

    def get(
        self, series: BarSeries | Bars, pyramid: Pyramid, scale: float, start: int, stop: int
    ) -> Joined:
        """Columns `start` to `stop` (exclusive), all of which must hold bars."""
        kept, first = self._kept, self._first
        end = first if kept is None else first + len(kept.open)
        if kept is None or scale != self._scale or stop < first or start > end:
            kept, first, end = self._work_out(series, pyramid, scale, start, stop), start, stop
        pieces = [kept]
        if start < first:
            pieces.insert(0, self._work_out(series, pyramid, scale, start, first))
            first = start
        if stop > end:
            pieces.append(self._work_out(series, pyramid, scale, end, stop))
        kept = _put_together(pieces)
        found = _part(kept, start - first, stop - first)
        if len(kept.open) > _MOST:
            kept, first = found, start
        self._scale, self._first, self._kept = scale, first, kept
        return found

    def _work_out(
        self, series: BarSeries | Bars, pyramid: Pyramid, scale: float, start: int, stop: int
    ) -> Joined:
        rows = first_rows(np.arange(start, stop + 1), scale) + self._base
        edges = np.clip(rows, 0, len(series))
        if stop - start <= _FEW and edges[-1] - edges[0] <= _FEW * _SHORT:
            return _looked_through(series, edges.tolist())
        found = pyramid.extents(edges)
        return Joined(
            series.open[edges[:-1]],
            found.high,
            found.low,
            series.close[edges[1:] - 1],
            found.volume,
        )


def column_of(row: int, scale: float) -> int:
    """The column of a bar."""
    return int(np.floor(row * scale))


def first_rows(columns: NDArray[np.int64], scale: float) -> NDArray[np.int64]:
    """For each column the first row in it or right of it; agrees with `column_of` to the last bit.

    Below one bar a pixel each column holds at least one row.
    """
    rows: NDArray[np.int64] = np.ceil(columns / scale).astype(np.int64)
    rows -= np.floor((rows - 1) * scale) >= columns
    rows += np.floor(rows * scale) < columns
    return rows


def _looked_through(series: BarSeries | Bars, edges: list[int]) -> Joined:
    """A few short columns, such as the newest one after a tick: cheaper without the pyramid."""
    runs = [slice(a, b) for a, b in pairwise(edges)]
    rows = [
        (
            series.open[run.start],
            series.high[run].max(),
            series.low[run].min(),
            series.close[run.stop - 1],
            min(int(series.volume[run].max()), _MAX),
        )
        for run in runs
    ]
    return Joined(*np.array(rows, np.int32).T)


def _part(joined: Joined, start: int, stop: int) -> Joined:
    return Joined(*(column[start:stop] for column in joined))


def _put_together(pieces: list[Joined]) -> Joined:
    if len(pieces) == 1:
        return pieces[0]
    return Joined(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))
