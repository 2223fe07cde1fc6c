"""Trades into bars, and bars into longer bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError
from tradedesk.engine.bars import Bars
from tradedesk.engine.calendar import Calendar, grid_of, inside, sessions_of
from tradedesk.engine.count_grid import tick_starts, volume_starts
from tradedesk.engine.reduce import reduce_bars, reduce_trades

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bar_grid import BarGrid
    from tradedesk.engine.batch import TradeBatch


def aggregate(trades: TradeBatch, spec: BarSpec, calendar: Calendar = 0) -> Bars:
    """Make bars of trades; exact, and the last one may still be forming.

    Parameters
    ----------
    trades : TradeBatch
        Trades of one contract.
    spec : BarSpec
        Time, ``t`` or ``v``. Tick and volume bars count from the first trade of the batch;
        a trade is never split (see `tradedesk.engine.count_grid`). They open at the time of
        their first trade.
    calendar : int or TradingHours, default 0
        Start of the trading day after midnight UTC, for days, weeks and months; see
        `tradedesk.engine.time_grid`. Or trading hours, which all bars keep to; see
        `tradedesk.engine.session_grid`. Tick and volume bars then count anew in each session.

    Returns
    -------
    Bars
        No bar where nothing traded. With trading hours, trades outside of them are in no bar.

    Raises
    ------
    BarSpecError
        For range and renko bars, which are not built yet.
    """
    buildable(spec)
    if not len(trades):
        return Bars.empty()
    if spec.is_time:
        cut = grid_of(spec, calendar).cut(trades.ts_ns)
        return cut.bars(reduce_trades(trades, cut.starts, cut.opens))
    return _count_bars(inside(trades, calendar), spec, calendar)


def resample(bars: Bars, spec: BarSpec, calendar: Calendar = 0) -> Bars:
    """Make longer time bars of shorter ones.

    Parameters
    ----------
    bars : Bars
        Time bars none of which reaches over a boundary of `spec`, for example 1m into 5m.
    spec : BarSpec
        Seconds, minutes, hours, days, weeks or months.
    calendar : int or TradingHours, default 0
        What the longer bars follow, as in `aggregate`.

    Returns
    -------
    Bars
        A bar with an unknown order flow makes that of the longer bar unknown as well. With
        trading hours, bars that open outside of them are in no bar.

    Raises
    ------
    BarSpecError
        If `spec` does not count time: tick and volume bars need the trades.
    """
    buildable(spec)
    if not spec.is_time:
        raise BarSpecError(f"'{spec}' bars cannot be made of bars: aggregate the trades instead.")
    if not len(bars):
        return Bars.empty()
    return resample_on(bars, grid_of(spec, calendar))


def resample_on(bars: Bars, grid: BarGrid) -> Bars:
    """Make bars of at least one shorter bar, on a grid that is at hand."""
    cut = grid.cut(bars.ts_ns)
    return cut.bars(reduce_bars(bars, cut.starts, cut.opens))


def buildable(spec: BarSpec) -> None:
    """Refuse the bars that can be asked for but not made.

    Raises
    ------
    BarSpecError
        For range and renko bars.
    """
    if spec.unit in (BarUnit.RANGE, BarUnit.RENKO):
        kind = "Range" if spec.unit is BarUnit.RANGE else "Renko"
        raise BarSpecError(
            f"{kind} bars such as '{spec}' are not built yet: use a time such as '5m', trades "
            f"such as '500t' or contracts such as '1000v'."
        )


def count_starts(spec: BarSpec, trades: TradeBatch, before: int = 0) -> NDArray[np.intp]:
    """Return row 0 and every later row at which a tick or volume bar begins.

    Parameters
    ----------
    spec : BarSpec
        ``t`` or ``v``.
    trades : TradeBatch
        At least one trade.
    before : int, default 0
        Trades or contracts counted before row 0.
    """
    if spec.unit is BarUnit.TRADES:
        return tick_starts(spec.size, len(trades), before)
    return volume_starts(spec.size, trades.qty, before)


def _count_bars(trades: TradeBatch, spec: BarSpec, calendar: Calendar) -> Bars:
    """Tick or volume bars of trades inside the hours, counted anew in each session."""
    if not len(trades):
        return Bars.empty()
    found, rows = [], 0
    for part in sessions_of(trades, calendar):
        found.append(count_starts(spec, part) + rows)
        rows += len(part)
    starts = np.concatenate(found)
    return reduce_trades(trades, starts, trades.ts_ns[starts])
