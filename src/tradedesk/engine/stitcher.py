"""History and live trades joined into one series without a lost or doubled lot.

The venue's live trades carry no ids, and its history is bars, so the two cannot be compared trade
by trade. They are joined at a whole second instead. The boundary is the first whole second after
the first live trade: what is before it comes from history, what is from it on from live trades.

Rules:

- *Overlap*: live trades before the boundary are left out, as history has them; bars of history from
  the boundary on are left out, as live trades make them.
- *Duplicates*: none can arise, as each moment has one source. Equal live trades are different
  trades: without ids nobody can tell, and leaving one out would lose its contracts.
- *The bar that holds the boundary* is rarely a whole one in history. Its part before the boundary
  is asked for in shorter bars: whole hours, minutes, then seconds.
- *Gaps*: the live stream must be complete from the subscription on. When it breaks, a new stitcher
  begins with the next trade, and its history covers the gap. Where nothing traded is no bar.

Order of events::

    subscribe -> absorb(batch) ... -> boundary_ns is known
              -> market time is past boundary_ns plus a grace for the venue to finish its second
              -> request the ranges of history_request() -> splice(parts) -> series.replace(...)
              -> absorb(batch) -> series.apply_tail(*take_tail()) for good
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.bar_spec import SECOND_NS, BarSpec
from tradedesk.domain.errors import BatchError
from tradedesk.engine.aggregate import resample_on
from tradedesk.engine.bars import Bars, join_bars, merge
from tradedesk.engine.history_range import HistoryRange, begin_of, parts_of
from tradedesk.engine.hours.calendar import Calendar, grid_of, refuse_fractions
from tradedesk.engine.hours.trading_hours import TradingHours
from tradedesk.engine.live.live_bars import LiveBars
from tradedesk.engine.running_totals import BEFORE_ALL_TIME
from tradedesk.engine.tail import Newest, Tail
from tradedesk.engine.time_order import too_old

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.engine.batch import TradeBatch


class Stitcher:
    """Joins history and live trades of one contract into bars of one size.

    A pure state machine: trades and history are handed in, requests and bars are handed out.

    Parameters
    ----------
    spec : BarSpec
        Any. All but time bars have no history: they are live only, spliced from the start, and
        count from the first live trade.
    calendar : int or TradingHours, default 0
        What the bars follow, as in `tradedesk.engine.aggregate`; whole seconds.

    Raises
    ------
    BatchError
        If the start of the trading day or a session is not on a whole second.

    Notes
    -----
    With trading hours, history that lies outside of them is dropped, and shorter bars than those
    of the series may be given where they nest in them: a venue's own bars of days know its own
    hours only.
    """

    __slots__ = (
        "_calendar",
        "_grid",
        "_head",
        "_live",
        "_newest_ns",
        "_provisional",
        "_reported",
        "boundary_ns",
        "spec",
    )

    def __init__(self, spec: BarSpec, calendar: Calendar = 0) -> None:
        refuse_fractions(calendar)
        self.spec = spec
        self.boundary_ns: int | None = None
        self._calendar = calendar
        self._grid = grid_of(spec, calendar) if spec.is_time else None
        self._live = LiveBars((spec,), calendar)
        self._provisional: LiveBars | None = None
        self._head: Bars | None = None
        self._reported = 0
        self._newest_ns = BEFORE_ALL_TIME
        if self._grid is None:
            self._head = Bars.empty()
        else:
            self._provisional = LiveBars((spec,), calendar)

    @property
    def spliced(self) -> bool:
        """True once bars are exact."""
        return self._head is not None

    def absorb(self, batch: TradeBatch) -> None:
        """Take in live trades, from the subscription on, in the order of time.

        Raises
        ------
        BatchError
            If the batch is older than the newest trade taken in; nothing changes.
        """
        if not len(batch):
            return
        if batch.ts_ns[0] < self._newest_ns:
            raise too_old(int(batch.ts_ns[0]), self._newest_ns)
        self._newest_ns = int(batch.ts_ns[-1])
        if self._provisional is not None:
            self._provisional.absorb(batch)
        if self._grid is not None:
            batch = self._behind_boundary(batch)
        self._live.absorb(batch)

    def history_request(self) -> tuple[HistoryRange, ...]:
        """Return what to ask the venue for, once market time is past the boundary plus a grace.

        Returns
        -------
        tuple of HistoryRange
            First the bars of the series itself, then shorter and shorter ones for the part of
            the boundary's bar that lies before the boundary. Empty before the first live trade
            and for bars that do not close by the clock.
        """
        if self._grid is None or self.boundary_ns is None:
            return ()
        begin = begin_of(self._grid, self.boundary_ns, self._calendar)
        parts = parts_of(begin, self.boundary_ns, self._calendar)
        return (HistoryRange(self.spec, None, begin), *parts)

    def provisional(self, history: Bars) -> Bars:
        """Return something to look at until the splice.

        Parameters
        ----------
        history : Bars
            Whatever is known so far, a partial newest bar included.

        Returns
        -------
        Bars
            History with all live trades behind it. Where both have a part of the newest bar its
            prices are right but its volume may count trades twice.

        Raises
        ------
        BatchError
            If bars are exact already.
        """
        if self._provisional is None:
            raise BatchError("This series is already exact: take its tail instead.")
        history = self.kept(history)
        live = self._provisional.bars(self.spec)
        if len(live) and len(history):
            live = live[int(live.ts_ns.searchsorted(history.ts_ns[-1])) :]
        return merge(history, live)

    def splice(self, parts: Sequence[Bars]) -> Bars:
        """Join history and live trades; from here on bars are exact.

        Parameters
        ----------
        parts : sequence of Bars
            One answer for each range of `history_request`, in its order. Bars outside the range
            that was asked for, such as a partial newest one, are dropped.

        Returns
        -------
        Bars
            The whole series. What `absorb` changes from here on is told by `take_tail`.

        Raises
        ------
        BatchError
            If the number of parts is another one, nothing was asked for, or it was done before.
            Nothing changes.
        """
        ranges = self.history_request()
        if self._grid is None or not ranges or self.spliced:
            raise BatchError(
                f"There is nothing to splice for {self.spec}: wait for the first live trade, and "
                f"splice once."
            )
        if len(parts) != len(ranges):
            raise BatchError(f"{len(parts)} parts for {len(ranges)} ranges: give one for each.")
        wanted = [within.of(bars) for bars, within in zip(parts, ranges, strict=True)]
        begun = Bars.concat(wanted[1:])
        head = resample_on(begun, self._grid) if len(begun) else begun
        series = Bars.concat((self.kept(wanted[0]), head))
        self._head = head
        self._provisional = None
        self._reported = self._live.closed_count(self.spec)
        return merge(series, self._live.bars(self.spec))

    def take_tail(self) -> Tail:
        """Return the bars that are new or changed since the last call, or since the splice.

        For bars that do not close by the clock the first call returns all of them. Empty before
        the splice and as long as there is no live trade behind the boundary.
        """
        first = self._reported
        at = first if self._grid is None else None
        if self._head is None:
            return Tail(Bars.empty(), at)
        self._reported = self._live.closed_count(self.spec)
        bars = self._live.bars(self.spec, first)
        if first == 0 and len(bars) and len(self._head) and self._head.ts_ns[-1] == bars.ts_ns[0]:
            bars = merge(self._head, bars)
        return Tail(bars, at, self.is_forming())

    def newest(self) -> Newest | None:
        """Return the newest bar, if `take_tail` would return that one alone; it takes nothing.

        None before the splice and when a bar has closed since the last call of `take_tail`.
        """
        if self._head is None or self._live.closed_count(self.spec) != self._reported:
            return None
        bar = self._live.forming(self.spec)
        if bar is None:
            return None
        if self._reported == 0 and len(self._head) and self._head.ts_ns[-1] == bar.ts_ns:
            bar = join_bars(self._head[-1], bar)
        return Newest(bar, self._reported if self._grid is None else None, self.is_forming())

    def is_forming(self, now_ns: int | None = None) -> bool:
        """Tell whether a further trade can still belong to the newest bar.

        Parameters
        ----------
        now_ns : int, optional
            No earlier trade will come, UTC nanoseconds. It ends a time bar that nobody has traded
            behind; other bars do not look at it.
        """
        if self._grid is None:
            return self._live.is_forming(self.spec)
        if self.boundary_ns is None:
            return False
        hours = self._calendar
        if isinstance(hours, TradingHours) and self._newest_ns < hours.opens_ns[0]:
            return False
        # its close, not the next opening: behind it lie a night or a weekend
        return now_ns is None or now_ns < self._grid.span(self._newest_ns)[1]

    def kept(self, history: Bars) -> Bars:
        """Return history inside trading hours as bars of the series; see the notes above."""
        if self._grid and isinstance(self._calendar, TradingHours) and len(history):
            return resample_on(history, self._grid)
        return history

    def remake(self, trades: TradeBatch) -> tuple[Bars, int | None]:
        """Make the live bars anew, because live trades were changed or taken out afterwards.

        The boundary and what came from history stay: a venue that takes a trade back mends its
        own bars, and only a new request would tell.

        Parameters
        ----------
        trades : TradeBatch
            All live trades from the subscription on as they are now.

        Returns
        -------
        bars : Bars
            What belongs in the series from `opens_ns` on. Empty before the splice.
        opens_ns : int or None
            When the bar that holds the boundary opens, or while the market is closed the one
            before. None for tick and volume bars, whose bars
            all come anew, and before the first live trade.
        """
        self._newest_ns = int(trades.ts_ns[-1]) if len(trades) else BEFORE_ALL_TIME
        if self._provisional is not None:
            self._provisional.remake(trades)
        opens_ns = None
        if self._grid is not None and self.boundary_ns is not None:
            opens_ns = begin_of(self._grid, self.boundary_ns, self._calendar)
            trades = trades[int(trades.ts_ns.searchsorted(self.boundary_ns)) :]
        self._live.remake(trades)
        if self._head is None:
            return Bars.empty(), opens_ns
        self._reported = self._live.closed_count(self.spec)
        return merge(self._head, self._live.bars(self.spec)), opens_ns

    def _behind_boundary(self, batch: TradeBatch) -> TradeBatch:
        if self.boundary_ns is None:
            first = int(batch.ts_ns[0])
            self.boundary_ns = first - first % SECOND_NS + SECOND_NS
        if batch.ts_ns[0] >= self.boundary_ns:
            return batch
        return batch[int(batch.ts_ns.searchsorted(self.boundary_ns)) :]
