"""Market data as integer columns: trades, bars, live bars. NumPy only; knows no Qt, no network."""

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine import indicators
from tradedesk.engine.aggregate import aggregate, resample
from tradedesk.engine.bar_series import BarSeries
from tradedesk.engine.bars import Bar, Bars, join_bars, merge
from tradedesk.engine.batch import TradeBatch
from tradedesk.engine.calendar import Calendar, grid_of
from tradedesk.engine.heikin_ashi import (
    HeikinAshi,
    HeikinAshiCandle,
    HeikinAshiFollower,
    heikin_ashi,
)
from tradedesk.engine.history_range import HistoryRange
from tradedesk.engine.live_bars import LiveBars
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
from tradedesk.engine.session_grid import SessionGrid
from tradedesk.engine.sessions import NO_DAY, TradingSession
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
    "LiveBars",
    "LiveFootprint",
    "OrderAction",
    "OrderBook",
    "ProfileIndex",
    "RestingOrder",
    "SessionGrid",
    "StackedImbalances",
    "Stitcher",
    "Tail",
    "TimeGrid",
    "Totals",
    "TradeBatch",
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
    "indicators",
    "join_bars",
    "merge",
    "resample",
    "stacked_imbalances",
    "venue_calendar",
    "volume_nodes",
]
