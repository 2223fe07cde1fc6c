"""Bars of several sizes kept current, trade by trade or batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError, BatchError
from tradedesk.engine.aggregate import buildable
from tradedesk.engine.bar_difference import first_difference
from tradedesk.engine.bars import Bar, Bars
from tradedesk.engine.count_track import CountTrack
from tradedesk.engine.nested_track import NestedTrack, nest
from tradedesk.engine.running_totals import BEFORE_ALL_TIME, Totals
from tradedesk.engine.time_grid import TimeGrid

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        trade taken in.
    session_offset_ns : int, default 0
        Start of the trading day after midnight UTC, for days, weeks and months.

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
        "_close",
        "_count",
        "_end",
        "_highs",
        "_last_ts",
        "_lows",
        "_main",
        "_others",
        "_session_offset_ns",
        "_tracks",
        "_turnover",
        "_volume",
    )

    def __init__(self, specs: Iterable[BarSpec], session_offset_ns: int = 0) -> None:
        wanted = list(dict.fromkeys(specs))
        self._session_offset_ns = session_offset_ns
        self._main, self._others = _make_tracks(wanted, session_offset_ns)
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
            If the trade is older than the newest one; nothing changes.
        """
        if ts_ns < self._last_ts:
            raise self._too_old(ts_ns)
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

    def remake(self, trades: TradeBatch) -> dict[BarSpec, int]:
        """Make all bars anew, because trades taken in before were changed or taken out.

        Parameters
        ----------
        trades : TradeBatch
            All trades from the first one on as they are now, such as those of the store.

        Returns
        -------
        dict of BarSpec to int
            For each size the first row of `bars` that is another one now; their number if none
            is.
        """
        before = {spec: self.bars(spec) for spec in self._tracks}
        anew = LiveBars(self._tracks, self._session_offset_ns)
        anew.absorb(trades)
        for name in self.__slots__:
            setattr(self, name, getattr(anew, name))
        return {spec: first_difference(bars, self.bars(spec)) for spec, bars in before.items()}

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

    def _roll(self, ts_ns: int, px_ticks: int) -> None:
        self._main.roll(ts_ns, px_ticks, self.totals, self._close)
        self._end = self._main.end

    def _tick_others(self, ts_ns: int, px_ticks: int) -> None:
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
    counters: list[CountTrack] = []
    for spec in wanted:
        buildable(spec)
        if spec.is_time:
            grids.append(TimeGrid(spec, session_offset_ns))
        else:
            counters.append(CountTrack(spec))
    main, *more = (NestedTrack(chain) for chain in nest(grids or [TimeGrid(_UNSEEN)]))
    return main, (*more, *counters)


def _places(tracks: Iterable[Track]) -> dict[BarSpec, tuple[Track, int]]:
    """For each size the track that keeps it, and its level there."""
    return {spec: (track, level) for track in tracks for level, spec in enumerate(track.specs)}
