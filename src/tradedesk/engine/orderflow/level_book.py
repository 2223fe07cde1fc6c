"""What can be read of a book, however it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import InputError
from tradedesk.engine.orderflow.book_side import BookLevel, BookLevels, BookSide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_RUNGS: Final = 1_000_000


class LevelBook:
    """Contracts waiting at each price of one contract, bids and asks.

    Nothing is repaired: a book whose best bid is not below its best ask says so in `crossed` or
    `locked`, and shows what it was told.

    Attributes
    ----------
    version : int
        Rises with every change.
    """

    __slots__ = ("_asks", "_bids", "version")

    def __init__(self) -> None:
        self._bids, self._asks = BookSide(is_bid=True), BookSide(is_bid=False)
        self.version = 0

    @property
    def best_bid(self) -> BookLevel | None:
        """Highest bid and the contracts waiting there; None without bids."""
        return self._bids.best()

    @property
    def best_ask(self) -> BookLevel | None:
        """Lowest ask and the contracts waiting there; None without asks."""
        return self._asks.best()

    @property
    def spread_ticks(self) -> int | None:
        """Best ask less best bid; 0 in a locked book, negative in a crossed one; None without."""
        bid, ask = self._bids.best(), self._asks.best()
        return None if bid is None or ask is None else ask.px - bid.px

    @property
    def crossed(self) -> bool:
        """Whether the best bid is above the best ask."""
        spread = self.spread_ticks
        return spread is not None and spread < 0

    @property
    def locked(self) -> bool:
        """Whether the best bid is the best ask."""
        return self.spread_ticks == 0

    def bids(self, most: int | None = None) -> BookLevels:
        """Return bids as columns, the best `most` of them or all; the best one first."""
        return self._bids.rungs(_most(most))

    def asks(self, most: int | None = None) -> BookLevels:
        """Return asks as columns, the best `most` of them or all; the best one first."""
        return self._asks.rungs(_most(most))

    def bid_size(self, px_ticks: int) -> int:
        """Return the contracts bid at a price."""
        return self._bids.size(px_ticks)

    def ask_size(self, px_ticks: int) -> int:
        """Return the contracts offered at a price."""
        return self._asks.size(px_ticks)

    def ladder(self, low: int, high: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return what waits at every price of a stretch, as a price ladder shows it.

        Parameters
        ----------
        low, high : int
            First and last price in ticks, at most 1,000,000 apart.

        Returns
        -------
        bids, asks : ndarray of int64, shape (high - low + 1,)
            Contracts, from the lowest price up; 0 where nothing waits.

        Raises
        ------
        InputError
            If the stretch runs backwards or is too long.
        """
        if not 0 <= high - low <= _MOST_RUNGS:
            raise InputError(
                f"A ladder from {low} to {high} is not possible: give the lower price first and "
                f"at most {_MOST_RUNGS} ticks."
            )
        return self._bids.between(low, high), self._asks.between(low, high)

    def mid(self) -> float | None:
        """Return the middle between best bid and best ask in ticks; None if one is missing."""
        bid, ask = self._bids.best(), self._asks.best()
        return None if bid is None or ask is None else (bid.px + ask.px) / 2

    def microprice(self) -> float | None:
        """Return best bid and ask in ticks, each weighed with the size of the other side.

        The more is bid, the nearer it is to the ask. None if a side is missing.
        """
        bid, ask = self._bids.best(), self._asks.best()
        if bid is None or ask is None:
            return None
        return (bid.px * ask.size + ask.px * bid.size) / (bid.size + ask.size)

    def imbalance(self, most: int | None = 1) -> float | None:
        """Return bid less offered contracts as a part of both.

        Parameters
        ----------
        most : int or None, default 1
            How many of the best levels of each side count; None for all.

        Returns
        -------
        float or None
            From -1, where only asks wait, to 1; None in an empty book.
        """
        bid = int(self.bids(most).size.sum())
        ask = int(self.asks(most).size.sum())
        return (bid - ask) / (bid + ask) if bid or ask else None


def _most(most: int | None) -> int | None:
    if most is not None and most < 0:
        raise InputError(f"The best {most} levels are not possible: give 0 or more.")
    return most
