"""Trades into bars, and bars into longer bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError
from tradedesk.engine.bars import Bars
from tradedesk.engine.hours.calendar import Calendar, grid_of, sessions_of
from tradedesk.engine.kinds.count_grid import tick_starts, volume_starts
from tradedesk.engine.kinds.range_bars import range_starts
from tradedesk.engine.kinds.renko_bars import lay_bricks
from tradedesk.engine.reduce import reduce_bars, reduce_trades

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine.batch import TradeBatch
    from tradedesk.engine.hours.bar_grid import BarGrid


def aggregate(trades: TradeBatch, spec: BarSpec, calendar: Calendar = 0) -> Bars:
    """Make bars of trades; exact, and the last one may still be forming.

    Parameters
    ----------
    trades : TradeBatch
        Trades of one contract.
    spec : BarSpec
        Any. All but time bars count from the first trade of the batch and open at the time of
        their first trade; a trade is never split. See `tradedesk.engine.kinds.count_grid`,
        `tradedesk.engine.kinds.range_bars` and `tradedesk.engine.kinds.renko_bars` for the rules.
    calendar : int or TradingHours, default 0
        Start of the trading day after midnight UTC, for days, weeks and months; see
        `tradedesk.engine.hours.time_grid`. Or trading hours, which all bars keep to; see
        `tradedesk.engine.hours.session_grid`. All other bars then begin anew in each session.

    Returns
    -------
    Bars
        No bar where nothing traded, but for the bricks over which a jump of renko bars runs. With
        trading hours, trades outside of them are in no bar.

    Raises
    ------
    BatchError
        If a trade lays more renko bricks at once than can be meant.
    """
    if not len(trades):
        return Bars.empty()
    if spec.is_time:
        cut = grid_of(spec, calendar).cut(trades.ts_ns)
        return cut.bars(reduce_trades(trades, cut.starts, cut.opens))
    return Bars.concat([_of_session(part, spec) for part in sessions_of(trades, calendar)])


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
        If `spec` does not count time: all other bars need the trades.
    """
    if not spec.is_time:
        raise BarSpecError(f"'{spec}' bars cannot be made of bars: aggregate the trades instead.")
    if not len(bars):
        return Bars.empty()
    return resample_on(bars, grid_of(spec, calendar))


def resample_on(bars: Bars, grid: BarGrid) -> Bars:
    """Make bars of at least one shorter bar, on a grid that is at hand."""
    cut = grid.cut(bars.ts_ns)
    return cut.bars(reduce_bars(bars, cut.starts, cut.opens))


def count_starts(spec: BarSpec, trades: TradeBatch, before: int = 0) -> NDArray[np.intp]:
    """Return row 0 and every later row at which a tick, volume or range bar begins.

    Parameters
    ----------
    spec : BarSpec
        ``t``, ``v`` or ``r``.
    trades : TradeBatch
        At least one trade.
    before : int, default 0
        Trades or contracts counted before row 0; a range bar always begins at row 0.
    """
    if spec.unit is BarUnit.TRADES:
        return tick_starts(spec.size, len(trades), before)
    if spec.unit is BarUnit.RANGE:
        return range_starts(spec.size, trades.px_ticks)
    return volume_starts(spec.size, trades.qty, before)


def _of_session(trades: TradeBatch, spec: BarSpec) -> Bars:
    """Bars that do not follow the clock, from the first of some trades on."""
    if spec.unit is BarUnit.RENKO:
        bricks = lay_bricks(spec.size, trades.px_ticks)
        groups = reduce_trades(trades, bricks.starts, trades.ts_ns[bricks.starts])
        return bricks.bars(groups, trades.ts_ns)
    starts = count_starts(spec, trades)
    return reduce_trades(trades, starts, trades.ts_ns[starts])
