"""A user's own indicator: one function with a name, in columns and live."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.indicator_bars import assert_close, bars_to_try, made_bars

from tradedesk.domain.errors import InputError
from tradedesk.engine import Bars, BarSeries, indicators
from tradedesk.engine.indicators import LiveLines, Sma, indicator, make, parse


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    before = set(indicators.names())
    yield
    for name in set(indicators.names()) - before:
        indicators.unregister(name)


def mean_range(bars: Bars, length: int = 10) -> Any:
    sums = np.convolve(bars.high - bars.low, np.ones(length))[: len(bars)]
    return np.where(np.arange(len(bars)) < length - 1, np.nan, sums / length)


def edges(bars: Bars, length: int = 3, width: float = 1.5) -> Any:
    middle = Sma(length).compute(bars)[0]
    return {"upper": middle + width, "lower": middle - width}


def register_edges(**how: Any) -> None:
    indicator("edges", **how)(edges)


@pytest.mark.parametrize("lookback", [None, 10, lambda length: length])
@given(bars=bars_to_try(min_size=1), data=st.data())
def test_columns_and_followers_agree(lookback: Any, bars: Bars, data: st.DataObject) -> None:
    indicator("mean_range", lookback=lookback, replace=True)(mean_range)
    made = make("mean_range")
    line = made.compute(bars)[0]
    assert_close(line, mean_range(bars), bars)
    cut = data.draw(st.integers(0, len(bars)))
    follower = made.follow(bars[:cut])
    for row in range(cut, len(bars)):
        assert_close(follower.peek(bars[row]), line[row : row + 1], bars)
        assert_close(follower.close(bars[row]), line[row : row + 1], bars)


@pytest.mark.parametrize("lookback", [None, lambda length: length])
@pytest.mark.parametrize("outputs", [None, ("upper", "lower")])
@pytest.mark.parametrize("begin", [0, 1, 40])
def test_beside_a_series(lookback: Any, outputs: Any, begin: int) -> None:
    register_edges(lookback=lookback, outputs=outputs)
    bars = made_bars(300, 1)
    series = BarSeries(bars[:begin])
    lines = LiveLines(make("edges", length=5), series)
    for row in range(max(begin - 1, 0), 300):
        series.apply_tail(bars[row : row + 1], at=row)
        lines.update()
    wanted = edges(bars, 5)
    assert lines.indicator.outputs == ("upper", "lower")
    for name in ("upper", "lower"):
        assert_close(lines.line(name), wanted[name], bars)


def test_a_declared_lookback_is_all_that_is_looked_at() -> None:
    seen = []

    @indicator("looks", lookback=7)
    def looks(bars: Bars) -> Any:
        seen.append(len(bars))
        with pytest.raises(ValueError, match="read-only"):
            bars.close[0] = 1
        return bars.close

    bars = made_bars(500, 2)
    follower = make("looks").follow(bars[:100])
    assert seen == []
    found = [follower.close(bar)[0] for bar in bars[100:]]
    assert set(seen) == {7}
    assert found == bars.close[100:].tolist()
    early = make("looks").follow()
    assert np.isnan([early.close(bar)[0] for bar in bars[:6]]).all()
    assert early.close(bars[6]) == (float(bars.close[6]),)
    assert make("looks").warm_up == 6


def test_parameters_and_text() -> None:
    @indicator("mixed")
    def mixed(
        bars: Bars, length: int = 3, width: float = 1.5, kind: str = "a", up: bool = True
    ) -> Any:
        return bars.close * (width if up and kind == "a" else length)

    made = parse("mixed(4, 2, b, False)")
    assert str(made) == "mixed(length=4, width=2, kind=b, up=False)"
    assert parse(str(made)) == made
    assert hash(parse(str(made))) == hash(made)
    assert made != make("mixed")
    assert made != Sma(4)
    assert repr(made) == "FunctionIndicator(mixed(length=4, width=2, kind=b, up=False))"
    assert make("mixed", length=np.int64(4)) == make("mixed", 4)
    bars = made_bars(5, 1)
    assert make("mixed").compute(bars)[0].tolist() == (bars.close * 1.5).tolist()
    for given_, said in (
        ({"length": 2.5}, "length of indicator mixed is 2.5: give a value of the kind of 3"),
        ({"up": 1}, "up of indicator mixed is 1: give a value of the kind of True"),
        ({"kind": 1}, "kind of indicator mixed is 1"),
        ({"other": 1}, "Indicator mixed has no parameter other: it takes length, width, kind, up"),
    ):
        with pytest.raises(InputError, match=said):
            make("mixed", **given_)


def test_names_are_taken_once() -> None:
    register_edges()
    with pytest.raises(InputError, match=r"named edges already: .*pass replace=True"):
        register_edges()
    register_edges(replace=True)
    for name in ("ema", "macd"):
        with pytest.raises(InputError, match=f"named {name} already: choose another one"):
            indicator(name, replace=True)(edges)
    names: list[Any] = ["", "Big", "a b", "ünder", 5]
    for wrong in names:
        with pytest.raises(InputError, match="cannot name an indicator"):
            indicator(wrong)(edges)
    with pytest.raises(InputError, match="No indicator of your own is named 'ema'"):
        indicators.unregister("ema")
    indicators.unregister("edges")
    with pytest.raises(InputError, match="There is no indicator 'edges'"):
        make("edges")


def test_the_function_is_returned_as_it_was() -> None:
    assert indicator("edges")(edges) is edges


def bad(name: str, result: Any, **how: Any) -> None:
    def function(bars: Bars) -> Any:
        return result(bars) if callable(result) else result

    indicator(name, **how)(function)
    make(name).compute(made_bars(5, 1))


@pytest.mark.parametrize(
    ("result", "how", "said"),
    [
        ([1.0, 2.0], {}, r"Line bad of indicator bad\(\) has the shape \(2,\) for 5 bars"),
        (np.zeros((5, 2)), {}, r"shape \(5, 2\) for 5 bars: return one value per bar"),
        (None, {}, "Line bad of indicator bad.* is NoneType: return an array of numbers"),
        (["a"] * 5, {}, "Line bad of indicator bad.* is <U1"),
        ([True] * 5, {}, "Line bad of indicator bad.* is bool"),
        ([[1], [1, 2]], {}, "Line bad of indicator bad.* is list"),
        (np.zeros(5, complex), {}, "is complex128"),
        ({}, {}, "returned a dict without names"),
        ({1: np.zeros(5)}, {}, "returned a dict without names"),
        ({"a": np.zeros(5), "b": np.zeros(4)}, {}, r"Line b of indicator bad.* \(4,\) for 5 bars"),
        ({"a": np.zeros(5)}, {"outputs": ("b",)}, "returned a where b is expected"),
        (np.zeros(5), {"outputs": ("a", "b")}, "returned one column for a, b: return a dict"),
        (lambda bars: bars.nothing, {}, "failed on 5 bars: AttributeError.*Correct its function"),
        (lambda bars: 1 // 0, {}, "failed on 5 bars: ZeroDivisionError"),
        (np.zeros(5), {"lookback": 0}, "lookback of indicator bad is 0: give the number of bars"),
        (np.zeros(5), {"lookback": 2.5}, "lookback of indicator bad is 2.5"),
        (np.zeros(5), {"lookback": lambda: -1}, "lookback of indicator bad is -1"),
    ],
)
def test_bad_results_name_the_indicator_and_the_fix(
    result: Any, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        bad("bad", result, **how)


def test_parameters_need_defaults() -> None:
    def bare(bars: Bars, length: int) -> Any:
        return bars.close

    def spread(bars: Bars, **others: int) -> Any:
        return bars.close

    for function in (bare, spread):
        with pytest.raises(InputError, match="of indicator bare has no default"):
            indicator("bare")(function)
    with pytest.raises(InputError, match="There is no indicator 'bare'"):
        make("bare")


def test_lines_that_change_their_names_are_refused() -> None:
    @indicator("turning")
    def turning(bars: Bars) -> Any:
        return {"a" if len(bars) < 5 else "b": bars.close}

    made = make("turning")
    made.compute(made_bars(3, 1))
    assert made.outputs == ("a",)
    with pytest.raises(InputError, match="returned b where a is expected"):
        made.compute(made_bars(6, 1))


def test_a_bar_that_fails_is_not_taken_in() -> None:
    fail = False

    @indicator("sometimes")
    def sometimes(bars: Bars) -> Any:
        if fail:
            raise RuntimeError("not now")
        return np.full(len(bars), float(len(bars)))

    bars = made_bars(10, 1)
    follower = make("sometimes").follow(bars[:4])
    fail = True
    with pytest.raises(InputError, match="RuntimeError: not now"):
        follower.close(bars[4])
    fail = False
    assert follower.close(bars[4]) == (5.0,)
