"""Draws the lines of one pane within a span of pixel columns."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from tradedesk.ui.chart.columns import widths
from tradedesk.ui.chart.primitives import RectBuffer, mixed
from tradedesk.ui.chart.studies.bands import Bands
from tradedesk.ui.chart.studies.catalogue import Kind
from tradedesk.ui.chart.studies.joined_values import HIGH, LOW
from tradedesk.ui.chart.studies.pencil import Pencil
from tradedesk.ui.chart.studies.trace import Trace, bars_near, trace_of
from tradedesk.ui.chart.study_look import SIDES
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.columns import XMap, YMap
    from tradedesk.ui.chart.studies.live_study import DrawnLine, LiveStudy
    from tradedesk.ui.chart.studies.trace import Reach

Lines = list[tuple["LiveStudy", "DrawnLine"]]
_TINT: Final = 0.08
_COLUMN_INK: Final = 0.6
_FAR: Final = 30_000.0
_OUTSIDE: Final = 200.0
"""Rows outside a pane to which areas go on: their edges bend there."""
_BEYOND: Final = 1.5
"""Pixels beside a line that its soft edges may touch."""


class Sheet(NamedTuple):
    """Where to draw: the painter in device pixels, both maps, the span of columns, the pane."""

    painter: QPainter
    xmap: XMap
    ymap: YMap
    span: tuple[int, int]
    box: QRect
    ratio: float

    def rows(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixel rows of values, with fractions, cut off far outside."""
        return np.clip(self.ymap.exact_rows(values), -_FAR, _FAR)

    def trace(self, line: DrawnLine) -> Trace:
        """Where a line runs in the span."""
        wick = widths(self.xmap.scale, self.ratio).wick
        return trace_of(line, self.xmap, self.ymap, self.span, wick)


class LinePainter:
    """Keeps the buffers."""

    def __init__(self) -> None:
        self._buffer = RectBuffer()
        self._pencil = Pencil()
        self._bands = Bands()
        self._traces: dict[tuple[int, tuple[int, int], int], Trace] = {}

    def forget(self) -> None:
        """The frame is painted: the next one has traces of its own."""
        self._traces.clear()

    def paint(self, sheet: Sheet, lines: Lines) -> None:
        """Columns first, then lines, dots last."""
        for _, line in lines:
            if line.kind is Kind.COLUMNS:
                self._columns(sheet, line)
        for _, line in lines:
            if line.kind in (Kind.LINE, Kind.LEVELS):
                trace = self._trace(sheet, line)
                if len(trace):
                    ratio = sheet.ratio
                    dash = (ratio if line.dotted else 0.0, sheet.xmap.origin)
                    self._pencil.draw(sheet.painter, trace, _ink(line), line.width * ratio, dash)
        sheet.painter.setPen(Qt.PenStyle.NoPen)
        for _, line in lines:
            if line.kind is Kind.DOTS:
                self._dots(sheet, line)

    def reach(self, sheet: Sheet, lines: Lines) -> Reach | None:
        """Which rows `paint` may touch in each column of the span; None for all."""
        if any(line.kind in (Kind.COLUMNS, Kind.DOTS) for _, line in lines):
            return None
        drawn = [line for _, line in lines if line.kind in (Kind.LINE, Kind.LEVELS)]
        wide = sheet.ratio / 2
        return _around(
            [self._trace(sheet, x).reach(sheet.span, x.width * wide + _BEYOND) for x in drawn],
            sheet,
        )

    def paint_below(self, sheet: Sheet, lines: Lines) -> None:
        """A tint between bands, in the colour of the upper one."""
        # rows far outside would only be walked over
        top, bottom = sheet.box.top() - _OUTSIDE, sheet.box.bottom() + _OUTSIDE
        for one, other in _filled(lines):
            first, second = (
                np.minimum(np.maximum(self._trace(sheet, line).at_edges(sheet.span), top), bottom)
                for line in (one, other)
            )
            for upper, lower, line in ((first, second, one), (second, first, other)):
                ink = _clear(_ink(line), _TINT)
                self._bands.fill(sheet.painter, sheet.span[0], upper, lower, ink)

    def reach_below(self, sheet: Sheet, lines: Lines) -> Reach | None:
        """Which rows `paint_below` may touch in each column of the span."""
        pairs = _filled(lines)
        found = [self._trace(sheet, line).reach(sheet.span, 1.0) for pair in pairs for line in pair]
        return _around(found, sheet)

    def _trace(self, sheet: Sheet, line: DrawnLine) -> Trace:
        """Worked out once a frame: tints are painted before the bars, lines after them."""
        key = (id(line), sheet.span, sheet.xmap.origin)
        found = self._traces.get(key)
        if found is None:
            found = self._traces[key] = sheet.trace(line)
        return found

    # --- kinds --------------------------------------------------------------------------------

    def _columns(self, sheet: Sheet, line: DrawnLine) -> None:
        """From zero to the value; joined ones from the lowest to the highest, zero included."""
        x, width, low, high = _posts(sheet, line)
        zero = int(np.floor(sheet.rows(np.zeros(1)))[0])
        top = np.minimum(np.floor(sheet.rows(np.maximum(high, 0.0))), zero)
        bottom = np.maximum(np.ceil(sheet.rows(np.minimum(low, 0.0))) - 1, zero)
        boxes = np.empty((len(x), 4), np.int32)
        boxes[:, 0], boxes[:, 2] = x, x + (width - 1)
        boxes[:, 1], boxes[:, 3] = top, zero
        inks = (line.ink, line.ink) if line.ink != SIDES else ("buy_fill", "sell_fill")
        up = high > 0
        self._buffer.fill_some(sheet.painter, boxes, up, mixed("bg0", inks[0], _COLUMN_INK))
        boxes[:, 1], boxes[:, 3] = zero, bottom
        self._buffer.fill_some(sheet.painter, boxes, low < 0, mixed("bg0", inks[1], _COLUMN_INK))

    def _dots(self, sheet: Sheet, line: DrawnLine) -> None:
        """A small square at each value; joined ones at the lowest and the highest."""
        x, width, low, high = _posts(sheet, line)
        size = max(1, round((line.width + 1) * sheet.ratio)) if sheet.xmap.scale >= 1.0 else 1
        size = min(size, max(1, int(sheet.xmap.scale)))
        left = x + (width - size) // 2
        ends = (high,) if sheet.xmap.scale >= 1.0 else (low, high)
        for values in ends:
            boxes = np.empty((len(x), 4), np.int32)
            boxes[:, 0], boxes[:, 2] = left, left + (size - 1)
            boxes[:, 1] = np.floor(sheet.rows(values) - (size - 1) / 2)
            boxes[:, 3] = boxes[:, 1] + (size - 1)
            self._fill(sheet, boxes, _ink(line))

    def guides(self, sheet: Sheet, values: Sequence[float]) -> None:
        """Quiet lines across the pane."""
        thick = max(1, round(sheet.ratio))
        left, stop = sheet.span
        for at, row in enumerate(sheet.ymap.row(value) for value in values):
            self._buffer.rows(len(values))[at] = left, row, stop - 1, row + (thick - 1)
        self._buffer.fill(sheet.painter, len(values), color("line"))

    def _fill(self, sheet: Sheet, boxes: NDArray[np.int32], ink: QColor) -> None:
        if len(boxes):
            self._buffer.rows(len(boxes))[:] = boxes
            self._buffer.fill(sheet.painter, len(boxes), ink)


