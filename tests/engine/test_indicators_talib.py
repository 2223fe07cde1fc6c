"""Indicators against TA-Lib, on made bars and on real ones.

Prices go to TA-Lib in ticks. Its running sums of floats drift a little, ours are exact or do not
drift.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.engine.indicator_bars import made_bars
from tests.engine.market_files import bars_of, csv_rows, dbn_records, iso_ns
from tests.engine.naive import MINUTE

from tradedesk.engine import Bars, indicators

if TYPE_CHECKING:
    from collections.abc import Callable

talib = pytest.importorskip("talib", reason="TA-Lib is not installed here")


class Floats:
    """Columns of bars in the form TA-Lib takes."""

    def __init__(self, bars: Bars) -> None:
        self.h, self.l, self.c = (getattr(bars, n).astype(float) for n in ("high", "low", "close"))
        self.v = bars.volume.astype(float)
        self.hlc3 = (self.h + self.l + self.c) / 3


def hl2(f: Floats) -> Any:
    return (f.h + f.l) / 2


def keltner(f: Floats) -> Any:
    """TA-Lib's own channel has an exponential average of ranges: put ours together from parts."""
    middle = talib.KC(f.h, f.l, f.c, 20, 10, 2.0)[1]
    band = 2.0 * talib.ATR(f.h, f.l, f.c, 10)
    return middle + band, middle, middle - band


def supertrend(f: Floats) -> Any:
    """TA-Lib's direction is a whole number, 0 while there is none."""
    line, direction = talib.SUPERTREND(f.h, f.l, f.c, 10, 3.0)
    return line, np.where(direction == 0, np.nan, direction)


REFERENCES: dict[str, Callable[[Floats], Any]] = {
    "sma(20)": lambda f: talib.SMA(f.c, 20),
    "sma(7, source=hl2)": lambda f: talib.SMA(hl2(f), 7),
    "ema(21)": lambda f: talib.EMA(f.c, 21),
    "ema(200, source=hlc3)": lambda f: talib.EMA(f.hlc3, 200),
    "wma(20)": lambda f: talib.WMA(f.c, 20),
    "hma(21)": lambda f: talib.HMA(f.c, 21),
    "hma(16, source=high)": lambda f: talib.HMA(f.h, 16),
    "rsi(14)": lambda f: talib.RSI(f.c, 14),
    "rsi(2)": lambda f: talib.RSI(f.c, 2),
    "macd(12, 26, 9)": lambda f: talib.MACD(f.c, 12, 26, 9),
    "macd(3, 10, 16)": lambda f: talib.MACD(f.c, 3, 10, 16),
    "stochastic(14, 3, 3)": lambda f: talib.STOCH(f.h, f.l, f.c, 14, 3, 0, 3, 0),
    "stochastic(5, 1, 4)": lambda f: talib.STOCH(f.h, f.l, f.c, 5, 1, 0, 4, 0),
    "fast_stochastic(14, 3)": lambda f: talib.STOCHF(f.h, f.l, f.c, 14, 3, 0),
    "atr(14)": lambda f: talib.ATR(f.h, f.l, f.c, 14),
    "bollinger(20, 2)": lambda f: talib.BBANDS(f.c, 20, 2.0, 2.0),
    "bollinger(9, 2.5, source=hlc3)": lambda f: talib.BBANDS(f.hlc3, 9, 2.5, 2.5),
    "donchian(20)": lambda f: talib.DONCHIAN(f.h, f.l, 20),
    "adx(14)": lambda f: (
        talib.ADX(f.h, f.l, f.c, 14),
        talib.PLUS_DI(f.h, f.l, f.c, 14),
        talib.MINUS_DI(f.h, f.l, f.c, 14),
    ),
    "adx(3)": lambda f: (
        talib.ADX(f.h, f.l, f.c, 3),
        talib.PLUS_DI(f.h, f.l, f.c, 3),
        talib.MINUS_DI(f.h, f.l, f.c, 3),
    ),
    "cci(20)": lambda f: talib.CCI(f.h, f.l, f.c, 20),
    "obv": lambda f: talib.OBV(f.c, f.v),
    "mfi(14)": lambda f: talib.MFI(f.h, f.l, f.c, f.v, 14),
    "anchored_vwap(0, without_flow=hlc3)": lambda f: talib.VWAP(f.h, f.l, f.c, f.v),
    "supertrend(10, 3)": supertrend,
    "sar(0.02, 0.2)": lambda f: talib.SAR(f.h, f.l, 0.02, 0.2),
    "sar(0.05, 0.1)": lambda f: talib.SAR(f.h, f.l, 0.05, 0.1),
    "roc(10)": lambda f: talib.ROC(f.c, 10),
    "stddev(20)": lambda f: talib.STDDEV(f.c, 20, 1.0),
    "linreg(14)": lambda f: (talib.LINEARREG(f.c, 14), talib.LINEARREG_SLOPE(f.c, 14)),
    "keltner(20, 10, 2, source=hlc3)": keltner,
    "ichimoku(9, 26, 52, 26)": lambda f: (
        talib.MIDPRICE(f.h, f.l, 9),
        talib.MIDPRICE(f.h, f.l, 26),
        (talib.MIDPRICE(f.h, f.l, 9) + talib.MIDPRICE(f.h, f.l, 26)) / 2,
        talib.MIDPRICE(f.h, f.l, 52),
        f.c,
    ),
}


