"""The live trades of one contract since the feed last connected."""

from __future__ import annotations

import numpy as np

from tradedesk.engine import TradeBatch, TradeStore


class ContractTape:
    """Gapless live trades; a lost connection starts a new epoch with an empty tape.

    Attributes
    ----------
    epoch : int
        Rises with every restart. Whoever has read an older epoch has a gap to fill from history.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self._store = TradeStore()

    @property
    def trades(self) -> TradeBatch:
        """All trades of this epoch as read-only views."""
        return self._store.trades

    def __len__(self) -> int:
        return len(self._store)

    def absorb(self, batch: TradeBatch) -> None:
        """Add trades in the order in which they arrived.

        The venue's stamps may step back by a few milliseconds between records. The order of
        arrival is the order of the tape, so such a stamp is lifted to that of the trade before.
        """
        if not len(batch):
            return
        held = self._store.trades
        if len(held) and batch.ts_ns[0] < held.ts_ns[-1]:
            lifted = np.maximum(batch.ts_ns, held.ts_ns[-1])
            batch = TradeBatch.unchecked(lifted, batch.px_ticks, batch.qty, batch.buy_qty)
        self._store.append(batch)

    def restart(self) -> None:
        """Forget everything: from here on trades are gapless again."""
        self.epoch += 1
        self._store = TradeStore()
