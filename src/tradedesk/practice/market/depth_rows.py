"""Rows of a made book: what happened to each price level, and what waits there in consequence.

One side is looked at alone. Its prices become *keys* that ascend from the best outwards, so that
both sides are one case: the ask itself, the bid negated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_ONCE: Final = np.uint64(0xBF58476D1CE4E5B9)
_TWICE: Final = np.uint64(0x94D049BB133111EB)

GONE: Final = 0


class Rows(NamedTuple):
    """Things that happen to levels; columns of one length, in no order.

    ``amount`` is the size from now on, ``GONE``, or for a row that is marked ``traded`` the
    contracts that were taken.
    """

    ts_ns: Ints
    key: Ints
    amount: Ints
    traded: NDArray[np.bool_]


class Changes(NamedTuple):
    """Size of each level behind each moment at which something happened to it; by key and time.

    ``changed`` is False where the size came out as it had been; ``traded`` where trades were
    among what happened.
    """

    ts_ns: Ints
    key: Ints
    size: Ints
    traded: NDArray[np.bool_]
    changed: NDArray[np.bool_]

    def state(self, at_ns: int) -> tuple[Ints, Ints]:
        """Keys and sizes of the levels that there are after `at_ns`, the best first."""
        past = self.ts_ns <= at_ns
        key, size = self.key[past], self.size[past]
        last = np.ones(len(key), np.bool_)
        last[:-1] = key[1:] != key[:-1]
        last &= size > 0
        return key[last], size[last]


def mixed(*parts: Ints | int) -> NDArray[np.uint64]:
    """Scatter numbers over 64 bits (the finalizer of SplitMix64, once per part)."""
    value = np.zeros(1, np.uint64)
    for part in parts:
        piece = np.atleast_1d(np.asarray(part, np.int64)).view(np.uint64)
        value = (value + GOLDEN) ^ (piece * GOLDEN)
        value = (value ^ (value >> np.uint64(30))) * _ONCE
        value = (value ^ (value >> np.uint64(27))) * _TWICE
        value = value ^ (value >> np.uint64(31))
    return value


def uniform(*parts: Ints | int) -> Floats:
    """Numbers in [0, 1) that depend on the parts and on nothing else."""
    return np.asarray((mixed(*parts) >> np.uint64(11)) * 2.0**-53)


def gauss(*parts: Ints | int) -> Floats:
    """Nearly normal numbers with mean 0 and deviation 1: a sum of four."""
    bits = mixed(*parts)
    low = np.uint64(0xFFFF)
    total = sum(((bits >> np.uint64(shift)) & low).astype(np.float64) for shift in (0, 16, 32, 48))
    return np.asarray((np.asarray(total) / 65_535.0 - 2.0) * 3**0.5)


def join(parts: list[Rows]) -> Rows:
    """Put rows together."""
    return Rows._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def played(rows: Rows) -> Changes:
    """Sizes that the rows lead to.

    Rows of one key and time act in the order in which they stand in `rows`. A level that trades
    would empty while it stays the best is filled up again from behind, as an iceberg is.
    """
    order = np.lexsort((rows.ts_ns, rows.key))
    ts_ns, key, amount, traded = (column[order] for column in rows)
    count = len(ts_ns)
    index = np.arange(count)
    new_key = np.ones(count, np.bool_)
    new_key[1:] = key[1:] != key[:-1]
    set_at = np.maximum.accumulate(np.where(new_key | ~traded, index, 0))
    base = np.where(traded[set_at], GONE, amount[set_at])
    taken = np.cumsum(np.where(traded, amount, 0))
    taken -= taken[set_at]
    size = np.where(base > 0, base - taken % np.maximum(base, 1), 0)

    first_of_moment = new_key.copy()
    first_of_moment[1:] |= ts_ns[1:] != ts_ns[:-1]
    starts = np.flatnonzero(first_of_moment)
    ends = np.concatenate((starts[1:], [count])) - 1
    any_traded = np.logical_or.reduceat(traded, starts) if count else traded
    size = size[ends]
    before = np.where(new_key[starts], 0, np.roll(size, 1))
    return Changes(ts_ns[ends], key[ends], size, np.asarray(any_traded, np.bool_), size != before)
