"""Profiles of any stretch of a long tape, without counting it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.orderflow.levels import Levels, chain, collapse, group
from tradedesk.engine.orderflow.tally import tally
from tradedesk.engine.orderflow.volume_profile import VolumeProfile

if TYPE_CHECKING:
    from tradedesk.engine.batch import TradeBatch
    from tradedesk.engine.trade_store import TradeStore

_INT64: Final = np.iinfo(np.int64)
TIERS: Final = (65_536, 2_048)
"""Trades in a block, longest first; each a multiple of the next."""


class ProfileIndex:
    """Counted blocks of a store's trades, so that a sliding range costs the same however long.

    Parameters
    ----------
    store : TradeStore
        May grow; trades that came since are counted with the next question. Nothing of it is
        copied.

    Notes
    -----
    Blocks of 65,536 and of 2,048 trades are counted once each. A range is put together of whole
    blocks, and only what lies before the first and behind the last of them is counted anew: fewer
    than 4,096 trades.
    """

    __slots__ = ("_blocks", "_store")

    def __init__(self, store: TradeStore) -> None:
        self._store = store
        self._blocks = [Levels.empty() for _ in TIERS]

    def profile(self, start: int = 0, stop: int | None = None, row_ticks: int = 1) -> VolumeProfile:
        """Return the profile of some rows; equal to `VolumeProfile.of` the slice.

        Parameters
        ----------
        start : int, default 0
            First row.
        stop : int, optional
            Row behind the last one; all there are if left out.
        row_ticks : int, default 1
            Height of a row of the profile.

        Raises
        ------
        InputError
            If the rows are not among those of the store, or the height is not possible.
        """
        trades = self._store.trades
        stop = len(trades) if stop is None else stop
        if not 0 <= start <= stop <= len(trades):
            raise InputError(
                f"Rows {start} to {stop} are not among the {len(trades)} trades of the store."
            )
        self._count(trades)
        parts = self._parts(trades, start, stop)
        if not parts:
            return VolumeProfile.empty(row_ticks)
        return VolumeProfile(group(collapse(chain(parts)), row_ticks), row_ticks)

    def between(self, start_ns: int, stop_ns: int, row_ticks: int = 1) -> VolumeProfile:
        """Return the profile of the trades from one time to before another.

        Parameters
        ----------
        start_ns, stop_ns : int
            UTC nanoseconds; for a session when it opens and when the next one does.
        row_ticks : int, default 1
            Height of a row of the profile.

        Raises
        ------
        InputError
            If the times run backwards or the height is not possible.
        """
        if stop_ns < start_ns:
            raise InputError(f"A range from {start_ns} to {stop_ns} runs backwards: turn it round.")
        edges = np.array([max(start_ns, _INT64.min), min(stop_ns, _INT64.max)], np.int64)
        start, stop = self._store.trades.ts_ns.searchsorted(edges).tolist()
        return self.profile(start, stop, row_ticks)

    def forget(self, row: int = 0) -> None:
        """Count anew from a row on: for a store whose past has changed there."""
        for tier, size in enumerate(TIERS):
            kept = min(row // size, len(self._blocks[tier].offsets) - 1)
            self._blocks[tier] = self._blocks[tier].bars(0, max(kept, 0))

    def _count(self, trades: TradeBatch) -> None:
        """Count the whole blocks that were not there before."""
        for tier, size in enumerate(TIERS):
            counted = (len(self._blocks[tier].offsets) - 1) * size
            rows = (len(trades) - counted) // size * size
            if rows:
                fresh = tally(trades[counted : counted + rows], np.arange(0, rows, size))
                self._blocks[tier] = chain([self._blocks[tier], fresh])

    def _parts(self, trades: TradeBatch, start: int, stop: int) -> list[Levels]:
        """Blocks and loose trades that together are the rows from `start` to before `stop`."""
        parts: list[Levels] = []
        loose = [(start, stop)]
        for blocks, size in zip(self._blocks, TIERS, strict=True):
            left: list[tuple[int, int]] = []
            for begin, end in loose:
                first, last = -(-begin // size), end // size
                if first < last:
                    parts.append(blocks.bars(first, last))
                    left += [(begin, first * size), (last * size, end)]
                else:
                    left.append((begin, end))
            loose = [(begin, end) for begin, end in left if begin < end]
        whole = np.zeros(1, np.intp)
        return parts + [tally(trades[begin:end], whole) for begin, end in loose]
