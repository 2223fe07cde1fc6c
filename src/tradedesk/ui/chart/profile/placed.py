"""Profiles in their places, as columns that are turned to boxes at once. No painting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradedesk.ui.chart.columns import YMap
    from tradedesk.ui.chart.profile.measure import Measured

VISIBLE: Final = "visible"
SESSION: Final = "session"
RANGE: Final = "range"
INKS: Final = 6
"""Bought, sold and not known, each outside of the value area and inside."""


class Placed(NamedTuple):
    """A profile and the bars that it belongs to.

    Attributes
    ----------
    kind : str
        ``visible`` stands at the right edge of the pane, the others at the left of their bars.
    start, stop : int
        First row and the one behind the last.
    """

    kind: str
    start: int
    stop: int
    found: Measured


class Rows(NamedTuple):
    """All rows of some profiles, one behind the other; columns of one length.

    Attributes
    ----------
    owner : ndarray of intp
        Which profile.
    low, high : ndarray of int64
        Lowest price and the lowest one of the row above, in ticks.
    bought, total : ndarray of float64
        Volume as shares of the busiest row of the profile.
    split : ndarray of bool
        Whether it is known who bought and who sold.
    inside : ndarray of bool
        Whether the row lies in the value area.
    """

    owner: NDArray[np.intp]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    bought: NDArray[np.float64]
    total: NDArray[np.float64]
    split: NDArray[np.bool_]
    inside: NDArray[np.bool_]


def rows_of(placed: Sequence[Placed]) -> Rows:
    """Put the rows of profiles together."""
    parts = [_rows(number, one.found) for number, one in enumerate(placed)]
    if not parts:
        nothing = np.empty(0, np.int64)
        empty, never = np.empty(0), np.empty(0, np.bool_)
        return Rows(nothing, nothing, nothing, empty, empty, never, never)
    return Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _rows(owner: int, found: Measured) -> Rows:
    profile = found.profile
    low = profile.px_ticks.astype(np.int64)
    most = max(1, int(profile.volume.max()))
    count = len(low)
    return Rows(
        np.full(count, owner, np.intp),
        low,
        low + profile.row_ticks,
        profile.buy_volume / most,
        profile.volume / most,
        np.full(count, found.split),
        (low >= found.area.low) & (low <= found.area.high),
    )


class Boxes(NamedTuple):
    """Boxes of one ink, and which profile each belongs to; x counts from where that begins."""

    boxes: NDArray[np.int32]
    owner: NDArray[np.intp]

    def moved(self, begins: NDArray[np.int32]) -> NDArray[np.int32]:
        """The boxes in their places, for profiles that begin at these pixel columns."""
        found = self.boxes.copy()
        found[:, 0::2] += begins[self.owner][:, None]
        return found


def boxes_of(rows: Rows, width: NDArray[np.int64], ymap: YMap, gap: int) -> list[Boxes]:
    """Boxes in device pixels for each of `INKS`.

    Parameters
    ----------
    rows : Rows
        Of some profiles.
    width : ndarray of int64, shape (profiles,)
        How long the busiest row of each is; a negative width grows to the left.
    ymap : YMap
        Ticks to pixel rows.
    gap : int
        Pixels between two rows, where they are high enough.
    """
    top, stop = ymap.spans(rows.high - 0.5, rows.low - 0.5)
    bottom = stop - 1
    bottom = np.where(bottom - top >= 2 * gap, bottom - gap, bottom)
    reach = width[rows.owner]
    total = np.rint(rows.total * reach).astype(np.int64)
    part = np.where(rows.split, np.rint(rows.bought * reach).astype(np.int64), 0)
    some, nothing = bottom >= top, np.zeros_like(total)
    found: list[Boxes] = []
    pieces = (
        (nothing, part, rows.split),
        (part, total, rows.split),
        (nothing, total, ~rows.split),
    )
    for start, end, wanted in pieces:
        boxes = np.empty((len(total), 4), np.int32)
        boxes[:, 0], boxes[:, 2] = np.minimum(start, end), np.maximum(start, end) - 1
        boxes[:, 1], boxes[:, 3] = top, bottom
        shown = wanted & some & (start != end)
        found += [
            Boxes(boxes[which], rows.owner[which])
            for which in (shown & ~rows.inside, shown & rows.inside)
        ]
    return found
