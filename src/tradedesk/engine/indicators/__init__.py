"""Figures over bars: averages, oscillators, bands, levels; whole columns and bar by bar.

>>> from tradedesk.engine import indicators
>>> ema = indicators.make("ema", length=21)
>>> str(ema), ema == indicators.parse("ema(21)")
('ema(21)', True)

`Indicator.compute` gives columns for bars at hand, `Indicator.follow` a state that goes on bar by
bar, and `LiveLines` keeps columns beside a `tradedesk.engine.BarSeries`. What each figure means,
and where platforms differ, stands at its class.
"""

from tradedesk.engine.indicators.averages import Ema, Hma, Sma, Wma
from tradedesk.engine.indicators.channels import Donchian, Keltner
from tradedesk.engine.indicators.core import Follower, Indicator
from tradedesk.engine.indicators.deviation import Bollinger, StdDev
from tradedesk.engine.indicators.directional import Adx
from tradedesk.engine.indicators.function import FunctionIndicator
from tradedesk.engine.indicators.ichimoku import Ichimoku
from tradedesk.engine.indicators.live_lines import LiveLines
from tradedesk.engine.indicators.opening_range import OpeningRange
from tradedesk.engine.indicators.order_flow import CumulativeDelta, Delta
from tradedesk.engine.indicators.oscillators import Cci, Macd, Roc, Rsi
from tradedesk.engine.indicators.own import indicator
from tradedesk.engine.indicators.parabolic import ParabolicSar
from tradedesk.engine.indicators.pivots import Pivots
from tradedesk.engine.indicators.ranges import Atr
from tradedesk.engine.indicators.registry import defaults, make, names, parse, unregister
from tradedesk.engine.indicators.regression import LinearRegression
from tradedesk.engine.indicators.sessions import FixedDays, Sessions
from tradedesk.engine.indicators.stochastic import FastStochastic, Stochastic
from tradedesk.engine.indicators.supertrend import Supertrend
from tradedesk.engine.indicators.volume import Mfi, Obv
from tradedesk.engine.indicators.vwap import AnchoredVwap, Vwap

__all__ = [
    "Adx",
    "AnchoredVwap",
    "Atr",
    "Bollinger",
    "Cci",
    "CumulativeDelta",
    "Delta",
    "Donchian",
    "Ema",
    "FastStochastic",
    "FixedDays",
    "Follower",
    "FunctionIndicator",
    "Hma",
    "Ichimoku",
    "Indicator",
    "Keltner",
    "LinearRegression",
    "LiveLines",
    "Macd",
    "Mfi",
    "Obv",
    "OpeningRange",
    "ParabolicSar",
    "Pivots",
    "Roc",
    "Rsi",
    "Sessions",
    "Sma",
    "StdDev",
    "Stochastic",
    "Supertrend",
    "Vwap",
    "Wma",
    "defaults",
    "indicator",
    "make",
    "names",
    "parse",
    "unregister",
]
