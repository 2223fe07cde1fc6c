"""From tracks to pixels: what of a line covers a pixel whole, half, or by its edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.ui.chart.columns import YMap
    from tradedesk.ui.chart.studies.track import Track

_THIN: Final = 0.3
"""Lines are this much wider than they are called: a soft line of one pixel looks faint."""
_STEEP: Final = 1.5
"""Rows a column from which on a slope gets half covered ends in place of soft edges."""
_NONE: Final = np.empty((0, 4), np.int32)


class Stroke(NamedTuple):
    """Pixels of a line.

    Attributes
    ----------
    core, half : ndarray of int32, shape (n, 4)
        Boxes of left, top, right, bottom, edges included, that are covered whole or by half.
    column, row : ndarray of int64, shape (m,)
        Pixels that are covered in part.
    share : ndarray of float64, shape (m,)
        How much of each, 0 to 1.
    """

    core: NDArray[np.int32]
    half: NDArray[np.int32]
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    share: NDArray[np.float64]


def stroke(
    track: Track, ymap: YMap, width: float, within: tuple[int, int], dash: tuple[int, int, int]
) -> Stroke:
    """Cover a track.

    Parameters
    ----------
    track : Track
        With a column more on either side than is wanted: those only bound their neighbours.
    ymap : YMap
        Values to pixel rows.
    width : float
        Of the line in pixels.
    within : tuple of int
        First row and the one behind the last that can be seen.
    dash : tuple of int
        Columns on, columns in all, and where the pattern begins; ``(1, 1, 0)`` is solid.
    """
    seen = (within[0] - 4.0, within[1] + 4.0)
    top = np.clip(ymap.origin - track.high * ymap.scale, *seen)
    bottom = np.clip(ymap.origin - track.low * ymap.scale, *seen)
    wide = width + _THIN
    steep = np.empty(0, np.intp)
    if track.smooth:
        upper, lower = _slanted(top[1:-1], bottom[1:-1], wide)
        steep = np.flatnonzero(bottom[1:-1] - top[1:-1] > _STEEP)
        above, below = _soften(top, bottom, upper, lower, steep, wide)
    else:
        upper, lower = top[1:-1] - wide / 2, bottom[1:-1] + wide / 2
    column = np.arange(len(upper)) + (track.start + 1)
    first, last = np.floor(upper), np.floor(lower)
    head, foot = np.minimum(lower, first + 1) - upper, (lower - last) * (last > first)
    half = _NONE
    if len(steep):
        half = np.concatenate(
            (
                _boxes(column[steep], np.floor(above), first[steep] - 1),
                _boxes(column[steep], last[steep] + 1, np.floor(below)),
            )
        )
        # what is not covered whole of the pixels between is covered by half
        head[steep] += (above < first[steep]) * (1 - head[steep]) / 2
        foot[steep] += (below >= last[steep] + 1) * (1 - foot[steep]) / 2
    # a pixel that holds both edges is told once
    last = np.maximum(last, first + 1)
    kept = np.isfinite(upper)
    if dash[1] > 1:
        kept &= (column - dash[2]) % dash[1] < dash[0]
    if not kept.all():
        half = half[kept[half[:, 0] - (track.start + 1)]]
        column, first, last = column[kept], first[kept], last[kept]
        head, foot = head[kept], foot[kept]
    return Stroke(
        _boxes(column, first + 1, last - 1),
        half,
        np.concatenate((column, column)),
        np.concatenate((first, last)).astype(np.int64),
        np.concatenate((head, foot)),
    )


def _slanted(
    top: NDArray[np.float64], bottom: NDArray[np.float64], wide: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Upper and lower edge: a line of some width covers more rows the steeper it is."""
    rise = bottom - top
    middle = (top + bottom) / 2
    half = np.sqrt(rise * rise + 1.0) * (wide / 2)
    return middle - half, middle + half


def _soften(
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
    upper: NDArray[np.float64],
    lower: NDArray[np.float64],
    steep: NDArray[np.intp],
    wide: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give steep columns ends that are half covered, and draw in what is covered whole.

    The ends reach into the rows of the neighbouring columns, but never beyond them. Changes
    `upper` and `lower`; returns how far the ends reach, for the steep columns only.
    """
    here = steep + 1
    soft = (bottom[here] - top[here]) / 4
    highest = np.fmin(np.fmin(top[here - 1], top[here + 1]), top[here]) - wide / 2
    lowest = np.fmax(np.fmax(bottom[here - 1], bottom[here + 1]), bottom[here]) + wide / 2
    above = np.maximum(upper[steep] - soft, highest)
    below = np.minimum(lower[steep] + soft, lowest)
    upper[steep] = np.maximum(upper[steep] + soft, highest)
    lower[steep] = np.minimum(lower[steep] - soft, lowest)
    return above, below


def _boxes(
    column: NDArray[np.int64], top: NDArray[np.float64], bottom: NDArray[np.float64]
) -> NDArray[np.int32]:
    """One column wide, without those that hold no row."""
    some = np.flatnonzero(bottom >= top)
    boxes = np.empty((len(some), 4), np.int32)
    boxes[:, 0] = boxes[:, 2] = column[some]
    boxes[:, 1], boxes[:, 3] = top[some], bottom[some]
    return boxes
