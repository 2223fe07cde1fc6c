"""How far the delta of a bar went to either side while the bar was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.batch import TradeBatch

_INT32_END: Final = 2**31


def delta_extremes(
    trades: TradeBatch, starts: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the highest and the lowest delta of each bar, which begins at 0.

    Parameters
    ----------
    trades : TradeBatch
        At least one trade.
    starts : ndarray of intp, shape (bars,)
        Strictly ascending rows, the first one 0.
    """
    most = int(trades.qty.max())
    if 2 * most * len(trades.qty) >= _INT32_END:
        most = int(trades.qty.sum(dtype=np.int64))
    else:
        most *= len(trades.qty)
    # no running delta leaves the volume, nor does twice what was bought leave twice of it
    kind = np.int32 if 2 * most < _INT32_END else np.int64
    running = np.left_shift(trades.buy_qty, 1, dtype=kind)
    running -= trades.qty
    np.cumsum(running, dtype=kind, out=running)
    before = np.zeros(len(starts), np.int64)
    before[1:] = running[starts[1:] - 1]
    highest = np.maximum.reduceat(running, starts) - before
    lowest = np.minimum.reduceat(running, starts) - before
    return np.maximum(highest, 0), np.minimum(lowest, 0)