def compare(text: str, bars: Bars) -> None:
    found = indicators.parse(text).compute(bars)
    wanted = REFERENCES[text](Floats(bars))
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    name = text.partition("(")[0]
    assert str(indicators.parse(text)).startswith(name)
    for line, theirs in zip(found, wanted, strict=False):
        shown = ~np.isnan(theirs)
        # theirs hides every line until all are there
        later = np.flatnonzero(shown)
        if len(later):
            assert not np.isnan(line[later[0] :]).any()
        np.testing.assert_allclose(line[shown], theirs[shown], rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize("text", REFERENCES)
@pytest.mark.parametrize("style", ["walk", "quiet", "flat"])
def test_made_bars(text: str, style: str) -> None:
    bars = made_bars(3_000, 11, style, "unknown")
    if text.startswith("anchored"):
        bars = bars[int((bars.volume > 0).argmax()) :]
    compare(text, bars)


@pytest.mark.parametrize("text", REFERENCES)
def test_first_values_come_when_theirs_do(text: str) -> None:
    bars = made_bars(300, 12, flow="unknown")
    bars = bars[int((bars.volume > 0).argmax()) :]
    indicator = indicators.parse(text)
    theirs = REFERENCES[text](Floats(bars))
    theirs = theirs if isinstance(theirs, tuple) else (theirs,)
    shown = ~np.isnan(np.array(theirs[:1])).any(axis=0)
    assert int(shown.argmax()) == indicator.warm_up or text.startswith(("keltner", "ichimoku"))


@pytest.fixture(scope="module")
def euro_minutes() -> Bars:
    rows = csv_rows("cme_6eh4_202401_ohlcv_1m.csv.gz")
    opens = [iso_ns(row["timestamp_utc"]) - MINUTE for row in rows]  # stamped at the close
    return bars_of(opens, rows, "0.00005", "1")


@pytest.mark.parametrize("text", REFERENCES)
def test_euro_minutes(text: str, euro_minutes: Bars) -> None:
    assert len(euro_minutes) == 29_996
    compare(text, euro_minutes)


@pytest.mark.parametrize("text", REFERENCES)
def test_index_minutes_of_the_vendor(text: str) -> None:
    tick = 250_000_000  # 0.25 in units of 1e-9
    records = dbn_records("cme_esu4_nqu4_20240701_ohlcv1m.dbn.zst")
    first = records[0].instrument_id
    rows = [r for r in records if r.instrument_id == first]
    o, h, low, c = ([getattr(r, n) // tick for r in rows] for n in ("open", "high", "low", "close"))
    bars = Bars([r.ts_event for r in rows], o, h, low, c, [r.volume for r in rows])
    assert len(bars) == 30
    compare(text, bars)
