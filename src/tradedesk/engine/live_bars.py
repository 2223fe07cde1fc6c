"""Bars of several sizes kept current, trade by trade or batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError, BatchError
from tradedesk.engine.bars import Bar, Bars
from tradedesk.engine.count_track import CountTrack
from tradedesk.engine.nested_track import NestedTrack, nest
from tradedesk.engine.range_track import RangeTrack
from tradedesk.engine.renko_track import RenkoTrack
from tradedesk.engine.running_totals import BEFORE_ALL_TIME, Totals
from tradedesk.engine.time_grid import TimeGrid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.engine.batch import TradeBatch

LARGE_BATCH: Final = 768
"""From here on the array path costs less than one call per trade."""

_UNSEEN: Final = BarSpec.parse("1mo")
"""What the main track keeps when no time bars are asked for, so that `tick` has one path."""


Track = NestedTrack | CountTrack | RangeTrack | RenkoTrack


class LiveBars:
    """Forming and closed bars of one contract in several sizes, exact after every trade.

    Parameters
    ----------
    specs : iterable of BarSpec
        Sizes to keep; one named twice is kept once. All but time bars count from the first
        trade taken in.
    session_offset_ns : int, default 0
        Start of the trading day after midnight UTC, for days, weeks and months.

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
        "_close",
        "_count",
        "_end",
        "_highs",
        "_last_ts",
        "_lows",
        "_main",
        "_others",
        "_tracks",
        "_turnover",
        "_volume",
    )

    def __init__(self, specs: Iterable[BarSpec], session_offset_ns: int = 0) -> None:
        wanted = list(dict.fromkeys(specs))
        self._main, self._others = _make_tracks(wanted, session_offset_ns)
        self._bricks = tuple(track for track in self._others if isinstance(track, RenkoTrack))
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
        """Volume, buy volume, turnover and number of all trades taken in."""
        return Totals(self._volume, self._buy_volume, self._turnover, self._count)

    def tick(self, ts_ns: int, px_ticks: int, qty: int, buy_qty: int) -> None:
        """Take in one trade; the fast way for trades that arrive as Python integers.

        The quantities are not checked: ``0 <= buy_qty <= qty`` is the caller's promise.

        Raises
        ------
        BatchError
            If the trade is older than the newest one, or lays more renko bricks at once than
            can be meant; nothing changes.
        """
        if ts_ns < self._last_ts:
            raise self._too_old(ts_ns)
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
            raise self._too_old(int(batch.ts_ns[0]))
        for track in self._bricks:
            track.refuse(batch.px_ticks)
        changed = {spec: len(track.closed[level]) for spec, (track, level) in self._tracks.items()}
        if len(batch) < LARGE_BATCH:
            tick = self.tick
            for ts_ns, px_ticks, qty, buy_qty in batch.rows():
                tick(ts_ns, px_ticks, qty, buy_qty)
        else:
            self._absorb_columns(batch)
        return changed

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
        self._end = self._main.end

    def _tick_others(self, ts_ns: int, px_ticks: int) -> None:
        for bricks in self._bricks:
            bricks.refuse_one(px_ticks)
        totals = self.totals
        for track in self._others:
            track.tick(ts_ns, px_ticks, totals, self._close)

    def _absorb_columns(self, batch: TradeBatch) -> None:
        before = self.totals
        after = self._main.absorb(batch, before, self._close)
        for track in self._others:
            track.absorb(batch, before, self._close)
        self._volume, self._buy_volume, self._turnover, self._count = after
        self._close = int(batch.px_ticks[-1])
        self._last_ts = int(batch.ts_ns[-1])
        self._end = self._main.end

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
    wanted: Iterable[BarSpec], session_offset_ns: int
) -> tuple[NestedTrack, tuple[Track, ...]]:
    """The chain that `tick` walks by itself, and all other tracks."""
    grids: list[TimeGrid] = []
    counters: list[Track] = []
    for spec in wanted:
        if spec.is_time:
            grids.append(TimeGrid(spec, session_offset_ns))
        elif spec.unit is BarUnit.RANGE:
            counters.append(RangeTrack(spec))
        elif spec.unit is BarUnit.RENKO:
            counters.append(RenkoTrack(spec))
        else:
            counters.append(CountTrack(spec))
    main, *more = (NestedTrack(chain) for chain in nest(grids or [TimeGrid(_UNSEEN)]))
    return main, (*more, *counters)


def _places(tracks: Iterable[Track]) -> dict[BarSpec, tuple[Track, int]]:
    """For each size the track that keeps it, and its level there."""
    return {spec: (track, level) for track in tracks for level, spec in enumerate(track.specs)}
