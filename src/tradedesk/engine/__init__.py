"""Market data as integer columns: trades, bars, live bars. NumPy only; knows no Qt, no network."""

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine.aggregate import aggregate, resample
from tradedesk.engine.arrivals import Arrivals
from tradedesk.engine.bar_series import BarSeries
from tradedesk.engine.bars import Bar, Bars, join_bars, merge
from tradedesk.engine.batch import TradeBatch
from tradedesk.engine.history_range import HistoryRange
from tradedesk.engine.intake_counts import IntakeCounts, Tally
from tradedesk.engine.live_bars import LiveBars
from tradedesk.engine.mending import Mending
from tradedesk.engine.running_totals import Totals
from tradedesk.engine.stitcher import Stitcher, Tail
from tradedesk.engine.taken import Taken
from tradedesk.engine.time_grid import TimeGrid
from tradedesk.engine.trade_intake import TradeIntake
from tradedesk.engine.trade_store import TradeStore

__all__ = [
    "Arrivals",
    "Bar",
    "BarSeries",
    "BarSpec",
    "BarUnit",
    "Bars",
    "HistoryRange",
    "IntakeCounts",
    "LiveBars",
    "Mending",
    "Stitcher",
    "Tail",
    "Taken",
    "Tally",
    "TimeGrid",
    "Totals",
    "TradeBatch",
    "TradeIntake",
    "TradeStore",
    "aggregate",
    "join_bars",
    "merge",
    "resample",
]
