"""Where a line runs on the screen: at each bar, or in each pixel column where bars are joined."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.ui.chart.studies.catalogue import Kind
from tradedesk.ui.chart.studies.joined_values import FIRST, HIGH, LAST, LOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.ui.chart.columns import XMap, YMap
    from tradedesk.ui.chart.studies.curve import Curve
    from tradedesk.ui.chart.studies.live_study import DrawnLine

    Values = NDArray[np.float64]
    Reach = tuple[Values, Values]
    """First and last row of each pixel column; NaN for none."""

_FAR: Final = 30_000.0
"""Rows further away than this are cut off: well outside every screen."""
_NEAR: Final = np.arange(-2, 2)[:, None]
"""Points beside a column that may lie in it, or at the other end of a piece that does."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Points from left to right, in device pixels with fractions; NaN where the line is not.

    Attributes
    ----------
    x : ndarray of float64, shape (n,)
        A bar's middle; the middle of each pixel column where bars are joined or `stepped`.
    top, bottom : ndarray of float64, shape (n,)
        Rows. The same array from one pixel a bar on; else from the highest to the lowest place
        that the line has in the column.
    stepped : bool
        Whether it consists of flat pieces instead of going from point to point.
    crossings : ndarray of float64, shape (n + 1,), optional
        Where bars are joined, and it goes from point to point: rows at which it crosses the edges
        of the columns, or at which it begins and ends there.
    """

    x: Values
    top: Values
    bottom: Values
    stepped: bool
    crossings: Values | None = None

    def __len__(self) -> int:
        return len(self.x)

    @property
    def middle(self) -> Values:
        """Between top and bottom."""
        return self.top if self.top is self.bottom else (self.top + self.bottom) / 2

    def at_edges(self, span: tuple[int, int]) -> Values:
        """Rows at the left edge of each column of the span, and at the right one of the last."""
        edges = np.arange(span[0], span[1] + 1)
        if not len(self.x):
            return np.full(len(edges), np.nan)
        return np.interp(edges, self.x, self.middle, left=np.nan, right=np.nan)

    def reach(self, span: tuple[int, int], beyond: float) -> Reach:
        """Rows that a line `beyond` pixels wide on either side may touch in each column."""
        columns = np.arange(*span)
        if not len(self.x):
            nothing = np.full(len(columns), np.nan)
            return nothing, nothing
        near = np.searchsorted(self.x, columns + 0.5) + _NEAR
        near.clip(0, len(self.x) - 1, out=near)
        first: Values = np.fmin.reduce(self.top[near])
        last: Values = np.fmax.reduce(self.bottom[near])
        return first - beyond, last + beyond


def trace_of(line: DrawnLine, xmap: XMap, ymap: YMap, span: tuple[int, int], wick: int) -> Trace:
    """The trace of a line in the pixel columns ``span[0]`` to ``span[1]`` (exclusive).

    It goes on to the next point outside on either side, so that no piece is missing.

    Parameters
    ----------
    wick : int
        Width of a wick in pixels: values stand in its middle.
    """
    curve = line.curve
    if xmap.column(curve.stop) < span[0] or xmap.column(curve.shift - 1) >= span[1]:
        nothing = np.empty(0)
        return Trace(nothing, nothing, nothing, stepped=False)
    if xmap.scale < 1.0:
        return _joined(line, xmap, ymap, span)
    if line.kind is Kind.LEVELS:
        return _levels(curve, xmap, ymap, span)
    start, stop = bars_near(curve, xmap, span)
    x = _bar_middles(start, stop, xmap, wick)
    y = _rows(ymap, curve.at(start, stop))
    return Trace(x, y, y, stepped=False)


def bars_near(curve: Curve, xmap: XMap, span: tuple[int, int], beyond: int = 2) -> tuple[int, int]:
    """Bars that may show in a span of columns, and `beyond` more on either side."""
    first = int((span[0] - xmap.origin) // xmap.scale) + xmap.base - beyond
    stop = int((span[1] - xmap.origin) // xmap.scale) + xmap.base + 1 + beyond
    return curve.clipped(first, stop)


@lru_cache(maxsize=16)
def _bar_middles(start: int, stop: int, xmap: XMap, wick: int) -> Values:
    """Where the values of bars stand; all lines of a pane ask for the same."""
    x = np.add(xmap.columns(np.arange(start, stop)), wick / 2 - wick // 2, dtype=float)
    x.flags.writeable = False
    return x


def _levels(curve: Curve, xmap: XMap, ymap: YMap, span: tuple[int, int]) -> Trace:
    """Each bar's value over the width of the bar."""
    columns = np.arange(span[0] - 1, span[1] + 1)
    bars = np.floor((columns - xmap.origin) / xmap.scale + 0.5).astype(np.int64)
    bars += xmap.base
    start, stop = curve.clipped(int(bars[0]), int(bars[-1]) + 1)
    found = np.full(len(bars), np.nan)
    if stop > start:
        inside = (bars >= start) & (bars < stop)
        found[inside] = curve.at(start, stop)[bars[inside] - start]
    y = _rows(ymap, found)
    return Trace(_middles(int(columns[0]), int(columns[-1]) + 1), y, y, stepped=True)


def _joined(line: DrawnLine, xmap: XMap, ymap: YMap, span: tuple[int, int]) -> Trace:
    """Below a pixel a bar: all values of a column, and half the way to its neighbours."""
    start, stop = span[0] - 2, min(span[1] + 2, xmap.column(line.curve.stop) + 2)
    shift = xmap.origin
    found = line.joined.get(line.curve, xmap.scale, start - shift, stop - shift, xmap.base)
    x = _middles(start + 1, stop - 1)
    low, high = found[LOW, 1:-1], found[HIGH, 1:-1]
    if line.kind is Kind.LEVELS:
        return Trace(x, *_spans(ymap, low, high), stepped=True)
    links = _links(found)
    low = np.minimum(low, np.minimum(links[:-1], links[1:]))
    high = np.maximum(high, np.maximum(links[:-1], links[1:]))
    return Trace(x, *_spans(ymap, low, high), stepped=False, crossings=_rows(ymap, links))


def _middles(start: int, stop: int) -> Values:
    """Of pixel columns."""
    return np.arange(start + 0.5, stop + 0.5)


def _links(found: Values) -> Values:
    """Values half the way between neighbouring columns; at a gap the nearest one."""
    before, behind = found[LAST, :-1], found[FIRST, 1:]
    links: Values = (before + behind) / 2
    if not np.isnan(links).any():
        return links
    middle = (found[LOW] + found[HIGH]) / 2
    first = np.where(np.isnan(found[FIRST]), middle, found[FIRST])
    last = np.where(np.isnan(found[LAST]), middle, found[LAST])
    before, behind = last[:-1], first[1:]
    links = (before + behind) / 2
    alone = np.isnan(links)
    links[alone] = np.fmin(before[alone], behind[alone])
    return links


def _spans(ymap: YMap, low: Values, high: Values) -> tuple[Values, Values]:
    """Upper and lower rows."""
    one, other = _rows(ymap, high), _rows(ymap, low)
    return (one, other) if ymap.scale > 0 else (other, one)


def _rows(ymap: YMap, values: Values) -> Values:
    """Pixel rows of values, with fractions, cut off far outside."""
    rows = ymap.exact_rows(values)
    # two plain calls: for a bar or two, `clip` alone costs as much as both
    np.minimum(rows, _FAR, out=rows)
    return np.maximum(rows, -_FAR, out=rows)
