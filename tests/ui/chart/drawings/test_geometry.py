"""Cutting lines, placing moments among bars: against plain references."""

from __future__ import annotations

from math import hypot

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tradedesk.ui.chart.drawings.clip import Box, Span, cut, distance
from tradedesk.ui.chart.drawings.time_map import TimeMap

BOX = Box(0, 0, 200, 100)
NEAR = st.integers(-300, 500).map(float)
FAR = st.integers(-(10**9), 10**9).map(float)


@given(NEAR, NEAR, NEAR, NEAR, st.booleans(), st.booleans())
def test_a_cut_line_is_the_line_inside_the_box(
    x1: float, y1: float, x2: float, y2: float, before: bool, after: bool
) -> None:
    assume((x1, y1) != (x2, y2))
    found = cut(x1, y1, x2, y2, BOX, before=before, after=after)
    low, high = (-2_000 if before else 0), (2_001 if after else 1)
    shares = np.linspace(low, high, 20_001)
    x, y = x1 + shares * (x2 - x1), y1 + shares * (y2 - y1)
    inside = (x >= 0) & (x <= 200) & (y >= 0) & (y <= 100)
    if found is None:
        deep = (x > 0.001) & (x < 199.999) & (y > 0.001) & (y < 99.999)
        assert not deep.any()
        return
    for px, py in ((found.x1, found.y1), (found.x2, found.y2)):
        assert -1e-6 <= px <= 200 + 1e-6
        assert -1e-6 <= py <= 100 + 1e-6
    for px, py in zip(x[inside][::50], y[inside][::50], strict=True):
        assert distance(found, float(px), float(py)) < 1e-6


@given(FAR, FAR, FAR, FAR)
def test_points_far_away_bend_nothing(x1: float, y1: float, x2: float, y2: float) -> None:
    assume(hypot(x2 - x1, y2 - y1) > 1)
    found = cut(x1, y1, x2, y2, BOX, before=True, after=True)
    if found is None:
        return
    across = (x2 - x1) * (found.y1 - y1) - (y2 - y1) * (found.x1 - x1)
    assert abs(across) / hypot(x2 - x1, y2 - y1) < 1e-3


@given(st.tuples(NEAR, NEAR, NEAR, NEAR), NEAR, NEAR)
def test_distance_is_that_to_the_nearest_point(
    ends: tuple[float, float, float, float], x: float, y: float
) -> None:
    span = Span(*ends)
    shares = np.linspace(0, 1, 4_001)
    px = span.x1 + shares * (span.x2 - span.x1)
    py = span.y1 + shares * (span.y2 - span.y1)
    naive = float(np.hypot(px - x, py - y).min())
    assert distance(span, x, y) <= naive + 1e-9
    assert distance(span, x, y) > naive - 0.3


TIMES = st.lists(st.integers(1, 50), min_size=1, max_size=30).map(
    lambda steps: np.cumsum(steps) * 60 + 10_000
)


@given(TIMES, st.integers(5_000, 130_000), st.one_of(st.none(), st.just(60), st.just(300)))
def test_a_moment_stands_at_its_bar(times: np.ndarray, moment: int, period: int | None) -> None:
    among = TimeMap(times.astype(np.int64), period)
    bar = among.bar(moment)
    assert among.bars(np.array([moment], np.int64)).tolist() == [bar]
    if times[0] <= moment < times[-1]:
        assert times[bar] <= moment < times[bar + 1]
    elif moment >= times[-1]:
        assert bar == len(times) - 1 + (moment - times[-1]) // among.period_ns
    else:
        assert bar == (moment - times[0]) // among.period_ns
        assert bar < 0


@given(TIMES, st.integers(-40, 80), st.integers(-40, 40))
def test_bars_and_moments_are_each_others_opposite(times: np.ndarray, bar: int, by: int) -> None:
    among = TimeMap(times.astype(np.int64), 60)
    assert among.bar(among.moment(bar)) == bar
    assert among.bar(among.shifted(among.moment(bar), by)) == bar + by
    assert among.moment(bar) < among.moment(bar + 1)


def test_equal_times_and_one_bar_have_a_place_too() -> None:
    assert TimeMap(np.full(9, 500, np.int64), None).bar(500) == 8
    assert TimeMap(np.array([500], np.int64), None).moment(0) == 500
