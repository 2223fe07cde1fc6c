"""Rows of trades or bars into bars, given the row at which each bar begins.

Trades are reduced in pieces that stay in the second-level cache, all in int32 as long as a bound
checked for each piece says that no sum can leave it; otherwise that piece is done in int64. A bar
longer than a piece is cut and its parts are joined afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tradedesk.engine.bars import COLUMNS, DTYPES, Bars
from tradedesk.engine.column import INT32, INT64
from tradedesk.engine.window_extremes import WindowExtremes

if TYPE_CHECKING:
    from tradedesk.engine.batch import TradeBatch

PIECE: Final = 131_072
"""Trades reduced at a time."""

_INT32_END: Final = 2**31
_SHORT_BAR: Final = 48
"""Up to here, in trades a bar, a running sum costs less than starting anew for each bar."""
_FEW_BARS: Final = 64

Starts = NDArray[np.intp]
Int64s = NDArray[np.int64]


def reduce_trades(trades: TradeBatch, starts: Starts, opens: Int64s) -> Bars:
    """Make one bar of the rows from each start to the next.

    Parameters
    ----------
    trades : TradeBatch
        At least one trade.
    starts : ndarray of intp, shape (bars,)
        Strictly ascending rows, the first one 0.
    opens : ndarray of int64, shape (bars,)
        When each bar opens.
    """
    rows = len(trades)
    parts = _cut_long(starts, rows)
    bars = _room(len(parts))
    piece_firsts = np.unique(parts.searchsorted(np.arange(0, rows, PIECE))).tolist()
    buffer = np.empty(min(rows, 2 * PIECE), np.int32)
    extremes = WindowExtremes(len(buffer))
    for first, last in zip(piece_firsts, [*piece_firsts[1:], len(parts)], strict=True):
        if first == last:
            continue
        begin = int(parts[first])
        end = int(parts[last]) if last < len(parts) else rows
        at = parts[first:last] - begin
        _reduce_piece(trades[begin:end], at, bars[first:last], buffer, extremes)
    if len(parts) > len(starts):
        return reduce_bars(bars, parts.searchsorted(starts), opens)
    bars.ts_ns = opens
    return bars


def _cut_long(starts: Starts, rows: int) -> Starts:
    """Starts of the bars and, inside bars longer than a piece, of their parts."""
    if rows <= PIECE:
        return starts
    ends = np.append(starts[1:], rows)
    long = np.flatnonzero(ends - starts > PIECE)
    if not len(long):
        return starts
    cuts = [
        np.arange(first + PIECE, end, PIECE)
        for first, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True)
    ]
    return np.sort(np.concatenate([starts, *cuts]))


def _room(rows: int) -> Bars:
    return Bars.unchecked(tuple(np.empty(rows, DTYPES[name]) for name in COLUMNS))


def _reduce_piece(
    trades: TradeBatch,
    at: Starts,
    bars: Bars,
    buffer: NDArray[np.int32],
    extremes: WindowExtremes,
) -> None:
    """Fill `bars`, whose rows begin `at`; in the order that reads each column while it is near."""
    price, qty = trades.px_ticks, trades.qty
    lasts = np.append(at[1:], len(price))
    np.subtract(lasts, at, out=bars.count)
    lasts -= 1
    np.take(price, at, out=bars.open, mode="clip")
    np.take(price, lasts, out=bars.close, mode="clip")
    extremes.fill(price, at, lasts, bars.high, bars.low)
    base = int(price[0])
    span = max(int(bars.high.max()) - base, base - int(bars.low.min()))
    narrow = int(qty.max()) * len(qty) < _INT32_END
    bars.volume[:] = _sums(qty, at, lasts, narrow=narrow)
    bars.turnover[:] = base * bars.volume
    if span * int(bars.volume.max()) < _INT32_END:
        # Products and sums wrap round in int32. What is left of a sum without the base's share
        # lies within int32, so that it comes out right all the same.
        products = np.multiply(price, qty, out=buffer[: len(price)])
        rest = _sums(products, at, lasts, narrow=True)
        rest -= bars.turnover.astype(np.int32)
        bars.turnover += rest
    else:
        bars.turnover += np.add.reduceat(np.subtract(price, base, dtype=np.int64) * qty, at)
    bars.buy_volume[:] = _sums(trades.buy_qty, at, lasts, narrow=narrow)


def _sums(column: NDArray[Any], at: Starts, lasts: Starts, *, narrow: bool) -> NDArray[Any]:
    """Sums from each start to the last row before the next one.

    Parameters
    ----------
    column : ndarray of int32 or int64, shape (n,)
        What to add up.
    at, lasts : ndarray of intp, shape (bars,)
        First and last row of each bar.
    narrow : bool
        Whether no single sum leaves int32, so that it may be made there; int64 otherwise. The
        running sum over all bars may leave it: it wraps round, and the differences come out
        right all the same.
    """
    sums = INT32 if narrow else INT64
    if len(at) < _FEW_BARS or len(column) > _SHORT_BAR * len(at):
        total: NDArray[Any] = np.add.reduceat(column, at, dtype=sums)
        return total
    running: NDArray[Any] = np.cumsum(column, dtype=sums).take(lasts)
    running[1:] -= running[:-1].copy()
    return running


def reduce_bars(bars: Bars, starts: Starts, opens: Int64s) -> Bars:
    """Make one bar of the bars from each start to the next.

    Parameters
    ----------
    bars : Bars
        At least one bar.
    starts : ndarray of intp, shape (bars,)
        Strictly ascending rows, the first one 0.
    opens : ndarray of int64, shape (bars,)
        When each new bar opens.
    """
    lasts = np.append(starts[1:], len(bars))
    lasts -= 1
    volume = _sums(bars.volume, starts, lasts, narrow=False)
    if bars.count.any():
        flow = [
            _sums(column, starts, lasts, narrow=False)
            for column in (bars.buy_volume, bars.turnover, bars.count)
        ]
        if not bars.count.all():
            unknown = np.logical_or.reduceat(~bars.flow_known, starts)
            for column in flow:
                column[unknown] = 0
    else:
        flow = [np.zeros(len(starts), np.int64) for _ in range(3)]
    return Bars.unchecked(
        (
            opens,
            bars.open[starts],
            np.maximum.reduceat(bars.high, starts),
            np.minimum.reduceat(bars.low, starts),
            bars.close[lasts],
            volume,
            *flow,
        )
    )
