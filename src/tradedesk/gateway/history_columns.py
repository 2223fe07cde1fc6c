"""History columns to the engine's bars. The only part of the gateway that uses NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.engine import Bars

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.domain.price import TickSize
    from tradedesk.gateway.rest.history import HistoryColumns


def to_bars(columns: HistoryColumns, tick: TickSize) -> Bars:
    """Bars with prices as ticks; order flow is unknown, so those columns are 0.

    Parameters
    ----------
    columns : HistoryColumns
        n >= 0 bars.
    tick : TickSize
        The contract's price step.
    """
    return Bars(
        ts_ns=np.array(columns.ts_ns, np.int64),
        open=_ticks(columns.open_px, tick),
        high=_ticks(columns.high_px, tick),
        low=_ticks(columns.low_px, tick),
        close=_ticks(columns.close_px, tick),
        volume=np.array(columns.volume, np.int64),
    )


def _ticks(px: list[float], tick: TickSize) -> NDArray[np.int64]:
    # A price of JSON is within half a binary ulp of its grid point, so the nearest tick is exact.
    return np.rint(np.array(px, np.float64) / float(tick.size)).astype(np.int64)
