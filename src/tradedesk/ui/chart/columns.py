"""From rows of bars to whole pixels: which bars stand where, and how wide.

All x and y here are device pixels, so that edges are sharp at every scale factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine import BarSeries
    from tradedesk.ui.chart.pyramid import Pyramid

_BODY_SHARE: Final = 0.8
_SMALLEST_BODY_SPACING: Final = 3.0
_FAR: Final = 30_000.0
"""Pixels beyond this are cut off: far outside every screen, well inside int32."""


@dataclass(frozen=True, slots=True)
class XMap:
    """Bar i stands in pixel column ``floor(i * scale + origin)``."""

    scale: float
    origin: float

    def columns(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Pixel column of each row."""
        found: NDArray[np.int64] = np.floor(rows * self.scale + self.origin).astype(np.int64)
        return found

    def first_rows(self, columns: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each pixel column the first row that stands in it or right of it.

        Agrees with `columns` to the last bit: both round the same products.
        """
        rows: NDArray[np.int64] = np.ceil((columns - self.origin) / self.scale).astype(np.int64)
        rows -= self.columns(rows - 1) >= columns
        rows += self.columns(rows) < columns
        return rows


@dataclass(frozen=True, slots=True)
class YMap:
    """A price of v ticks stands in pixel row ``floor(origin - v * scale)``."""

    scale: float
    origin: float

    def rows(self, ticks: NDArray[np.int32]) -> NDArray[np.int32]:
        """Pixel row of each price, cut off far outside the screen."""
        y = self.origin - ticks * self.scale
        found: NDArray[np.int32] = np.floor(np.clip(y, -_FAR, _FAR)).astype(np.int32)
        return found


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
    volume : ndarray of int64
        Contracts; of a joined column the largest of one bar.
    widths : Widths
        How wide each is.
    """

    x: NDArray[np.int32]
    open: NDArray[np.int32]
    high: NDArray[np.int32]
    low: NDArray[np.int32]
    close: NDArray[np.int32]
    volume: NDArray[np.int64]
    widths: Widths

    @property
    def rising(self) -> NDArray[np.bool_]:
        """Close not below open."""
        return self.close >= self.open


def shapes(
    series: BarSeries, pyramid: Pyramid, xmap: XMap, span: tuple[int, int], ratio: float = 1.0
) -> Shapes | None:
    """What stands in the pixel columns ``span[0]`` to ``span[1]`` (exclusive); None if nothing.

    From one bar a pixel on every bar is given; below that the bars of a column are joined,
    exactly: no bar of a column is left out and none of a neighbour's gets in.
    """
    rows = len(series)
    if not rows or span[1] <= span[0]:
        return None
    if xmap.scale >= 1.0:
        return _single(series, xmap, span, ratio)
    bounds = np.clip(xmap.first_rows(np.array(span, np.int64)), 0, rows)
    if bounds[0] >= bounds[1]:
        return None
    ends = xmap.columns(np.array([bounds[0], bounds[1] - 1]))
    columns = np.arange(ends[0], ends[1] + 2)
    edges = np.clip(xmap.first_rows(columns), 0, rows)
    found = pyramid.extents(edges)
    first, last = edges[:-1], edges[1:] - 1
    return Shapes(
        columns[:-1].astype(np.int32),
        series.open[first],
        found.high,
        found.low,
        series.close[last],
        found.volume.astype(np.int64),
        Widths(1, 1),
    )


def _single(series: BarSeries, xmap: XMap, span: tuple[int, int], ratio: float) -> Shapes | None:
    reach = xmap.scale
    start = max(0, int((span[0] - reach - xmap.origin) // xmap.scale))
    stop = min(len(series), int((span[1] + reach - xmap.origin) // xmap.scale) + 1)
    if stop <= start:
        return None
    x = xmap.columns(np.arange(start, stop)).astype(np.int32)
    part = slice(start, stop)
    return Shapes(
        x,
        series.open[part],
        series.high[part],
        series.low[part],
        series.close[part],
        series.volume[part],
        widths(xmap.scale, ratio),
    )
