"""Pixels: partial repaints, joined columns, odd series, scale factors."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from tests.ui.chart.samples import MES, MINUTE_NS, MNQ, START_NS, bar, stop, target, waiting, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.order import Side
from tradedesk.engine import Bars, BarSeries
from tradedesk.ui.chart.marks import FillMark, Phantom
from tradedesk.ui.chart.whole_pixels import screen_pixels
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent
    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

UP, DOWN = (color(t).rgb() & 0xFFFFFF for t in ("buy_fill", "sell_fill"))


def tick(chart: ChartBench, close: int, volume: int = 0) -> None:
    """The newest bar trades at another price."""
    b = chart.series.bars[len(chart.series) - 1]
    newest = bar(
        b.ts_ns,
        b.open,
        max(b.high, close),
        min(b.low, close),
        close,
        b.volume + volume,
    )
    chart.series.apply_tail(newest)
    chart.panel.set_market(close, close - 1, close + 1, Side(close % 2), stale=False)


def same(chart: ChartBench, shades: int = 0) -> None:
    """What was painted piece by piece is what painting everything gives, but for few shades."""
    alike(chart.on_screen(), chart.painted_anew(), shades)


def alike(shown: NDArray[np.uint32], wanted: NDArray[np.uint32], shades: int) -> None:
    """No pixel differs by more than so many of 256 shades of red, green or blue."""
    one, other = (each.view(np.uint8).astype(np.int16) for each in (shown, wanted))
    apart = np.abs(one - other).reshape(*shown.shape, 4).max(axis=2)
    wrong = np.argwhere(apart > shades)
    assert len(wrong) == 0, f"{len(wrong)} pixels differ, first at (y, x) {wrong[0]}"


# --- partial repaints ---------------------------------------------------------------------------


@pytest.mark.parametrize("spacing", [0.4, 2.0, 8.0, 24.0])
def test_ticks_repaint_all_they_change(make_chart: MakeChart, spacing: float) -> None:
    chart = make_chart(walk(5_000))
    chart.viewport.zoom(spacing / 8)
    chart.stage.view_changed()
    chart.panel.set_lines([target(chart.last + 20), stop(chart.last - 20)])
    chart.frame()
    same(chart)
    rng = np.random.default_rng(3)
    for step in range(12):
        tick(chart, chart.last + int(rng.integers(-4 - step, 5 + step)), 50)
        chart.frame(130)
        same(chart)


def test_a_tick_repaints_little(chart: ChartBench, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    paint = chart.stage.view.paintEvent

    def watch(event: QPaintEvent) -> None:
        rects = iter(event.region())  # type: ignore[call-overload]
        painted.append(sum(r.width() * r.height() for r in rects))
        paint(event)

    tick(chart, chart.last + 1)
    chart.frame(130)
    monkeypatch.setattr(chart.stage.view, "paintEvent", watch)
    tick(chart, chart.last)
    chart.frame()
    assert len(painted) == 1
    assert painted[0] < 0.06 * chart.panel.width() * chart.panel.height()
    chart.frame()
    assert len(painted) == 1, "a frame without news paints nothing"


def test_the_busiest_bar_grows_without_repainting_everything(
    chart: ChartBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(chart, chart.last, 5_000)
    chart.frame(130)
    whole: list[bool] = []
    paint = chart.stage.view.paintEvent

    def watch(event: QPaintEvent) -> None:
        whole.append(event.rect().width() == chart.canvas.width())
        paint(event)

    monkeypatch.setattr(chart.stage.view, "paintEvent", watch)
    volume = int(chart.series.volume[-1])
    for _ in range(60):
        tick(chart, chart.last, volume // 100)
        chart.frame()
    assert len(whole) == 60
    assert 1 <= sum(whole) <= 8, "the scale gives way in steps"
    same(chart)


def test_pointer_drags_and_answers_repaint_all_they_change(chart: ChartBench) -> None:
    lines = [target(chart.last + 20), stop(chart.last - 20), waiting(chart.last - 10)]
    chart.panel.set_lines(lines)
    chart.frame()
    for x, y in ((300, 200), (310, 330), (700, 540), (960, 100), (500, 590)):
        chart.point_at(x, y)
        same(chart)
    y = chart.y(chart.last + 20)
    chart.press(400, y)
    chart.drag_on((400, y), (420, y - 37))
    same(chart)
    chart.release(420, y - 37)
    same(chart)
    chart.panel.reject_move("order:1", "The price is beyond the day's limit.")
    for _ in range(5):
        chart.frame(130)
        same(chart)
    chart.frame(6_000)
    same(chart)
    chart.panel.set_lines(lines[:1])
    chart.frame()
    same(chart)
    chart.key_down(Qt.Key.Key_B)
    chart.point_at(450, 260)
    same(chart)
    chart.key_up(Qt.Key.Key_B)
    same(chart)


def test_marks_phantom_status_and_stale_repaint_all_they_change(chart: ChartBench) -> None:
    row = 380
    ts_ns, close = int(chart.series.ts_ns[row]), int(chart.series.close[row])
    chart.panel.set_fill_marks([FillMark(ts_ns + 5, close, Side.BUY, 1)])
    chart.frame()
    same(chart)
    anew = chart.painted_anew()
    x, y = chart.device(chart.stage.model.x_line(row) + 0.5, chart.y(close) + 5.5)
    assert anew[y, x] == color("buy_text").rgb() & 0xFFFFFF
    chart.panel.set_phantom(Phantom(Side.BUY, chart.last, chart.last - 8, chart.last + 16))
    chart.frame()
    same(chart)
    chart.panel.set_phantom(None)
    chart.panel.set_fill_marks([])
    chart.panel.set_status("Feed frozen since 12:03:04")
    chart.frame()
    same(chart)
    chart.panel.set_status("")
    chart.panel.set_market(chart.last, None, None, None, stale=True)
    chart.frame()
    same(chart)


# --- joined columns -----------------------------------------------------------------------------


def spiked(rows: int, row: int) -> Bars:
    bars = walk(rows)
    high = bars.high.copy()
    high[row] = int(bars.high.max()) + 400
    return Bars(bars.ts_ns, bars.open, high, bars.low, bars.close, bars.volume)


def candle_pixels(chart: ChartBench) -> NDArray[np.bool_]:
    """Pixels of the price pane in a candle's colour."""
    price = chart.stage.model.panes.price
    down, across = chart.device(price.height(), price.width())
    area = chart.painted_anew()[:down, :across]
    found: NDArray[np.bool_] = (area == UP) | (area == DOWN)
    return found


