"""What became of the trades that were delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEW: Final = 16
"""Up to here, adding up as Python integers costs less than one array call."""


class Tally(NamedTuple):
    """Trades and their contracts."""

    trades: int = 0
    lots: int = 0

    @classmethod
    def of(cls, qty: NDArray[np.int32]) -> Tally:
        """Count trades with these quantities."""
        lots = sum(qty.tolist()) if len(qty) <= _FEW else int(qty.sum(dtype=np.int64))
        return cls(len(qty), lots)

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.trades + other.trades, self.lots + other.lots)


class IntakeCounts(NamedTuple):
    """Every lot that was delivered, by what became of it.

    Attributes
    ----------
    kept : Tally
        Put into the store, with the quantities that were delivered.
    duplicate : Tally
        Dropped: a trade of that id had been delivered before.
    late : Tally
        Refused: stamped further behind the newest trade than the tolerance.
    withdrawn : Tally
        Not kept: the word that it was busted had come before it.
    lifted : Tally
        Of those kept, the ones whose stamp was lifted to that of the trade before.
    busted : Tally
        Taken out of the store again, with the quantities they had there.
    corrected : Tally
        Changed: how many times, and by how many lots in all, which may be below 0.
    unknown : int
        Busts and corrections of an id that had not been delivered: kept in mind for when it is.
    """

    kept: Tally = Tally()
    duplicate: Tally = Tally()
    late: Tally = Tally()
    withdrawn: Tally = Tally()
    lifted: Tally = Tally()
    busted: Tally = Tally()
    corrected: Tally = Tally()
    unknown: int = 0

    @property
    def delivered(self) -> Tally:
        """All that came in: kept, duplicate, late and withdrawn."""
        return self.kept.plus(self.duplicate).plus(self.late).plus(self.withdrawn)

    @property
    def standing(self) -> Tally:
        """What the store holds: kept, without the busted, as corrected."""
        trades = self.kept.trades - self.busted.trades
        return Tally(trades, self.kept.lots - self.busted.lots + self.corrected.lots)

    def plus(self, other: IntakeCounts) -> IntakeCounts:
        """Both together."""
        return IntakeCounts(
            self.kept.plus(other.kept),
            self.duplicate.plus(other.duplicate),
            self.late.plus(other.late),
            self.withdrawn.plus(other.withdrawn),
            self.lifted.plus(other.lifted),
            self.busted.plus(other.busted),
            self.corrected.plus(other.corrected),
            self.unknown + other.unknown,
        )
