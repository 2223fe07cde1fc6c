"""A column of times cut into bars: from which row to which, and what belongs to none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradedesk.engine.bars import Bars
from tradedesk.engine.reduce import reduce_bars

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Cut(NamedTuple):
    """Pieces of a column, one behind the other: bars, parts of bars, and what lies outside.

    Attributes
    ----------
    starts : ndarray of intp, shape (pieces,)
        The row at which each piece begins, ascending, the first one 0. None is without rows.
    opens : ndarray of int64, shape (pieces,)
        When the bar of each piece opens; says nothing for a piece outside.
    inside : ndarray of bool, shape (pieces,), or None
        Which pieces lie inside trading hours. None if all do, and then each is a whole bar;
        otherwise neighbours that open at the same time are parts of one bar.
    """

    starts: NDArray[np.intp]
    opens: NDArray[np.int64]
    inside: NDArray[np.bool_] | None = None

    def bars(self, pieces: Bars) -> Bars:
        """Return the bars that the pieces make, once each was reduced to one.

        Parameters
        ----------
        pieces : Bars
            One for each piece.
        """
        if self.inside is None:
            return pieces
        kept = Bars.unchecked(tuple(column[self.inside] for column in pieces.columns()))
        begins = np.empty(len(kept), np.bool_)
        begins[:1] = True
        np.not_equal(kept.ts_ns[1:], kept.ts_ns[:-1], out=begins[1:])
        if begins.all():
            return kept
        starts = np.flatnonzero(begins)
        return reduce_bars(kept, starts, kept.ts_ns[starts])
