"""History and live trades joined into one series without a lost or doubled lot.

The venue's live trades carry no ids, and its history is bars, so the two cannot be compared trade
by trade. They are joined at a whole second instead. The boundary is the first whole second after
the first live trade: everything before it comes from history, everything from it on from the live
stream, whatever else either side also delivered.

The bar that holds the boundary is rarely a whole one in history. Its part before the boundary is
asked for in shorter bars: whole hours, then whole minutes, then seconds.

Order of events::

    subscribe -> absorb(batch) ... -> boundary_ns is known
              -> market time is past boundary_ns plus a grace for the venue to finish its second
              -> request the ranges of history_request() -> splice(parts) -> series.replace(...)
              -> absorb(batch) -> series.apply_tail(*take_tail()) for good

The stream must be complete from the subscription on. After a gap start again with a new stitcher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.bar_spec import SECOND_NS, BarSpec
from tradedesk.domain.errors import BatchError
from tradedesk.engine.aggregate import resample_on
from tradedesk.engine.bars import Bars, merge
from tradedesk.engine.live_bars import LiveBars
from tradedesk.engine.running_totals import BEFORE_ALL_TIME
from tradedesk.engine.time_grid import TimeGrid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.engine.batch import TradeBatch

_PART_SPECS: Final = tuple(BarSpec.parse(text) for text in ("1h", "1m", "1s"))


class HistoryRange(NamedTuple):
    """Closed bars to ask the venue for: those that open in ``[start_ns, end_ns)``.

    Attributes
    ----------
    spec : BarSpec
        Size of the bars.
    start_ns : int or None
        First opening time; None leaves the depth to the caller.
    end_ns : int
        Bars that open at or after this time are not wanted.
    """

    spec: BarSpec
    start_ns: int | None
    end_ns: int


class Tail(NamedTuple):
    """Bars for ``BarSeries.apply_tail(*tail)``.

    Attributes
    ----------
    bars : Bars
        New and changed bars at the end of the series.
    at : int or None
        Row of the first one; None for time bars, which find their row by their time. Of other
        bars several may open at one time.
    forming : bool
        Whether the last of them may still change.
    """

    bars: Bars
    at: int | None
    forming: bool = True


class Stitcher:
    """Joins history and live trades of one contract into bars of one size.

    A pure state machine: trades and history are handed in, requests and bars are handed out.

    Parameters
    ----------
    spec : BarSpec
        Any. All but time bars have no history: they are live only, spliced from the start, and
        count from the first live trade.
    session_offset_ns : int, default 0
        Start of the trading day after midnight UTC, whole seconds.

    Raises
    ------
    BatchError
        If the session offset is not a whole number of seconds.
    """

    __slots__ = (
        "_grid",
        "_head",
        "_live",
        "_newest_ns",
        "_provisional",
        "_reported",
        "boundary_ns",
        "spec",
    )

    def __init__(self, spec: BarSpec, session_offset_ns: int = 0) -> None:
        if session_offset_ns % SECOND_NS:
            raise BatchError(
                f"A session offset of {session_offset_ns} ns cannot be stitched: use whole seconds."
            )
        self.spec = spec
        self.boundary_ns: int | None = None
        self._grid = TimeGrid(spec, session_offset_ns) if spec.is_time else None
        self._live = LiveBars((spec,), session_offset_ns)
        self._provisional: LiveBars | None = None
        self._head: Bars | None = None
        self._reported = 0
        self._newest_ns = BEFORE_ALL_TIME
        if self._grid is None:
            self._head = Bars.empty()
        else:
            self._provisional = LiveBars((spec,), session_offset_ns)

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
            raise BatchError(
                f"A trade at {batch.ts_ns[0]} is older than the newest one ({self._newest_ns}): "
                f"give trades in the order of time."
            )
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
        begin = self._grid.floor(self.boundary_ns)
        ranges = [HistoryRange(self.spec, None, begin)]
        for spec in _PART_SPECS:
            period_ns = spec.period_ns or SECOND_NS
            end = self.boundary_ns - self.boundary_ns % period_ns
            if begin % period_ns == 0 and begin < end:
                ranges.append(HistoryRange(spec, begin, end))
                begin = end
        return tuple(ranges)

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
        wanted = [_inside(bars, within) for bars, within in zip(parts, ranges, strict=True)]
        begun = Bars.concat(wanted[1:])
        head = resample_on(begun, self._grid) if len(begun) else begun
        series = Bars.concat((wanted[0], head))
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
        return now_ns is None or now_ns < self._grid.next(self._newest_ns)

    def _behind_boundary(self, batch: TradeBatch) -> TradeBatch:
        if self.boundary_ns is None:
            first = int(batch.ts_ns[0])
            self.boundary_ns = first - first % SECOND_NS + SECOND_NS
        if batch.ts_ns[0] >= self.boundary_ns:
            return batch
        return batch[int(batch.ts_ns.searchsorted(self.boundary_ns)) :]


def _inside(bars: Bars, within: HistoryRange) -> Bars:
    first = 0 if within.start_ns is None else int(bars.ts_ns.searchsorted(within.start_ns))
    return bars[first : int(bars.ts_ns.searchsorted(within.end_ns))]
