"""Gaps on the chart: between which bars, in which words, in which pixels."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.ui.chart.samples import MES, MINUTE_NS, MNQ, START_NS, bar, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, BarSeries
from tradedesk.services.chart_gap import GapRange, GapState
from tradedesk.ui.chart.gap_bands import GapBand, gap_bands
from tradedesk.ui.chart.time_zone import LocalTime

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

UTC = LocalTime("UTC")
SECOND_NS = 1_000_000_000
CUT = START_NS + 380 * MINUTE_NS + 13 * SECOND_NS
"""13 s into bar 380."""
JOIN = START_NS + 387 * MINUTE_NS + 22 * SECOND_NS


def without_381_to_386() -> Bars:
    rows = [*range(381), *range(387, 400)]
    return Bars(*(column[rows] for column in walk(400).columns()))


def bands(bars: Bars, *gaps: GapRange) -> tuple[GapBand, ...]:
    return gap_bands(gaps, BarSeries(bars), UTC)


def same(chart: ChartBench) -> None:
    """What was painted piece by piece is what painting everything gives."""
    assert np.array_equal(chart.on_screen(), chart.painted_anew())


# --- where and in which words -------------------------------------------------------------------


def test_from_the_bar_that_was_cut_off_to_the_first_whole_one() -> None:
    (band,) = bands(without_381_to_386(), GapRange(CUT, JOIN, GapState.FILLING))
    assert band[:3] == (379.5, 381.5, 393.5)
    assert band.texts == (
        "Gap 04:34:13 – 04:41:22 · filling from history · bars since provisional",
        "Gap 04:34:13 – 04:41:22 · filling from history",
        "Gap",
    )


def test_a_bar_that_opens_with_the_first_live_trade_is_whole() -> None:
    whole = START_NS + 387 * MINUTE_NS
    (band,) = bands(without_381_to_386(), GapRange(CUT, whole, GapState.RETRYING))
    assert band[:3] == (379.5, 380.5, 393.5)
    assert band.texts[1] == "Gap 04:34:13 – 04:41:00 · no history yet, trying again"


def test_without_an_end_it_reaches_as_far_as_can_be_seen() -> None:
    (band,) = bands(walk(381), GapRange(CUT, None, GapState.OFFLINE))
    assert band[:3] == (379.5, float("inf"), float("inf"))
    assert band.texts == ("Gap since 04:34:13 · no connection", "Gap")


def test_an_end_behind_all_bars_marks_the_newest_one() -> None:
    (band,) = bands(walk(381), GapRange(CUT, JOIN, GapState.FILLING))
    assert band[:3] == (379.5, 380.5, 380.5)


def test_bars_behind_a_lasting_gap_are_no_worse_than_others() -> None:
    found = bands(
        without_381_to_386(),
        GapRange(START_NS - 9, START_NS, GapState.LASTING),
        GapRange(CUT, JOIN, GapState.LASTING),
    )
    assert [band[:3] for band in found] == [(-0.5, 0.5, 0.5), (379.5, 381.5, 381.5)]
    assert found[1].texts[0] == "Gap 04:34:13 – 04:41:22 · counted anew"


def test_a_gap_of_another_day_says_which() -> None:
    bars = walk(3_000)
    (band,) = bands(bars, GapRange(CUT, None, GapState.LASTING))
    assert band.texts[0] == "Gap since Nov 15 04:34:13 · counted anew"
    assert bands(Bars.empty(), GapRange(CUT, None, GapState.OFFLINE)) == ()


# --- in pixels ----------------------------------------------------------------------------------


def hatched(chart: ChartBench) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Pixels in the ink of a gap, and in that of bars that are not joined yet."""
    pane = chart.stage.model.panes.price
    area = chart.painted_anew()[: int(pane.height()), : int(pane.width())]
    gap, live = (ink.rgb() & 0xFFFFFF for ink in chart.stage.gaps._inks)
    return area == gap, area == live


def columns(pixels: NDArray[np.bool_]) -> tuple[int, int]:
    found = np.flatnonzero(pixels.any(axis=0))
    return int(found[0]), int(found[-1]) + 1


