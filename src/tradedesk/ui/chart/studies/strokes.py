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
    if track.smooth:
        upper, lower, above, below = _slanted(top, bottom, wide)
    else:
        upper, lower = top[1:-1] - wide / 2, bottom[1:-1] + wide / 2
        above = below = None
    kept = np.isfinite(upper)
    column = np.arange(track.start + 1, track.start + 1 + len(upper))
    if dash[1] > 1:
        kept &= (column - dash[2]) % dash[1] < dash[0]
    kept = np.flatnonzero(kept)
    column, upper, lower = column[kept], upper[kept], lower[kept]
    first, last = np.floor(upper), np.floor(lower)
    core = _boxes(column, np.ceil(upper), last - 1)
    half = np.empty((0, 4), np.int32)
    if above is not None and below is not None and len(kept):
        half = np.concatenate(
            (
                _boxes(column, np.floor(above[kept]), first - 1),
                _boxes(column, last + 1, np.floor(below[kept])),
            )
        )
    one = first == last
    head = np.where(one, lower - upper, first + 1 - upper)
    foot = np.where(one, 0.0, lower - last)
    # the first row of a whole pixel belongs to the core already
    head[first == upper] = np.where(one, head, 0.0)[first == upper]
    return Stroke(
        core,
        half,
        np.concatenate((column, column)),
        np.concatenate((first, last)).astype(np.int64),
        np.concatenate((head, foot)),
    )


def _slanted(
    top: NDArray[np.float64], bottom: NDArray[np.float64], wide: float
) -> tuple[NDArray[np.float64], ...]:
    """Upper and lower edge of what is covered whole, and how far the half covered ends reach.

    A line of some width covers more rows the steeper it is. Its ends reach into the rows of the
    neighbouring columns, but never beyond them.
    """
    own_top, own_bottom = top[1:-1], bottom[1:-1]
    rise = own_bottom - own_top
    middle = (own_top + own_bottom) / 2
    half = wide / 2 * np.sqrt(1 + rise * rise)
    highest = np.fmin(np.fmin(top[:-2], top[2:]), own_top) - wide / 2
    lowest = np.fmax(np.fmax(bottom[:-2], bottom[2:]), own_bottom) + wide / 2
    soft = np.where(rise > _STEEP, rise / 4, 0.0)
    return (
        np.maximum(middle - half + soft, highest),
        np.minimum(middle + half - soft, lowest),
        np.maximum(middle - half - soft, highest),
        np.minimum(middle + half + soft, lowest),
    )


def _boxes(
    column: NDArray[np.int64], top: NDArray[np.float64], bottom: NDArray[np.float64]
) -> NDArray[np.int32]:
    """One column wide, without those that hold no row."""
    some = np.flatnonzero(bottom >= top)
    boxes = np.empty((len(some), 4), np.int32)
    boxes[:, 0] = boxes[:, 2] = column[some]
    boxes[:, 1], boxes[:, 3] = top[some], bottom[some]
    return boxes
