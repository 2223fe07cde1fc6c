"""Volume profiles: counted from what is known, drawn to the pixel, dragged, remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from tests.ui.chart.drawings.drawing_bench import anchor, book, put
from tests.ui.chart.live_tape import LiveChart
from tests.ui.chart.samples import MINUTE_NS, MNQ, stop, walk
from tests.ui.chart.test_painting import alike
from tests.ui.chart.test_sessions import two_weeks
from tests.ui.chart.test_study_lines import SOFT

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import BarSeries, VolumeProfile
from tradedesk.engine.orderflow.bar_profile import bar_profile
from tradedesk.services.drawings.drawing import Drawing, Kind
from tradedesk.ui.chart.primitives import mixed
from tradedesk.ui.chart.profile.measure import FROM_BARS, PARTLY_FROM_BARS, measured, row_height

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

FIRST_WHOLE = 200


@pytest.fixture
def live(make_chart: MakeChart) -> LiveChart:
    return LiveChart(make_chart)


def same(chart: ChartBench) -> None:
    kept, anew = chart.on_screen(), chart.painted_anew()
    assert np.array_equal(kept, anew)


def profiles(chart: ChartBench) -> Any:
    return chart.panel.reading.profiles


# --- what is counted ----------------------------------------------------------------------------


@pytest.mark.parametrize("row_ticks", [1, 4])
def test_trades_count_where_they_are_known_and_bars_elsewhere(
    live: LiveChart, row_ticks: int
) -> None:
    chart = live.bench
    model, flow = chart.stage.model, chart.panel.reading.flow
    bars, trades = chart.series.bars, live.trades
    turn = int(trades.ts_ns.searchsorted(bars.ts_ns[FIRST_WHOLE]))
    end = int(trades.ts_ns.searchsorted(bars.ts_ns[210]))
    cases = {
        (150, 190): (bar_profile(bars[150:190], row_ticks), FROM_BARS, False),
        (200, 210): (VolumeProfile.of(trades[turn:end], row_ticks), "", True),
        (200, 999): (VolumeProfile.of(trades[turn:], row_ticks), "", True),
        (150, 210): (
            VolumeProfile.join(
                [
                    bar_profile(bars[150:200], row_ticks),
                    VolumeProfile.of(trades[turn:end], row_ticks),
                ]
            ),
            PARTLY_FROM_BARS,
            False,
        ),
    }
    for (start, behind), (wanted, source, split) in cases.items():
        found = measured(model, flow, start, behind, row_ticks)
        assert found is not None
        assert found.profile == wanted
        assert (found.source, found.split) == (source, split)
        assert (found.poc, found.area) == (wanted.point_of_control(), wanted.value_area())
    assert measured(model, flow, 50, 50, row_ticks) is None


def test_bars_with_order_flow_are_split_as_well(make_chart: MakeChart) -> None:
    chart = make_chart(walk(300))
    found = measured(chart.stage.model, chart.panel.reading.flow, 0, 300, 2)
    assert found is not None
    assert found.split
    assert found.source == FROM_BARS
    assert found.profile.buy_volume.sum() == chart.series.buy_volume.sum()


def test_each_session_has_its_own_and_the_visible_range_one_more(make_chart: MakeChart) -> None:
    chart = make_chart(two_weeks())
    chart.viewport.zoom(0.04)
    chart.stage.view_changed()
    chart.panel.looks.change(profiles=("visible", "session"))
    days, shown = chart.panel.reading.sessions.days.in_view()  # type: ignore[misc]
    placed = profiles(chart).item.placed
    wanted = [("session", days.first[at], days.end[at]) for at in shown]
    assert [(x.kind, x.start, x.stop) for x in placed[:-1]] == wanted
    assert (placed[-1].kind, placed[-1].start, placed[-1].stop) == (
        "visible",
        *chart.viewport.visible_rows(),
    )
    assert len(wanted) >= 2
    same(chart)
    chart.panel.looks.change(profiles=())
    assert not profiles(chart).item.isVisible()
    same(chart)


# --- in pixels ----------------------------------------------------------------------------------


def test_rows_are_as_long_as_their_volume(make_chart: MakeChart) -> None:
    chart = make_chart(walk(400))
    chart.panel.looks.change(profiles=("visible",))
    for item in (chart.stage.bars, chart.stage.legend, chart.stage.lines, profiles(chart).item):
        item.setVisible(False)
    (placed,) = profiles(chart).item.placed
    model, profile = chart.stage.model, placed.found.profile
    image = chart.painted_anew()
    width = int(model.panes.price.width())
    inks = [
        mixed("bg0", f"{side}_fill", share).rgb() & 0xFFFFFF
        for side in ("buy", "sell")
        for share in (0.18, 0.40)
    ]
    most, full = int(profile.volume.max()), round(width * 0.2)
    checked = 0
    for px, volume, bought in zip(
        profile.px_ticks.tolist(), profile.volume.tolist(), profile.buy_volume.tolist(), strict=True
    ):
        if px == placed.found.poc:
            continue
        y = (model.y_line(px + profile.row_ticks - 0.5) + model.y_line(px - 0.5)) // 2
        row = image[y, :width]
        inside = int(placed.found.area.low <= px <= placed.found.area.high)
        total, part = round(-full * volume / most), round(-full * bought / most)
        assert (row == inks[inside]).sum() == -part
        assert (row == inks[2 + inside]).sum() == part - total
        assert not (row[: width + total] == inks[inside]).any()
        checked += 1
    assert checked > 20
    poc = image[model.ymap.row(placed.found.poc + (profile.row_ticks - 1) / 2), :width]
    assert (poc == mixed("bg0", "tx", 0.62).rgb() & 0xFFFFFF).sum() > width * 0.95


def test_ticks_and_pans_repaint_all_they_change(live: LiveChart) -> None:
    chart = live.bench
    chart.panel.looks.change(profiles=("visible", "session"))
    chart.frame(300)
    same(chart)
    for step in range(5):
        live.trade(int(live.tape.trades.px_ticks[-1]) + step - 2, 900)
        same(chart)
        chart.panel.navigator.pan(30)
        chart.frame(20)
        same(chart)


def test_rows_of_all_heights_of_the_scale(chart: ChartBench) -> None:
    for factor in (0.02, 1.0, 40.0, 5_000.0):
        chart.viewport.scale_y(factor)
        chart.stage.view_changed()
        ticks, scale = row_height(chart.stage.model), chart.stage.model.ymap.scale
        assert ticks * scale >= 3
        assert ticks == 1 or ticks * scale < 9
        chart.panel.looks.change(profiles=("visible",))
        same(chart)
        chart.panel.looks.change(profiles=())


# --- when it is counted -------------------------------------------------------------------------


def test_a_moving_view_is_counted_now_and_then(make_chart: MakeChart) -> None:
    chart = make_chart(walk(5_000))
    chart.panel.looks.change(profiles=("visible",))
    chart.frame(300)
    before = profiles(chart).item.placed
    chart.frame(5_000)
    assert profiles(chart).item.placed is before, "nothing new, nothing counted"
    chart.panel.navigator.pan(200)
    chart.frame(20)
    moved = profiles(chart).item.placed
    assert moved is not before
    for _ in range(10):
        chart.panel.navigator.pan(20)
        chart.frame(20)
    assert profiles(chart).item.placed is moved, "too soon"
    chart.frame(300)
    rested = profiles(chart).item.placed
    assert (rested[0].start, rested[0].stop) == chart.viewport.visible_rows()


def test_closed_sessions_are_counted_once(make_chart: MakeChart) -> None:
    chart = make_chart(two_weeks())
    chart.viewport.zoom(0.04)
    chart.stage.view_changed()
    chart.panel.looks.change(profiles=("session",))
    first = profiles(chart).item.placed[0].found
    chart.panel.navigator.pan(3)
    chart.frame(300)
    assert profiles(chart).item.placed[0].found is first
    chart.series.replace(two_weeks(seed=9))
    chart.frame(300)
    chart.frame(5_000)
    assert profiles(chart).item.placed[0].found is not first


# --- fixed ranges -------------------------------------------------------------------------------


def entry(chart: ChartBench, text: str) -> Any:
    entries = chart.menu("Volume profile")
    (found,) = [action for name, action in entries.items() if name.startswith(text)]
    return found


def kept(chart: ChartBench) -> list[tuple[int, int]]:
    """Rows of the ranges in the look, both ends included."""
    ts_ns = chart.series.ts_ns
    return [
        (int(ts_ns.searchsorted(first)), int(ts_ns.searchsorted(last)))
        for first, last in chart.panel.looks.now.profile_ranges
    ]


def x_of(chart: ChartBench, row: float) -> int:
    return chart.stage.model.x_line(row)


def edge(chart: ChartBench, row: int) -> int:
    """Pixel of the boundary in front of a bar."""
    return chart.stage.model.x_line(row - 0.5)


@pytest.fixture
def ranged(chart: ChartBench) -> ChartBench:
    """A chart with a range from bar 350 to bar 370."""
    entry(chart, "Fixed range").trigger()
    chart.drag((x_of(chart, 350), 200), (x_of(chart, 370), 240))
    assert kept(chart) == [(350, 370)]
    return chart


def test_a_drag_over_the_bars_chooses_a_range(ranged: ChartBench) -> None:
    chart = ranged
    (placed,) = profiles(chart).item.placed
    assert (placed.kind, placed.start, placed.stop) == ("range", 350, 371)
    (label,) = [text for _, text in profiles(chart).item.labels()]
    assert label.startswith("POC 21,")
    assert label.endswith("from bars")
    same(chart)
    right = chart.viewport.right
    chart.drag((300, 200), (350, 200))
    assert chart.viewport.right != right, "the next drag pans again"
    assert kept(chart) == [(350, 370)]


def test_a_range_may_be_dragged_to_the_left_and_shows_meanwhile(chart: ChartBench) -> None:
    entry(chart, "Fixed range").trigger()
    assert chart.canvas.cursor().shape() != Qt.CursorShape.SizeHorCursor
    chart.point_at(x_of(chart, 370), 200)
    assert chart.canvas.cursor().shape() == Qt.CursorShape.SizeHorCursor
    chart.press(x_of(chart, 370), 200)
    chart.drag_on((x_of(chart, 370), 200), (x_of(chart, 340), 200))
    (placed,) = profiles(chart).item.placed
    assert (placed.start, placed.stop) == (340, 371)
    same(chart)
    chart.release(x_of(chart, 340), 200)
    assert kept(chart) == [(340, 370)]


def test_escape_gives_up_choosing(chart: ChartBench) -> None:
    entry(chart, "Fixed range").trigger()
    chart.press(x_of(chart, 370), 200)
    chart.drag_on((x_of(chart, 370), 200), (x_of(chart, 340), 200))
    chart.key_down(Qt.Key.Key_Escape)
    assert profiles(chart).item.placed == ()
    chart.release(x_of(chart, 340), 200)
    assert kept(chart) == []
    assert not profiles(chart).tool.choosing
    same(chart)
    assert profiles(chart).item.labels() == []
    entry(chart, "Fixed range").trigger()
    chart.click(x_of(chart, 370), 200)
    assert profiles(chart).tool.choosing, "a click alone chooses nothing"
    ((_, prompt),) = profiles(chart).item.labels()
    assert prompt.startswith("Drag over the bars")
    same(chart)
    chart.key_down(Qt.Key.Key_Escape)
    assert not profiles(chart).tool.choosing
    same(chart)


@pytest.mark.parametrize("width", [130, 200, 400])
def test_in_a_narrow_chart_the_prompt_is_whole(make_chart: MakeChart, width: int) -> None:
    chart = make_chart(walk(60), (width, 160))
    entry(chart, "Fixed range").trigger()
    chart.frame()
    ((box, prompt),) = profiles(chart).item.labels()
    assert prompt.startswith("Drag")
    assert profiles(chart).item.area.contains(box)
    same(chart)


def test_ends_are_dragged_and_may_pass_each_other(ranged: ChartBench) -> None:
    chart = ranged
    chart.drag((edge(chart, 371), 300), (edge(chart, 381), 300))
    assert kept(chart) == [(350, 380)]
    chart.drag((edge(chart, 350), 300), (edge(chart, 361) + 1, 310))
    assert kept(chart) == [(361, 380)]
    same(chart)
    chart.drag((edge(chart, 361), 300), (x_of(chart, 390), 300))
    first, last = kept(chart)[0]
    assert first == 380
    assert 389 <= last <= 391
    chart.press(edge(chart, 380), 300)
    chart.drag_on((edge(chart, 380), 300), (edge(chart, 340), 300))
    chart.key_down(Qt.Key.Key_Escape)
    chart.release(edge(chart, 340), 300)
    assert kept(chart) == [(first, last)]
    same(chart)


def test_older_bars_that_come_during_a_drag_change_no_range(make_chart: MakeChart) -> None:
    bars = walk(800)
    chart = make_chart(bars[400:])
    entry(chart, "Fixed range").trigger()
    start, end = x_of(chart, 350), x_of(chart, 370)
    chart.press(start, 200)
    chart.drag_on((start, 200), (end, 200))
    chart.series.prepend(bars[200:400])
    chart.frame()
    chart.release(end, 200)
    assert kept(chart) == [(550, 570)]
    start, end = edge(chart, 550), edge(chart, 561) + 1
    chart.press(start, 300)
    chart.drag_on((start, 300), (end, 300))
    chart.series.prepend(bars[:200])
    chart.frame()
    chart.release(end, 300)
    assert kept(chart) == [(761, 770)]


def test_a_range_can_be_let_go_of_over_fewer_and_longer_bars(chart: ChartBench) -> None:
    ts_ns = chart.series.ts_ns
    shown = (int(ts_ns[350]), int(ts_ns[370]))
    entry(chart, "Fixed range").trigger()
    start, end = x_of(chart, 350), x_of(chart, 370)
    chart.press(start, 200)
    chart.drag_on((start, 200), (end, 200))
    quarters = BarSeries(walk(27, start_ns=int(ts_ns[0]), step_ns=15 * MINUTE_NS))
    chart.panel.set_series(quarters, MNQ, BarSpec.parse("15m"))
    chart.release(end, 200)
    assert chart.panel.looks.now.profile_ranges == (shown,)
    assert profiles(chart).ranges.drafted is None


def test_orders_win_over_the_end_of_a_range(ranged: ChartBench) -> None:
    chart = ranged
    chart.panel.set_lines([stop(chart.last - 20)])
    chart.frame()
    x, y = edge(chart, 371), chart.y(chart.last - 20)
    chart.drag((x, y), (x + 40, y + 30))
    assert len(chart.moved) == 1
    assert kept(chart) == [(350, 370)]


def test_ranges_are_removed_by_key_by_menu_and_all_at_once(ranged: ChartBench) -> None:
    chart = ranged
    entry(chart, "Fixed range").trigger()
    chart.drag((x_of(chart, 380), 200), (x_of(chart, 390), 240))
    assert kept(chart) == [(350, 370), (380, 390)]
    chart.point_at(edge(chart, 350), 300)
    chart.key_down(Qt.Key.Key_Delete)
    assert kept(chart) == [(380, 390)]
    chart.key_down(Qt.Key.Key_Delete)
    assert kept(chart) == [(380, 390)], "nothing under the pointer"
    at = QPoint(edge(chart, 391), 300)
    QTest.mousePress(chart.canvas, Qt.MouseButton.RightButton, pos=at)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.actions()[0].trigger()
    popup.close()
    QTest.mouseRelease(chart.canvas, Qt.MouseButton.RightButton, pos=at)
    assert kept(chart) == []
    same(chart)
    entry(chart, "Fixed range").trigger()
    chart.drag((x_of(chart, 350), 200), (x_of(chart, 370), 240))
    assert entry(chart, "Remove fixed ranges").isEnabled()
    entry(chart, "Remove fixed ranges").trigger()
    assert kept(chart) == []
    assert not entry(chart, "Remove fixed ranges").isEnabled()


def test_labels_make_room_for_each_other(ranged: ChartBench) -> None:
    chart = ranged
    chart.panel.looks.change(
        profiles=("visible", "session"), profile_ranges=2 * chart.panel.looks.now.profile_ranges
    )
    entry(chart, "Fixed range").trigger()
    labels = profiles(chart).item.labels()
    assert len(labels) == 5
    for at, (box, _) in enumerate(labels):
        assert chart.stage.model.panes.price.contains(box)
        assert not any(box.intersects(other) for other, _ in labels[:at])
    same(chart)
    chart.key_down(Qt.Key.Key_Escape)
    chart.panel.resize(200, 150)
    chart.frame()
    pane = chart.stage.model.panes.price
    assert all(box.right() <= pane.right() for box, _ in profiles(chart).item.labels())
    same(chart)


def test_labels_stand_below_the_rows_of_indicators(ranged: ChartBench) -> None:
    chart = ranged
    item = profiles(chart).item
    highest = item.placed[0].found.profile.px_ticks[-1]

    def stands_clear() -> None:
        ((label, _),) = item.labels()
        legends = chart.stage.overlay.legend_boxes()
        assert not any(label.intersects(legend) for legend in legends)

    chart.viewport.show_right(350 + chart.viewport.across)
    chart.stage.view_changed()
    for shift in (0, 40):
        chart.viewport.pan_y(40 + shift - chart.y(int(highest)))
        chart.stage.view_changed()
        for name in ("ema", "sma", "bollinger"):
            chart.panel.studies.add(name)
            chart.frame(130)
            stands_clear()
            alike(chart.on_screen(), chart.painted_anew(), SOFT)


def text_at(chart: ChartBench, box: QRectF, words: str = "Watch this") -> Drawing:
    """A text whose middle is that of a box."""
    row = round(chart.viewport.bar_at(box.center().x()))
    ticks = chart.stage.model.snapped_ticks(box.center().y())
    return put(chart, Kind.TEXT, anchor(row, ticks), text=words)


def clear_of_words(chart: ChartBench) -> list[QRectF]:
    """The labels, none of which lies over a drawing's words or another label."""
    labels = [box for box, _ in profiles(chart).item.labels()]
    for at, box in enumerate(labels):
        assert chart.stage.model.panes.price.contains(box)
        others = [*labels[:at], *chart.panel.drawings.layer.written()]
        assert not any(box.intersects(other) for other in others)
    alike(chart.on_screen(), chart.painted_anew(), SOFT)
    return labels


