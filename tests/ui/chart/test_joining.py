"""Joined columns against brute force, whatever grew, panned or zoomed before."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ui.chart.samples import walk

from tradedesk.engine import Bars, BarSeries
from tradedesk.ui.chart.columns import ShapeMaker, Widths, XMap, widths
from tradedesk.ui.chart.pyramid import NOTHING, Pyramid

EVERY_BAR = walk(3_000)


def brute(series: BarSeries, xmap: XMap, span: tuple[int, int]) -> list[tuple[int, ...]]:
    """x, open, high, low, close, volume of each pixel column that holds bars."""
    numbers = np.arange(len(series)) - xmap.base
    column = np.floor(numbers * xmap.scale).astype(int) + xmap.origin
    found = []
    for x in range(*span):
        inside = np.flatnonzero(column == x)
        if len(inside):
            rows = slice(inside[0], inside[-1] + 1)
            values = (
                series.open[rows][0],
                series.high[rows].max(),
                series.low[rows].min(),
                series.close[rows][-1],
                series.volume[rows].max(),
            )
            found.append((x, *map(int, values)))
    return found


@settings(max_examples=60)
@given(st.data())
def test_columns_are_exact_after_any_history(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 2_000))
    series = BarSeries(EVERY_BAR[:rows])
    maker = ShapeMaker()
    maker.sync(series, 0)
    scale = data.draw(st.floats(0.002, 0.999))
    for _ in range(data.draw(st.integers(1, 5))):
        if data.draw(st.booleans()):
            grown = min(len(EVERY_BAR), len(series) + data.draw(st.integers(0, 300)))
            before = len(series)
            series.apply_tail(louder(EVERY_BAR[before - 1 : grown]), before - 1)
            maker.sync(series, before - 1)
        if data.draw(st.booleans()):
            scale = data.draw(st.floats(0.002, 0.999))
        base = data.draw(st.integers(-500, 5_000))
        origin = data.draw(st.integers(-2_000, 500)) + int(base * scale)
        xmap = XMap(scale, origin, base)
        start = data.draw(st.integers(-20, 400))
        span = (start, start + data.draw(st.integers(1, 400)))
        shapes = maker.shapes(xmap, span)
        expected = brute(series, xmap, span)
        if shapes is None:
            assert expected == []
            continue
        columns = (shapes.x, shapes.open, shapes.high, shapes.low, shapes.close, shapes.volume)
        assert list(zip(*(c.tolist() for c in columns), strict=True)) == expected


def louder(bars: Bars) -> Bars:
    """The same bars with a first one that has grown."""
    high, low, volume = bars.high.copy(), bars.low.copy(), bars.volume.copy()
    high[0] += 7
    low[0] -= 7
    volume[0] += 10_000
    return Bars(bars.ts_ns, bars.open, high, low, bars.close, volume)


@given(st.lists(st.integers(0, 3_000), min_size=2, max_size=40).map(sorted))
def test_extents_of_any_runs(edges: list[int]) -> None:
    pyramid = Pyramid()
    pyramid.sync(BarSeries(EVERY_BAR), 0)
    found = pyramid.extents(np.array(edges, np.int64))
    for at, (start, stop) in enumerate(itertools.pairwise(edges)):
        if start == stop:
            assert found.high[at] == NOTHING
        else:
            rows = slice(start, stop)
            assert found.high[at] == EVERY_BAR.high[rows].max()
            assert found.low[at] == EVERY_BAR.low[rows].min()
            assert found.volume[at] == EVERY_BAR.volume[rows].max()


@given(st.floats(1.0, 400.0), st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]))
def test_bars_leave_a_gap_and_keep_their_wick_in_the_middle(spacing: float, ratio: float) -> None:
    found = widths(spacing, ratio)
    assert 1 <= found.wick <= found.body
    if found.has_body:
        assert found.body < spacing
        assert found.body == found.wick + 1 or (found.body - found.wick) % 2 == 0


def test_bodies_appear_with_room() -> None:
    assert widths(2.9, 1.0) == Widths(1, 1)
    assert [widths(s, 1.0).body for s in (3, 4, 5, 6, 7, 8, 9, 10, 12)] == [
        2, 3, 3, 3, 5, 5, 7, 7, 9,
    ]  # fmt: skip


def test_single_bars_from_one_pixel_on() -> None:
    maker = ShapeMaker()
    maker.sync(BarSeries(EVERY_BAR), 0)
    shapes = maker.shapes(XMap(8.0, -4_000), (0, 800))
    assert shapes is not None
    assert shapes.x.tolist() == [8 * row - 4_000 for row in range(499, 602)]
    assert shapes.high.tolist() == EVERY_BAR.high[499:602].tolist()
