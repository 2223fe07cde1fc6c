"""Draws traces: soft pieces from point to point, spans of rows where bars are joined, dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from tradedesk.ui.chart.primitives import RectBuffer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPolygonF

    from tradedesk.ui.chart.studies.trace import Trace, Values

_DASH: Final = (3.0, 6.0)
"""Pixels on, and in all."""
_PEAK: Final = 0.7
"""Rows by which a line may leave what is between its crossings of a column's edges."""
_TALL: Final = 12.0
"""Rows of a column from which on a soft line costs more than whole pixels."""
_ALONE: Final = np.array((-0.5, 0.5))
_ANTIALIASING: Final = QPainter.RenderHint.Antialiasing


class Pencil:
    """Lines without joints and caps, exactly where their points are.

    Qt has a fast way to draw soft lines that are one pixel wide, twenty times faster than any
    other width. So wider ones are several of these beside each other.
    """

    def __init__(self) -> None:
        self._buffer = RectBuffer()

    def draw(
        self, painter: QPainter, trace: Trace, ink: QColor, wide: float, dash: tuple[float, int]
    ) -> None:
        """Draw a trace.

        Parameters
        ----------
        painter : QPainter
            In device pixels.
        wide : float
            Device pixels.
        dash : tuple
            Device pixels a logical one if it is dotted, else 0; and the column in which a dash
            begins, so that dashes stay at their bars.
        """
        on = _dashes(trace, dash)
        crossings = trace.crossings
        if trace.stepped or (crossings is not None and on is not None):
            self._boxes(painter, trace, ink, wide, on)
        elif crossings is not None:
            self._spans(painter, trace, crossings, ink, wide)
        elif on is None:
            _soft(painter, _pieces(trace.x, trace.top), ink, wide)
        else:
            _soft(painter, _dashes_of(trace, dash), ink, wide)

    def _spans(
        self, painter: QPainter, trace: Trace, crossings: Values, ink: QColor, wide: float
    ) -> None:
        """A soft line from edge to edge, and boxes where a column has more than that."""
        top, bottom = trace.top, trace.bottom
        tall = bottom - top > _TALL
        highest = np.minimum(crossings[:-1], crossings[1:])
        lowest = np.maximum(crossings[:-1], crossings[1:])
        boxed = (tall | (highest - top > _PEAK) | (bottom - lowest > _PEAK)).nonzero()[0]
        if len(boxed):
            beyond = (wide - 1) / 2
            boxes = np.empty((len(boxed), 4), np.int32)
            boxes[:, 0] = boxes[:, 2] = np.floor(trace.x[boxed])
            boxes[:, 1] = np.floor(top[boxed] - beyond)
            boxes[:, 3] = np.ceil(bottom[boxed] + beyond) - 1
            self._fill(painter, boxes, ink)
        left = trace.x - 0.5
        pieces = []
        for start, stop in _runs((top == top) & ~tall):
            x = np.append(left[start:stop], left[stop - 1] + 1)
            pieces.append(pg.functions.arrayToQPolygonF(x, crossings[start : stop + 1]))
        if pieces:
            _soft(painter, pieces, ink, wide)

    def _boxes(
        self,
        painter: QPainter,
        trace: Trace,
        ink: QColor,
        wide: float,
        on: NDArray[np.bool_] | None,
    ) -> None:
        """Whole pixels, neighbours of the same rows as one box."""
        thick = max(1, round(wide))
        known = np.isfinite(trace.top)
        if on is not None:
            known &= on
        at = known.nonzero()[0]
        if not len(at):
            return
        x = np.floor(trace.x[at]).astype(np.int32)
        top = np.floor(trace.top[at] - (thick - 1) / 2).astype(np.int32)
        bottom = np.floor(trace.bottom[at] - (thick - 1) / 2).astype(np.int32) + (thick - 1)
        begins = np.empty(len(at), bool)
        begins[0] = True
        begins[1:] = (np.diff(x) != 1) | (np.diff(top) != 0) | (np.diff(bottom) != 0)
        first = begins.nonzero()[0]
        boxes = np.empty((len(first), 4), np.int32)
        boxes[:, 0], boxes[:, 1], boxes[:, 3] = x[first], top[first], bottom[first]
        boxes[:-1, 2] = x[first[1:] - 1]
        boxes[-1, 2] = x[-1]
        self._fill(painter, boxes, ink)

    def _fill(self, painter: QPainter, boxes: NDArray[np.int32], ink: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        self._buffer.fill_all(painter, boxes, ink)


def _runs(known: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and the one behind the last of each run."""
    if known.all():
        if len(known):
            yield 0, len(known)
        return
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False]))))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _pieces(x: Values, y: Values) -> list[QPolygonF]:
    """From point to point; a value without neighbours is a piece one pixel long."""
    found = []
    for start, stop in _runs(y == y):
        if stop - start > 1:
            part_x, part_y = x[start:stop], y[start:stop]
        else:
            part_x, part_y = x[start] + _ALONE, np.repeat(y[start], 2)
        found.append(pg.functions.arrayToQPolygonF(part_x, part_y))
    return found


def _dashes(trace: Trace, dash: tuple[float, int]) -> NDArray[np.bool_] | None:
    """Which points lie on a dash; None where all do."""
    size, begin = dash
    if not size:
        return None
    on, period = (max(1, round(px * size)) for px in _DASH)
    lies: NDArray[np.bool_] = (np.floor(trace.x) - begin) % period < on
    return lies


def _dashes_of(trace: Trace, dash: tuple[float, int]) -> list[QPolygonF]:
    """Straight from the beginning of each dash to its end."""
    size, begin = dash
    on, period = (max(1, round(px * size)) for px in _DASH)
    first = begin + (int(trace.x[0]) - begin) // period * period
    starts = np.arange(first, trace.x[-1] + 1, period, dtype=float)
    x = np.stack((starts, starts + on), axis=1).clip(trace.x[0], trace.x[-1])
    y = np.interp(x, trace.x, trace.top)
    some = np.isfinite(y).all(axis=1) & (x[:, 1] > x[:, 0])
    return [pg.functions.arrayToQPolygonF(*each) for each in zip(x[some], y[some], strict=True)]


def _soft(painter: QPainter, pieces: list[QPolygonF], ink: QColor, wide: float) -> None:
    pen = QPen(ink, 1.0)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(_ANTIALIASING, True)
    for dx, dy in _strokes(wide):
        painter.translate(dx, dy)
        for piece in pieces:
            painter.drawPolyline(piece)
        painter.translate(-dx, -dy)
    painter.setRenderHint(_ANTIALIASING, False)


def _strokes(wide: float) -> list[tuple[float, float]]:
    """How far aside each line one pixel wide is drawn to make a wider one."""
    reach = (wide - 1) / 2
    if reach <= 0.2:
        return [(0.0, 0.0)]
    found, left = [], reach
    while left > 0.2:
        aslant = left * 0.7
        found += [(left, 0.0), (-left, 0.0), (0.0, left), (0.0, -left)]
        if left > 0.7:
            found += [(aslant, aslant), (-aslant, -aslant), (aslant, -aslant), (-aslant, aslant)]
        left -= 0.75
    return found
