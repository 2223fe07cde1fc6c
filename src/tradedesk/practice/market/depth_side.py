"""One side of a made book: which levels there are, when they change, and how large they become.

A level lives while its price is among the best ones, which the touch alone decides. Its size is a
function of price and of the slot of time, taken anew at moments of its own; trades eat of it; and
shortly before the touch crosses it it thins out to what will still be traded there. So what waits
at a moment depends on the last few seconds and the next few tenths of one, and on nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.practice.market.depth_rows import GONE, Rows, gauss, join, mixed, uniform

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

RENEWED_SLOTS: Final = 8
"""Every level is renewed at least once in so many slots, which bounds how far one looks back."""
PULL_NS: Final = 400_000_000
"""A level thins out no earlier than this before the touch crosses it."""
_SHORTEST_PULL_NS: Final = 15_000_000
_MICRO: Final = 1_000

# Market depth grows from the touch outwards and levels off; the touch is renewed most often.
_THICKNESS: Final = np.array([1.0, 1.5, 1.85, 2.1, 2.3, 2.45, 2.55, 2.6, 2.65, 2.7])
_RENEWAL: Final = np.array([0.9, 0.6, 0.4, 0.3, 0.25, 0.2, 0.15, 0.12, 0.1, 0.08])
_FRESH: Final = 0.45
_SLOW: Final = 0.38
_QUICK: Final = 0.22
_ROUND_TICKS: Final = 20
_ROUND: Final = 1.35


class Style(NamedTuple):
    """How a book looks: a number that chance depends on, mean size at the touch, levels a side.

    ``slot_ns`` is the time in which the best level is renewed about once, and ``calm`` tells how
    busy the market is at some times, 1 in mid-session.
    """

    salt: int
    touch_size: float
    levels: int
    slot_ns: int
    calm: Callable[[Ints], Floats] | None = None

    @property
    def back_ns(self) -> int:
        """How far back one has to look to know a book."""
        return (RENEWED_SLOTS + 2) * self.slot_ns + 2 * PULL_NS

    @property
    def ahead_ns(self) -> int:
        """How far ahead one has to look."""
        return max(PULL_NS, self.slot_ns)


class Touches(NamedTuple):
    """Best key of a side from each of some moments on; the first moment is where one begins."""

    ts_ns: Ints
    best: Ints

    def at(self, ts_ns: Ints) -> Ints:
        """Best key at some moments."""
        return self.best[np.searchsorted(self.ts_ns, ts_ns, side="right") - 1]


class Taken(NamedTuple):
    """Trades that met a side: when, at which key, how many contracts."""

    ts_ns: Ints
    key: Ints
    qty: Ints


class _Turns(NamedTuple):
    """Levels that came or went; ``front`` where it was the touch that formed or was crossed."""

    ts_ns: Ints
    key: Ints
    front: Bools


class _Pulls(NamedTuple):
    """Levels about to be crossed: thin from ``ts_ns`` on, crossed at ``until_ns``."""

    ts_ns: Ints
    key: Ints
    until_ns: Ints
    left: Ints


def side_rows(style: Style, touches: Touches, taken: Taken, until_ns: int) -> Rows:
    """Everything that happens to the levels of one side.

    Parameters
    ----------
    style : Style
        How the book looks; another salt for either side.
    touches, taken : Touches, Taken
        From the beginning to at least ``style.ahead_ns`` after `until_ns`.
    until_ns : int
        Rows later than this are not complete.
    """
    born, died = _turns(style, touches)
    pulls = _pulls(style, born, died, taken)
    fresh = np.where(born.front, _FRESH, 1.0)
    distance = born.key - touches.at(born.ts_ns)
    chance = gauss(style.salt, born.key, born.ts_ns)
    born_size = _size(style, born.key, distance, fresh * np.exp(_SLOW * chance))
    return join(
        [
            Rows(taken.ts_ns, taken.key, taken.qty, np.ones(len(taken.qty), np.bool_)),
            _set(died.ts_ns, died.key, np.full(len(died.key), GONE)),
            _set(born.ts_ns, born.key, born_size),
            _set(pulls.ts_ns, pulls.key, pulls.left),
            _renewals(style, touches, pulls, until_ns),
        ]
    )


def _set(ts_ns: Ints, key: Ints, size: Ints) -> Rows:
    return Rows(ts_ns, key, size, np.zeros(len(key), np.bool_))


def _size(style: Style, key: Ints, distance: Ints, factor: NDArray[np.float64]) -> Ints:
    thick = _THICKNESS[np.clip(distance, 0, len(_THICKNESS) - 1)]
    at_round = np.where(key % _ROUND_TICKS == 0, _ROUND, 1.0)
    size = np.rint(style.touch_size * thick * at_round * factor)
    return np.maximum(size, 1).astype(np.int64)


def _turns(style: Style, touches: Touches) -> tuple[_Turns, _Turns]:
    """Levels that come and go as the touch moves; at the beginning all of them come."""
    step = np.diff(touches.best)
    moves = np.flatnonzero(step)
    old, new, ts_ns = touches.best[moves], touches.best[moves + 1], touches.ts_ns[moves + 1]
    count = np.minimum(np.abs(step[moves]), style.levels)
    row = np.repeat(np.arange(len(moves)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    away = step[moves][row] > 0
    far = style.levels - 1 - nth
    died = _Turns(ts_ns[row], old[row] + np.where(away, nth, far), away)
    all_keys = touches.best[0] + np.arange(style.levels)
    born = _Turns(
        np.concatenate((np.full(style.levels, touches.ts_ns[0]), ts_ns[row])),
        np.concatenate((all_keys, new[row] + np.where(away, far, nth))),
        np.concatenate((np.zeros(style.levels, np.bool_), ~away)),
    )
    return born, died


def _pulls(style: Style, born: _Turns, died: _Turns, taken: Taken) -> _Pulls:
    ends = died.ts_ns[died.front]
    key = died.key[died.front]
    code = _Codes(born.ts_ns[0], max(int(ends.max(initial=0)), int(born.ts_ns[-1])), key)
    births = code(born.key, born.ts_ns)
    order = np.argsort(births, kind="stable")
    births = born.ts_ns[order[np.searchsorted(births[order], code(key, ends)) - 1]]
    lead = _SHORTEST_PULL_NS + uniform(style.salt, key, ends, 1) ** 2 * (PULL_NS - 2 * _MICRO)
    lead = np.minimum(lead, PULL_NS - _MICRO).astype(np.int64)
    starts = np.maximum(ends - lead, births + (ends - births) * 3 // 10)
    starts = np.maximum(starts // _MICRO * _MICRO, births)

    trades = code(taken.key, taken.ts_ns)
    known = trades >= 0
    order = np.argsort(trades[known], kind="stable")
    trades = trades[known][order]
    total = np.concatenate(([0], np.cumsum(taken.qty[known][order])))
    until, since = (
        total[np.searchsorted(trades, code(key, ts_ns), side="right")] for ts_ns in (ends, starts)
    )
    few = 1 + (mixed(style.salt, key, ends) % np.uint64(3)).astype(np.int64)
    return _Pulls(starts, key, ends, np.where(until > since, until - since, few))


class _Codes:
    """Pairs of key and time as single numbers in their order; -1 for a key that is not known."""

    def __init__(self, from_ns: int, until_ns: int, keys: Ints) -> None:
        self._from_ns = from_ns
        self._span = until_ns - from_ns + 2
        self._keys = np.unique(keys)

    def __call__(self, key: Ints, ts_ns: Ints) -> Ints:
        where = np.searchsorted(self._keys, key)
        inside = where < len(self._keys)
        inside[inside] = self._keys[where[inside]] == key[inside]
        late = np.clip(ts_ns - self._from_ns, 0, self._span - 1)
        return np.where(inside, where * self._span + late, -1)


def _renewals(style: Style, touches: Touches, pulls: _Pulls, until_ns: int) -> Rows:
    """Levels that change by themselves, each at moments of its own."""
    slot, key, ts_ns = _candidates(style, touches, until_ns)
    distance = key - touches.at(ts_ns)
    live = (distance >= 0) & (distance < style.levels)
    live &= (ts_ns > touches.ts_ns[0]) & (ts_ns <= until_ns)
    slot, key, ts_ns, distance = (column[live] for column in (slot, key, ts_ns, distance))
    due = (slot + key * 5) % RENEWED_SLOTS == 0
    share = _RENEWAL[np.clip(distance, 0, len(_RENEWAL) - 1)]
    if style.calm is not None:
        share = share * np.minimum(style.calm(ts_ns), 1.0)
    due |= uniform(style.salt, key, slot, 2) < share
    due &= ~_inside(pulls, key, ts_ns)
    slot, key, ts_ns, distance = (column[due] for column in (slot, key, ts_ns, distance))
    slow = gauss(style.salt, key, slot // RENEWED_SLOTS, 3)
    quick = gauss(style.salt, key, slot, 4)
    return _set(ts_ns, key, _size(style, key, distance, np.exp(_SLOW * slow + _QUICK * quick)))


def _candidates(style: Style, touches: Touches, until_ns: int) -> tuple[Ints, Ints, Ints]:
    """Slots, keys and moments of every level that might live then.

    Where the touch runs far within one slot all levels are renewed at one moment, since the
    prices in between are too many to be looked at one by one.
    """
    begin_ns = int(touches.ts_ns[0])
    slots = np.arange(begin_ns // style.slot_ns, until_ns // style.slot_ns + 1)
    edges = np.maximum(np.append(slots, slots[-1] + 1) * style.slot_ns, begin_ns)
    rows = np.searchsorted(touches.ts_ns, edges, side="right") - 1
    after = touches.best[rows[1:]]
    low = np.minimum(np.minimum.reduceat(touches.best, rows)[:-1], after)
    high = np.maximum(np.maximum.reduceat(touches.best, rows)[:-1], after)
    wild = high - low > 4 * style.levels
    middle = slots * style.slot_ns + style.slot_ns // 2 // _MICRO * _MICRO
    low = np.where(wild, touches.at(np.maximum(middle, begin_ns)), low)
    count = np.where(wild, 0, high - low) + style.levels
    row = np.repeat(np.arange(len(slots)), count)
    key = low[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    slot = slots[row]
    jitter = uniform(style.salt, key, slot, 5) * style.slot_ns
    own = slot * style.slot_ns + jitter.astype(np.int64) // _MICRO * _MICRO
    return slot, key, np.where(wild[row], middle[row], own)


def _inside(pulls: _Pulls, key: Ints, ts_ns: Ints) -> Bools:
    """Whether a level is thin then because it is about to be crossed."""
    if not len(pulls.key):
        return np.zeros(len(key), np.bool_)
    begin = min(int(pulls.ts_ns.min()), int(ts_ns.min()) if len(ts_ns) else 0)
    code = _Codes(begin, int(max(pulls.until_ns.max(), ts_ns.max(initial=0))), pulls.key)
    starts = code(pulls.key, pulls.ts_ns)
    order = np.argsort(starts, kind="stable")
    wanted = code(key, ts_ns)
    row = order[np.maximum(np.searchsorted(starts[order], wanted, side="right") - 1, 0)]
    found: Bools = (wanted >= starts[row]) & (wanted >= 0)
    inside: Bools = found & (pulls.key[row] == key) & (ts_ns < pulls.until_ns[row])
    return inside
