"""From rows of bars to whole pixels: which bars stand where, and how wide.

All x and y here are device pixels, so that edges are sharp at every scale factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.engine import Bars, BarSeries
from tradedesk.ui.chart.joined import JoinedColumns, column_of
from tradedesk.ui.chart.price_form import LEAST_TICKS, Ticks, heights
from tradedesk.ui.chart.pyramid import Pyramid

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BODY_SHARE: Final = 0.8
_SMALLEST_BODY_SPACING: Final = 3.0
_FAR: Final = 30_000.0
"""Pixels beyond this are cut off: far outside every screen, well inside int32."""


@dataclass(frozen=True, slots=True)
class XMap:
    """Bar i stands in pixel column ``floor((i - base) * scale) + origin``.

    The origin is a whole pixel, so that panning moves bars without changing their distances. The
    base is a whole row that moves along with the bars when older ones are put in front of them,
    so that this does not change their distances either.
    """

    scale: float
    origin: int
    base: int = 0

    def columns(self, rows: NDArray[np.int64]) -> NDArray[np.int32]:
        """Pixel column of each row."""
        found: NDArray[np.int32] = np.floor((rows - self.base) * self.scale).astype(np.int32)
        found += self.origin
        return found

    def column(self, row: float) -> int:
        """Pixel column of one row."""
        return floor((row - self.base) * self.scale) + self.origin


@dataclass(frozen=True, slots=True)
class YMap:
    """A price of v ticks stands in pixel row ``floor(origin - v * scale)``.

    On a logarithmic axis it is the logarithm of v that counts. On an inverted one the scale is
    below zero.
    """

    scale: float
    origin: float
    logarithmic: bool = False

    def exact(self, ticks: float) -> float:
        """Where a price stands, with fraction and however far away; for lines cut to the pane."""
        height = log(max(ticks, LEAST_TICKS)) if self.logarithmic else ticks
        return self.origin - height * self.scale

    def exact_rows(self, ticks: Ticks) -> NDArray[np.float64]:
        """Where prices stand, with fraction and however far away."""
        y: NDArray[np.float64] = self.origin - np.multiply(
            self._heights(ticks), self.scale, dtype=float
        )
        return y

    def of_parts(self, parts: int) -> YMap:
        """The map of prices that are counted in parts of a tick."""
        if self.logarithmic:
            return YMap(self.scale, self.origin + log(parts) * self.scale, True)
        return YMap(self.scale / parts, self.origin)

    def rows(self, ticks: Ticks) -> NDArray[np.int32]:
        """Pixel row of each price, cut off far outside the screen."""
        y = self.exact_rows(ticks)
        # Three plain calls: for a bar or two, `clip` alone costs as much as all of them.
        np.minimum(y, _FAR, out=y)
        np.maximum(y, -_FAR, out=y)
        found: NDArray[np.int32] = np.floor(y, out=y).astype(np.int32)
        return found

    def row(self, ticks: float) -> int:
        """Pixel row of one price."""
        return floor(min(max(self.exact(ticks), -_FAR), _FAR))

    def spans(self, one: Ticks, other: Ticks) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Upper and lower pixel row between two prices each, whichever of them is higher."""
        a, b = self.rows(one), self.rows(other)
        return np.minimum(a, b), np.maximum(a, b)

    def _heights(self, ticks: Ticks) -> Ticks:
        return heights(ticks) if self.logarithmic else ticks


@dataclass(frozen=True, slots=True)
class Widths:
    """Pixels of a wick and of a body; equal when bodies are not drawn."""

    wick: int
    body: int

    @property
    def has_body(self) -> bool:
        """Whether open and close can be told apart."""
        return self.body > self.wick


def widths(spacing: float, ratio: float) -> Widths:
    """Sizes for bars `spacing` device pixels apart on a screen of `ratio` device pixels a point.

    Body and wick differ by an even number, so that the wick stands in the middle; only the
    smallest body is one pixel wider than its wick.
    """
    wick = max(1, int(ratio)) if spacing >= 2 * _SMALLEST_BODY_SPACING else 1
    if spacing < _SMALLEST_BODY_SPACING:
        return Widths(wick, wick)
    body = int(spacing * _BODY_SHARE)
    body -= (body - wick) % 2
    return Widths(wick, max(body, wick + 1))


@dataclass(frozen=True, slots=True)
class Shapes:
    """Bars, or one join of bars a pixel column, ready to be drawn. Columns of one length.

    Attributes
    ----------
    x : ndarray of int32
        Pixel column of the (left edge of the) wick.
    open, high, low, close : ndarray of int32
        Prices in ticks; of a joined column the first open and the last close.
    volume : ndarray of int64 or int32
        Contracts; of a joined column the largest of one bar.
    widths : Widths
        How wide each is.
    """

    x: NDArray[np.int32]
    open: NDArray[np.int32]
    high: NDArray[np.int32]
    low: NDArray[np.int32]
    close: NDArray[np.int32]
    volume: NDArray[np.int64] | NDArray[np.int32]
    widths: Widths

    @property
    def rising(self) -> NDArray[np.bool_]:
        """Close not below open."""
        return self.close >= self.open


class ShapeMaker:
    """Turns what a span of pixel columns holds into shapes.

    From one bar a pixel on every bar is given; below that the bars of a column are joined,
    exactly: no bar of a column is left out and none of a neighbour's gets in.
    """

    def __init__(self) -> None:
        self._joined = JoinedColumns()
        self._pyramid = Pyramid()
        self._series: BarSeries | Bars = BarSeries()

    def sync(self, series: BarSeries | Bars, first_changed: int) -> None:
        """Rows of `series` from `first_changed` on are new; 0 for all of them."""
        self._series = series
        self._pyramid.sync(series, first_changed)
        self._joined.forget(first_changed)

    def shapes(self, xmap: XMap, span: tuple[int, int], ratio: float = 1.0) -> Shapes | None:
        """Shapes in the pixel columns ``span[0]`` to ``span[1]`` (exclusive); None if nothing."""
        if not len(self._series) or span[1] <= span[0]:
            return None
        if xmap.scale >= 1.0:
            return _single(self._series, xmap, span, ratio)
        first = column_of(-xmap.base, xmap.scale)
        start = max(first, span[0] - xmap.origin)
        last = column_of(len(self._series) - 1 - xmap.base, xmap.scale)
        stop = min(last + 1, span[1] - xmap.origin)
        if stop <= start:
            return None
        self._joined.count_from(xmap.base)
        found = self._joined.get(self._series, self._pyramid, xmap.scale, start, stop)
        x = np.arange(start + xmap.origin, stop + xmap.origin, dtype=np.int32)
        return Shapes(x, *found, Widths(1, 1))


def _single(
    series: BarSeries | Bars, xmap: XMap, span: tuple[int, int], ratio: float
) -> Shapes | None:
    reach = xmap.scale
    start = max(0, int((span[0] - reach - xmap.origin) // xmap.scale) + xmap.base)
    stop = min(len(series), int((span[1] + reach - xmap.origin) // xmap.scale) + xmap.base + 1)
    if stop <= start:
        return None
    part = slice(start, stop)
    return Shapes(
        xmap.columns(np.arange(start, stop)),
        series.open[part],
        series.high[part],
        series.low[part],
        series.close[part],
        series.volume[part],
        widths(xmap.scale, ratio),
    )
