"""Trades with the touch they left behind, as parallel columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradedesk.engine import TradeBatch

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]


class Print(NamedTuple):
    """One trade and the touch after it; prices in ticks."""

    ts_ns: int
    px: int
    qty: int
    buy_qty: int
    bid: int
    ask: int


class Prints(NamedTuple):
    """Trades in the order they happened; six columns of one length.

    ``ts_ns`` is int64, UTC nanoseconds in whole microseconds, ascending; the others are int32:
    price in ticks, contracts, contracts bought by the aggressor, best bid and ask afterwards.
    """

    ts_ns: Int64s
    px: Int32s
    qty: Int32s
    buy_qty: Int32s
    bid: Int32s
    ask: Int32s

    @classmethod
    def none(cls) -> Prints:
        """Return no trades."""
        empty = np.empty(0, np.int32)
        return cls(np.empty(0, np.int64), empty, empty, empty, empty, empty)

    def rows(self, start: int, stop: int) -> Prints:
        """Return a range of rows as views."""
        part = slice(start, stop)
        return Prints(
            self.ts_ns[part],
            self.px[part],
            self.qty[part],
            self.buy_qty[part],
            self.bid[part],
            self.ask[part],
        )

    def window(self, after_ns: int, until_ns: int) -> Prints:
        """Return the trades later than `after_ns` and not later than `until_ns`."""
        start, stop = np.searchsorted(self.ts_ns, (after_ns, until_ns), side="right")
        return self.rows(int(start), int(stop))

    def each(self) -> list[Print]:
        """Return the trades as Python integers."""
        columns = (column.tolist() for column in self)
        return [Print._make(row) for row in zip(*columns, strict=True)]

    def batch(self) -> TradeBatch:
        """Return the trades as the engine takes them."""
        return TradeBatch.unchecked(self.ts_ns, self.px, self.qty, self.buy_qty)


def join(parts: list[Prints]) -> Prints:
    """Put parts that follow one another behind each other."""
    if not parts:
        return Prints.none()
    return Prints(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
