"""What became of one delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine.batch import TradeBatch
    from tradedesk.engine.intake.intake_counts import IntakeCounts


class Taken(NamedTuple):
    """What became of one delivery.

    Attributes
    ----------
    trades : TradeBatch
        Those kept, as the store has them: what `LiveBars.absorb` is to be given.
    counts : IntakeCounts
        All of them by what became of them.
    late : ndarray of intp
        Rows of the delivery that were refused as late.
    """

    trades: TradeBatch
    counts: IntakeCounts
    late: NDArray[np.intp]
