"""What happens in a market, as columns: trades, and sizes of price levels. Pure data."""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.history import aggressor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

TRADE: Final = 0
LEVEL: Final = 1
RESET: Final = 2

BUY: Final = aggressor.BUY
SELL: Final = aggressor.SELL
UNKNOWN_SIDE: Final = aggressor.UNKNOWN_SIDE
BIDS: Final = 0
ASKS: Final = 1

UNKNOWN_RANK: Final = -1
"""Rank of a level change whose orders are not known one by one."""
TRADED_RANK: Final = -2
"""Rank of a level change that a trade made which stands in the tape as well."""


class MarketEvent(NamedTuple):
    """One row of ``MarketEvents``."""

    ts_ns: int
    kind: int
    side: int
    px: int
    qty: int
    cut: int
    rank_ns: int


class MarketEvents(NamedTuple):
    """Events of one contract in the order in which they happened; seven columns of one length.

    Rows with one time belong together: a book is only looked at behind the last of them, and
    trades stand before the level changes that they made.

    ``ts_ns`` (int64)
        Venue time, UTC nanoseconds, never descending.
    ``kind`` (int8)
        ``TRADE``, ``LEVEL``, or ``RESET``, which empties the book.
    ``side`` (int8)
        Of a trade its aggressor: ``BUY``, ``SELL`` or ``UNKNOWN_SIDE``. Of a level: ``BIDS`` or
        ``ASKS``.
    ``px`` (int32)
        Ticks.
    ``qty`` (int32)
        Of a trade the contracts traded; of a level the contracts that wait there from now on, 0
        when it is gone.
    ``cut`` (int32)
        Of a level: contracts that left it without trading, where the source knows the order that
        they belonged to; else 0.
    ``rank_ns`` (int64)
        Of a level: since when the order that shrank had stood in the queue, so that whoever came
        later moves up by ``cut``. ``UNKNOWN_RANK`` where only sums are known, and
        ``TRADED_RANK`` where a trade of the tape took the contracts.
    """

    ts_ns: NDArray[np.int64]
    kind: NDArray[np.int8]
    side: NDArray[np.int8]
    px: NDArray[np.int32]
    qty: NDArray[np.int32]
    cut: NDArray[np.int32]
    rank_ns: NDArray[np.int64]

    @classmethod
    def none(cls) -> MarketEvents:
        """Return no events."""
        return cls.of_rows(())

    @classmethod
    def of_rows(cls, rows: Iterable[MarketEvent]) -> MarketEvents:
        """Make columns of rows."""
        columns = list(zip(*rows, strict=True)) or [()] * len(_TYPES)
        return cls._make(
            np.array(column, kind) for column, kind in zip(columns, _TYPES, strict=True)
        )

    def rows(self, start: int, stop: int) -> MarketEvents:
        """Return a range of rows as views."""
        return MarketEvents._make(column[start:stop] for column in self)

    def window(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Return the events later than `after_ns` and not later than `until_ns`."""
        start = int(self.ts_ns.searchsorted(after_ns, side="right"))
        stop = int(self.ts_ns.searchsorted(until_ns, side="right"))
        return self.rows(start, stop) if start < stop else _NONE

    def each(self) -> list[MarketEvent]:
        """Return the events as Python integers."""
        columns = (column.tolist() for column in self)
        return list(starmap(MarketEvent, zip(*columns, strict=True)))


_TYPES: Final = (np.int64, np.int8, np.int8, np.int32, np.int32, np.int32, np.int64)
_NONE: Final = MarketEvents.none()


def join(parts: list[MarketEvents]) -> MarketEvents:
    """Put parts that follow one another behind each other."""
    if not parts:
        return MarketEvents.none()
    return MarketEvents._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
