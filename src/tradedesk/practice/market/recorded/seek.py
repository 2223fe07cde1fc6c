"""The book of a recording at any event, without replaying the file from its start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.practice.market.book import Depth, Level
from tradedesk.practice.market.events import ASKS, BIDS, LEVEL, RESET

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.practice.market.events import MarketEvents

EVERY: Final = 8_192
"""Events between two checkpoints: some 0.3 ms to go on from one."""
_SIDE_SHIFT: Final = 1 << 33
_MIDDLE: Final = 1 << 32


class _State(NamedTuple):
    """All levels of a book: key, which ascends by side and price, and contracts."""

    keys: NDArray[np.int64]
    sizes: NDArray[np.int32]


class Checkpoints:
    """Books at regular places of a tape; each is gone on from by arrays, not row by row.

    Parameters
    ----------
    events : MarketEvents
        The whole tape.
    opening : Depth
        The book before it.
    every : int, optional
        Events between two checkpoints.
    """

    def __init__(self, events: MarketEvents, opening: Depth, every: int = EVERY) -> None:
        self._events = events
        self._every = every
        self._states = [_of_depth(opening)]
        for start in range(0, len(events.ts_ns) - every + 1, every):
            self._states.append(_after(self._states[-1], events.rows(start, start + every)))

    @property
    def nbytes(self) -> int:
        """Memory of all checkpoints."""
        return sum(state.keys.nbytes + state.sizes.nbytes for state in self._states)

    def depth(self, row: int) -> Depth:
        """The book after the first `row` events."""
        return _depth(self._at(row))

    def best(self, row: int) -> tuple[int | None, int | None]:
        """Best bid and best ask after the first `row` events, in ticks; None for an empty side."""
        keys = self._at(row).keys
        first_ask = int(np.searchsorted(keys, _SIDE_SHIFT))
        bid = int(keys[first_ask - 1]) - _MIDDLE if first_ask else None
        ask = int(keys[first_ask]) - _SIDE_SHIFT - _MIDDLE if first_ask < len(keys) else None
        return bid, ask

    def _at(self, row: int) -> _State:
        number = row // self._every
        state = self._states[number]
        return _after(state, self._events.rows(number * self._every, row))


def _of_depth(depth: Depth) -> _State:
    levels = [
        (_SIDE_SHIFT * side + level.px + _MIDDLE, level.size)
        for side, levels in ((BIDS, depth.bids), (ASKS, depth.asks))
        for level in levels
        if level.size
    ]
    table = np.array(sorted(levels), np.int64).reshape(-1, 2)
    return _State(table[:, 0].copy(), table[:, 1].astype(np.int32))


def _after(state: _State, events: MarketEvents) -> _State:
    """Go on by some events."""
    resets = np.flatnonzero(events.kind == RESET)
    if len(resets):
        state = _State(state.keys[:0], state.sizes[:0])
        events = events.rows(int(resets[-1]) + 1, len(events.ts_ns))
    rows = np.flatnonzero(events.kind == LEVEL)[::-1]
    if not len(rows):
        return state
    keys = events.side[rows].astype(np.int64) * _SIDE_SHIFT + events.px[rows] + _MIDDLE
    # what is first from the end is what holds
    changed, first = np.unique(keys, return_index=True)
    sizes = events.qty[rows][first]
    at = np.searchsorted(changed, state.keys)
    kept = changed[np.minimum(at, len(changed) - 1)] != state.keys
    there = sizes > 0
    keys = np.concatenate([state.keys[kept], changed[there]])
    order = np.argsort(keys, kind="stable")
    return _State(keys[order], np.concatenate([state.sizes[kept], sizes[there]])[order])


def _depth(state: _State) -> Depth:
    first_ask = int(np.searchsorted(state.keys, _SIDE_SHIFT))
    px = state.keys - _MIDDLE
    px[first_ask:] -= _SIDE_SHIFT
    levels = [Level(*pair) for pair in zip(px.tolist(), state.sizes.tolist(), strict=True)]
    return Depth(tuple(levels[first_ask - 1 :: -1]) if first_ask else (), tuple(levels[first_ask:]))


class RecordedBook:
    """Events of a recording and its book at any time.

    Parameters
    ----------
    events : MarketEvents
        The whole tape.
    opening : Depth
        The book before it.
    """

    def __init__(self, events: MarketEvents, opening: Depth) -> None:
        self._events = events
        self._checkpoints = Checkpoints(events, opening)

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Trades and level changes later than `after_ns` and not later than `until_ns`."""
        return self._events.window(after_ns, until_ns)

    def depth(self, now_ns: int) -> Depth:
        """The book after everything that happened up to now."""
        return self._checkpoints.depth(self._row(now_ns))

    def best(self, now_ns: int) -> tuple[int | None, int | None]:
        """Best bid and ask of that book; None for an empty side."""
        return self._checkpoints.best(self._row(now_ns))

    def next_ns(self, after_ns: int) -> int | None:
        """When the first event later than `after_ns` happens; None at the end."""
        row = self._row(after_ns)
        return int(self._events.ts_ns[row]) if row < len(self._events.ts_ns) else None

    @property
    def nbytes(self) -> int:
        """Memory of events and checkpoints."""
        return sum(column.nbytes for column in self._events) + self._checkpoints.nbytes

    def _row(self, now_ns: int) -> int:
        return int(self._events.ts_ns.searchsorted(now_ns, side="right"))
