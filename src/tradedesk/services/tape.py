"""The live trades of one contract since the feed last connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.engine import TradeIntake

if TYPE_CHECKING:
    from tradedesk.engine import Arrivals, IntakeCounts, TradeBatch, TradeStore

_PIECE: Final = 8_192
"""Trades moved in one call of `let_go`: some tens of microseconds."""


class ContractTape:
    """Gapless live trades; a lost connection starts a new epoch with an empty tape.

    Parameters
    ----------
    connected : bool, default True
        Whether trades are coming in.
    keep : int, optional
        How many of the newest trades stay at least when `let_go` is called, and at most twice as
        many; all if left out.

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
        self._shorter: TradeIntake | None = None
        self._dropped = 0

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
        """Drop the oldest trades once there are half as many more than are kept.

        To be called when every reader of the tape has read it to its end: what is dropped has to
        be in its bars. A reader that begins later finds it in history. What stays is moved a piece
        with each call, so that none holds up the window.
        """
        if self._keep is None:
            return
        count = len(self)
        at_once = count > 2 * self._keep
        if self._shorter is None or at_once:
            if count <= self._keep * 3 // 2:
                return
            self._shorter, self._dropped = TradeIntake(), count - self._keep
            self._shorter.store.reserve(2 * self._keep)
        moved = self._dropped + len(self._shorter.store)
        stop = count if at_once else min(count, moved + _PIECE)
        self._shorter.take(self.trades[moved:stop])
        if stop == count:
            self._shorter.counts = self._intake.counts
            self._intake, self._shorter = self._shorter, None
            self.gone += self._dropped

    def bust(self, ids: list[int]) -> None:
        """Take trades out again; for feeds whose trades have ids, which a gateway's have not."""
        self._shorter = None
        self._intake.bust(ids)

    def correct(self, trade_id: int, px_ticks: int, qty: int, buy_qty: int) -> None:
        """Give a trade other figures."""
        self._shorter = None
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
        self._intake, self._shorter = TradeIntake(), None