def hide_words(chart: ChartBench) -> None:
    """Nothing but candles in the pane: texts share their colours."""
    for item in (chart.stage.legend, chart.stage.pill, chart.stage.lines, chart.stage.grid):
        item.setVisible(item is chart.stage.grid)


@pytest.mark.parametrize("rows", [3_000, 20_000, 300_000])
@pytest.mark.parametrize("back_px", [0, 333])
def test_every_pixel_column_is_exact(make_chart: MakeChart, rows: int, back_px: int) -> None:
    spike = rows - rows // 3
    bars = spiked(rows, spike)
    chart = make_chart(bars)
    chart.viewport.zoom(1e-9)
    chart.viewport.pan(back_px)
    chart.stage.view_changed()
    hide_words(chart)
    on = candle_pixels(chart)
    xmap, ymap = chart.stage.model.xmap, chart.stage.model.ymap
    assert xmap.scale < 1
    column = np.floor(np.arange(rows) * xmap.scale).astype(int) + xmap.origin
    top, bottom = ymap.rows(bars.high), ymap.rows(bars.low)
    for x in range(on.shape[1]):
        inside = column == x
        drawn = np.flatnonzero(on[:, x])
        if not inside.any():
            assert len(drawn) == 0
            continue
        first, last = int(top[inside].min()), int(bottom[inside].max())
        assert (drawn[0], drawn[-1], len(drawn)) == (first, last, last - first + 1)
    assert column[spike] >= 0
    assert on[:, column[spike]].argmax() == top[spike]


def test_a_tick_in_a_joined_column_counts(make_chart: MakeChart) -> None:
    chart = make_chart(walk(50_000))
    chart.viewport.zoom(1e-9)
    chart.stage.view_changed()
    tick(chart, chart.last + 200)
    chart.frame(130)
    model = chart.stage.model
    hide_words(chart)
    assert candle_pixels(chart)[model.ymap.row(chart.last + 200), model.xmap.column(49_999)]


# --- odd series ---------------------------------------------------------------------------------


def flat(rows: int) -> Bars:
    same_price = np.full(rows, 85_900)
    ts_ns = START_NS + np.arange(rows) * MINUTE_NS
    return Bars(ts_ns, same_price, same_price, same_price, same_price, np.zeros(rows, np.int64))


def extreme() -> Bars:
    bars = walk(300)
    high, low = bars.high.copy(), bars.low.copy()
    high[150], low[151] = 85_900 * 1_000, 1
    return Bars(bars.ts_ns, bars.open, high, low, bars.close, bars.volume)


ODD = {
    "empty": lambda: Bars.empty(),
    "one": lambda: walk(1),
    "two": lambda: walk(2),
    "flat": lambda: flat(300),
    "one flat": lambda: flat(1),
    "extreme": extreme,
    "below zero": lambda: Bars([START_NS], [-10], [5], [-40], [-3], [0]),
    "largest": lambda: Bars([START_NS], [2**31 - 1], [2**31 - 1], [0], [7], [2**40]),
    "same times": lambda: Bars(*([c] * 50 for c in (START_NS, 10, 12, 9, 11, 3))),
}


