"""What bars tell beyond their columns: delta, sold contracts, average price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class FlowFigures:
    """Figures of whatever has the columns `volume`, `buy_volume`, `turnover` and `count`.

    Worked out anew at each call; shape (n,) like the columns.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def volume(self) -> NDArray[np.int64]: ...

        @property
        def buy_volume(self) -> NDArray[np.int64]: ...

        @property
        def turnover(self) -> NDArray[np.int64]: ...

        @property
        def count(self) -> NDArray[np.int64]: ...

    @property
    def flow_known(self) -> NDArray[np.bool_]:
        """Per bar: whether `buy_volume`, `turnover` and `count` say anything; shape (n,)."""
        known: NDArray[np.bool_] = (self.count > 0) | (self.volume == 0)
        return known

    @property
    def delta(self) -> NDArray[np.int64]:
        """Contracts bought less contracts sold by the aggressor; int64.

        0 where the order flow is unknown, as `buy_volume` is: look at `flow_known`.
        """
        delta: NDArray[np.int64] = 2 * self.buy_volume
        delta -= self.volume
        delta *= self.flow_known
        return delta

    @property
    def sell_volume(self) -> NDArray[np.int64]:
        """Contracts sold by the aggressor; int64.

        0 where the order flow is unknown, as `buy_volume` is: look at `flow_known`.
        """
        sold: NDArray[np.int64] = self.volume - self.buy_volume
        sold *= self.flow_known
        return sold

    @property
    def vwap(self) -> NDArray[np.float64]:
        """Average price weighted by contracts, in ticks and parts of them; float64.

        NaN where nothing was traded or the order flow is unknown.
        """
        known = np.flatnonzero((self.count > 0) & (self.volume > 0))
        vwap = np.full(len(self.volume), np.nan)
        vwap[known] = self.turnover[known] / self.volume[known]
        return vwap
