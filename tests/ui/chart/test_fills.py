"""Marks of fills, the lines between entries and exits, and what they tell."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ui.chart.samples import MINUTE_NS, START_NS, bar, walk
from tests.ui.chart.test_painting import same

from tradedesk.domain.order import Side
from tradedesk.services.trips import Trip
from tradedesk.ui.chart.fill_groups import bars_a_mark, group_fills
from tradedesk.ui.chart.marks import FillMark
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]


def at(row: int, second: int = 5) -> int:
    return START_NS + row * MINUTE_NS + second * 1_000_000_000


# --- pure ---------------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(
            st.integers(-1, 40), st.sampled_from(Side), st.integers(1, 5), st.integers(90, 110)
        ),
        max_size=40,
    ),
    st.integers(1, 6),
)
def test_every_fill_is_in_one_mark_of_its_side_near_its_bar(
    drawn: list[tuple[int, Side, int, int]], bars: int
) -> None:
    fills = [FillMark(number, px, side, size) for number, (_, side, size, px) in enumerate(drawn)]
    rows = [row for row, *_ in drawn]
    groups = group_fills(fills, rows, bars)
    kept = sorted(one.ts_ns for group in groups for one in group.fills)
    assert kept == [number for number, row in enumerate(rows) if row >= 0]
    for group in groups:
        assert {one.side for one in group.fills} == {group.side}
        assert {rows[one.ts_ns] // bars for one in group.fills} == {group.row // bars}
        prices = [one.price_ticks for one in group.fills]
        assert min(prices) <= group.price_ticks <= max(prices)
    if bars > 1:
        assert len(groups) == len({(rows[n] // bars, fills[n].side) for n in kept})


def test_three_fills_of_a_wide_bar_keep_their_marks_and_four_share_one() -> None:
    fills = [FillMark(n, 100 + n, Side.BUY, 1 + n) for n in range(4)]
    assert len(group_fills(fills[:3], [7] * 3, 1)) == 3
    (shared,) = group_fills(fills, [7] * 4, 1)
    assert (shared.row, shared.price_ticks, len(shared.fills)) == (7, 102, 4)


@pytest.mark.parametrize(("spacing", "bars"), [(24.0, 1), (12.0, 1), (8.0, 2), (0.5, 24)])
def test_narrow_bars_share_marks(spacing: float, bars: int) -> None:
    assert bars_a_mark(spacing) == bars


# --- on the chart -------------------------------------------------------------------------------


def show(chart: ChartBench) -> tuple[FillMark, FillMark, Trip]:
    close = chart.series.close
    first, second = int(close[370]), int(close[385])
    entry = FillMark(at(370), first, Side.BUY, 2, took_ms=118.4)
    end = FillMark(at(385), second, Side.SELL, 2)
    trip = Trip(Side.BUY, 2, entry.ts_ns, first, end.ts_ns, second)
    chart.panel.set_fill_marks([end, entry], [trip])
    chart.viewport.zoom(2.0)
    chart.stage.view_changed()
    chart.frame()
    return entry, end, trip


def test_hovering_a_mark_tells_the_fill(chart: ChartBench) -> None:
    entry, end, _ = show(chart)
    boxes = {one.group.fills[0].ts_ns: one.box for one in chart.stage.fills.placed()}
    at_entry = boxes[entry.ts_ns].center()
    chart.point_at(at_entry.x(), at_entry.y())
    price = chart.stage.model.price_text(entry.price_ticks)
    clock = chart.stage.model.zone.datetime(entry.ts_ns)
    assert chart.panel.trading.note.rows == (f"BOT 2 @ {price} · {clock:%H:%M:%S} · 118 ms",)
    same(chart)
    at_end = boxes[end.ts_ns].center()
    chart.point_at(at_end.x(), at_end.y())
    (told,) = chart.panel.trading.note.rows
    assert told.startswith("SLD 2 @ ")
    assert not told.endswith("ms")
    same(chart)
    chart.point_at(40, 40)
    assert not chart.panel.trading.note.rows
    same(chart)


def test_a_fill_that_took_long_is_told_in_seconds(chart: ChartBench) -> None:
    entry, *_ = show(chart)
    late = dataclasses.replace(entry, took_ms=22_057.0)
    chart.panel.set_fill_marks([late])
    chart.frame()
    (placed,) = chart.stage.fills.placed()
    chart.point_at(placed.box.center().x(), placed.box.center().y())
    (told,) = chart.panel.trading.note.rows
    assert told.endswith(" · 22 s")


def test_hovering_a_connector_tells_what_it_made(chart: ChartBench) -> None:
    entry, end, trip = show(chart)
    (placed,) = chart.panel.trading.links.placed()
    middle = placed.line.pointAt(0.5)
    chart.point_at(middle.x(), middle.y())
    (told,) = chart.panel.trading.note.rows
    text = chart.stage.model.price_text
    sign = "+" if trip.gained_ticks >= 0 else "−"
    assert told == (
        f"LONG 2 · {text(entry.price_ticks)} → {text(end.price_ticks)} · "
        f"{sign}${abs(trip.gained_ticks)} ({sign}{abs(trip.gained_ticks)}t) · 15:00"
    )
    same(chart)


def test_a_connector_stands_out_from_bars_of_its_colour(chart: ChartBench) -> None:
    """A profit goes up through rising bars, which have its colour."""
    close = int(chart.series.close[-1])
    newest = bar(int(chart.series.ts_ns[-1]), close, close + 60, close, close + 60)
    chart.series.apply_tail(newest)
    chart.viewport.zoom(5.0)
    chart.stage.view_changed()
    chart.frame()
    plain = chart.painted_anew()
    entry, end = at(399), at(399) + 1
    chart.panel.set_fill_marks([], [Trip(Side.BUY, 1, entry, close + 5, end, close + 55)])
    chart.frame()
    same(chart)
    (placed,) = chart.panel.trading.links.placed()
    middle = placed.line.pointAt(0.5)
    y = chart.device(middle.y())[0]
    left, right = chart.device(middle.x() - 6, middle.x() + 6)
    rising, ground = (color(token).rgb() & 0xFFFFFF for token in ("buy_fill", "bg0"))
    assert (plain[y, left:right] == rising).all(), "the line lies over a rising bar"
    column = chart.painted_anew()[y - 8 : y + 8, left:right]
    assert (column == ground).any(axis=1).all(), "ground on every row of it"


def test_a_press_on_a_mark_still_pans(chart: ChartBench) -> None:
    entry, *_ = show(chart)
    box = next(x.box for x in chart.stage.fills.placed() if x.group.fills[0] == entry)
    before = chart.viewport.right
    chart.drag((box.center().x(), box.center().y()), (box.center().x() + 90, box.center().y()))
    assert chart.viewport.right != before


@pytest.mark.parametrize("spacing", [0.3, 4.0, 30.0])
def test_marks_and_connectors_repaint_all_they_change(
    make_chart: MakeChart, spacing: float
) -> None:
    chart = make_chart(walk(3_000))
    close = chart.series.close
    marks, trips = [], []
    for row in range(2_400, 2_990, 7):
        side = Side.BUY if row % 2 else Side.SELL
        marks.append(FillMark(at(row), int(close[row]), side, 1))
        marks.append(FillMark(at(row + 5), int(close[row + 5]), side.other, 1))
        trips.append(Trip(side, 1, *(x for m in marks[-2:] for x in (m.ts_ns, m.price_ticks))))
    chart.viewport.zoom(spacing / 8)
    chart.stage.view_changed()
    chart.panel.set_fill_marks(marks, trips)
    chart.frame()
    same(chart)
    for step in range(6):
        chart.point_at(150 + 130 * step, 250 + 20 * step)
        same(chart)
    chart.drag((300, 300), (420, 300))
    same(chart)
    chart.panel.set_fill_marks(marks[:10], trips[:3])
    chart.frame()
    same(chart)


def test_a_pair_over_a_million_pixels_is_cut_to_the_pane(chart: ChartBench) -> None:
    close = chart.series.close
    trip = Trip(Side.BUY, 1, at(0), int(close[0]), at(399), int(close[399]))
    chart.panel.set_fill_marks([FillMark(at(0), int(close[0]), Side.BUY, 1)], [trip])
    chart.viewport.zoom(12.0)
    chart.stage.view_changed()
    (placed,) = chart.panel.trading.links.placed()
    pane = chart.stage.model.panes.price.adjusted(-9, -9, 9, 9)
    assert pane.contains(placed.line.p1())
    assert pane.contains(placed.line.p2())


def test_fills_before_the_first_bar_and_an_empty_chart_are_left_out(chart: ChartBench) -> None:
    old = FillMark(START_NS - 1, chart.last, Side.BUY, 1)
    trip = Trip(Side.BUY, 1, old.ts_ns, chart.last, at(399), chart.last)
    chart.panel.set_fill_marks([old], [trip])
    chart.frame()
    assert chart.stage.fills.placed() == []
    assert chart.panel.trading.links.placed() == []