@pytest.mark.parametrize("size", [(1_000, 600), (200, 150), (120, 80), (2_000, 90)])
@pytest.mark.parametrize("name", ODD)
def test_odd_series_in_odd_sizes(make_chart: MakeChart, name: str, size: tuple[int, int]) -> None:
    chart = make_chart(ODD[name](), size)
    chart.panel.set_lines([target(85_950), stop(85_800), waiting(3)])
    for spec in ("1m", "500t", "1000v", "10r", "8n", "1mo", "1d"):
        chart.panel.set_series(chart.series, MNQ, BarSpec.parse(spec))
        for factor in (1e-9, 30.0, 1e9):
            chart.viewport.zoom(factor)
            chart.stage.view_changed()
            chart.point_at(size[0] / 3, size[1] / 3)
            chart.drag((40, 20), (90, 25))
        chart.panel.navigator.reset()
    chart.frame()
    same(chart)


@pytest.mark.parametrize("name", ["empty", "one"])
def test_a_chart_without_bars_says_what_would_be_there(make_chart: MakeChart, name: str) -> None:
    chart = make_chart(ODD[name]())
    expected = "No bars yet: candles appear here with the first trade." if name == "empty" else ""
    assert chart.stage.status.text == expected
    chart.panel.set_status("Loading history…")
    assert chart.stage.status.text == "Loading history…"


def test_first_bar_takes_the_empty_words_away(make_chart: MakeChart) -> None:
    chart = make_chart(Bars.empty())
    chart.series.apply_tail(walk(1))
    chart.frame()
    assert chart.stage.status.text == ""
    assert chart.stage.legend.text.startswith("MNQ · 1m  O ")


# --- other prices ----------------------------------------------------------------


def test_axis_is_as_wide_as_its_prices(chart: ChartBench) -> None:
    narrow = chart.stage.model.panes.price_axis.width()
    bars = walk(50)
    shift = 9_000_000
    wide = Bars(
        bars.ts_ns, bars.open + shift, bars.high + shift, bars.low + shift, bars.close + shift,
        bars.volume,
    )  # fmt: skip
    chart.panel.set_series(BarSeries(wide), MES, BarSpec.parse("1m"))
    chart.frame()
    assert chart.stage.model.panes.price_axis.width() > narrow
    longest = chart.stage.price_axis._bold.width(MES.tick.text(int(wide.high[-1])))
    assert longest + 10 <= chart.stage.model.panes.price_axis.width() - 4


def test_a_position_between_ticks_stands_between_them(chart: ChartBench) -> None:
    average = MNQ.tick.price(chart.last) + Decimal("0.125")
    from tradedesk.services.chart_line import ChartLine, LineKind, LinePart

    line = ChartLine(
        "position",
        LineKind.POSITION,
        Side.BUY,
        chart.last,
        2,
        (LinePart("LONG 2"),),
        average_price=average,
    )
    chart.panel.set_lines([line])
    chart.viewport.scale_y(0.1)
    chart.stage.view_changed()
    y = chart.stage.overlay.tags[0].shown.y
    assert chart.y(chart.last + 1) < y < chart.y(chart.last)


def test_nothing_is_drawn_through_a_tag(chart: ChartBench) -> None:
    chart.panel.set_lines([target(chart.last + 20), stop(chart.last - 20)])
    chart.frame()
    box = chart.stage.overlay.tags[0].box.toRect()
    there = screen_pixels(QRectF(box), chart.ratio)
    part = np.s_[there.top() : there.bottom() + 1, there.left() : there.right() + 1]
    clean = chart.painted_anew()[part]
    chart.panel.set_phantom(Phantom(Side.BUY, chart.last + 20, chart.last - 8, chart.last + 21))
    chart.point_at(box.left() + 12, box.bottom() + 40)
    chart.frame()
    assert np.array_equal(chart.painted_anew()[part], clean)
    same(chart)


def test_phantom_labels_make_room_for_each_other(chart: ChartBench) -> None:
    chart.panel.set_phantom(Phantom(Side.SELL, chart.last, chart.last + 1, chart.last - 40))
    chart.frame()
    same(chart)
    anew = chart.painted_anew()
    left, right = chart.device(12, 100)
    reds = (anew[:, left:right] == color("sell_text").rgb() & 0xFFFFFF).sum(axis=1)
    borders = np.flatnonzero(reds > 40)
    assert len(borders) >= 4, "two red boxes, each with a top and a bottom edge"
