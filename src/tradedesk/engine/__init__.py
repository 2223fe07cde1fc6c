"""Market data as integer columns: trades, bars, live bars. NumPy only; knows no Qt, no network."""

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine.aggregate import aggregate, resample
from tradedesk.engine.bar_series import BarSeries
from tradedesk.engine.bars import Bar, Bars, join_bars, merge
from tradedesk.engine.batch import TradeBatch
from tradedesk.engine.heikin_ashi import (
    HeikinAshi,
    HeikinAshiCandle,
    HeikinAshiFollower,
    heikin_ashi,
)
from tradedesk.engine.history_range import HistoryRange
from tradedesk.engine.hours.calendar import Calendar, grid_of
from tradedesk.engine.hours.session_columns import NO_DAY, TradingSession
from tradedesk.engine.hours.session_grid import SessionGrid
from tradedesk.engine.hours.time_grid import TimeGrid
from tradedesk.engine.hours.trading_days import venue_calendar
from tradedesk.engine.hours.trading_hours import TradingHours
from tradedesk.engine.intake.arrivals import Arrivals
from tradedesk.engine.intake.intake_counts import IntakeCounts, Tally
from tradedesk.engine.intake.mending import Mending
from tradedesk.engine.intake.taken import Taken
from tradedesk.engine.intake.trade_intake import TradeIntake
from tradedesk.engine.live.live_bars import LiveBars
from tradedesk.engine.orderflow.book_side import BookLevel, BookLevels
from tradedesk.engine.orderflow.depth_book import BookState, DepthBook, UpdateOutcome
from tradedesk.engine.orderflow.developing_profile import DevelopingProfile, developing_profile
from tradedesk.engine.orderflow.footprint import Footprint, footprint
from tradedesk.engine.orderflow.imbalance import (
    Imbalances,
    StackedImbalances,
    imbalances,
    stacked_imbalances,
)
from tradedesk.engine.orderflow.live_footprint import LiveFootprint
from tradedesk.engine.orderflow.order_book import OrderAction, OrderBook, RestingOrder
from tradedesk.engine.orderflow.profile_index import ProfileIndex
from tradedesk.engine.orderflow.value_area import ValueArea
from tradedesk.engine.orderflow.volume_nodes import VolumeNodes, volume_nodes
from tradedesk.engine.orderflow.volume_profile import VolumeProfile
from tradedesk.engine.running_totals import Totals
from tradedesk.engine.stitcher import Stitcher
from tradedesk.engine.tail import Tail
from tradedesk.engine.trade_store import TradeStore

__all__ = [
    "NO_DAY",
    "Arrivals",
    "Bar",
    "BarSeries",
    "BarSpec",
    "BarUnit",
    "Bars",
    "BookLevel",
    "BookLevels",
    "BookState",
    "Calendar",
    "DepthBook",
    "DevelopingProfile",
    "Footprint",
    "HeikinAshi",
    "HeikinAshiCandle",
    "HeikinAshiFollower",
    "HistoryRange",
    "Imbalances",
    "IntakeCounts",
    "LiveBars",
    "LiveFootprint",
    "Mending",
    "OrderAction",
    "OrderBook",
    "ProfileIndex",
    "RestingOrder",
    "SessionGrid",
    "StackedImbalances",
    "Stitcher",
    "Tail",
    "Taken",
    "Tally",
    "TimeGrid",
    "Totals",
    "TradeBatch",
    "TradeIntake",
    "TradeStore",
    "TradingHours",
    "TradingSession",
    "UpdateOutcome",
    "ValueArea",
    "VolumeNodes",
    "VolumeProfile",
    "aggregate",
    "developing_profile",
    "footprint",
    "grid_of",
    "heikin_ashi",
    "imbalances",
    "join_bars",
    "merge",
    "resample",
    "stacked_imbalances",
    "venue_calendar",
    "volume_nodes",
]