def guides_of(lines: Lines) -> list[float]:
    """Values with a quiet line across the pane."""
    return sorted({value for study, _ in lines for value in study.face.guides})


def has_fills(lines: Lines) -> bool:
    """Whether anything between them is tinted."""
    return any(study.look.filled and study.face.fills for study, _ in lines)


def _around(found: list[Reach], sheet: Sheet) -> Reach:
    """From the first row of any to the last one."""
    if not found:
        nothing = np.full(sheet.span[1] - sheet.span[0], np.nan)
        return nothing, nothing
    firsts, lasts = zip(*found, strict=True)
    return np.fmin.reduce(firsts), np.fmax.reduce(lasts)


def _filled(lines: Lines) -> Iterator[tuple[DrawnLine, DrawnLine]]:
    """Pairs of lines with a tint between them."""
    for study in dict.fromkeys(study for study, _ in lines):
        if study.look.filled:
            of = {line.output: line for each, line in lines if each is study}
            for one, other in study.face.fills:
                if one in of and other in of:
                    yield of[one], of[other]


def _ink(line: DrawnLine) -> QColor:
    return color("buy_fill" if line.ink == SIDES else line.ink)


def _posts(
    sheet: Sheet, line: DrawnLine
) -> tuple[NDArray[np.int64], int, NDArray[np.float64], NDArray[np.float64]]:
    """Left edges and width of what stands at single bars, or columns; with lowest and highest."""
    xmap, span = sheet.xmap, sheet.span
    if xmap.scale < 1.0:
        found = line.joined.get(
            line.curve, xmap.scale, span[0] - xmap.origin, span[1] - xmap.origin, xmap.base
        )
        known = np.flatnonzero(np.isfinite(found[LOW]))
        return known + span[0], 1, found[LOW, known], found[HIGH, known]
    start, stop = bars_near(line.curve, xmap, span, ceil(1 + 2 / xmap.scale))
    size = widths(xmap.scale, sheet.ratio)
    values = line.curve.at(start, stop)
    known = np.flatnonzero(np.isfinite(values))
    wick, body = size.wick, size.body
    left = xmap.columns(known + start).astype(np.int64) - wick // 2 - (body - wick + 1) // 2
    return left, body, values[known], values[known]


def _clear(ink: QColor, cover: float) -> QColor:
    """The same colour, letting through what is under it."""
    made = QColor(ink)
    made.setAlphaF(cover)
    return made
