"""Bars of several sizes kept current, trade by trade or batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import BarSpecError
from tradedesk.engine.bar_difference import first_difference
from tradedesk.engine.bars import Bar, Bars
from tradedesk.engine.hours.calendar import Calendar, inside
from tradedesk.engine.hours.open_session import OpenSession
from tradedesk.engine.live.renko_track import RenkoTrack
from tradedesk.engine.live.session_track import SessionBricks
from tradedesk.engine.live.tracks import Track, make_tracks, places
from tradedesk.engine.running_totals import BEFORE_ALL_TIME, Totals, totals_of
from tradedesk.engine.time_order import too_old

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.batch import TradeBatch

LARGE_BATCH: Final = 768
"""From here on the array path costs less than one call per trade."""


class LiveBars:
    """Forming and closed bars of one contract in several sizes, exact after every trade.

    Parameters
    ----------
    specs : iterable of BarSpec
        Sizes to keep; one named twice is kept once. All but time bars count from the first
        trade taken in, or with trading hours from the first one of each session.
    calendar : int or TradingHours, default 0
        What the bars follow, as in `tradedesk.engine.aggregate`. Trades outside trading hours
        are in no bar and not in `totals`; `left_out` counts them.

    Notes
    -----
    Trades must come in the order of time. A batch or trade older than the newest one taken in is
    refused with `BatchError` and changes nothing; equal times are fine. Whoever reads a feed that
    can step back by some milliseconds decides there what the order is.

    However a stream is cut into batches and single trades, the bars are those that
    `tradedesk.engine.aggregate` makes of the whole, bit for bit.
    """

    __slots__ = (
        "_bricks",
        "_buy_volume",
        "_calendar",
        "_close",
        "_count",
        "_end",
        "_highs",
        "_last_ts",
        "_left_out",
        "_lows",
        "_main",
        "_others",
        "_session",
        "_tracks",
        "_turnover",
        "_volume",
    )

    def __init__(self, specs: Iterable[BarSpec], calendar: Calendar = 0) -> None:
        wanted = list(dict.fromkeys(specs))
        self._calendar = calendar
        self._session = OpenSession(calendar)
        self._left_out = Totals()
        self._main, self._others = make_tracks(wanted, calendar)
        self._bricks = tuple(
            track for track in self._others if isinstance(track, RenkoTrack | SessionBricks)
        )
        placed = places((self._main, *self._others))
        self._tracks = {spec: placed[spec] for spec in wanted}
        self._end = self._main.end
        self._highs, self._lows = self._main.highs, self._main.lows
        self._last_ts = BEFORE_ALL_TIME
        self._close = 0
        self._volume = self._buy_volume = self._turnover = self._count = 0

    @property
    def specs(self) -> tuple[BarSpec, ...]:
        """The sizes kept, in the order they were asked for."""
        return tuple(self._tracks)

    @property
    def totals(self) -> Totals:
        """Volume, buy volume, turnover and number of the trades in bars."""
        return Totals(self._volume, self._buy_volume, self._turnover, self._count)

    @property
    def left_out(self) -> Totals:
        """The same of the trades outside trading hours; with `totals`, of all trades taken in."""
        return self._left_out

    def tick(self, ts_ns: int, px_ticks: int, qty: int, buy_qty: int) -> None:
        """Take in one trade; the fast way for trades that arrive as Python integers.

        The quantities are not checked: ``0 <= buy_qty <= qty`` is the caller's promise.

        Raises
        ------
        BatchError
            If the trade is older than the newest one, or lays more renko bricks at once than
            can be meant; nothing changes.
        """
        if not self._last_ts <= ts_ns < self._end and self._is_out(ts_ns, px_ticks, qty, buy_qty):
            return
        if self._others:
            self._tick_others(ts_ns, px_ticks)
        if ts_ns >= self._end:
            self._roll(ts_ns, px_ticks)
        elif px_ticks > self._highs[0]:
            for level, high in enumerate(self._highs):
                if px_ticks <= high:
                    break
                self._highs[level] = px_ticks
        elif px_ticks < self._lows[0]:
            for level, low in enumerate(self._lows):
                if px_ticks >= low:
                    break
                self._lows[level] = px_ticks
        self._last_ts = ts_ns
        self._close = px_ticks
        self._volume += qty
        self._buy_volume += buy_qty
        self._turnover += px_ticks * qty
        self._count += 1

    def absorb(self, batch: TradeBatch) -> dict[BarSpec, int]:
        """Take in a batch.

        Returns
        -------
        dict of BarSpec to int
            For each size the first row of `bars` that is new or changed; empty for an empty batch.

        Raises
        ------
        BatchError
            If the first trade is older than the newest one taken in, or the batch lays more
            renko bricks than can be meant; nothing changes.
        """
        if not len(batch):
            return {}
        if batch.ts_ns[0] < self._last_ts:
            raise too_old(int(batch.ts_ns[0]), self._last_ts)
        for track in self._bricks:
            track.refuse(batch)
        changed = {spec: len(track.closed[level]) for spec, (track, level) in self._tracks.items()}
        if len(batch) < LARGE_BATCH:
            tick = self.tick
            for ts_ns, px_ticks, qty, buy_qty in batch.rows():
                tick(ts_ns, px_ticks, qty, buy_qty)
        else:
            self._absorb_columns(batch)
        return changed

    def remake(self, trades: TradeBatch) -> dict[BarSpec, int]:
        """Make all bars anew, because trades taken in before were changed or taken out.

        Parameters
        ----------
        trades : TradeBatch
            All trades from the first one on as they are now, such as those of the store.

        Returns
        -------
        dict of BarSpec to int
            For each size the first row of `bars` that changed; their number if none did.
        """
        before = {spec: self.bars(spec) for spec in self._tracks}
        anew = LiveBars(self._tracks, self._calendar)
        anew.absorb(trades)
        for name in self.__slots__:
            setattr(self, name, getattr(anew, name))
        return {spec: first_difference(bars, self.bars(spec)) for spec, bars in before.items()}

    def closed_count(self, spec: BarSpec) -> int:
        """Return how many bars of this size are closed: the row of the newest one in `bars`.

        Raises
        ------
        BarSpecError
            If the size is not kept.
        """
        track, level = self._track(spec)
        return len(track.closed[level])

    def is_forming(self, spec: BarSpec, now_ns: int | None = None) -> bool:
        """Tell whether a further trade can still belong to the newest bar.

        Parameters
        ----------
        spec : BarSpec
            A size that is kept.
        now_ns : int, optional
            No earlier trade will come, UTC nanoseconds. It ends a time bar that nobody has traded
            behind; left out, the newest time bar is forming until a later trade comes.

        Returns
        -------
        bool
            False before the first trade; for a tick bar that holds all its trades, a volume bar
            whose last contract was traded, and a complete brick; and for a time bar when `now_ns`
            is at its end. The newest range bar is forming always: only the trade that does not
            fit ends it.

        Raises
        ------
        BarSpecError
            If the size is not kept.
        """
        track, level = self._track(spec)
        return track.is_forming(level, self.totals, now_ns)

    def forming(self, spec: BarSpec) -> Bar | None:
        """Return the newest bar, or None before the first trade.

        See `is_forming` for whether it is complete.

        Raises
        ------
        BarSpecError
            If the size is not kept.
        """
        track, level = self._track(spec)
        return track.forming(level, self.totals, self._close)

    def bars(self, spec: BarSpec, start: int = 0) -> Bars:
        """Return the closed bars and the newest one, from row `start` on, as a copy.

        Raises
        ------
        BarSpecError
            If the size is not kept.
        """
        track, level = self._track(spec)
        forming = track.forming(level, self.totals, self._close)
        if forming is None:
            return Bars.empty()
        closed = track.closed[level]
        newest = Bars.from_rows((forming,))
        if start >= len(closed):
            return newest[start - len(closed) :]
        return Bars.concat((closed.since(start), newest))

    def _roll(self, ts_ns: int, px_ticks: int) -> None:
        self._main.roll(ts_ns, px_ticks, self.totals, self._close)
        # behind the close of a session it is asked whether a trade counts
        self._end = min(self._main.end, self._session.end)

    def _is_out(self, ts_ns: int, px_ticks: int, qty: int, buy_qty: int) -> bool:
        """Count a trade outside trading hours, and refuse one that is too old."""
        if ts_ns < self._last_ts:
            raise too_old(ts_ns, self._last_ts)
        if self._session.holds(ts_ns):
            return False
        self._leave_out(ts_ns, Totals(qty, buy_qty, px_ticks * qty, 1))
        return True

    def _leave_out(self, ts_ns: int, sums: Totals) -> None:
        self._last_ts = ts_ns
        self._left_out = Totals(*(old + new for old, new in zip(self._left_out, sums, strict=True)))

    def _tick_others(self, ts_ns: int, px_ticks: int) -> None:
        for bricks in self._bricks:
            bricks.refuse_one(ts_ns, px_ticks)
        totals = self.totals
        for track in self._others:
            track.tick(ts_ns, px_ticks, totals, self._close)

    def _absorb_columns(self, batch: TradeBatch) -> None:
        every, batch = batch, inside(batch, self._calendar)
        if batch is not every:
            sums = (a - b for a, b in zip(totals_of(every), totals_of(batch), strict=True))
            self._leave_out(int(every.ts_ns[-1]), Totals(*sums))
            if not len(batch):
                return
        before = self.totals
        after = self._main.absorb(batch, before, self._close)
        for track in self._others:
            track.absorb(batch, before, self._close)
        self._volume, self._buy_volume, self._turnover, self._count = after
        self._close = int(batch.px_ticks[-1])
        self._last_ts = int(every.ts_ns[-1])
        self._session.holds(int(batch.ts_ns[-1]))
        self._end = min(self._main.end, self._session.end)

    def _track(self, spec: BarSpec) -> tuple[Track, int]:
        try:
            return self._tracks[spec]
        except KeyError:
            kept = ", ".join(map(str, self._tracks)) or "none"
            raise BarSpecError(f"No live bars of {spec} are kept: ask for one of {kept}.") from None
