"""Tags and chips: never over each other, never over the newest bar, in the order of prices."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from tests.ui.chart.samples import MNQ, START_NS, bar, stop, target, waiting, walk
from tests.ui.chart.test_painting import same
from tests.ui.chart.test_study_lines import SOFT

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import BarSeries
from tradedesk.services.chart_line import LinePart
from tradedesk.ui.chart.chips import Chip, Countdown, countdown, place_chips
from tradedesk.ui.chart.spread import Label, spread
from tradedesk.ui.chart.tags import HELD
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

LABELS = st.lists(
    st.builds(
        Label,
        st.floats(-200, 700),
        st.floats(5, 60),
        st.sampled_from([1.0, 1e3, 1e9]),
    ),
    max_size=12,
)


@given(LABELS)
def test_labels_never_touch_where_there_is_room(labels: list[Label]) -> None:
    tops = spread(labels, 0, 500, 2)
    total = sum(x.height for x in labels) + 2 * max(0, len(labels) - 1)
    for top, label in zip(tops, labels, strict=True):
        assert -1e-6 <= top <= 500 - label.height + 1e-6
    if total <= 500:
        boxes = sorted((top, top + x.height) for top, x in zip(tops, labels, strict=True))
        assert all(b[0] >= a[1] + 2 - 1e-6 for a, b in itertools.pairwise(boxes))


@given(LABELS)
def test_labels_keep_the_order_of_their_wishes(labels: list[Label]) -> None:
    tops = spread(labels, 0, 500, 2)
    if sum(x.height + 2 for x in labels) <= 500:
        for a, x in zip(tops, labels, strict=True):
            for b, y in zip(tops, labels, strict=True):
                assert not (x.top < y.top and a > b + 1e-6)


def test_a_heavy_label_holds_its_place() -> None:
    assert spread([Label(100, 20, 1e9), Label(110, 20)], 0, 500, 2) == pytest.approx([100, 122])
    assert spread([Label(100, 20), Label(40, 20)], 0, 500) == [100, 40]


def boxes_of(chart: ChartBench) -> list[tuple[float, float, float, float]]:
    return [tag.box.getCoords() for tag in chart.stage.overlay.tags]  # type: ignore[misc]


def meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.parametrize("size", [(1_300, 700), (900, 500), (560, 420)])
@pytest.mark.parametrize("spacing", [0.5, 8.0, 40.0])
def test_tags_leave_each_other_and_the_newest_bar_free(
    make_chart: Callable[..., ChartBench], size: tuple[int, int], spacing: float
) -> None:
    chart = make_chart(size=size)
    chart.viewport.zoom(spacing / 8)
    chart.stage.view_changed()
    near = [target(chart.last + n, key=f"order:{n}") for n in range(-3, 4)]
    chart.panel.set_lines([*near, waiting(chart.last + 1), stop(chart.last - 500)])
    chart.frame()
    boxes = boxes_of(chart)
    assert not any(meet(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    row = len(chart.series) - 1
    x, half = chart.stage.model.x_line(row), spacing / 2
    top, bottom = chart.y(int(chart.series.high[row])), chart.y(int(chart.series.low[row]))
    newest = (x - half, top, x + half, bottom + 1)
    assert not any(meet(box, newest) for box in boxes)


def test_an_order_on_its_way_says_so(make_chart: Callable[..., ChartBench]) -> None:
    chart = make_chart(size=(1_000, 500))
    for spacing in (2.0, 8.0, 12.0):
        chart.viewport.reset()
        chart.viewport.zoom(spacing / 8)
        chart.stage.view_changed()
        parts = (LinePart("SELL LMT 10"), LinePart("sending…", 1))
        chart.panel.set_lines([msgspec.structs.replace(waiting(chart.last + 1), parts=parts)])
        chart.frame()
        (tag,) = chart.stage.overlay.tags
        assert [text for _, text in tag.rows[0]] == ["SELL LMT 10", "sending…"]


def test_the_legend_can_be_read_over_bars(chart: ChartBench) -> None:
    """A fixed scale brings bars under it: those are dimmed."""
    boxes = chart.stage.legend.boxes()
    left, right = min(box.left() for box in boxes), max(box.right() for box in boxes)
    assert left < 14
    assert sum(box.width() for box in boxes) == right - left, "no gap between the plates"
    chart.viewport.pan_y(-(chart.y(chart.last) - 19))
    chart.viewport.pan(-(chart.stage.model.x_line(len(chart.series) - 1) - 200))
    chart.stage.view_changed()
    chart.stage.legend.hide()
    plain = chart.painted_anew()
    chart.stage.legend.show()
    shown = chart.painted_anew()
    loud = {color(ink).rgb() & 0xFFFFFF for ink in ("buy_fill", "sell_fill")}
    columns = slice(*chart.device(left, right))
    rows = slice(*chart.device(boxes[0].top(), boxes[0].bottom()))
    assert np.isin(plain[rows, columns], list(loud)).any(), "bars are there"
    assert not np.isin(shown[rows, columns], list(loud)).any()


@pytest.mark.parametrize("studies", [0, 1, 3])
@pytest.mark.parametrize("size", [(300, 300), (420, 400), (1_000, 600)])
def test_tags_stand_below_the_legend_where_it_reaches_them(
    make_chart: Callable[..., ChartBench], size: tuple[int, int], studies: int
) -> None:
    chart = make_chart(size=size)
    for text in ("vwap(1)", "ema(21)", "rsi(14)")[:studies]:
        chart.panel.studies.add(text)
    chart.frame()
    high = round(chart.viewport.ticks_at(20))
    near = [target(high - n, key=f"order:{n}") for n in (0, 2, 4)]
    chart.panel.set_lines([*near, waiting(chart.last + 1)])
    chart.frame()
    legends = [box for more in chart.stage.overlay.legends for box in more()]
    assert len(legends) > studies
    tags = [tag.box for tag in chart.stage.overlay.tags]
    for at, tag in enumerate(tags):
        assert not any(tag.intersects(other) for other in [*legends, *tags[:at]])
        assert chart.stage.model.panes.price.contains(tag)
    same(chart, SOFT)
    if size[0] == 1_000:
        assert min(tag.top() for tag in tags) < 40, "there is room beside it"


def test_chips_never_cover_each_other_and_the_last_price_stays(chart: ChartBench) -> None:
    chart.panel.set_lines([target(chart.last + n, key=f"order:{n}") for n in range(-2, 3)])
    chart.frame()
    chips = chart.stage.price_axis.chips
    assert len(chips) == 6
    boxes = [box for _, box in chips]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])
    last, box = chips[0]
    assert last.text == MNQ.tick.text(chart.last)
    assert abs(box.top() + 9 - chart.y(chart.last)) <= 1


def test_lines_out_of_view_point_to_where_they_are(chart: ChartBench) -> None:
    chart.panel.set_lines([target(chart.last + 4_000), stop(chart.last - 4_000)])
    chart.frame()
    above, below = (tag.shown.line for tag in chart.stage.overlay.tags)
    assert above.head == "▲ TGT 1"
    assert below.head == "▼ STP 1"
    assert above.parts[1].text == MNQ.tick.text(chart.last + 4_000)
    assert len(chart.stage.price_axis.chips) == 1, "only the last price"
    pane = chart.stage.model.panes.price
    assert all(pane.contains(tag.box) for tag in chart.stage.overlay.tags)


def test_tags_make_room_for_the_pill(chart: ChartBench) -> None:
    chart.drag((200, 200), (600, 200))
    chart.panel.set_lines([stop(chart.last - 4_000)])
    chart.frame()
    assert not chart.stage.overlay.tags[0].box.intersects(chart.stage.pill.area)


# --- countdown ----------------------------------------------------------------------------------

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("spec", "after_s", "expected"),
    [
        ("1m", 0.0, Countdown("01:00")),
        ("1m", 35.5, Countdown("00:25")),
        ("1m", 54.0, Countdown("00:06")),
        ("1m", 55.0, Countdown("00:05", urgent=True)),
        ("1m", 60.0, Countdown()),
        ("1m", -5.0, Countdown()),
        ("4h", 60.0, Countdown("3:59:00")),
        ("1mo", 60.0, Countdown()),
        ("20t", 0.0, Countdown("13 left")),
        ("3000v", 0.0, Countdown("2,993 left")),
        ("8r", 0.0, Countdown()),
    ],
)
def test_countdown(spec: str, after_s: float, expected: Countdown) -> None:
    series = BarSeries(bar(START_NS, 10, 12, 9, 11, volume=7))
    now_ns = START_NS + int(after_s * SECOND)
    assert countdown(series, BarSpec.parse(spec), now_ns) == expected


def test_chip_of_the_last_price(chart: ChartBench) -> None:
    chip = chart.stage.price_axis.chips[0][0]
    assert (chip.text, chip.second, chip.ground) == (MNQ.tick.text(chart.last), "00:24", "buy_fill")
    chart.panel.set_market(chart.last, None, None, None, stale=True)
    chart.frame()
    chip = chart.stage.price_axis.chips[0][0]
    assert (chip.second, chip.ground) == ("stale", "tx3")


def test_legend_keeps_its_places(chart: ChartBench) -> None:
    legend = chart.stage.legend
    places = {k: b.left() for k, b in legend._boxes.items()}
    chart.series.replace(walk(400, seed=9))
    chart.frame(200)
    assert {k: b.left() for k, b in legend._boxes.items()} == places


def test_it_is_read_four_times_a_second_and_at_once_for_another_bar(
    make_chart: Callable[..., ChartBench],
) -> None:
    chart = make_chart(bar(START_NS, 10, 12, 9, 11, volume=7))
    chart.panel.set_series(chart.series, MNQ, BarSpec.parse("20t"))
    chart.frame(400)

    def shown() -> str:
        return chart.stage.price_axis.chips[0][0].second

    assert shown() == "13 left"
    chart.series.apply_tail(bar(START_NS, 10, 12, 9, 11, volume=9))
    chart.frame(20)
    assert shown() == "13 left"
    chart.frame(240)
    assert shown() == "11 left"
    chart.series.apply_tail(bar(START_NS + SECOND, 11, 11, 11, 11, volume=1))
    chart.frame(20)
    assert shown() == "19 left"


@pytest.mark.parametrize(
    ("opened", "now", "expected"),
    [
        # Tuesday, Chicago: trading ends at 16:00, an hour before a bar of four hours would
        ("2023-11-14T19:00", "2023-11-14T21:30", "00:30:00"),
        ("2023-11-14T19:00", "2023-11-14T21:59:57", "00:03"),
        ("2023-11-14T19:00", "2023-11-14T22:30", ""),
        # a Saturday: this market has hours of its own
        ("2023-11-18T15:00", "2023-11-18T16:00", "3:00:00"),
    ],
)
def test_it_ends_with_trading(
    make_chart: Callable[..., ChartBench], opened: str, now: str, expected: str
) -> None:
    ns = [int(np.datetime64(each, "ns").astype(np.int64)) for each in (opened, now)]
    chart = make_chart(bar(ns[0], 10, 12, 9, 11))
    chart.panel.set_series(chart.series, MNQ, BarSpec.parse("4h"))
    chart.now_ns += SECOND
    chart.panel.refresh(ns[1])
    chip = chart.stage.price_axis.chips[0][0]
    text = expected.removeprefix("00:") if expected.count(":") == 2 else expected
    assert chip.second == text
    assert chip.urgent is (expected == "00:03")


# --- the pointer's own chips --------------------------------------------------------------------


def test_all_chips_and_labels_make_room_for_those_of_the_pointer(chart: ChartBench) -> None:
    near = [target(chart.last + n, key=f"order:{n}") for n in (-2, 1, 3)]
    chart.panel.set_lines(near)
    chart.frame()
    for offset in range(-40, 41, 7):
        y = chart.y(chart.last) + offset
        chart.point_at(430 + offset, y)
        own = chart.stage.crosshair.price_chip
        if chart.stage.overlay.grab_at(QPointF(430 + offset, y)) is None:
            assert own is not None
            assert abs(own.center().y() - y) <= 1, "it stands where the pointer is"
            boxes = [box for _, box in chart.stage.price_axis.chips]
            assert not any(own.intersects(box) for box in boxes)
            assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])
        assert np.array_equal(chart.on_screen(), chart.painted_anew())
    chart.point_at(-5, -5)
    chart.frame()
    assert chart.stage.price_axis.held is None


@given(
    prices=st.lists(st.floats(-50, 350), max_size=24),
    last=st.floats(0, 299),
    pointer=st.none() | st.integers(0, 299),
    height=st.integers(40, 300),
)
def test_chips_lie_over_nothing_however_many_there_are(
    prices: list[float], last: float, pointer: int | None, height: int
) -> None:
    axis = QRectF(400, 0, 66, height)
    newest = Chip(min(last, height - 1), "21,480.00", "buy_fill", HELD, "00:41")
    chips = [Chip(y, str(at), "tx3", 1.0 + at) for at, y in enumerate(prices)]
    held = None if pointer is None else QRectF(402, min(pointer, height - 1) - 9, 62, 18)
    placed = place_chips([*chips, newest], axis, held)
    boxes = [box for _, box in placed] + ([] if held is None else [held])
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(axis.contains(box) for _, box in placed)
    weights = [chip.weight for chip, _ in placed]
    assert weights == sorted(weights, reverse=True)
    if height >= 120:
        assert placed[0][0] is newest, "the last price is left out last"


def test_labels_of_the_time_axis_make_room_for_the_pointers(chart: ChartBench) -> None:
    axis = chart.stage.time_axis
    for x in range(100, 700, 23):
        chart.point_at(x, 200)
        own = chart.stage.crosshair.time_chip
        assert own is not None
        assert axis.area.contains(own)
        plain = chart.painted_anew()
        top, bottom = chart.device(own.top(), own.bottom())
        ground = plain[-2, 2]
        left, right = chart.device(own.left() - 3, own.right() + 3)
        assert (plain[top:bottom, left] == ground).all()
        assert (plain[top:bottom, right] == ground).all()
        assert np.array_equal(chart.on_screen(), plain)
