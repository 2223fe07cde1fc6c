"""One side of a book: contracts waiting at each price, and the prices in order.

A dictionary knows the sizes and a sorted list the prices, the best one last. A change of size
costs one look-up. A price that comes or goes is found by bisection, and as most of them do so
near the best one, next to nothing is moved for it. Columns are made when somebody asks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MANY: Final = 64


class BookLevel(NamedTuple):
    """One price in ticks and the contracts waiting there."""

    px: int
    size: int


class BookLevels(NamedTuple):
    """Levels of one side as columns, the best one first.

    Attributes
    ----------
    px_ticks : ndarray of int32, shape (n,)
        Prices.
    size : ndarray of int64, shape (n,)
        Contracts waiting at each.
    """

    px_ticks: NDArray[np.int32]
    size: NDArray[np.int64]

    @property
    def cumulative(self) -> NDArray[np.int64]:
        """Contracts waiting at each price or a better one; int64, shape (n,)."""
        return np.cumsum(self.size)


class BookSide:
    """Levels of one side; what it is given is known to be right.

    Parameters
    ----------
    is_bid : bool
        Whether the highest price is the best.
    """

    __slots__ = ("_keys", "_sign", "_sizes")

    def __init__(self, is_bid: bool) -> None:
        self._sign = 1 if is_bid else -1
        # keys are prices of bids and negated prices of asks, so that the best one is the last
        self._sizes: dict[int, int] = {}
        self._keys: list[int] = []

    def load(self, levels: Sequence[tuple[int, int]]) -> None:
        """Take these levels in place of all others; those of no contract are left out."""
        sign = self._sign
        self._sizes = {px * sign: size for px, size in levels if size}
        self._keys = sorted(self._sizes)

    def put(self, levels: Sequence[tuple[int, int]]) -> int:
        """Let so many contracts wait at each price, 0 removing it; the last word on a price counts.

        Returns
        -------
        int
            How many prices were to be removed that were not there.
        """
        if len(levels) > _MANY and 4 * len(levels) > len(self._keys):
            return self._put_many(levels)
        sizes, keys, sign, missed = self._sizes, self._keys, self._sign, 0
        for px, size in levels:
            key = px * sign
            if size:
                if key not in sizes:
                    insort(keys, key)
                sizes[key] = size
            elif sizes.pop(key, None) is None:
                missed += 1
            else:
                del keys[bisect_left(keys, key)]
        return missed

    def move(self, px: int, by: int) -> None:
        """Let more or, if negative, fewer contracts wait at a price."""
        key = px * self._sign
        before = self._sizes.get(key, 0)
        if before + by:
            if not before:
                insort(self._keys, key)
            self._sizes[key] = before + by
        else:
            del self._sizes[key]
            del self._keys[bisect_left(self._keys, key)]

    def best(self) -> BookLevel | None:
        """Return the best level, or None if the side is empty."""
        if not self._keys:
            return None
        key = self._keys[-1]
        return BookLevel(key * self._sign, self._sizes[key])

    def size(self, px: int) -> int:
        """Return the contracts waiting at a price."""
        return self._sizes.get(px * self._sign, 0)

    def rungs(self, most: int | None = None) -> BookLevels:
        """Return levels as columns, the best `most` or all of them."""
        first = 0 if most is None else max(len(self._keys) - most, 0)
        keys = self._keys[: first - 1 if first else None : -1]
        return BookLevels(self._prices(keys).astype(np.int32), self._column(keys))

    def between(self, low: int, high: int) -> NDArray[np.int64]:
        """Return the contracts waiting at every price from `low` to `high`; int64."""
        ladder = np.zeros(high - low + 1, np.int64)
        least, most = sorted((low * self._sign, high * self._sign))
        keys = self._keys[bisect_left(self._keys, least) : bisect_right(self._keys, most)]
        ladder[self._prices(keys) - low] = self._column(keys)
        return ladder

    def __len__(self) -> int:
        return len(self._keys)

    def _put_many(self, levels: Sequence[tuple[int, int]]) -> int:
        """The same, where sorting everything anew costs less than placing one by one."""
        sizes, sign, missed = self._sizes, self._sign, 0
        for px, size in levels:
            if size:
                sizes[px * sign] = size
            elif sizes.pop(px * sign, None) is None:
                missed += 1
        self._keys = sorted(sizes)
        return missed

    def _prices(self, keys: list[int]) -> NDArray[np.int64]:
        return np.array(keys, np.int64) * self._sign

    def _column(self, keys: list[int]) -> NDArray[np.int64]:
        return np.fromiter(map(self._sizes.__getitem__, keys), np.int64, len(keys))