def test_gap_and_live_bars_are_hatched_and_the_hatching_goes(make_chart: MakeChart) -> None:
    chart = make_chart(without_381_to_386())
    clean = chart.painted_anew()
    chart.panel.set_gaps((GapRange(CUT, JOIN, GapState.FILLING),))
    chart.frame()
    same(chart)
    gap, live = hatched(chart)
    view = chart.viewport
    assert columns(gap) == (round(view.x_of(379.5)), round(view.x_of(381.5)))
    assert columns(live) == (round(view.x_of(381.5)), round(view.x_of(393.5)))
    chart.panel.set_gaps(())
    chart.frame()
    same(chart)
    assert np.array_equal(chart.painted_anew(), clean)


@pytest.mark.parametrize("spacing", [0.05, 1.0, 8.0, 40.0])
def test_ticks_and_new_bars_behind_a_gap_repaint_all_they_change(
    make_chart: MakeChart, spacing: float
) -> None:
    chart = make_chart(without_381_to_386())
    chart.viewport.zoom(spacing / 8)
    chart.stage.view_changed()
    chart.panel.set_gaps((GapRange(CUT, JOIN, GapState.RETRYING),))
    for step in range(8):
        ts_ns = START_NS + (399 + step // 3) * MINUTE_NS
        price = chart.last + 3 * step
        chart.series.apply_tail(bar(ts_ns, price, price + 1, price - step, price, 9 + step))
        chart.frame(130)
        same(chart)
    gap, _ = hatched(chart)
    begin, end = columns(gap)
    assert end - begin >= 8, "a gap is seen at every zoom"


def test_without_a_connection_all_right_of_the_bars_is_hatched(make_chart: MakeChart) -> None:
    chart = make_chart(walk(381))
    chart.panel.set_gaps((GapRange(CUT, None, GapState.OFFLINE),))
    chart.frame()
    gap, live = hatched(chart)
    right = int(chart.stage.model.panes.price.right())
    assert columns(gap) == (round(chart.viewport.x_of(379.5)), right)
    assert not live.any()
    same(chart)
    chart.panel.navigator.pan(500)
    chart.frame()
    assert not hatched(chart)[0].any(), "out of view"
    assert chart.stage.gaps.plates() == []
    same(chart)


def test_plates_make_room_for_the_way_back_to_live(make_chart: MakeChart) -> None:
    chart = make_chart(walk(381))
    chart.panel.set_gaps((GapRange(CUT, None, GapState.OFFLINE),))
    chart.frame()
    ((low, _),) = chart.stage.gaps.plates()
    chart.panel.navigator.pan(60)
    chart.frame()
    assert chart.stage.pill.isVisible()
    ((plate, _),) = chart.stage.gaps.plates()
    assert plate.right() > chart.stage.pill.area.left(), "they would meet"
    assert not plate.intersects(chart.stage.pill.area)
    assert plate.top() < low.top()
    same(chart)
    chart.panel.navigator.follow()
    chart.frame()
    assert chart.stage.gaps.plates()[0][0].top() == low.top()
    same(chart)


def test_plates_do_not_touch_and_say_less_where_there_is_less_room(make_chart: MakeChart) -> None:
    gaps = (
        *(
            GapRange(START_NS + row * MINUTE_NS, START_NS + (row + 1) * MINUTE_NS, GapState.LASTING)
            for row in (330, 340, 370, 375)
        ),
        GapRange(CUT, JOIN, GapState.FILLING),
    )
    said = {}
    for width in (1_000, 600, 420, 220):
        chart = make_chart(without_381_to_386(), (width, 400))
        chart.panel.set_gaps(gaps)
        chart.frame()
        same(chart)
        plates = chart.stage.gaps.plates()
        pane = chart.stage.model.panes.price
        boxes = [box for box, _ in plates]
        assert all(pane.contains(box) for box in boxes)
        assert all(right.left() >= left.right() for right, left in itertools.pairwise(boxes))
        said[width] = plates[0][1]
    assert said[1_000].endswith("bars since provisional")
    assert said[420].startswith("Gap 22:34:13")
    assert said[220] == "Gap"


def test_another_contract_takes_the_gaps_away(chart: ChartBench) -> None:
    chart.panel.set_gaps((GapRange(CUT, None, GapState.OFFLINE),))
    chart.panel.set_series(BarSeries(walk(50)), MES, BarSpec.parse("1m"))
    assert chart.stage.gaps.bands == ()
    chart.panel.set_series(BarSeries(walk(50)), MNQ, BarSpec.parse("1m"))
    assert not chart.stage.gaps.isVisible()
