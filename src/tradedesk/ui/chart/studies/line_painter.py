"""Draws the lines of one pane within a span of pixel columns."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtGui import QColor

from tradedesk.ui.chart.columns import widths
from tradedesk.ui.chart.primitives import RectBuffer, mixed
from tradedesk.ui.chart.studies.bands import band_boxes, band_mask
from tradedesk.ui.chart.studies.catalogue import Kind
from tradedesk.ui.chart.studies.joined_values import HIGH, LOW
from tradedesk.ui.chart.studies.soft_pixels import SoftPixels, draw_words
from tradedesk.ui.chart.studies.strokes import strokes
from tradedesk.ui.chart.studies.track import Track, bars_near, track_of
from tradedesk.ui.chart.study_look import SIDES
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.columns import XMap, YMap
    from tradedesk.ui.chart.studies.kept_picture import Reach
    from tradedesk.ui.chart.studies.live_study import DrawnLine, LiveStudy

Lines = list[tuple["LiveStudy", "DrawnLine"]]
_TINT: Final = 0.08
_HALF: Final = 0.5
_COLUMN_INK: Final = 0.6
_DASH: Final = (3.0, 6.0)
"""Pixels on, and in all."""
_FAR: Final = 30_000.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where to draw: the painter in device pixels, both maps, the span of columns, the pane."""

    painter: QPainter
    xmap: XMap
    ymap: YMap
    span: tuple[int, int]
    box: QRect
    ratio: float

    @property
    def wick(self) -> int:
        """Pixels of a wick, in whose middle values stand."""
        return widths(self.xmap.scale, self.ratio).wick

    def rows(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixel rows of values, with fractions, cut off far outside."""
        return np.clip(self.ymap.exact_rows(values), -_FAR, _FAR)

    def track(self, line: DrawnLine) -> Track:
        """The track of a line in the span and a column more on either side."""
        span = (self.span[0] - 1, self.span[1] + 1)
        return track_of(line.curve, line.joined, line.kind, self.xmap, span, self.wick)


class LinePainter:
    """Keeps the buffers."""

    def __init__(self) -> None:
        self._buffer = RectBuffer()
        self._soft = SoftPixels()
        self._tracks: dict[tuple[int, tuple[int, int], int], Track] = {}

    def forget(self) -> None:
        """The frame is painted: the next one has tracks of its own."""
        self._tracks.clear()

    def paint(self, sheet: Sheet, lines: Lines) -> Reach | None:
        """Columns first, then lines, then their soft edges, dots last.

        Returns
        -------
        tuple of ndarray or None
            Of each pixel column of the span the first and last row painted, NaN for none; None
            where any row may be.
        """
        for _, line in lines:
            if line.kind is Kind.COLUMNS:
                self._columns(sheet, line)
        found: list[Reach] = []
        for smooth in (False, True):
            drawn = [line for _, line in lines if line.kind in (Kind.LINE, Kind.LEVELS)]
            of = [(line, self._track(sheet, line)) for line in drawn]
            of = [(line, track) for line, track in of if track.smooth is smooth and len(track.low)]
            if of:
                found.append(self._lines(sheet, of))
        self._soft.paint(sheet.painter, sheet.span)
        for _, line in lines:
            if line.kind is Kind.DOTS:
                self._dots(sheet, line)
        if any(line.kind in (Kind.COLUMNS, Kind.DOTS) for _, line in lines):
            return None
        return _around(found, sheet)

    def paint_below(self, sheet: Sheet, lines: Lines) -> Reach | None:
        """A tint between bands; returns what `paint` does."""
        found: list[Reach] = []
        for study in dict.fromkeys(study for study, _ in lines):
            if study.look.filled:
                of = {line.output: line for each, line in lines if each is study}
                found += self._fills(sheet, of, study)
        return _around(found, sheet)

    # --- kinds --------------------------------------------------------------------------------

    def _lines(self, sheet: Sheet, of: list[tuple[DrawnLine, Track]]) -> Reach:
        box, ratio = sheet.box, sheet.ratio
        on, period = (max(1, round(px * ratio)) for px in _DASH)
        dash = (on, period, sheet.xmap.origin)
        made = strokes(
            [track for _, track in of],
            sheet.ymap,
            [line.width * ratio for line, _ in of],
            (box.top(), box.bottom() + 1),
            [dash if line.dotted else (1, 1, 0) for line, _ in of],
        )
        inks = [color("buy_fill" if line.ink == SIDES else line.ink) for line, _ in of]
        for at, ink in enumerate(inks):
            self._fill(sheet, made.core.of(at), ink)
            for half in made.half:
                self._fill(sheet, half.of(at), _clear(ink, _HALF))
        self._soft.add(made, inks)
        return made.first, made.last

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
            self._fill(sheet, boxes, color("buy_fill" if line.ink == SIDES else line.ink))

    def _fills(
        self, sheet: Sheet, lines: dict[int, DrawnLine], study: LiveStudy
    ) -> Iterator[Reach]:
        """Tint between two lines, in the colour of the upper one."""
        seen = (sheet.box.top(), sheet.box.bottom() + 1)
        for one, other in study.face.fills:
            if one not in lines or other not in lines:
                continue
            tracks = [self._track(sheet, lines[at]) for at in (one, other)]
            if not all(len(track.low) for track in tracks):
                continue
            rows = [sheet.rows(track.middle[1:-1]) for track in tracks]
            known = np.isfinite(rows[0]) & np.isfinite(rows[1])
            first, second = (
                np.floor(np.where(known, each, 0.0)).clip(*seen).astype(np.int64) for each in rows
            )
            for upper, lower, at in ((first, second, one), (second, first, other)):
                self._tint(sheet, upper, lower, _clear(color(lines[at].ink), _TINT))
            yield np.minimum(first, second).astype(float), np.maximum(first, second) - 1.0

    def _tint(
        self, sheet: Sheet, top: NDArray[np.int64], stop: NDArray[np.int64], ink: QColor
    ) -> None:
        some = np.flatnonzero(stop > top)
        if not len(some):
            return
        if sheet.xmap.scale >= 1.0:
            self._fill(sheet, band_boxes(sheet.span[0], top, stop), ink)
            return
        first, last = int(top[some].min()), int(stop[some].max())
        mask = band_mask(top, stop, first, last)
        word = np.uint32(_premultiplied(ink))
        words = np.multiply(mask, word, dtype=np.uint32, casting="unsafe")
        draw_words(sheet.painter, sheet.span[0], first, words)

    def guides(self, sheet: Sheet, values: Sequence[float]) -> None:
        """Quiet lines across the pane."""
        thick = max(1, round(sheet.ratio))
        left, stop = sheet.span
        for at, row in enumerate(sheet.ymap.row(value) for value in values):
            self._buffer.rows(len(values))[at] = left, row, stop - 1, row + (thick - 1)
        self._buffer.fill(sheet.painter, len(values), color("line"))

    def _track(self, sheet: Sheet, line: DrawnLine) -> Track:
        """Worked out once a frame: tints are painted before the bars, lines after them."""
        key = (id(line), sheet.span, sheet.xmap.origin)
        found = self._tracks.get(key)
        if found is None:
            found = self._tracks[key] = sheet.track(line)
        return found

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


def _premultiplied(ink: QColor) -> int:
    """A colour that lets something through, as a word of a picture."""
    cover = ink.alpha()
    red, green, blue = (round(each * cover / 255) for each in (ink.red(), ink.green(), ink.blue()))
    return cover << 24 | red << 16 | green << 8 | blue
