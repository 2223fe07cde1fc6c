"""Bars of several sizes kept current, trade by trade or batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError, BatchError
from tradedesk.engine.aggregate import buildable
from tradedesk.engine.bars import Bar, Bars
from tradedesk.engine.calendar import Calendar, grid_of, inside
from tradedesk.engine.count_track import CountTrack
from tradedesk.engine.nested_track import NestedTrack, nest
from tradedesk.engine.open_session import OpenSession
from tradedesk.engine.running_totals import BEFORE_ALL_TIME, Totals, totals_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.engine.bar_grid import BarGrid
    from tradedesk.engine.batch import TradeBatch

LARGE_BATCH: Final = 768
"""From here on the array path costs less than one call per trade."""

_UNSEEN: Final = BarSpec.parse("1mo")
"""What the main track keeps when no time bars are asked for, so that `tick` has one path."""


Track = NestedTrack | CountTrack


class LiveBars:
    """Forming and closed bars of one contract in several sizes, exact after every trade.

    Parameters
    ----------
    specs : iterable of BarSpec
        Sizes to keep; one named twice is kept once. Tick and volume bars count from the first
        trade taken in, or with trading hours from the first one of each session.
    calendar : int or TradingHours, default 0
        What the bars follow, as in `tradedesk.engine.aggregate`. Trades outside trading hours
        are in no bar and not in `totals`; `left_out` counts them.

    Raises
    ------
    BarSpecError
        For range and renko bars, which are not built yet.

    Notes
    -----
    Trades must come in the order of time. A batch or trade older than the newest one taken in is
    refused with `BatchError` and changes nothing; equal times are fine. Whoever reads a feed that
    can step back by some milliseconds decides there what the order is.

    However a stream is cut into batches and single trades, the bars are those that
    `tradedesk.engine.aggregate` makes of the whole, bit for bit.
    """

    __slots__ = (
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
        self._main, self._others = _make_tracks(wanted, calendar)
        placed = _places((self._main, *self._others))
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
            If the trade is older than the newest one; nothing changes.
        """
        usual = self._last_ts <= ts_ns < self._end
        if not usual and not self._belongs(ts_ns, Totals(qty, buy_qty, px_ticks * qty, 1)):
            return
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
        if self._others:
            self._tick_others(ts_ns, px_ticks)
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
            If the first trade is older than the newest one taken in; nothing changes.
        """
        if not len(batch):
            return {}
        if batch.ts_ns[0] < self._last_ts:
            raise self._too_old(int(batch.ts_ns[0]))
        changed = {spec: len(track.closed[level]) for spec, (track, level) in self._tracks.items()}
        if len(batch) < LARGE_BATCH:
            tick = self.tick
            for ts_ns, px_ticks, qty, buy_qty in batch.rows():
                tick(ts_ns, px_ticks, qty, buy_qty)
        else:
            self._absorb_columns(batch)
        return changed

    def closed_count(self, spec: BarSpec) -> int:
        """Return how many bars of this size are closed: the row of the forming one in `bars`.

        Raises
        ------
        BarSpecError
            If the size is not kept.
        """
        track, level = self._track(spec)
        return len(track.closed[level])

    def forming(self, spec: BarSpec) -> Bar | None:
        """Return the bar that is forming, or None before the first trade.

        Raises
        ------
        BarSpecError
            If the size is not kept.
        """
        track, level = self._track(spec)
        return track.forming(level, self.totals, self._close)

    def bars(self, spec: BarSpec, start: int = 0) -> Bars:
        """Return the closed bars and the forming one, from row `start` on, as a copy.

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

    def _belongs(self, ts_ns: int, own: Totals) -> bool:
        """Refuse a trade that is too old, and leave one out that is outside trading hours."""
        if ts_ns < self._last_ts:
            raise self._too_old(ts_ns)
        if self._session.holds(ts_ns):
            return True
        self._leave_out(ts_ns, own)
        return False

    def _roll(self, ts_ns: int, px_ticks: int) -> None:
        self._main.roll(ts_ns, px_ticks, self.totals, self._close)
        # behind the close of a session it is asked whether a trade counts
        self._end = min(self._main.end, self._session.end)

    def _leave_out(self, ts_ns: int, sums: Totals) -> None:
        self._last_ts = ts_ns
        self._left_out = Totals(*(old + new for old, new in zip(self._left_out, sums, strict=True)))

    def _tick_others(self, ts_ns: int, px_ticks: int) -> None:
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

    def _too_old(self, ts_ns: int) -> BatchError:
        return BatchError(
            f"A trade at {ts_ns} is older than the newest one ({self._last_ts}): "
            f"give trades in the order of time."
        )


def _make_tracks(
    wanted: Iterable[BarSpec], calendar: Calendar
) -> tuple[NestedTrack, tuple[Track, ...]]:
    """The chain that `tick` walks by itself, and all other tracks."""
    grids: list[BarGrid] = []
    counters: list[CountTrack] = []
    for spec in wanted:
        buildable(spec)
        if spec.is_time:
            grids.append(grid_of(spec, calendar))
        else:
            counters.append(CountTrack(spec, calendar))
    main, *more = (NestedTrack(chain) for chain in nest(grids or [grid_of(_UNSEEN, calendar)]))
    return main, (*more, *counters)


def _places(tracks: Iterable[Track]) -> dict[BarSpec, tuple[Track, int]]:
    """For each size the track that keeps it, and its level there."""
    return {spec: (track, level) for track in tracks for level, spec in enumerate(track.specs)}
