"""What each style should look like, drawn bar by bar and column by column in plain loops."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradedesk.engine import Bars, heikin_ashi
from tradedesk.ui.chart.columns import XMap, YMap, widths

if TYPE_CHECKING:
    from numpy.typing import NDArray

UP, DOWN, LINE, FILL = 1, 2, 3, 4
"""Numbers of the inks in what is drawn here; 0 is the ground."""


class Canvas(NamedTuple):
    """Where bars stand, in device pixels."""

    xmap: XMap
    ymap: YMap
    ratio: float
    width: int
    height: int

    def blank(self) -> NDArray[np.uint8]:
        return np.zeros((self.height, self.width), np.uint8)

    def row(self, price: float) -> int:
        return floor(self.ymap.origin - price * self.ymap.scale)


def fill(image: NDArray[np.uint8], x1: int, y1: int, x2: int, y2: int, ink: int) -> None:
    """One box, edges included, cut off at the ends of the image."""
    height, width = image.shape
    x1, x2 = max(x1, 0), min(x2, width - 1)
    y1, y2 = max(y1, 0), min(y2, height - 1)
    if x1 <= x2 and y1 <= y2:
        image[y1 : y2 + 1, x1 : x2 + 1] = ink


def stretches(canvas: Canvas, rows: int) -> list[tuple[int, int, int]]:
    """Pixel column, first row and the row behind the last of each column that holds bars."""
    columns = (
        np.floor((np.arange(rows) - canvas.xmap.base) * canvas.xmap.scale).astype(np.int64)
        + canvas.xmap.origin
    )
    return [
        (x, int(columns.searchsorted(x)), int(columns.searchsorted(x, "right")))
        for x in range(canvas.width)
        if columns[0] <= x <= columns[-1]
    ]


def in_view(canvas: Canvas, rows: int) -> range:
    """Rows that may touch the image, where bars are a pixel or more apart."""
    scale, origin, base = canvas.xmap.scale, canvas.xmap.origin, canvas.xmap.base
    first = max(0, base + int(-origin / scale) - 3)
    return range(first, min(rows, base + int((canvas.width - origin) / scale) + 4))


def columns_of(canvas: Canvas, bars: Any, before: NDArray[Any] | None) -> NDArray[np.uint8]:
    """A line from the lowest to the highest price a column.

    In the colour of the last close against the first open, or against the close `before` where
    that is given.
    """
    image = canvas.blank()
    for x, start, stop in stretches(canvas, len(bars.close)):
        basis = bars.open[start] if before is None or not start else before[start - 1]
        ink = UP if bars.close[stop - 1] >= basis else DOWN
        top, bottom = bars.high[start:stop].max(), bars.low[start:stop].min()
        fill(image, x, canvas.row(top), x, canvas.row(bottom), ink)
    return image


def candles(canvas: Canvas, bars: Any, *, shaped: bool = False) -> NDArray[np.uint8]:
    """Wick and filled body; with shapes those of rising bars are empty."""
    if canvas.xmap.scale < 1:
        return columns_of(canvas, bars, None)
    image = canvas.blank()
    size = widths(canvas.xmap.scale, canvas.ratio)
    for i in in_view(canvas, len(bars.close)):
        ink = UP if bars.close[i] >= bars.open[i] else DOWN
        left, right, x1, x2 = _across(canvas, i, size)
        fill(image, left, canvas.row(bars.high[i]), right, canvas.row(bars.low[i]), ink)
        ends = sorted((canvas.row(bars.open[i]), canvas.row(bars.close[i])))
        if size.has_body:
            fill(image, x1, ends[0], x2, ends[1], ink)
        if size.body > 2 * size.wick and shaped and ink == UP:
            edge = size.wick
            fill(image, x1 + edge, ends[0] + edge, x2 - edge, ends[1] - edge, 0)
    return image


def hollow(canvas: Canvas, bars: Any) -> NDArray[np.uint8]:
    """Colour by the close before; the body empty where the close is above the open."""
    if canvas.xmap.scale < 1:
        return columns_of(canvas, bars, bars.close)
    image = canvas.blank()
    size = widths(canvas.xmap.scale, canvas.ratio)
    edge = size.wick
    for i in in_view(canvas, len(bars.close)):
        basis = bars.close[i - 1] if i else bars.open[i]
        ink = UP if bars.close[i] >= basis else DOWN
        left, right, x1, x2 = _across(canvas, i, size)
        fill(image, left, canvas.row(bars.high[i]), right, canvas.row(bars.low[i]), ink)
        if not size.has_body:
            continue
        top, bottom = sorted((canvas.row(bars.open[i]), canvas.row(bars.close[i])))
        fill(image, x1, top, x2, bottom, ink)
        if bars.close[i] > bars.open[i] and size.body > 2 * edge:
            fill(image, x1 + edge, top + edge, x2 - edge, bottom - edge, 0)
    return image


def ohlc(canvas: Canvas, bars: Any) -> NDArray[np.uint8]:
    """A stem with an arm to either side."""
    if canvas.xmap.scale < 1:
        return columns_of(canvas, bars, None)
    image = canvas.blank()
    size = widths(canvas.xmap.scale, canvas.ratio)
    for i in in_view(canvas, len(bars.close)):
        ink = UP if bars.close[i] >= bars.open[i] else DOWN
        left, right, _, _ = _across(canvas, i, size)
        top, bottom = canvas.row(bars.high[i]), canvas.row(bars.low[i])
        fill(image, left, top, right, bottom, ink)
        if not size.has_body:
            continue
        length = max(1, (size.body - size.wick) // 2)
        sides = (
            (left - length, left - 1, bars.open[i]),
            (right + 1, right + length, bars.close[i]),
        )
        for x1, x2, price in sides:
            y = canvas.row(price) - (size.wick - 1) // 2
            y = min(max(y, top), max(bottom - (size.wick - 1), top))
            fill(image, x1, y, x2, min(y + size.wick - 1, bottom), ink)
    return image


def line(canvas: Canvas, bars: Any, *, filled: bool = False) -> NDArray[np.uint8]:
    """Through the closes; below it a fill where that is wanted."""
    image = canvas.blank()
    thick = max(1, round(1.5 * canvas.ratio))
    for x, top, bottom in _line_columns(canvas, bars):
        top, bottom = top - (thick - 1) // 2, bottom + thick // 2
        if filled:
            fill(image, x, bottom + 1, x, canvas.height - 1, FILL)
        fill(image, x, top, x, bottom, LINE)
    return image


def area(canvas: Canvas, bars: Any) -> NDArray[np.uint8]:
    """A line with a fill."""
    return line(canvas, bars, filled=True)


def averages(bars: Bars) -> Any:
    """Heikin-Ashi candles, rounded to 1/256 of a tick."""
    found = heikin_ashi(bars)

    class Candles:
        open, high, low, close = (
            np.rint(column * 256) / 256
            for column in (found.ha_open, found.ha_high, found.ha_low, found.ha_close)
        )

    return Candles


def _across(canvas: Canvas, row: int, size: Any) -> tuple[int, int, int, int]:
    """First and last column of the wick and of the body."""
    left = floor((row - canvas.xmap.base) * canvas.xmap.scale) + canvas.xmap.origin - size.wick // 2
    begin = left - (size.body - size.wick + 1) // 2
    return left, left + size.wick - 1, begin, begin + size.body - 1


def _line_columns(canvas: Canvas, bars: Any) -> list[tuple[int, int, int]]:
    """Column, highest and lowest pixel row of the line in it."""
    close = bars.close
    if canvas.xmap.scale < 1:
        found = []
        for x, start, stop in stretches(canvas, len(close)):
            part = [int(close[start:stop].max()), int(close[start:stop].min())]
            if start:
                part.append(int(close[start - 1]))
            rows = [canvas.row(price) for price in part]
            found.append((x, min(rows), max(rows)))
        return found
    places: dict[int, list[int]] = {}
    rows = list(in_view(canvas, len(close)))
    points = [
        (
            floor((i - canvas.xmap.base) * canvas.xmap.scale) + canvas.xmap.origin,
            canvas.row(close[i]),
        )
        for i in rows
    ]
    for x, y in points:
        places.setdefault(x, []).append(y)
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        for x in range(x1, x2 + 1):
            for edge in (Fraction(2 * x - 1, 2), Fraction(2 * x + 1, 2)):
                if x1 <= edge <= x2:
                    height = y1 + (y2 - y1) * (edge - x1) / (x2 - x1)
                    places.setdefault(x, []).append(round(height))
    return [(x, min(ys), max(ys)) for x, ys in sorted(places.items())]