def test_labels_keep_clear_of_what_is_written_on_drawings(ranged: ChartBench) -> None:
    chart = ranged
    chart.panel.looks.change(profiles=("visible", "session"))
    chart.frame(300)
    before = clear_of_words(chart)
    assert len(before) == 3
    texts = [text_at(chart, box) for box in before]
    written = chart.panel.drawings.layer.written()
    assert all(any(box.intersects(words) for words in written) for box in before)
    assert all(a != b for a, b in zip(clear_of_words(chart), before, strict=True))
    book(chart).remove([text.id for text in texts])
    assert clear_of_words(chart) == before
    book(chart).undo()
    for _ in range(3):
        chart.viewport.pan(9)
        chart.stage.view_changed()
        chart.frame()
        clear_of_words(chart)


def test_a_text_that_is_dragged_over_labels_makes_them_give_way(ranged: ChartBench) -> None:
    chart = ranged
    (label,) = clear_of_words(chart)
    text = text_at(chart, label.translated(-160, 90))
    (words,) = chart.panel.drawings.layer.written()
    start = (words.center().x(), words.center().y())
    chart.point_at(*start)
    chart.press(*start)
    for step in range(1, 13):
        chart.drag_on(start, (start[0] + 20 * step, start[1] - 90 * step / 6))
        clear_of_words(chart)
    chart.release(start[0] + 240, start[1] - 180)
    assert book(chart).find(text.id) != text
    clear_of_words(chart)


def test_a_range_of_another_time_is_kept_and_not_drawn(ranged: ChartBench) -> None:
    chart = ranged
    look = chart.panel.looks.now
    other = walk(100, start_ns=int(chart.series.ts_ns[0]) - 10**16)
    chart.series.replace(other)
    chart.frame(300)
    assert profiles(chart).item.placed == ()
    assert profiles(chart).ranges.grip_at(QPointF(300, 300)) is None
    assert chart.panel.looks.now == look
    chart.series.replace(walk(400))
    chart.frame(600)
    assert [x.start for x in profiles(chart).item.placed] == [350]


def test_a_range_can_be_begun_on_a_chart_without_bars(make_chart: MakeChart) -> None:
    from tradedesk.engine import Bars

    chart = make_chart(Bars.empty())
    chart.panel.looks.change(profiles=("visible", "session"))
    entry(chart, "Fixed range").trigger()
    chart.drag((300, 200), (500, 200))
    assert kept(chart) == []
    assert profiles(chart).item.placed == ()
