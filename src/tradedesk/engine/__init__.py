"""Market data as integer columns: trades, bars, live bars. NumPy only; knows no Qt, no network."""

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine.aggregate import aggregate, resample
from tradedesk.engine.bar_series import BarSeries
from tradedesk.engine.bars import Bar, Bars, join_bars, merge
from tradedesk.engine.batch import TradeBatch
from tradedesk.engine.calendar import Calendar, grid_of
from tradedesk.engine.history_range import HistoryRange
from tradedesk.engine.live_bars import LiveBars
from tradedesk.engine.running_totals import Totals
from tradedesk.engine.session_columns import NO_DAY, TradingSession
from tradedesk.engine.session_grid import SessionGrid
from tradedesk.engine.stitcher import Stitcher, Tail
from tradedesk.engine.time_grid import TimeGrid
from tradedesk.engine.trade_store import TradeStore
from tradedesk.engine.trading_days import venue_calendar
from tradedesk.engine.trading_hours import TradingHours

__all__ = [
    "NO_DAY",
    "Bar",
    "BarSeries",
    "BarSpec",
    "BarUnit",
    "Bars",
    "Calendar",
    "HistoryRange",
    "LiveBars",
    "SessionGrid",
    "Stitcher",
    "Tail",
    "TimeGrid",
    "Totals",
    "TradeBatch",
    "TradeStore",
    "TradingHours",
    "TradingSession",
    "aggregate",
    "grid_of",
    "join_bars",
    "merge",
    "resample",
    "venue_calendar",
]
