"""The price with the most volume.

Of several prices with the same volume the one nearest to the middle between the lowest and the
highest traded price is taken, and of two equally near the higher one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.orderflow.levels import Levels


def points_of_control(levels: Levels) -> NDArray[np.intp]:
    """Return the row of the point of control of each bar; shape (bars,).

    Every bar has at least one price. Where no contract traded all prices tie.
    """
    firsts, widths = levels.offsets[:-1], np.diff(levels.offsets)
    if not len(firsts):
        return np.empty(0, np.intp)
    top = np.maximum.reduceat(levels.volume, firsts)
    tied = np.flatnonzero(levels.volume == np.repeat(top, widths))
    begins = tied.searchsorted(firsts)
    prices = levels.px_ticks.astype(np.int64)
    ends = prices[firsts] + prices[levels.offsets[1:] - 1]
    # twice the distance to the middle, and one more below it, so that no two keys are the same
    from_middle = 2 * prices[tied] - np.repeat(ends, np.diff(np.append(begins, len(tied))))
    key = 2 * np.abs(from_middle) + (from_middle < 0)
    nearest = np.minimum.reduceat(key, begins)
    won = key == np.repeat(nearest, np.diff(np.append(begins, len(tied))))
    rows: NDArray[np.intp] = tied[won]
    return rows
