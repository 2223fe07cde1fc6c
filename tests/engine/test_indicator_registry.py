"""Indicators by name, as text, and with parameters that make no sense."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import HOUR
from tests.engine.naive_indicators import NAIVE
from tests.engine.test_indicators_agree import made_indicators

from tradedesk.domain.errors import BarSpecError, InputError
from tradedesk.engine import indicators
from tradedesk.engine.indicators import Bollinger, Ema, FixedDays, Macd, Vwap, make, parse


@given(st.sampled_from(sorted(NAIVE)), st.data())
def test_text_reads_back(name: str, data: st.DataObject) -> None:
    indicator = data.draw(made_indicators(name))
    parts = {"sessions": getattr(indicator, "sessions", FixedDays())}
    assert parse(str(indicator), **parts) == indicator
    assert hash(parse(str(indicator), **parts)) == hash(indicator)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ema(21)", "ema(21)"),
        (" EMA ( 21 ) ", "ema(21)"),
        ("ema", "ema(20)"),
        ("ema()", "ema(20)"),
        ("ema(source=hl2, length=9)", "ema(9, source=hl2)"),
        ("macd(12, 26, 9)", "macd(12, 26, 9)"),
        ("macd(signal=5)", "macd(12, 26, 5)"),
        ("bollinger(20, 2)", "bollinger(20, 2)"),
        ("bollinger(20, 2.5)", "bollinger(20, 2.5)"),
        ("obv", "obv()"),
        ("sar(0.02, 0.2)", "sar(0.02, 0.2)"),
        ("vwap(2, hlc3)", "vwap(2, without_flow=hlc3)"),
        ("pivots(camarilla)", "pivots(kind=camarilla)"),
        ("anchored_vwap(1704150000000000000)", "anchored_vwap(1704150000000000000, 1)"),
    ],
)
def test_text(text: str, written: str) -> None:
    assert str(parse(text)) == written
    assert parse(written) == parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is not an indicator: write it like 'ema\\(21\\)'"),
        ("ema(21", "'ema\\(21' is not an indicator"),
        ("21", "is not an indicator"),
        ("emma(21)", "There is no indicator 'emma': use .*ema"),
        ("ema(21,)", "cannot be read at ''"),
        ("ema(2 1)", "cannot be read at '2 1'"),
        ("ema(length=3, 4)", "cannot be read at '4'"),
        ("ema(1, close, 3)", "3 values for indicator ema: it takes length, source"),
        ("ema(3, length=4)", "length of indicator ema is given twice"),
        ("ema(length=4, length=4)", "length of indicator ema is given twice"),
        ("ema(span=4)", "Indicator ema has no parameter span: it takes length, source"),
        ("obv(1)", "1 values for indicator obv: it takes no parameters"),
        ("vwap(1, nan, days)", "3 values for indicator vwap"),
        ("ema(0)", "length of indicator ema is 0: give 1 to 10000"),
        ("ema(-3)", "length of indicator ema is -3"),
        ("ema(2.5)", "length of indicator ema is 2.5: give a whole number, 1 to 10000"),
        ("ema(10001)", "length of indicator ema is 10001: give 1 to 10000"),
        ("ema(abc)", "length of indicator ema is 'abc': give a whole number"),
        ("ema(5, source=middle)", "source of indicator ema is 'middle': give one of close, open"),
        ("bollinger(20, nan)", "width of indicator bollinger is nan: give 0.001 to 1000"),
        ("bollinger(20, -2)", "width of indicator bollinger is -2"),
        ("bollinger(20, wide)", "width of indicator bollinger is 'wide': give a number"),
        ("macd(26, 12, 9)", "fast of indicator macd is 26 and slow is 12"),
        ("rsi(1)", "length of indicator rsi is 1: give 2 to 10000"),
    ],
)
def test_text_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse(text)


@pytest.mark.parametrize("length", [True, None, "5", 5.0, [5], np.float64(5)])
def test_a_length_is_a_whole_number(length: Any) -> None:
    with pytest.raises(InputError, match=r"length of indicator ema is .*: give a whole number"):
        Ema(length)


def test_made_by_name() -> None:
    assert make("ema", length=21) == make("ema", 21) == Ema(21)
    from_numpy = make("ema", np.int64(21))
    assert from_numpy == Ema(21)
    assert type(from_numpy.length) is int
    assert make("bollinger", 20, 2) == Bollinger(20, 2.0)
    assert make("ema") != make("sma")
    assert indicators.defaults("macd") == {"fast": 12, "slow": 26, "signal": 9, "source": "close"}
    assert Macd().outputs == ("macd", "signal", "histogram")
    assert list(indicators.names()) == sorted(indicators.names())
    with pytest.raises(InputError, match="no parameter span"):
        make("ema", span=3)
    with pytest.raises(InputError, match="length of indicator ema is given twice"):
        make("ema", 3, length=3)
    with pytest.raises(InputError, match="5 values for indicator macd"):
        make("macd", 1, 2, 3, "close", 5)
    with pytest.raises(InputError, match="There is no indicator None"):
        make(None)  # type: ignore[arg-type]


def test_sessions_come_beside_the_text() -> None:
    days = FixedDays(-2 * HOUR)
    assert parse("vwap(2)", sessions=days) == Vwap(2, sessions=days)
    assert parse("ema(5)", sessions=days) == Ema(5)
    assert str(Vwap(2, sessions=days)) == "vwap(2)"
    with pytest.raises(InputError, match="sessions of indicator vwap is 5: give an object"):
        make("vwap", sessions=5)
    with pytest.raises(BarSpecError, match="session offset"):
        FixedDays(24 * HOUR)


def test_indicators_do_not_change() -> None:
    with pytest.raises(AttributeError):
        Ema(5).length = 6  # type: ignore[misc]
