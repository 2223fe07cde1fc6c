"""An estimate of the volume at each price where only bars are known.

Each bar's volume is taken to have traded evenly over the ticks from its low to its high. No
contract gets lost: rows add up to the volume of the bars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.engine.orderflow.levels import Levels
from tradedesk.engine.orderflow.parameter import whole
from tradedesk.engine.orderflow.volume_profile import VolumeProfile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bars

_MOST_CELLS: Final = 1 << 18
_MOST_TICKS: Final = 2**31 - 1


def bar_profile(bars: Bars, row_ticks: int = 1) -> VolumeProfile:
    """Spread the volume of bars over their prices.

    Parameters
    ----------
    bars : Bars
        All of them count: slice first for a part.
    row_ticks : int, default 1
        Height of a row in ticks; rows count from price 0.

    Returns
    -------
    VolumeProfile
        Rows of which any bar covers a tick. `buy_volume` holds what is known of it: bars without
        order flow add nothing. `count` is how many bars reach into the row.

    Raises
    ------
    InputError
        If rows of that height are not possible.

    Notes
    -----
    Bars that reach over more than 262,144 ticks together are spread by rows instead of ticks.
    """
    row_ticks = whole(row_ticks, 1, _MOST_TICKS, "A row of {} ticks")
    if not len(bars):
        return VolumeProfile.empty(row_ticks)
    lowest, highest = int(bars.low.min()), int(bars.high.max())
    unit = 1
    while (highest // unit) - (lowest // unit) >= _MOST_CELLS:
        unit = row_ticks if unit == 1 and row_ticks > 1 else unit * 2
    base = lowest // row_ticks * row_ticks // unit
    low = np.floor_divide(bars.low, unit, dtype=np.int64) - base
    high = np.floor_divide(bars.high, unit, dtype=np.int64) - base
    cells = int(high.max()) + 1
    covered = np.cumsum(
        np.bincount(low, minlength=cells + 1) - np.bincount(high + 1, minlength=cells + 1)
    )[:cells]
    bought = _spread(bars.buy_volume, low, high, cells)
    volume = bought + _spread(bars.volume - bars.buy_volume, low, high, cells)
    return _in_rows(volume, bought, covered, base * unit, unit, row_ticks)


def _spread(
    column: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64], cells: int
) -> NDArray[np.int64]:
    """Contracts in all cells up to and with each one."""
    if not column.any():
        return np.zeros(cells, np.int64)
    each = column / (high - low + 1)
    steps = np.bincount(low, each, cells + 1) - np.bincount(high + 1, each, cells + 1)
    running = np.cumsum(np.cumsum(steps)[:cells])
    # The end is known exactly, and no step of a running sum goes down but by rounding.
    found = np.rint(np.maximum.accumulate(running)).astype(np.int64)
    total = int(column.sum())
    found[-1] = total
    return np.minimum(found, total)


def _in_rows(
    volume: NDArray[np.int64],
    bought: NDArray[np.int64],
    covered: NDArray[np.int64],
    first_px: int,
    unit: int,
    row_ticks: int,
) -> VolumeProfile:
    """Running sums by cell to rows."""
    row = (first_px + np.arange(len(volume)) * unit) // row_ticks
    last = np.flatnonzero(np.diff(row, append=row[-1] + 1))
    begins = np.append(0, last[:-1] + 1)
    volumes = np.diff(volume[last], prepend=0)
    buys = np.diff(bought[last], prepend=0)
    counts = np.maximum.reduceat(covered, begins)
    kept = counts > 0
    prices = (row[last][kept] * row_ticks).astype(np.int32)
    offsets = np.array([0, len(prices)], np.intp)
    levels = Levels(offsets, prices, volumes[kept], buys[kept], counts[kept])
    return VolumeProfile(levels, row_ticks)
