"""The newest brick of one renko size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import BatchError
from tradedesk.engine.bar_columns import ClosedBars
from tradedesk.engine.bars import Bar, Bars, join_bars
from tradedesk.engine.kinds.brick_walk import BrickWalk
from tradedesk.engine.kinds.renko_bars import LONGEST_JUMP, MOST_BRICKS, lay_bricks, stretched
from tradedesk.engine.reduce import reduce_trades
from tradedesk.engine.running_totals import Totals, base_of

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.batch import TradeBatch


class RenkoTrack:
    """Renko bricks of one size, from the first trade of the stream on.

    A brick that is complete stays the newest one until the next trade, which closes it.

    Attributes
    ----------
    specs : tuple of BarSpec
        The size.
    closed : list of ClosedBars
        One entry, the closed bricks.
    """

    __slots__ = (
        "_above",
        "_base",
        "_below",
        "_first",
        "_high",
        "_line",
        "_low",
        "_open",
        "_size",
        "_waiting",
        "_walk",
        "closed",
        "specs",
    )

    def __init__(self, spec: BarSpec) -> None:
        self.specs = (spec,)
        self._size = spec.size
        self._walk: BrickWalk | None = None
        self._below = self._above = 0
        # whether the newest brick is forming; if not, the price of the line at which it closed
        self._waiting = False
        self._line = 0
        self._open = 0
        self._first = self._high = self._low = 0
        self._base = Totals()
        self.closed = [ClosedBars()]

    def refuse(self, trades: TradeBatch) -> None:
        """Refuse a batch that lays more bricks than can be meant, before anything changes.

        Raises
        ------
        BatchError
            Naming row and price.
        """
        px = trades.px_ticks
        low, high = int(px.min()), int(px.max())
        if self._walk is not None:
            line = self._walk.half * self._size // 2
            low, high = min(low, line), max(high, line)
        most = (high - low) // self._size + 1
        if most > LONGEST_JUMP or most * len(px) > MOST_BRICKS:
            lay_bricks(self._size, px, self._walk, waiting=self._waiting)

    def refuse_one(self, ts_ns: int, px: int) -> None:
        """Refuse one price that lays more bricks than can be meant.

        Raises
        ------
        BatchError
            Naming the price.
        """
        if self._below < px < self._above or self._walk is None:
            return
        count, _ = self._walk.after(px, self._size)
        if count > LONGEST_JUMP:
            raise BatchError(
                f"px_ticks {px} lays {count} renko bricks of {self._size} ticks at once, "
                f"{LONGEST_JUMP} allowed: correct the price or use a larger brick."
            )

    def restart(self, totals: Totals, close: int) -> None:
        """Close the newest brick; the next trade begins as the first one did."""
        newest = self.forming(0, totals, close)
        if newest is not None:
            self.closed[0].add(newest)
        self._walk, self._waiting = None, False
        self._below = self._above = 0

    def tick(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        """Take in one trade that is not yet part of `totals`; `close` is the price before it."""
        waited = self._waiting
        if not waited:
            self._begin(ts_ns, px, totals, close)
        if self._below < px < self._above:
            if px > self._high:
                self._high = px
            elif px < self._low:
                self._low = px
        else:
            self._reach(ts_ns, px, totals, waited=waited)

    def _begin(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        newest = self.forming(0, totals, close)
        if newest is None:
            self._walk = BrickWalk.begin(px, self._size)
            self._below, self._above = self._walk.limits(self._size)
            self._first = px
        else:
            self.closed[0].add(newest)
            self._first = self._line
        self._waiting = True
        self._open = ts_ns
        self._high = self._low = px
        self._base = totals

    def _reach(self, ts_ns: int, px: int, totals: Totals, *, waited: bool) -> None:
        """Take in a trade that touches a line which counts."""
        assert self._walk is not None
        count, self._walk = self._walk.after(px, self._size)
        self._below, self._above = self._walk.limits(self._size)
        if count > 1:
            self._lay(count - 1, ts_ns, totals, waited=waited)
            self._open = ts_ns
            self._high = self._low = px
            self._base = totals
        self._high, self._low = max(self._high, px), min(self._low, px)
        if count:
            self._line = self._walk.half // 2 * self._size
            self._first = self._line - self._walk.direction * self._size
            self._waiting = False

    def _lay(self, count: int, ts_ns: int, totals: Totals, *, waited: bool) -> None:
        """Close all bricks of a jump but the last; the first holds what was waiting."""
        assert self._walk is not None
        height = self._walk.direction * self._size
        opened = self._walk.half // 2 * self._size - (count + 1) * height
        if waited:
            self._first, self._line, self._waiting = opened, opened + height, False
            first = self.forming(0, totals, 0)
            assert first is not None
            self.closed[0].add(first)
        for number in range(int(waited), count):
            begin = opened + number * height
            end = begin + height
            self.closed[0].add(Bar(ts_ns, begin, max(begin, end), min(begin, end), end, 0, 0, 0, 0))

    def absorb(self, trades: TradeBatch, totals: Totals, close: int) -> Totals:
        """Take in many trades at once; returns the totals after them."""
        px, newest = trades.px_ticks, self.forming(0, totals, close)
        opened = self._first if self._waiting else self._line
        if newest is None:
            opened = int(px[0])
        elif not self._waiting:
            self.closed[0].add(newest)
        bricks = lay_bricks(self._size, px, self._walk, waiting=self._waiting)
        starts = bricks.starts - self._waiting
        alone = self._waiting and len(starts) > 1 and not starts[1]
        starts = starts[1:] if alone else starts.clip(0)
        groups = reduce_trades(trades, starts, trades.ts_ns[starts])
        after = totals.plus(groups)
        if self._waiting and newest is not None:
            newest = newest._replace(high=self._high, low=self._low)
            head = newest if alone else join_bars(newest, groups[0])
            groups = Bars.concat((Bars.from_rows((head,)), groups if alone else groups[1:]))
        complete = bricks.complete(groups, trades.ts_ns)
        self._waiting = bricks.forming
        if bricks.forming:
            self.closed[0].extend(complete)
            last = groups[-1]
            self._first = complete[-1].close if len(complete) else opened
        else:
            self.closed[0].extend(complete[:-1])
            last = complete[-1]
            self._first, self._line = last.open, last.close
        self._walk = bricks.walk
        self._below, self._above = self._walk.limits(self._size)
        self._open, self._high, self._low = last.ts_ns, last.high, last.low
        self._base = base_of(after, last)
        return after

    def is_forming(self, level: int, totals: Totals, now_ns: int | None) -> bool:
        """Whether a further trade can belong to the newest brick."""
        return self._waiting

    def forming(self, level: int, totals: Totals, close: int) -> Bar | None:
        """Return the newest brick, complete or not, or None before the first trade."""
        if self._walk is None:
            return None
        sums = (now - then for now, then in zip(totals, self._base, strict=True))
        end = close if self._waiting else self._line
        trades = Bar(self._open, self._first, self._high, self._low, end, *sums)
        return stretched(trades, self._first, end)
