"""Makes up trades and quotes the way a market hub tells them: in records of a few trades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.domain.market import Quote
from tradedesk.services.stress.contract import STRESS_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

FIRST_TICKS: Final = 80_000
"""Where prices begin: 20,000.00."""
QUOTES_IN_TEN: Final = 3
"""Of ten events three are quotes and seven are trades."""
MEAN_SIZE: Final = 20 / 9
"""Contracts of a trade, on the mean."""
MOVES: Final = 0.004
"""Part of the trades before which bid and ask move by a tick: some ticks a second at 10,000."""
_HOME_TICKS: Final = 2_000
"""So far from where it began the price turns back for good."""
_RECORD_P: Final = 0.4
_SIZE_P: Final = 1 / MEAN_SIZE


class TradeRecord(NamedTuple):
    """Trades of one record, as the hub of a venue gives them: parallel lists."""

    ts_ns: list[int]
    px_ticks: list[int]
    qty: list[int]
    buy_qty: list[int]


class StressFlow:
    """Bid and ask walk at random; trades of 1 to some contracts hit them, some to a record.

    Parameters
    ----------
    seed : int
        The same seed makes the same prices and sizes.
    """

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._bid = FIRST_TICKS
        self._owed = 0

    def make(
        self, count: int, begin_ns: int, end_ns: int
    ) -> tuple[TradeRecord, list[TradeRecord | Quote]]:
        """Make up events.

        Parameters
        ----------
        count : int
            How many, 1 or more; a quote is one and each trade is one.
        begin_ns, end_ns : int
            Their stamps lie in between, in order, UTC nanoseconds.

        Returns
        -------
        trades : TradeRecord
            All trades in one piece.
        told : list of TradeRecord or Quote
            The same trades and the quotes as they are to be told, one after another.
        """
        quotes, self._owed = divmod(count * QUOTES_IN_TEN + self._owed, 10)
        trades = count - quotes
        stamps = begin_ns + np.arange(trades) * (end_ns - begin_ns) // max(1, trades)
        sizes = np.minimum(self._random.geometric(_SIZE_P, trades), 200)
        lifts = self._random.random(trades) < 0.5
        buys = np.where(lifts, sizes, 0)
        columns = (stamps, self._bids(trades) + lifts, sizes, buys)
        whole = TradeRecord(*(column.tolist() for column in columns))
        return whole, list(self._told(whole, quotes, end_ns))

    def _bids(self, count: int) -> NDArray[np.int64]:
        up = MOVES / 2 * (1 - (self._bid - FIRST_TICKS) / _HOME_TICKS)
        drawn = self._random.random(count)
        steps = np.where(drawn < up, 1, np.where(drawn < MOVES, -1, 0))
        walked: NDArray[np.int64] = self._bid + np.cumsum(steps, dtype=np.int64)
        if count:
            self._bid = int(walked[-1])
        return walked

    def _told(self, whole: TradeRecord, quotes: int, end_ns: int) -> Iterator[TradeRecord | Quote]:
        trades = len(whole.ts_ns)
        ends = np.cumsum(self._random.geometric(_RECORD_P, trades))
        cuts = [*ends[ends < trades].tolist(), trades] if trades else []
        told, start = 0, 0
        for number, stop in enumerate(cuts, 1):
            yield TradeRecord(*(column[start:stop] for column in whole))
            start = stop
            for _ in range(quotes * number // len(cuts) - told):
                lifted = whole.buy_qty[stop - 1] > 0
                yield _quote(whole.px_ticks[stop - 1] - lifted, whole.ts_ns[stop - 1])
            told = quotes * number // len(cuts)
        for _ in range(quotes - told):
            yield _quote(self._bid, end_ns)


def _quote(bid_ticks: int, ts_ns: int) -> Quote:
    return Quote(STRESS_ID, ts_ns, bid_ticks=bid_ticks, ask_ticks=bid_ticks + 1)
