"""Bars in one pass of a compiled loop: numba, on our integer columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.bar_data import Columns
    from numpy.typing import NDArray

COLUMNS = 9


def one_pass(numba: Any) -> Callable[[Columns, int], NDArray[np.int64]]:
    """Compile the loop; gives a function of the trades and the length of a bar in nanoseconds.

    Its result has one row a bar: open time, open, high, low, close, volume, buy volume, turnover,
    count. The compiling takes place at the first call.
    """
    loop = numba.njit(boundscheck=False)(_loop)

    def bars(trades: Columns, period_ns: int) -> NDArray[np.int64]:
        ts_ns = trades["ts_ns"]
        most = min(len(ts_ns), int(ts_ns[-1] - ts_ns[0]) // period_ns + 2)
        out = np.empty((most, COLUMNS), np.int64)
        columns = (ts_ns, trades["px_ticks"], trades["qty"], trades["buy_qty"])
        return out[: loop(*columns, period_ns, out)]

    return bars


def _loop(
    ts_ns: Any, px_ticks: Any, qty: Any, buy_qty: Any, period_ns: int, out: NDArray[np.int64]
) -> int:
    bar = -1
    edge = ts_ns[0] - 1
    first = high = low = last = np.int32(0)
    volume = buy = turnover = count = np.int64(0)
    opened = np.int64(0)
    for row in range(len(ts_ns)):
        px = px_ticks[row]
        if ts_ns[row] >= edge:
            if bar >= 0:
                out[bar, 0], out[bar, 1], out[bar, 2] = opened, first, high
                out[bar, 3], out[bar, 4], out[bar, 5] = low, last, volume
                out[bar, 6], out[bar, 7], out[bar, 8] = buy, turnover, count
            bar += 1
            opened = ts_ns[row] // period_ns * period_ns
            edge = opened + period_ns
            first = high = low = px
            volume = buy = turnover = count = np.int64(0)
        high = max(high, px)
        low = min(low, px)
        last = px
        volume += qty[row]
        buy += buy_qty[row]
        turnover += np.int64(px) * qty[row]
        count += 1
    out[bar, 0], out[bar, 1], out[bar, 2] = opened, first, high
    out[bar, 3], out[bar, 4], out[bar, 5] = low, last, volume
    out[bar, 6], out[bar, 7], out[bar, 8] = buy, turnover, count
    return bar + 1
