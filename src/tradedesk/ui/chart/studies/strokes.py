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
_NOWHERE: Final = np.empty(0, np.intp)


class Stroke(NamedTuple):
    """Pixels of a line.

    Attributes
    ----------
    core, half : ndarray of int32, shape (n, 4)
        Boxes of left, top, right, bottom, edges included, that are covered whole or by half.
    column : ndarray of int64, shape (m,)
        Pixel columns.
    row : ndarray of int64, shape (2, m)
        Of each column the two pixels that are covered in part, the upper one first.
    share : ndarray of float64, shape (2, m)
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
    edges = _edges(track, ymap)
    np.maximum(edges, within[0] - 4.0, out=edges)
    np.minimum(edges, within[1] + 4.0, out=edges)
    wide = width + _THIN
    inner = edges[:, 1:-1]
    reach, steep = None, _NOWHERE
    if track.smooth:
        cover = _slanted(inner, wide)
        steep = (inner[1] - inner[0] > _STEEP).nonzero()[0]
        if len(steep):
            reach = _soften(edges, cover, steep, wide)
    else:
        cover = inner.copy()
        cover[0] -= wide / 2
        cover[1] += wide / 2
    column = np.arange(cover.shape[1]) + (track.start + 1)
    row = np.floor(cover)
    upper, lower = cover
    first, last = row
    share = np.empty_like(cover)
    below_first = first + 1
    np.minimum(lower, below_first, out=share[0])
    share[0] -= upper
    np.subtract(lower, last, out=share[1])
    share[1] *= last > first
    half = _NONE
    if reach is not None:
        half = _half_covered(column[steep], row[:, steep], reach)
        # what is not covered whole of the pixels between is covered by half
        between = np.stack((reach[0] < first[steep], reach[1] >= last[steep] + 1))
        share[:, steep] += between * (1 - share[:, steep]) / 2
    # a pixel that holds both edges is told once
    np.maximum(last, below_first, out=last)
    kept = np.isfinite(upper)
    if dash[1] > 1:
        kept &= (column - dash[2]) % dash[1] < dash[0]
    if not kept.all():
        half = half[kept[half[:, 0] - (track.start + 1)]]
        column, row, share = column[kept], row[:, kept], share[:, kept]
    return Stroke(_boxes(column, row[0] + 1, row[1] - 1), half, column, row.astype(np.int64), share)


def _edges(track: Track, ymap: YMap) -> NDArray[np.float64]:
    """Upper and lower pixel row of each column, with fractions; float64, shape (2, n)."""
    # written in place: these columns are few and short while the market ticks
    edges = np.empty((2, len(track.low)))
    if ymap.logarithmic or ymap.scale < 0:
        one, other = ymap.exact_rows(track.high), ymap.exact_rows(track.low)
        np.minimum(one, other, out=edges[0])
        np.maximum(one, other, out=edges[1])
    else:
        np.multiply(track.high, -ymap.scale, out=edges[0])
        np.multiply(track.low, -ymap.scale, out=edges[1])
        edges += ymap.origin
    return edges


def _slanted(edges: NDArray[np.float64], wide: float) -> NDArray[np.float64]:
    """Upper and lower edge: a line of some width covers more rows the steeper it is."""
    top, bottom = edges
    half = bottom - top
    half *= half
    half += 1.0
    np.sqrt(half, out=half)
    half *= wide / 2
    middle = top + bottom
    middle *= 0.5
    cover = np.empty_like(edges)
    np.subtract(middle, half, out=cover[0])
    np.add(middle, half, out=cover[1])
    return cover


def _soften(
    edges: NDArray[np.float64], cover: NDArray[np.float64], steep: NDArray[np.intp], wide: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give steep columns ends that are half covered, and draw in what is covered whole.

    The ends reach into the rows of the neighbouring columns, but never beyond them. Changes
    `cover`; returns how far the ends reach, for the steep columns only.
    """
    here = steep + 1
    top, bottom = edges
    own_top, own_bottom = top[here], bottom[here]
    upper, lower = cover[:, steep]
    soft = (own_bottom - own_top) / 4
    highest = np.fmin(np.fmin(top[steep], top[here + 1]), own_top) - wide / 2
    lowest = np.fmax(np.fmax(bottom[steep], bottom[here + 1]), own_bottom) + wide / 2
    cover[0, steep] = np.maximum(upper + soft, highest)
    cover[1, steep] = np.minimum(lower - soft, lowest)
    return np.maximum(upper - soft, highest), np.minimum(lower + soft, lowest)


def _half_covered(
    column: NDArray[np.int64],
    row: NDArray[np.float64],
    reach: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.int32]:
    """Boxes from the edges of what is covered whole to where the soft ends reach."""
    above = _boxes(column, np.floor(reach[0]), row[0] - 1)
    below = _boxes(column, row[1] + 1, np.floor(reach[1]))
    return np.concatenate((above, below))


def _boxes(
    column: NDArray[np.int64], top: NDArray[np.float64], bottom: NDArray[np.float64]
) -> NDArray[np.int32]:
    """One column wide, without those that hold no row."""
    some = (bottom >= top).nonzero()[0]
    boxes = np.empty((len(some), 4), np.int32)
    boxes[:, 0] = boxes[:, 2] = column[some]
    boxes[:, 1], boxes[:, 3] = top[some], bottom[some]
    return boxes
