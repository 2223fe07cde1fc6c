"""From tracks to pixels: what of a line covers a pixel whole, half, or by its edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradedesk.ui.chart.columns import YMap
    from tradedesk.ui.chart.studies.track import Track

    Cover = NDArray[np.float64]
    Dash = tuple[int, int, int]
    Reach = tuple[NDArray[np.float64], NDArray[np.float64]]
    Steep = tuple[NDArray[np.intp], NDArray[np.intp]]

_THIN: Final = 0.3
"""Lines are this much wider than they are called: a soft line of one pixel looks faint."""
_STEEP: Final = 1.5
"""Rows a column from which on a slope gets half covered ends in place of soft edges."""
_AROUND: Final = np.arange(3)[:, None]
"""A column and its neighbours, from the one at its left on."""


class Boxes(NamedTuple):
    """Left, top, right, bottom, edges included; line k has ``cuts[k]`` to ``cuts[k + 1]``."""

    rows: NDArray[np.int32]
    cuts: list[int]

    def of(self, line: int) -> NDArray[np.int32]:
        """Those of one line."""
        return self.rows[self.cuts[line] : self.cuts[line + 1]]


class Strokes(NamedTuple):
    """Pixels of some lines.

    Attributes
    ----------
    core : Boxes
        Covered whole.
    half : tuple of Boxes
        Covered by half.
    column : ndarray of int64, shape (m,)
        Pixel columns, line after line.
    row : ndarray of int32, shape (2, m)
        Of each column the two pixels that are covered in part, the upper one first.
    share : ndarray of float64, shape (2, m)
        How much of each, 0 to 1.
    cuts : list of int
        Line k has the columns ``cuts[k]`` to ``cuts[k + 1]``.
    first, last : ndarray of float64, shape (n,)
        Of each pixel column wanted the first and last row that anything covers; NaN for none.
    """

    core: Boxes
    half: tuple[Boxes, ...]
    column: NDArray[np.int64]
    row: NDArray[np.int32]
    share: NDArray[np.float64]
    cuts: list[int]
    first: NDArray[np.float64]
    last: NDArray[np.float64]


def strokes(
    tracks: Sequence[Track],
    ymap: YMap,
    widths: Sequence[float],
    within: tuple[int, int],
    dashes: Sequence[Dash],
) -> Strokes:
    """Cover tracks, all of the same columns and all smooth or none, in as few passes as for one.

    Parameters
    ----------
    tracks : sequence of Track
        With a column more on either side than is wanted: those only bound their neighbours.
    ymap : YMap
        Values to pixel rows.
    widths : sequence of float
        Of each line in pixels.
    within : tuple of int
        First row and the one behind the last that can be seen.
    dashes : sequence of tuple of int
        Columns on, columns in all, and where the pattern begins; ``(1, 1, 0)`` is solid.
    """
    start, smooth = tracks[0].start, tracks[0].smooth
    edges = _edges(tracks, ymap, within)
    wide = np.array(widths)[:, None] + _THIN
    inner = edges[:, :, 1:-1]
    column = np.arange(inner.shape[2]) + (start + 1)
    half: tuple[Boxes, ...] = ()
    if smooth:
        cover = _slanted(inner, wide)
        steep = (inner[1] - inner[0] > _STEEP).nonzero()
    else:
        cover = inner.copy()
        cover[0] -= wide / 2
        cover[1] += wide / 2
        steep = None
    reach = _soften(edges, cover, steep, wide) if steep is not None and len(steep[0]) else None
    _leave_out(cover, column, dashes)
    row, share = _shares(cover)
    reached = row.copy() if reach is not None else row
    if reach is not None and steep is not None:
        half = _half_covered(column, row, steep, reach)
        _widen(row, share, reached, steep, reach)
    core = _boxes(None, column, row[0] + 1, row[1] - 1)
    # a pixel that holds both edges is told once
    np.maximum(row[1], row[0] + 1, out=row[1])
    return _told(core, half, column, row, share, reached)


def _edges(tracks: Sequence[Track], ymap: YMap, within: tuple[int, int]) -> NDArray[np.float64]:
    """Upper and lower end of each line in each column; written in place, as they are many."""
    edges = np.empty((2, len(tracks), len(tracks[0].low)))
    for at, track in enumerate(tracks):
        edges[0, at], edges[1, at] = track.high, track.low
    if ymap.logarithmic or ymap.scale < 0:
        one, other = ymap.exact_rows(edges[0]), ymap.exact_rows(edges[1])
        np.minimum(one, other, out=edges[0])
        np.maximum(one, other, out=edges[1])
    else:
        edges *= -ymap.scale
        edges += ymap.origin
    np.maximum(edges, within[0] - 4.0, out=edges)
    np.minimum(edges, within[1] + 4.0, out=edges)
    return edges


def _leave_out(cover: Cover, column: NDArray[np.int64], dashes: Sequence[Dash]) -> None:
    """Columns between dashes are not covered."""
    for at, (on, period, begin) in enumerate(dashes):
        if period > 1:
            cover[:, at, (column - begin) % period >= on] = np.nan


def _shares(cover: Cover) -> tuple[Cover, Cover]:
    """First and last row that are touched, and how much of them is covered."""
    row = np.floor(cover)
    share = np.empty_like(cover)
    np.minimum(cover[1], row[0] + 1, out=share[0])
    share[0] -= cover[0]
    np.subtract(cover[1], row[1], out=share[1])
    share[1] *= row[1] > row[0]
    return row, share


def _widen(row: Cover, share: Cover, reached: Cover, steep: Steep, reach: Reach) -> None:
    """What is not covered whole of the pixels between is covered by half."""
    line, at = steep
    between = np.stack((reach[0] < row[0, line, at], reach[1] >= row[1, line, at] + 1))
    known = share[:, line, at]
    share[:, line, at] = known + between * (1 - known) / 2
    reached[0, line, at] = np.minimum(np.floor(reach[0]), row[0, line, at])
    reached[1, line, at] = np.maximum(np.floor(reach[1]), row[1, line, at])


def _told(
    core: Boxes,
    half: tuple[Boxes, ...],
    column: NDArray[np.int64],
    row: Cover,
    share: Cover,
    reached: Cover,
) -> Strokes:
    known = row[0] == row[0]
    first = np.fmin.reduce(reached[0], axis=0)
    last = np.fmax.reduce(np.maximum(reached[1], row[1]), axis=0)
    counts = [0, *np.count_nonzero(known, axis=1).cumsum().tolist()]
    every = np.broadcast_to(column, known.shape)
    if counts[-1] == known.size:
        flat, rows, shares = every.ravel(), row.reshape(2, -1), share.reshape(2, -1)
    else:
        flat, rows, shares = every[known], row[:, known], share[:, known]
    return Strokes(core, half, flat, rows.astype(np.int32), shares, counts, first, last)


def _slanted(edges: Cover, wide: NDArray[np.float64]) -> Cover:
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


def _soften(edges: Cover, cover: Cover, steep: Steep, wide: NDArray[np.float64]) -> Reach:
    """Give steep columns ends that are half covered, and draw in what is covered whole.

    The ends reach into the rows of the neighbouring columns, but never beyond them. Changes
    `cover`; returns how far the ends reach, for the steep columns only.
    """
    line, at = steep
    around = edges[:, line, at + _AROUND]
    own_top, own_bottom = around[0, 1], around[1, 1]
    upper, lower = cover[:, line, at]
    soft = (own_bottom - own_top) / 4
    half = wide[line, 0] / 2
    highest = np.fmin.reduce(around[0], axis=0) - half
    lowest = np.fmax.reduce(around[1], axis=0) + half
    cover[0, line, at] = np.maximum(upper + soft, highest)
    cover[1, line, at] = np.minimum(lower - soft, lowest)
    return np.maximum(upper - soft, highest), np.minimum(lower + soft, lowest)


def _half_covered(
    column: NDArray[np.int64], row: Cover, steep: Steep, reach: Reach
) -> tuple[Boxes, Boxes]:
    """Boxes from the edges of what is covered whole to where the soft ends reach."""
    line, at = steep
    lines = row.shape[1]
    above = _boxes((line, lines), column[at], np.floor(reach[0]), row[0, line, at] - 1)
    below = _boxes((line, lines), column[at], row[1, line, at] + 1, np.floor(reach[1]))
    return above, below


def _boxes(
    of: tuple[NDArray[np.intp], int] | None,
    column: NDArray[np.int64],
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
) -> Boxes:
    """One column wide, without those that hold no row.

    `of` is the line of each and how many lines there are; None where each has a row of its own.
    """
    some = (bottom >= top).nonzero()
    line, count = (some[0], len(top)) if of is None else (of[0][some[0]], of[1])
    boxes = np.empty((len(line), 4), np.int32)
    boxes[:, 0] = boxes[:, 2] = column[some[-1]]
    boxes[:, 1], boxes[:, 3] = top[some], bottom[some]
    return Boxes(boxes, np.searchsorted(line, np.arange(count + 1)).tolist())
