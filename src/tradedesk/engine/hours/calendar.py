"""What bars follow: a constant start of the trading day, or trading hours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tradedesk.domain.bar_spec import SECOND_NS
from tradedesk.domain.errors import BatchError
from tradedesk.engine.batch import TradeBatch
from tradedesk.engine.hours.session_grid import SessionGrid
from tradedesk.engine.hours.time_grid import TimeGrid
from tradedesk.engine.hours.trading_hours import TradingHours

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.hours.bar_grid import BarGrid

Calendar = int | TradingHours
"""Start of the trading day after midnight UTC in nanoseconds, or the hours of a market.

An int moves days, weeks and months only, and everything that trades belongs to a bar. With hours
all bars keep to the sessions and what trades outside them is left out; see
`tradedesk.engine.hours.session_grid`.
"""


def grid_of(spec: BarSpec, calendar: Calendar = 0) -> BarGrid:
    """Return where the time bars of a size open.

    Parameters
    ----------
    spec : BarSpec
        Seconds, minutes, hours, days, weeks or months.
    calendar : int or TradingHours, default 0
        What bars follow; see `Calendar`.

    Raises
    ------
    BarSpecError
        If the spec does not count time or an offset is a day or more.
    """
    if isinstance(calendar, TradingHours):
        return _session_grid(spec, calendar)
    return TimeGrid(spec, calendar)


@lru_cache(maxsize=64)
def _session_grid(spec: BarSpec, hours: TradingHours) -> SessionGrid:
    # years of sessions take longer to get ready than thousands of bars to be made
    return SessionGrid(spec, hours)


def sessions_of(trades: TradeBatch, calendar: Calendar) -> list[TradeBatch]:
    """Return the trades of each session that has some, as views; all of them without hours."""
    if not isinstance(calendar, TradingHours) or not len(trades):
        return [trades]
    _, firsts, ends = calendar.rows_of(trades.ts_ns)
    pairs = zip(firsts.tolist(), ends.tolist(), strict=True)
    return [trades[first:end] for first, end in pairs if first < end]


def inside(trades: TradeBatch, calendar: Calendar) -> TradeBatch:
    """Return the trades inside trading hours; the batch itself if all are."""
    parts = sessions_of(trades, calendar)
    if sum(map(len, parts)) == len(trades):
        return trades
    return TradeBatch.concat(parts)


def refuse_fractions(calendar: Calendar) -> None:
    """Refuse trading days and sessions that do not begin and end on whole seconds.

    Raises
    ------
    BatchError
        Naming the time.
    """
    edges = calendar.edges() if isinstance(calendar, TradingHours) else np.array([calendar])
    odd = edges % SECOND_NS != 0
    if odd.any():
        raise BatchError(
            f"A trading day or session that starts or ends at {edges[odd][0]} ns cannot be "
            f"stitched: use whole seconds."
        )
