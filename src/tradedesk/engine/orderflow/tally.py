"""Trades into sums per bar and price.

Every bar gets a stretch of cells as long as the span of its prices, and the trades are added into
the cells in pieces that stay in cache. Volume, buy volume and number of trades share one int64
while a piece is added: each has its own bits, wide enough for all of the piece, so that a single
scatter does the work of three. A tape whose prices span far more cells than it has trades is
sorted instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.engine.orderflow.levels import Levels, changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.batch import TradeBatch

PIECE: Final = 16_384
"""Trades added at a time; at most ``2**15 - 1``."""

_COUNT_BITS: Final = 15
_SUM_BITS: Final = 24
"""Two sums and a count fill 63 bits, so that the packed number never turns negative."""
_SUM_MASK: Final = (1 << _SUM_BITS) - 1
_COUNT_MASK: Final = (1 << _COUNT_BITS) - 1
_CELLS_PER_TRADE: Final = 4
_ROOM: Final = 65_536


def tally(trades: TradeBatch, starts: NDArray[np.intp]) -> Levels:
    """Add up trades per bar and price.

    Parameters
    ----------
    trades : TradeBatch
        At least one trade.
    starts : ndarray of intp, shape (bars,)
        Strictly ascending rows, the first one 0.
    """
    rows = len(trades)
    lows = np.minimum.reduceat(trades.px_ticks, starts).astype(np.int64)
    widths = np.maximum.reduceat(trades.px_ticks, starts) - lows + 1
    # The sum of the widths cannot leave int64: each is at most 2**32.
    if int(widths.sum()) > _CELLS_PER_TRADE * rows + _ROOM:
        return _tally_sorted(trades, starts)
    cells = _Cells(np.append(starts, rows), lows, widths)
    for begin in range(0, rows, PIECE):
        cells.add(trades[begin : begin + PIECE], begin)
    return cells.levels()


class _Cells:
    """Volume, buy volume and number of trades per price of each bar, those without any included.

    Parameters
    ----------
    edges : ndarray of intp, shape (bars + 1,)
        Row at which each bar begins, and the number of rows.
    lows, widths : ndarray of int64, shape (bars,)
        Lowest price of each bar and how many prices it spans.
    """

    __slots__ = ("_edges", "_ends", "_packed", "_places", "_shifts", "_sums")

    def __init__(
        self, edges: NDArray[np.intp], lows: NDArray[np.int64], widths: NDArray[np.int64]
    ) -> None:
        self._edges = edges
        self._ends = np.zeros(len(edges), np.int64)
        np.cumsum(widths, out=self._ends[1:])
        self._shifts = self._ends[:-1] - lows  # what makes a cell of a price
        self._sums = tuple(np.zeros(int(self._ends[-1]), np.int64) for _ in range(3))
        self._packed = np.empty(PIECE, np.int64)
        self._places = np.empty(PIECE, np.int64)

    def add(self, trades: TradeBatch, begin: int) -> None:
        """Add a piece that begins at this row of the whole."""
        places, low, high = self._place(trades.px_ticks, begin)
        volume, buy_volume, count = (column[low:high] for column in self._sums)
        qty = trades.qty
        if int(qty.max()) * len(qty) > _SUM_MASK and int(qty.sum(dtype=np.int64)) > _SUM_MASK:
            np.add.at(volume, places, qty.astype(np.int64))
            np.add.at(buy_volume, places, trades.buy_qty.astype(np.int64))
            np.add.at(count, places, 1)
            return
        packed = self._packed[: len(qty)]
        np.copyto(packed, qty)
        packed <<= _SUM_BITS
        packed |= trades.buy_qty
        packed <<= _COUNT_BITS
        packed |= 1
        sums = np.zeros(high - low, np.int64)
        np.add.at(sums, places, packed)
        count += sums & _COUNT_MASK
        sums >>= _COUNT_BITS
        buy_volume += sums & _SUM_MASK
        sums >>= _SUM_BITS
        volume += sums

    def _place(self, price: NDArray[np.int32], begin: int) -> tuple[NDArray[np.int64], int, int]:
        """Cells of the trades of a piece, counted from the first of the returned bounds."""
        edges, end = self._edges, begin + len(price)
        first = int(edges.searchsorted(begin, "right")) - 1
        last = int(edges.searchsorted(end, "left"))
        low, high = int(self._ends[first]), int(self._ends[last])
        places = self._places[: len(price)]
        if last - first == 1:
            np.copyto(places, price)
            places += self._shifts[first] - low
        else:
            inside = edges[first : last + 1].copy()
            inside[0], inside[-1] = begin, end
            places = np.repeat(self._shifts[first:last] - low, inside[1:] - inside[:-1])
            places += price
        if high - low > 4 * PIECE:
            # far fewer trades than cells: look only at those between the outermost
            least, most = int(places.min()), int(places.max())
            places -= least
            low, high = low + least, low + most + 1
        return places, low, high

    def levels(self) -> Levels:
        """Return the prices at which something traded."""
        traded = np.flatnonzero(self._sums[2])
        # something traded at the lowest price of every bar, so no bar's first cell is left out
        offsets = traded.searchsorted(self._ends).astype(np.intp, copy=False)
        price = (traded - np.repeat(self._shifts, np.diff(offsets))).astype(np.int32)
        return Levels(offsets, price, *(column[traded] for column in self._sums))


def _tally_sorted(trades: TradeBatch, starts: NDArray[np.intp]) -> Levels:
    """The same for prices that are far apart."""
    rows = len(trades)
    bar = np.repeat(np.arange(len(starts), dtype=np.int64), np.diff(np.append(starts, rows)))
    key = bar << 32
    key += np.subtract(trades.px_ticks, np.iinfo(np.int32).min, dtype=np.int64)
    order = np.argsort(key, kind="stable")
    key = key[order]
    firsts = changes(key)
    bars_of_levels = key[firsts] >> 32
    offsets = bars_of_levels.searchsorted(np.arange(len(starts) + 1)).astype(np.intp, copy=False)
    return Levels(
        offsets,
        trades.px_ticks[order[firsts]],
        np.add.reduceat(trades.qty[order], firsts, dtype=np.int64),
        np.add.reduceat(trades.buy_qty[order], firsts, dtype=np.int64),
        np.diff(np.append(firsts, rows)).astype(np.int64, copy=False),
    )
