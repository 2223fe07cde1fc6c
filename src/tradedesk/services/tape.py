"""The live trades of one contract since the feed last connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.engine import TradeIntake

if TYPE_CHECKING:
    from tradedesk.engine import Arrivals, IntakeCounts, TradeBatch, TradeStore


class ContractTape:
    """Gapless live trades; a lost connection starts a new epoch with an empty tape.

    Parameters
    ----------
    connected : bool, default True
        Whether trades are coming in.
    keep : int, optional
        How many of the newest trades stay when `let_go` is called; all if left out.

    Attributes
    ----------
    epoch : int
        Rises with every loss and every restart. Whoever has read an older epoch has a gap to fill
        from history.
    connected : bool
        Whether the tape of this epoch misses nothing. Not so between a loss and the restart.
    gone : int
        Trades of this epoch that were let go: row 0 of `trades` is the one behind them.
    """

    def __init__(self, *, connected: bool = True, keep: int | None = None) -> None:
        self.epoch = 0
        self.connected = connected
        self.gone = 0
        self._keep = keep
        self._intake = TradeIntake()

    @property
    def trades(self) -> TradeBatch:
        """All trades of this epoch that are kept, as read-only views."""
        return self._intake.store.trades

    @property
    def told(self) -> int:
        """Trades of this epoch so far, those that were let go included."""
        return self.gone + len(self)

    @property
    def store(self) -> TradeStore:
        """The trades of this epoch with their sums; another one after each restart and `let_go`."""
        return self._intake.store

    @property
    def revision(self) -> int:
        """Rises when trades of this epoch were changed or taken out again."""
        return self._intake.store.revision

    @property
    def counts(self) -> IntakeCounts:
        """What became of the trades delivered in this epoch."""
        return self._intake.counts

    def __len__(self) -> int:
        return len(self._intake.store)

    def absorb(self, delivery: TradeBatch | Arrivals) -> None:
        """Add trades in the order in which they arrived, by the rules of `TradeIntake`.

        No distance is too far to lift a stamp: a trade that the venue tells of late is on the
        tape all the same.
        """
        self._intake.take(delivery)

    def let_go(self) -> None:
        """Drop the oldest trades once there are twice as many as are kept.

        To be called when every reader of the tape has read it to its end: what is dropped has to
        be in its bars. A reader that begins later finds it in history.
        """
        if self._keep is None or len(self) <= 2 * self._keep:
            return
        counts, dropped = self._intake.counts, len(self) - self._keep
        kept = self.trades[dropped:]
        self._intake = TradeIntake()
        self._intake.take(kept)
        self._intake.counts = counts
        self.gone += dropped

    def bust(self, ids: list[int]) -> None:
        """Take trades out again; for feeds whose trades have ids, which a gateway's have not."""
        self._intake.bust(ids)

    def correct(self, trade_id: int, px_ticks: int, qty: int, buy_qty: int) -> None:
        """Give a trade other figures."""
        self._intake.correct(trade_id, px_ticks, qty, buy_qty)

    def lose(self) -> None:
        """The connection is gone: until the restart nothing is known."""
        self._begin(connected=False)

    def restart(self) -> None:
        """Forget everything: from here on trades are gapless again."""
        self._begin(connected=True)

    def _begin(self, *, connected: bool) -> None:
        self.epoch += 1
        self.gone = 0
        self.connected = connected
        self._intake = TradeIntake()
