"""The one way into a trade store: what is kept, dropped, refused or taken back, by stated rules.

Each trade that is delivered comes to exactly one end, looked for in this order:

1. *Duplicate*: a trade of the same id was delivered before, whatever became of that one and
   whatever else it said. Dropped. Trades without an id are never duplicates, equal as they may be.
2. *Withdrawn*: the word that this id was busted came before the trade. Not kept.
3. *Late*: its stamp lies further behind the newest stamp kept than the tolerance. Refused, and its
   row is named, so that it is known what is missing. With no tolerance given nothing is late.
4. *Kept*, in the order of arrival, which is the order of the tape. A stamp that steps back within
   the tolerance is lifted to that of the trade before, as a venue's stamps do step back by some
   milliseconds between records.

A bust takes a trade out by its id, a correction gives it other figures at the same place. The store
is then what it would be if the trade had never come, or had come that way: stamps that were lifted
because of a busted one sink back. Only two things stay: an id remains delivered, so that a repeated
delivery does not bring a busted trade back; and what was refused as late stays refused.

Whoever keeps bars of the store feeds them with `Taken.trades` after each delivery, and after a bust
or a correction hands them ``store.trades`` anew: `LiveBars.remake`, `Stitcher.remake`. Readers that
only look see by `TradeStore.revision` that what they know is no longer good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.batch import TradeBatch
from tradedesk.engine.column import INT64, int_column
from tradedesk.engine.intake.arrivals import NO_ID, Arrivals
from tradedesk.engine.intake.id_index import NOT_KEPT, UNSEEN, IdIndex
from tradedesk.engine.intake.intake_counts import IntakeCounts, Tally
from tradedesk.engine.intake.kept_trades import KeptTrades
from tradedesk.engine.intake.mending import Mending
from tradedesk.engine.intake.taken import Taken
from tradedesk.engine.intake.word_ahead import WordAhead
from tradedesk.engine.running_totals import BEFORE_ALL_TIME
from tradedesk.engine.trade_store import TradeStore

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_KEPT: Final = 0
_DUPLICATE: Final = 1
_WITHDRAWN: Final = 2
_LATE: Final = 3
_NO_ROWS: Final = np.empty(0, np.intp)
_NO_STAMPS: Final = np.empty(0, np.int64)


class TradeIntake:
    """Takes deliveries in, keeps the store, and tells what became of every lot.

    Parameters
    ----------
    tolerance_ns : int, optional
        How far a stamp may step back behind the newest one kept; 0 or more. Left out, any
        distance is lifted and no trade is refused.

    Attributes
    ----------
    store : TradeStore
        The trades kept. Only the intake adds to it.
    counts : IntakeCounts
        All deliveries so far.

    Raises
    ------
    BatchError
        If the tolerance is below 0.

    Notes
    -----
    Trades with an id take 16 bytes each beside those of the store, and trades whose stamp was
    lifted 16 more.
    """

    __slots__ = ("_ahead", "_ids", "_kept", "_tolerance_ns", "counts", "store")

    def __init__(self, tolerance_ns: int | None = None) -> None:
        if tolerance_ns is not None and tolerance_ns < 0:
            raise BatchError(f"A tolerance of {tolerance_ns} ns is below 0: give 0 or more.")
        self.store = TradeStore()
        self.counts = IntakeCounts()
        self._tolerance_ns = tolerance_ns
        self._ids = IdIndex()
        self._kept = KeptTrades()
        self._ahead = WordAhead()

    def take(self, arrivals: Arrivals | TradeBatch) -> Taken:
        """Take one delivery in.

        Parameters
        ----------
        arrivals : Arrivals or TradeBatch
            Trades in the order of arrival; a batch for those without ids.

        Returns
        -------
        Taken
            What was kept, and what became of the rest.
        """
        usual = self._as_it_came(arrivals)
        if usual is not None:
            return self._keep_all(usual, getattr(arrivals, "ids", None))
        if isinstance(arrivals, TradeBatch):
            arrivals = Arrivals.of(arrivals)
        verdicts = np.zeros(len(arrivals), np.int8)
        if arrivals.ids is not None:
            self._judge_ids(arrivals.ids, verdicts)
        stamps = self._judge_stamps(arrivals.ts_ns, verdicts)
        kept = np.flatnonzero(verdicts == _KEPT)
        if arrivals.ids is not None:
            self._learn_ids(arrivals.ids, verdicts, kept)
        batch, counts = self._sorted_out(arrivals, stamps, verdicts, kept)
        lifted = np.flatnonzero(batch.ts_ns > arrivals.ts_ns[kept])
        self._kept.add(len(kept), lifted, arrivals.ts_ns[kept][lifted])
        self.store.append(batch)
        counts = counts._replace(lifted=Tally.of(arrivals.qty[kept][lifted]))
        self.counts = self.counts.plus(counts)
        return Taken(batch, counts, np.flatnonzero(verdicts == _LATE))

    def bust(self, ids: ArrayLike) -> Mending | None:
        """Take trades out again.

        Parameters
        ----------
        ids : array_like of int, shape (n,)
            What the venue calls them. An id that has not been delivered is kept in mind: its
            trade is withdrawn when it comes. One that was refused, or busted before, changes
            nothing.

        Returns
        -------
        Mending or None
            From where on bars are to be made anew; None if no trade was taken out.

        Raises
        ------
        BatchError
            If an id is below 0 or no whole number; nothing changes.
        """
        wanted = np.unique(_known_kind(ids))
        places = self._ids.find(wanted)
        unknown = wanted[places == UNSEEN].tolist()
        for trade_id in unknown:
            self._ahead.bust(trade_id)
        self.counts = self.counts.plus(IntakeCounts(unknown=len(unknown)))
        standing = self._kept.standing(np.sort(places[places >= 0]))
        if not len(standing):
            return None
        rows = self._kept.rows(standing)
        first = int(rows[0])
        rest = self.store.trades[first:]
        stays = np.ones(len(rest), np.bool_)
        stays[rows - first] = False
        busted = Tally.of(rest.qty[~stays])
        before_ns = int(self.store.trades.ts_ns[first - 1]) if first else BEFORE_ALL_TIME
        self._kept.take_out(standing)
        stamps = self._kept.settled(rest.ts_ns[stays], first, before_ns)
        columns = (column[stays] for column in (rest.px_ticks, rest.qty, rest.buy_qty))
        self.store.rewrite(first, TradeBatch.unchecked(stamps, *columns))
        self.counts = self.counts.plus(IntakeCounts(busted=busted))
        return Mending(first, min(rest.ts_ns[:1].tolist() + stamps[:1].tolist()))

    def correct(self, trade_id: int, px_ticks: int, qty: int, buy_qty: int) -> Mending | None:
        """Give a trade other figures; its place and its stamp stay.

        Parameters
        ----------
        trade_id : int
            What the venue calls it. If it has not been delivered, the figures are kept in mind
            for when it is.
        px_ticks, qty, buy_qty : int
            As in `TradeBatch`.

        Returns
        -------
        Mending or None
            From where on bars are to be made anew; None if the trade is not in the store.

        Raises
        ------
        BatchError
            If the id or a figure is none that a trade can have; nothing changes.
        """
        figures = TradeBatch([0], [px_ticks], [qty], [buy_qty])
        place = self._ids.find(_known_kind([trade_id]))
        if place[0] == UNSEEN:
            self._ahead.correct(trade_id, (px_ticks, qty, buy_qty))
            self.counts = self.counts.plus(IntakeCounts(unknown=1))
        standing = self._kept.standing(place[place >= 0])
        if not len(standing):
            return None
        row = int(self._kept.rows(standing)[0])
        rest = self.store.trades[row:]
        change = Tally(1, qty - int(rest.qty[0]))
        given = (figures.px_ticks, figures.qty, figures.buy_qty)
        columns = (
            np.concatenate((new, old[1:]))
            for new, old in zip(given, (rest.px_ticks, rest.qty, rest.buy_qty), strict=True)
        )
        self.store.rewrite(row, TradeBatch.unchecked(rest.ts_ns, *columns))
        self.counts = self.counts.plus(IntakeCounts(corrected=change))
        return Mending(row, int(rest.ts_ns[0]))

    # --- one delivery -------------------------------------------------------------------------

    def _as_it_came(self, arrivals: Arrivals | TradeBatch) -> TradeBatch | None:
        """The delivery, if it is plain at a glance that all of it is kept as it came."""
        ts_ns = arrivals.ts_ns
        if len(ts_ns) and ts_ns[0] < self.store.newest_ns:
            return None
        if isinstance(arrivals, TradeBatch):
            return arrivals
        if arrivals.ids is not None and (self._ahead or not self._ids.all_new(arrivals.ids)):
            return None
        if not (ts_ns[1:] >= ts_ns[:-1]).all():
            return None
        return TradeBatch.unchecked(ts_ns, arrivals.px_ticks, arrivals.qty, arrivals.buy_qty)

    def _keep_all(self, batch: TradeBatch, ids: NDArray[np.int64] | None) -> Taken:
        kept = Tally.of(batch.qty)
        if ids is not None:
            first = self._kept.numbered
            self._ids.add(ids, np.arange(first, first + len(ids)))
        self.store.append(batch)
        self._kept.add(len(batch), _NO_ROWS, _NO_STAMPS)
        self.counts = IntakeCounts(self.counts.kept.plus(kept), *self.counts[1:])
        return Taken(batch, IntakeCounts(kept), _NO_ROWS)

    def _judge_ids(self, ids: NDArray[np.int64], verdicts: NDArray[np.int8]) -> None:
        """Find duplicates, in this delivery and of earlier ones, and what was busted ahead."""
        if not self._ids.all_new(ids):
            named = np.flatnonzero(ids != NO_ID)
            own = ids[named]
            again = self._ids.find(own) != UNSEEN
            first = np.unique(own, return_index=True)[1]
            repeated = np.ones(len(own), np.bool_)
            repeated[first] = False
            verdicts[named[again | repeated]] = _DUPLICATE
        if self._ahead:
            verdicts[self._ahead.busted(ids) & (verdicts == _KEPT)] = _WITHDRAWN

    def _judge_stamps(
        self, ts_ns: NDArray[np.int64], verdicts: NDArray[np.int8]
    ) -> NDArray[np.int64]:
        """Find what is late; returns the stamps lifted so that they do not go back."""
        lifted = np.where(verdicts == _KEPT, ts_ns, BEFORE_ALL_TIME)
        np.maximum.accumulate(lifted, out=lifted)
        np.maximum(lifted, self.store.newest_ns, out=lifted)
        if self._tolerance_ns is not None:
            # Unsigned, the distance fits however far apart the two stamps are.
            behind = lifted.view(np.uint64) - ts_ns.view(np.uint64)
            verdicts[(behind > self._tolerance_ns) & (verdicts == _KEPT)] = _LATE
        return lifted

    def _learn_ids(
        self, ids: NDArray[np.int64], verdicts: NDArray[np.int8], kept: NDArray[np.intp]
    ) -> None:
        places = np.full(len(ids), NOT_KEPT, np.int64)
        places[kept] = np.arange(self._kept.numbered, self._kept.numbered + len(kept))
        new = np.flatnonzero((verdicts != _DUPLICATE) & (ids != NO_ID))
        self._ids.add(ids[new], places[new])

    def _sorted_out(
        self,
        arrivals: Arrivals,
        stamps: NDArray[np.int64],
        verdicts: NDArray[np.int8],
        kept: NDArray[np.intp],
    ) -> tuple[TradeBatch, IntakeCounts]:
        """The trades to keep, corrected where that was known ahead, and all by their end."""
        qty = arrivals.qty
        duplicate, late, withdrawn = (
            Tally.of(qty[verdicts == end]) for end in (_DUPLICATE, _LATE, _WITHDRAWN)
        )
        counts = IntakeCounts(Tally.of(qty[kept]), duplicate, late, withdrawn)
        columns = [column[kept] for column in (arrivals.px_ticks, qty, arrivals.buy_qty)]
        if self._ahead and arrivals.ids is not None:
            changed = self._ahead.apply(arrivals.ids[kept], *columns)
            lots = int(columns[1].sum(dtype=np.int64)) - counts.kept.lots
            counts = counts._replace(corrected=Tally(changed, lots))
            self._ahead.forget(arrivals.ids)
        return TradeBatch.unchecked(stamps[kept], *columns), counts


def _known_kind(ids: ArrayLike) -> NDArray[np.int64]:
    column: NDArray[np.int64] = int_column("ids", ids, INT64)
    if len(column) and column.min() <= NO_ID:
        row = int((column <= NO_ID).argmax())
        raise BatchError(f"ids row {row} is {column[row]}: only ids of 0 or more name a trade.")
    return column
