"""Renko bricks: where they lie and which trades they hold.

Prices are ruled with lines at the multiples of `size` ticks, counted from price 0. A brick fills
the space between two neighbouring lines. Counting begins at the first line that a trade touches or
crosses; the first brick is complete when the next line above or below is reached, further ones
when the line beyond is. To turn round, the price has to come back to the line at which the last
brick opened and reach the one behind it: two bricks from its close.

Because the lines do not depend on the first trade, a count that begins later makes the same
bricks, from its second one on at the latest.

A trade that completes several bricks lays them all, so bricks always join. A trade belongs to the
brick that it completes, to the last of them if there are several, and otherwise to the brick that
is forming. Of several bricks laid at once the first holds the trades that were waiting, the last
the trade itself, and any other is empty: volume 0, count 0, opened at the time of the trade that
laid it. So every lot is in exactly one brick.

Open and close of a complete brick are lines, its high and low the extremes of its own trades,
stretched to the brick: wicks are real. The brick that is forming opens at the close of the last
one and closes at the last price; the very first opens at the first price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.bars import Bar, Bars
from tradedesk.engine.column import INT32, INT64
from tradedesk.engine.kinds.brick_walk import BrickWalk

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_JUMP: Final = 100_000
"""Bricks that one trade may lay; beyond it a price is wrong or the brick is far too small."""
MOST_BRICKS: Final = 50_000_000
"""Bricks laid at a time; more would not fit into memory."""

_BLOCK: Final = 65_536


class Bricks(NamedTuple):
    """Complete bricks, oldest first, and the trades that they and the forming one hold.

    Attributes
    ----------
    starts : ndarray of intp, shape (groups,)
        Rows at which the trades of another brick begin, the first one 0.
    rows : ndarray of intp, shape (bricks,)
        Row of the trade that completed each brick.
    opens, closes : ndarray of int32, shape (bricks,)
        Prices of the lines in ticks.
    groups : ndarray of intp, shape (bricks,)
        Place of the brick's trades in `starts`, -1 where it holds none.
    forming : bool
        Whether the last group belongs to a brick that is not complete.
    walk : BrickWalk
        Where the walk stands after the last row.
    """

    starts: NDArray[np.intp]
    rows: NDArray[np.intp]
    opens: NDArray[np.int32]
    closes: NDArray[np.int32]
    groups: NDArray[np.intp]
    forming: bool
    walk: BrickWalk

    def complete(self, groups: Bars, ts_ns: NDArray[np.int64]) -> Bars:
        """Return the complete bricks, given one bar of the trades of each group.

        Parameters
        ----------
        groups : Bars
            One for each of `starts`.
        ts_ns : ndarray of int64, shape (n,)
            Time of each trade.
        """
        opened = ts_ns[self.rows]
        highs, lows = np.maximum(self.opens, self.closes), np.minimum(self.opens, self.closes)
        sums = [np.zeros(len(opened), np.int64) for _ in range(4)]
        held = np.flatnonzero(self.groups >= 0)
        own = self.groups[held]
        opened[held] = groups.ts_ns[own]
        highs[held] = np.maximum(highs[held], groups.high[own])
        lows[held] = np.minimum(lows[held], groups.low[own])
        flow = (groups.volume, groups.buy_volume, groups.turnover, groups.count)
        for total, column in zip(sums, flow, strict=True):
            total[held] = column[own]
        return Bars.unchecked((opened, self.opens, highs, lows, self.closes, *sums))

    def bars(self, groups: Bars, ts_ns: NDArray[np.int64]) -> Bars:
        """Return the complete bricks and behind them the forming one, if there is any.

        Takes what `complete` takes; the walk must have begun with the first trade.
        """
        complete = self.complete(groups, ts_ns)
        if not self.forming:
            return complete
        newest = groups[-1]
        opened = complete[-1].close if len(complete) else newest.open
        return Bars.concat((complete, Bars.from_rows((stretched(newest, opened, newest.close),))))


def stretched(trades: Bar, opened: int, closed: int) -> Bar:
    """Return trades as the brick that opens and closes at these prices."""
    return trades._replace(
        open=opened,
        high=max(trades.high, opened, closed),
        low=min(trades.low, opened, closed),
        close=closed,
    )


def lay_bricks(
    size: int, px: NDArray[np.int32], walk: BrickWalk | None = None, *, waiting: bool = False
) -> Bricks:
    """Find the bricks that trades complete.

    Parameters
    ----------
    size : int
        Ticks from the open to the close of a brick.
    px : ndarray of int32, shape (n,)
        Price of each trade, n at least 1.
    walk : BrickWalk, optional
        Where the walk stands before row 0; left out, counting begins there.
    waiting : bool, default False
        Whether trades before row 0 wait for their brick to be completed. They are then group 0,
        counted as one more row in front: `starts` is in rows shifted by one.

    Raises
    ------
    BatchError
        If a trade lays more than `LONGEST_JUMP` bricks, or all of them more than `MOST_BRICKS`.
        Names row and price.
    """
    walk = walk or BrickWalk.begin(int(px[0]), size)
    rows, lines, steps, start = _line_changes(size, px, walk)
    directions = np.sign(steps)
    before = np.concatenate((np.array([walk.direction]), directions[:-1]))[: len(steps)]
    count = np.abs(steps)
    count -= before == -directions
    laid = np.flatnonzero(count)
    rows, lines, directions, count = (a[laid] for a in (rows, lines, directions, count))
    _refuse_too_many(size, px, rows, count)
    if len(laid):
        walk = BrickWalk(2 * int(lines[-1]), int(directions[-1]))
    else:
        walk = BrickWalk(start, walk.direction)
    starts, groups, forming = _groups(rows + waiting, count, len(px) + waiting)
    back = np.arange(1, len(groups) + 1) - np.cumsum(count).repeat(count)
    ways = directions.repeat(count)
    closes = lines.repeat(count) + ways * back
    opens = closes - ways
    at = rows.repeat(count)
    opened, closed = ((lines * size).astype(np.int32) for lines in (opens, closes))
    return Bricks(starts, at, opened, closed, groups, forming, walk)


def _line_changes(
    size: int, px: NDArray[np.int32], walk: BrickWalk
) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.int64], int]:
    """Rows at which another line is the last one touched, that line, and how many lines away.

    The last number is where the walk stands as long as no brick is laid.
    """
    # twice a line leaves int32 only if every tick is one
    buffer = np.empty(min(len(px), _BLOCK) + 1, INT64 if size == 1 else INT32)
    half, start = walk.half, None if walk.half % 2 else walk.half // 2
    line = start
    found: list[NDArray[np.intp]] = []
    lines: list[NDArray[Any]] = []
    steps: list[NDArray[Any]] = []
    for begin in range(0, len(px), _BLOCK):
        part = px[begin : begin + _BLOCK]
        halves = buffer[: len(part) + 1]
        halves[0] = half
        changes = _half_changes(size, part, halves)
        if not len(changes):
            continue
        now, before = halves[1:].take(changes), halves[:-1].take(changes)
        half = int(now[-1])
        rising = now > before
        if line is None:
            line = start = walk.half // 2 + int(rising[0])
        # from below the lower line of a space is touched, from above the upper one
        touched = (now + ~rising) >> 1
        away = np.diff(touched, prepend=touched.dtype.type(line))
        line = int(touched[-1])
        moved = np.flatnonzero(away)
        found.append(changes[moved] + begin)
        lines.append(touched[moved])
        steps.append(away[moved])
    stands = walk.half if start is None else 2 * start
    if not found:
        none = np.empty(0, np.int64)
        return np.empty(0, np.intp), none, none, stands
    return np.concatenate(found), _wide(lines), _wide(steps), stands


def _wide(parts: list[NDArray[Any]]) -> NDArray[np.int64]:
    return np.concatenate(parts).astype(np.int64, copy=False)


def _half_changes(size: int, px: NDArray[np.int32], halves: NDArray[Any]) -> NDArray[np.intp]:
    """Rows at which the price comes to another line or space.

    Twice the number of each price's line goes into `halves` behind its first entry, which is
    given; a space counts as half a line more than the line below it.
    """
    now = halves[1:]
    np.floor_divide(px, size, out=now)
    between = now * size != px
    now += now
    now += between
    return np.flatnonzero(now != halves[:-1])


def _groups(
    rows: NDArray[np.intp], count: NDArray[np.int64], end: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], bool]:
    """Where the trades of bricks begin, which of them each brick holds, and if some are left.

    Parameters
    ----------
    rows, count : ndarray of int, shape (laying,)
        Rows that complete bricks, and how many.
    end : int
        Number of all rows.
    """
    first = np.concatenate((np.zeros(1, np.intp), rows + 1))
    forming = int(first[-1]) < end
    several = count > 1
    # two possible groups for each row: what was waiting for it (with it if it lays one), and itself
    begins = np.stack((first[:-1], rows), axis=1).ravel()
    there = np.stack((~several | (first[:-1] < rows), several), axis=1).ravel()
    place = np.cumsum(there) - 1
    place[~there] = -1
    last = np.cumsum(count) - 1
    groups = np.full(int(count.sum()), -1, np.intp)
    groups[last] = place[1::2]
    groups[last - count + 1] = place[::2]
    starts = begins[there]
    if forming:
        starts = np.append(starts, first[-1])
    return starts, groups, forming


def _refuse_too_many(
    size: int, px: NDArray[np.int32], rows: NDArray[np.intp], count: NDArray[np.int64]
) -> None:
    if not len(count):
        return
    most = int(count.argmax())
    if count[most] > LONGEST_JUMP:
        row = int(rows[most])
        raise BatchError(
            f"px_ticks row {row} is {px[row]}, which lays {count[most]} renko bricks of {size} "
            f"ticks at once, {LONGEST_JUMP} allowed: correct the price or use a larger brick."
        )
    if (total := int(count.sum())) > MOST_BRICKS:
        raise BatchError(
            f"{total} renko bricks of {size} ticks are too many ({MOST_BRICKS} allowed): "
            f"use a larger brick or fewer trades."
        )
