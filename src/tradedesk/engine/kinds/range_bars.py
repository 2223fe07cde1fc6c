"""Where range bars begin.

A range bar takes in trades as long as the distance from its lowest to its highest price is at
most `size` ticks. The trade that would stretch it further opens the next bar, wherever it is: a
bar holds real trades only, so a jump of many ticks leaves a gap between two bars and no bar is
invented to fill it. A trade is never split.

How the starts are found without looking at every trade in Python: slide a window of `size` ticks
along the prices, moved only as far as the newest price demands. Between two turns of the window
it moves one way, a swing. Three facts make the rest a search in sorted numbers.

- A bar can only begin where the window moves: its first price lies more than `size` from a price
  of the bar before, and the window holds all of that bar.
- The first move of a swing always begins a bar. Every bar that is open before it began no later
  than the last move of the old swing, so it holds the extreme from which the window turned.
- Within a rising swing prices at the moves rise, and no later price of the swing falls more than
  `size` below them. So the bar that begins at a move ends at the first move more than `size`
  above the lowest price from here to the end of the swing, or with the swing. A falling swing is
  a rising one of negated prices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.engine.column import INT32, INT64

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PIECE: Final = 256_000
"""Prices along which the window is slid at a time: a few matrices of them stay in cache, and they
make 2,000 lanes. With 2,048 the rows of a matrix would crowd into the same few lines of it."""
_SHORTEST_LANE: Final = 16
_LONGEST_LANE: Final = 128
_FIRST_LOOK: Final = 256
_LONGEST_LOOK: Final = 65_536
_ROUNDS: Final = 32
"""Bars of a swing that are looked for side by side; where one has more, bars are walked through."""
_SWING: Final = 2**33
"""Keeps the numbers of one swing below those of the next: more than prices can differ by."""


def range_starts(
    size: int, px: NDArray[np.int32], reach: tuple[int, int] | None = None
) -> NDArray[np.intp]:
    """Return row 0 and every later row at which a range bar begins.

    Parameters
    ----------
    size : int
        Ticks from the lowest to the highest price that a bar may hold.
    px : ndarray of int32, shape (n,)
        Price of each trade, n at least 1.
    reach : tuple of int, optional
        Lowest and highest price of the bar that is forming before row 0. Row 0 is returned
        whether it continues that bar or begins one.
    """
    low, high = reach or (int(px[0]), int(px[0]))
    first = _first_outside(size, px, low, high)
    if first == len(px):
        return np.zeros(1, np.intp)
    rising = int(px[first]) > high if first == 0 else px[first] > px[first - 1]
    changed = np.empty(len(px) - first, np.bool_)
    changed[0] = True
    np.not_equal(px[first + 1 :], px[first:-1], out=changed[1:])
    changes = np.flatnonzero(changed)
    prices = px[first:].take(changes)
    moves = _moves(size, prices, rising=rising)
    starts = changes.take(moves.take(_begun(*_swings(size, prices, moves, rising=rising))))
    starts += first
    return starts if first == 0 else np.concatenate((np.zeros(1, np.intp), starts))


def _first_outside(size: int, px: NDArray[np.int32], low: int, high: int) -> int:
    """The first row that does not fit into a bar reaching from `low` to `high`; n if all fit."""
    begin, look = 0, _FIRST_LOOK
    while begin < len(px):
        part = px[begin : begin + look]
        highs = np.maximum.accumulate(part).astype(np.int64)
        lows = np.minimum.accumulate(part).astype(np.int64)
        outside = np.maximum(highs, high) - np.minimum(lows, low) > size
        if outside[-1]:
            return begin + int(outside.argmax())
        low, high = min(low, int(lows[-1])), max(high, int(highs[-1]))
        begin += look
        look = min(2 * look, _LONGEST_LOOK)
    return begin if begin < len(px) else len(px)


def _moves(size: int, prices: NDArray[np.int32], *, rising: bool) -> NDArray[np.intp]:
    """Rows at which the window moves, the first one row 0, which moves it up or down."""
    lowest_int32 = np.iinfo(INT32).min
    dtype = INT32 if int(prices.min()) - size >= lowest_int32 else INT64
    window = int(prices[0]) - size if rising else int(prices[0])
    found = [np.zeros(1, np.intp)]
    for begin in range(1, len(prices), _PIECE):
        piece = prices[begin : begin + _PIECE].astype(dtype, copy=False)
        rows, window = _moves_of_piece(size, piece, window)
        rows += begin
        found.append(rows)
    return np.concatenate(found)


def _moves_of_piece(size: int, prices: NDArray[Any], window: int) -> tuple[NDArray[np.intp], int]:
    """Rows at which a window whose lower end is at `window` moves, and where it ends up.

    The prices are cut into lanes of equal length that are worked through side by side: the first
    round finds out what each lane does to a window, the second one slides the real window.
    """
    rows = len(prices)
    length = min(max(rows // _LONGEST_LANE, _SHORTEST_LANE), _LONGEST_LANE)
    lanes = -(-rows // length)
    if lanes * length > rows:
        prices = np.concatenate((prices, np.full(lanes * length - rows, prices[-1])))
    upper = np.ascontiguousarray(prices.reshape(lanes, length).T)
    lower = upper - size
    lows = np.empty((length + 1, lanes), prices.dtype)
    lows[0] = _entries(upper, lower, window)
    for before, after, most, least in zip(lows[:-1], lows[1:], upper, lower, strict=True):
        np.minimum(before, most, out=after)
        np.maximum(after, least, out=after)
    moved = lows[1:] != lows[:-1]
    return np.flatnonzero(np.ascontiguousarray(moved.T)), int(lows[-1, -1])


def _entries(upper: NDArray[Any], lower: NDArray[Any], window: int) -> list[int]:
    """Where the window is when it enters each lane.

    A lane whose prices differ by more than the window is wide leaves every window at the same
    place; any other lane moves it as far as its extremes demand.
    """
    leaves = upper[0].copy()
    for most, least in zip(upper, lower, strict=True):
        np.minimum(leaves, most, out=leaves)
        np.maximum(leaves, least, out=leaves)
    least, most = lower.max(axis=0), upper.min(axis=0)
    narrow = np.flatnonzero(least[:-1] <= most[:-1])
    entries = [window, *leaves[:-1].tolist()]
    bounds = (narrow.tolist(), least[narrow].tolist(), most[narrow].tolist())
    for lane, lowest, highest in zip(*bounds, strict=True):
        entries[lane + 1] = min(max(entries[lane], lowest), highest)
    return entries


def _swings(
    size: int, prices: NDArray[np.int32], moves: NDArray[np.intp], *, rising: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.intp]]:
    """How far each move goes, how far one has to go to end a bar begun there, first moves.

    Both are numbers that rise from move to move, those of a swing below those of the next. The
    bar begun at a move ends at the first move that goes beyond its number.
    """
    goes = prices.take(moves)
    up = np.empty(len(moves), np.bool_)
    up[0] = rising
    np.greater(goes[1:], prices.take(moves[1:] - 1), out=up[1:])
    # turning every bit of a price over reverses the order of prices and never leaves int32
    turned = up.astype(np.int32) - 1
    goes ^= turned
    lengths = np.diff(moves, append=len(prices))
    deepest = np.minimum.reduceat(prices ^ turned.repeat(lengths), moves)
    turns = np.empty(len(moves), np.bool_)
    turns[0] = True
    np.not_equal(up[1:], up[:-1], out=turns[1:])
    swings = np.cumsum(turns, dtype=np.int64)
    swings *= _SWING
    ends = deepest + swings
    ends = np.minimum.accumulate(ends[::-1])[::-1]
    ends += size
    swings += goes
    return swings, ends, np.flatnonzero(turns)


def _begun(
    goes: NDArray[np.int64], ends: NDArray[np.int64], firsts: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Moves at which bars begin, all swings side by side: first bars, second ones, and so on."""
    inside = np.ones(len(goes) + 1, np.bool_)
    inside[firsts] = False
    inside[-1] = False
    found, newest = [firsts], firsts
    for _ in range(_ROUNDS):
        newest = goes.searchsorted(ends[newest], side="right")
        newest = newest[inside[newest]]
        if not len(newest):
            return np.sort(np.concatenate(found))
        found.append(newest)
    return _in_turn(goes.searchsorted(ends, side="right"))


def _in_turn(following: NDArray[np.intp]) -> NDArray[np.intp]:
    """Walk from the first move to the one named there, and on to the end."""
    steps = following.data
    end = len(following)
    begun = []
    move = 0
    while move < end:
        begun.append(move)
        move = steps[move]
    return np.array(begun, np.intp)
