"""Volume at each price of one stretch of trades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.orderflow.levels import Levels, chain, collapse, group
from tradedesk.engine.orderflow.point_of_control import points_of_control
from tradedesk.engine.orderflow.tally import tally
from tradedesk.engine.orderflow.value_area import ValueArea, spread, whole_share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from tradedesk.engine.batch import TradeBatch


class VolumeProfile:
    """Volume, buy volume and number of trades per price. Not changed after it is made.

    Attributes
    ----------
    px_ticks : ndarray of int32, shape (n,)
        Ascending prices at which something traded, a trade of no contract included; of rows
        higher than a tick the lowest price each, a multiple of `row_ticks`.
    volume : ndarray of int64, shape (n,)
        Contracts traded.
    buy_volume : ndarray of int64, shape (n,)
        Contracts bought by the aggressor.
    count : ndarray of int64, shape (n,)
        Trades.
    row_ticks : int
        Height of a row in ticks.
    """

    __slots__ = ("_levels", "row_ticks")

    def __init__(self, levels: Levels, row_ticks: int = 1) -> None:
        """Wrap the prices of one bar; outside the engine use `of`."""
        self._levels = levels
        self.row_ticks = row_ticks

    @classmethod
    def of(cls, trades: TradeBatch, row_ticks: int = 1) -> VolumeProfile:
        """Count trades.

        Parameters
        ----------
        trades : TradeBatch
            All of them count: slice first for a part.
        row_ticks : int, default 1
            Height of a row in ticks.

        Raises
        ------
        InputError
            If rows of that height are not possible.
        """
        counted = tally(trades, np.zeros(1, np.intp)) if len(trades) else _nothing()
        return cls(group(counted, row_ticks), row_ticks)

    @classmethod
    def empty(cls, row_ticks: int = 1) -> VolumeProfile:
        """Return a profile of no trades."""
        return cls(group(_nothing(), row_ticks), row_ticks)

    @classmethod
    def join(cls, parts: Sequence[VolumeProfile]) -> VolumeProfile:
        """Add up profiles of different trades.

        Raises
        ------
        InputError
            If their rows differ in height.
        """
        heights = {part.row_ticks for part in parts}
        if len(heights) > 1:
            raise InputError(
                f"Profiles with rows of {sorted(heights)} ticks cannot be added: group them alike."
            )
        if not parts:
            return cls.empty()
        return cls(collapse(chain([part._levels for part in parts])), heights.pop())

    @property
    def px_ticks(self) -> NDArray[np.int32]:
        """Ascending prices; int32, shape (n,)."""
        return self._levels.px_ticks

    @property
    def volume(self) -> NDArray[np.int64]:
        """Contracts traded; int64, shape (n,)."""
        return self._levels.volume

    @property
    def buy_volume(self) -> NDArray[np.int64]:
        """Contracts bought by the aggressor; int64, shape (n,)."""
        return self._levels.buy_volume

    @property
    def count(self) -> NDArray[np.int64]:
        """Numbers of trades; int64, shape (n,)."""
        return self._levels.count

    @property
    def delta(self) -> NDArray[np.int64]:
        """Contracts bought less contracts sold by the aggressor; int64, shape (n,)."""
        return 2 * self.buy_volume - self.volume

    def grouped(self, row_ticks: int) -> VolumeProfile:
        """Return the same volume in higher rows.

        Parameters
        ----------
        row_ticks : int
            A multiple of the present height. Rows are counted from price 0.

        Raises
        ------
        InputError
            If rows of that height are not possible.
        """
        return VolumeProfile(group(self._levels, row_ticks, self.row_ticks), row_ticks)

    def point_of_control(self) -> int | None:
        """Return the row with the most volume, named by its lowest price; None without trades.

        Of rows with the same volume the one nearest to the middle between the lowest and the
        highest traded row is taken, and of two equally near the higher one.
        """
        if not len(self):
            return None
        return int(self.px_ticks[self._poc()])

    def value_area(self, share: float | Fraction = 0.7) -> ValueArea | None:
        """Return the prices around the point of control that hold a share of the volume.

        Parameters
        ----------
        share : float or Fraction, default 0.7
            Above 0 and up to 1; a float is taken for the decimal number it is written as.

        Returns
        -------
        ValueArea or None
            It grows by two rows at a time: see `tradedesk.engine.orderflow.value_area` for the
            rule. `low` is the lowest price of its lowest row and `high` the highest price of its
            highest row. None without trades.

        Raises
        ------
        InputError
            If the share is not possible.
        """
        exact = whole_share(share)
        if not len(self):
            return None
        first, last, inside = spread(self.px_ticks, self.volume, self._poc(), self.row_ticks, exact)
        prices = self.px_ticks
        return ValueArea(int(prices[first]), int(prices[last]) + self.row_ticks - 1, inside)

    def __len__(self) -> int:
        return len(self.px_ticks)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VolumeProfile):
            return NotImplemented
        pairs = zip(self._levels.columns(), other._levels.columns(), strict=True)
        return self.row_ticks == other.row_ticks and all(np.array_equal(a, b) for a, b in pairs)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        if not len(self):
            return "VolumeProfile(no trades)"
        return (
            f"VolumeProfile({self.volume.sum()} contracts, {self.px_ticks[0]} to "
            f"{self.px_ticks[-1]}, rows of {self.row_ticks})"
        )

    def _poc(self) -> int:
        return int(points_of_control(self._levels)[0])


def _nothing() -> Levels:
    """One bar in which nothing traded."""
    return Levels(np.zeros(2, np.intp), *Levels.empty().columns())
