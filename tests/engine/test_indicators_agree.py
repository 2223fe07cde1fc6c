"""Columns, followers and the naive way agree, for every indicator and at every cut."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.indicator_bars import STYLES, assert_close, bars_to_try, made_bars
from tests.engine.naive import HOUR
from tests.engine.naive_indicators import NAIVE

from tradedesk.engine import Bar, Bars, indicators
from tradedesk.engine.indicators import FixedDays, Indicator
from tradedesk.engine.indicators.source import SOURCES

NAMES = sorted(NAIVE)
FIRST_NS = made_bars(1, 0).ts_ns[0]
WORDS = {
    "source": st.sampled_from(sorted(SOURCES)),
    "without_flow": st.sampled_from(["nan", "hlc3"]),
    "per": st.sampled_from(["session", "all"]),
    "kind": st.sampled_from(["classic", "fibonacci", "camarilla"]),
    "sessions": st.builds(FixedDays, st.integers(-23, 23).map(lambda h: h * HOUR)),
    "anchor_ns": st.integers(-HOUR, 100 * HOUR).map(lambda ns: int(FIRST_NS) + ns),
    "minutes": st.integers(1, 90),
    "step": st.sampled_from([0.01, 0.02, 0.3]),
    "most": st.sampled_from([0.1, 0.2]),
    "width": st.sampled_from([0.5, 1.0, 2.0, 3.0]),
}


@st.composite
def made_indicators(draw: st.DrawFn, name: str) -> Indicator:
    """The indicator with parameters of all kinds, lengths rather short."""
    given_: dict[str, Any] = {}
    for key in indicators.defaults(name):
        given_[key] = draw(WORDS.get(key, st.integers(2, 12)))
    if name == "macd":
        given_["slow"] += given_["fast"]
    return indicators.make(name, **given_)


def parameters_of(indicator: Indicator) -> dict[str, Any]:
    found = {each.name: getattr(indicator, each.name) for each in fields(indicator)}  # type: ignore[arg-type]
    if "sessions" in found:
        found["offset_ns"] = found.pop("sessions").session_offset_ns
    return found


def test_all_indicators_have_a_naive_twin() -> None:
    assert set(indicators.names()) == set(NAIVE)


@pytest.mark.parametrize("name", NAMES)
@given(st.data())
@settings(deadline=None)
def test_columns_are_what_the_definition_says(name: str, data: st.DataObject) -> None:
    indicator = data.draw(made_indicators(name))
    bars = data.draw(bars_to_try())
    if name == "cumulative_delta" and indicator.per == "all":  # type: ignore[attr-defined]
        wanted = NAIVE[name](list(bars), per="all", offset_ns=0)
    else:
        wanted = NAIVE[name](list(bars), **parameters_of(indicator))
    lines = indicator.compute(bars)
    assert len(lines) == len(indicator.outputs) == len(indicator.shifts) == len(wanted)
    for line, expected in zip(lines, wanted, strict=True):
        assert line.dtype == np.float64
        assert line.shape == (len(bars),)
        assert_close(line, expected, bars)


@pytest.mark.parametrize("name", NAMES)
@given(st.data())
@settings(deadline=None)
def test_followers_agree_with_columns_at_every_cut(name: str, data: st.DataObject) -> None:
    """Closed bars, a forming bar behind each, and a start behind any part of the history."""
    indicator = data.draw(made_indicators(name))
    bars = data.draw(bars_to_try(min_size=1))
    cut = data.draw(st.integers(0, len(bars)))
    other = data.draw(bars_to_try(min_size=1, max_size=1))[0]
    lines = np.array(indicator.compute(bars))
    follower = indicator.follow(bars[:cut])
    for row in range(cut, len(bars)):
        bar = bars[row]
        follower.peek(other._replace(ts_ns=bar.ts_ns))
        peeked = follower.peek(bar)
        closed = follower.close(bar)
        np.testing.assert_equal(peeked, closed)
        assert all(type(value) is float for value in closed)
        assert_close(closed, lines[:, row], bars)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", NAMES)
def test_a_follower_starts_behind_a_long_history(name: str, style: str) -> None:
    """It stands where one that saw every bar stands, without having seen them all."""
    bars = made_bars(6_000, 7, style, "known")
    indicator = indicators.make(name)
    lines = np.array(indicator.compute(bars))
    follower = indicator.follow(bars[:5_900])
    found = [follower.close(bar) for bar in bars[5_900:]]
    assert_close(np.array(found).T, lines[:, 5_900:], bars)


@pytest.mark.parametrize("name", NAMES)
def test_history_that_does_not_matter_is_not_gone_through(name: str) -> None:
    """State machines and sums go through a column at once; all others look at its end only."""
    bars = made_bars(20_000, 3)
    indicator = indicators.make(name)
    seen: list[Bar] = []

    class Counting(Bars):
        def __iter__(self) -> Any:
            seen.extend(super().__iter__())
            return iter(seen)

        def __getitem__(self, rows: Any) -> Any:
            part = super().__getitem__(rows)
            return Counting.unchecked(part.columns()) if isinstance(part, Bars) else part

    follower = indicator.follow(Counting.unchecked(bars[:-1].columns()))
    assert len(seen) < 3_000
    assert_close(follower.close(bars[-1]), np.array(indicator.compute(bars))[:, -1], bars)


@pytest.mark.parametrize("name", NAMES)
def test_warm_up_is_what_it_says(name: str) -> None:
    bars = made_bars(200, 1)
    indicator = indicators.make(name)
    session_based = "sessions" in indicators.defaults(name)
    lines = np.array(indicator.compute(bars))
    if not session_based:
        whole = np.logical_not(np.isnan(lines).any(axis=0))
        assert int(whole.argmax()) == indicator.warm_up
        assert whole[indicator.warm_up :].all()
    for rows in (0, 1, indicator.warm_up):
        part = indicator.compute(bars[:rows])
        assert_close(np.array(part), lines[:, :rows], bars)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_looks_ahead(name: str) -> None:
    bars = made_bars(300, 5)
    indicator = indicators.make(name)
    assert_close(
        np.array(indicator.compute(bars[:200])), np.array(indicator.compute(bars))[:, :200], bars
    )


def test_columns_are_new_and_bars_stay_as_they_are() -> None:
    bars = made_bars(100, 2)
    before = Bars.from_rows(list(bars))
    for name in NAMES:
        indicator = indicators.make(name)
        for line in indicator.compute(bars):
            line[:] = -1.0
        assert_close(np.array(indicator.compute(bars)), np.array(indicator.compute(before)), bars)
    assert bars == before
