"""Styles of bars: every pixel column against plain loops, partial repaints, true figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from tests.ui.chart import naive_styles
from tests.ui.chart.chart_bench import pixels
from tests.ui.chart.naive_styles import DOWN, FILL, LINE, UP, Canvas
from tests.ui.chart.samples import MINUTE_NS, MNQ, START_NS, bar, walk
from tests.ui.chart.test_painting import same, tick

from tradedesk.domain.order import Side
from tradedesk.engine import Bars, BarSeries, heikin_ashi
from tradedesk.ui.chart.chips import Countdown, last_chip
from tradedesk.ui.chart.flow import TapeFlow
from tradedesk.ui.chart.model import ChartModel
from tradedesk.ui.chart.panes import Panes
from tradedesk.ui.chart.primitives import mixed
from tradedesk.ui.chart.reading.styles import STYLES, painter_of
from tradedesk.ui.theme.current import color, palette, use_palette

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

MILLION = 1_000_000
RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)
SPIKE = 617_283
DRAWN = {
    "candles": naive_styles.candles,
    "hollow": naive_styles.hollow,
    "bars": naive_styles.ohlc,
    "line": naive_styles.line,
    "area": naive_styles.area,
    "heikin_ashi": naive_styles.candles,
    "footprint": naive_styles.candles,
}


@pytest.fixture(scope="module")
def million() -> Bars:
    """A random walk with one bar far above all others."""
    bars = walk(MILLION, seed=71)
    high, close = bars.high.copy(), bars.close.copy()
    top = int(high.max()) + 900
    high[SPIKE] = close[SPIKE] = top
    return Bars(bars.ts_ns, bars.open, high, bars.low, close, bars.volume)


class Easel:
    """A painter of one style and an image of any scale factor to paint on."""

    def __init__(self, style: str, bars: Bars, size: tuple[int, int] = (640, 300)) -> None:
        self.model = ChartModel()
        self.model.show(BarSeries(bars), MNQ, None)
        self.model.shape_maker.sync(self.model.series, 0)
        self.model.panes = Panes.of(size[0] + 66, size[1] + 24, 66, ())
        self.model.viewport.resize(*size, 0)
        self.model.viewport.set_rows(len(bars))
        self.painter = painter_of(style, self.model, TapeFlow(self.model))

    def look_at(self, spacing: float, right: float, ratio: float) -> Canvas:
        """Show bars so many pixels wide up to a position, at a scale factor."""
        model = self.model
        model.ratio = ratio
        model.viewport.zoom(spacing / model.viewport.spacing)
        model.viewport.show_right(right)
        model.forget()
        found = model.extremes()
        assert found is not None
        model.viewport.fit(found.low, found.high)
        model.forget()
        pane = model.panes.price
        size = int(pane.width() * ratio), int(pane.height() * ratio)
        return Canvas(model.xmap, model.ymap, ratio, *size)

    def painted(self, canvas: Canvas, *spans: tuple[int, int]) -> NDArray[np.uint8]:
        """Inks of the pixels, painted span by span."""
        image = QImage(canvas.width, canvas.height, QImage.Format.Format_RGB32)
        image.fill(color("bg0"))
        for span in spans or ((0, canvas.width),):
            painter = QPainter(image)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setClipRect(span[0], 0, span[1] - span[0], canvas.height)
            self.painter.paint(painter, span)
            painter.end()
        return as_inks(pixels(image))


def as_inks(image: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Numbers of the inks instead of colours; 99 for a colour that nobody knows."""
    found = np.full(image.shape, 99, np.uint8)
    inks = (
        (color("bg0"), 0),
        (color("buy_fill"), UP),
        (color("sell_fill"), DOWN),
        (color("accent"), LINE),
        (mixed("bg0", "accent", 0.16), FILL),
    )
    for ink, number in inks:
        found[image == ink.rgb() & 0xFFFFFF] = number
    return found


def agree(found: NDArray[np.uint8], wanted: NDArray[np.uint8], what: Any) -> None:
    wrong = np.argwhere(found != wanted)
    assert len(wrong) == 0, f"{what}: {len(wrong)} pixels differ, first at (y, x) {wrong[0]}"


@pytest.mark.parametrize("style", DRAWN)
def test_every_pixel_column_of_a_million_bars_is_exact(
    qapp: object, million: Bars, style: str
) -> None:
    easel = Easel(style, million)
    rng = np.random.default_rng(len(style))
    source = naive_styles.averages(million) if style == "heikin_ashi" else million
    for turn in range(25):
        ratio = RATIOS[turn % len(RATIOS)]
        spacing = float(10 ** rng.uniform(-4, 1.9))
        easel.model.viewport.base = int(rng.integers(0, MILLION)) * (turn % 3)
        canvas = easel.look_at(spacing, float(rng.uniform(0, MILLION)), ratio)
        wanted = DRAWN[style](canvas, source)
        assert wanted.any()
        agree(easel.painted(canvas), wanted, (style, canvas))
        cut = int(rng.integers(1, canvas.width))
        agree(easel.painted(canvas, (0, cut), (cut, canvas.width)), wanted, (style, cut, canvas))


def test_rising_candles_are_hollow_where_shapes_are_wanted(
    qapp: object, million: Bars, use_shapes: None
) -> None:
    easel = Easel("candles", million)
    for spacing in (0.5, 2.0, 4.0, 9.0, 33.0):
        for ratio in RATIOS:
            canvas = easel.look_at(spacing, 4_321.0, ratio)
            wanted = naive_styles.candles(canvas, million, shaped=True)
            agree(easel.painted(canvas), wanted, (spacing, ratio))


@pytest.fixture
def use_shapes() -> Iterator[None]:
    """A palette that asks for shapes, for one test."""
    before = palette()
    use_palette(replace(before, shapes=True))
    yield
    use_palette(before)


@pytest.mark.parametrize("style", DRAWN)
def test_a_lone_spike_is_seen_at_every_zoom(qapp: object, million: Bars, style: str) -> None:
    easel = Easel(style, million)
    for power in np.arange(-4, 2, 0.35):
        spacing = float(10**power)
        easel.look_at(spacing, float(SPIKE), 1.0)
        canvas = easel.look_at(spacing, SPIKE + 250 / easel.model.viewport.spacing, 1.0)
        image = easel.painted(canvas)
        x, y = canvas.xmap.column(SPIKE), canvas.row(int(million.high[SPIKE]))
        assert image[y, x] not in (0, FILL), (style, power)
        assert not image[: max(0, y - 2)].any(), "nothing stands higher"


@pytest.mark.parametrize("style", [*STYLES, "of a newer version"])
@pytest.mark.parametrize("spacing", [0.4, 2.0, 8.0, 24.0])
def test_ticks_repaint_all_they_change(make_chart: MakeChart, style: str, spacing: float) -> None:
    chart = make_chart(walk(3_000))
    chart.panel.looks.change(style=style)
    chart.viewport.zoom(spacing / 8)
    chart.stage.view_changed()
    chart.frame()
    rng = np.random.default_rng(3)
    for step in range(8):
        close = chart.last + int(rng.integers(-4 - step, 5 + step))
        b = chart.series.bars[len(chart.series) - 1]
        newest = bar(b.ts_ns, b.open, max(b.high, close), min(b.low, close), close, b.volume + 50)
        chart.series.apply_tail(newest)
        chart.panel.set_market(close, close - 1, close + 1, Side(close % 2), stale=False)
        chart.frame(130)
        assert np.array_equal(chart.on_screen(), chart.painted_anew())
        if step == 4:
            chart.series.apply_tail(bar(b.ts_ns + MINUTE_NS, close, close, close, close))
            chart.frame(130)
            assert np.array_equal(chart.on_screen(), chart.painted_anew())


def test_heikin_ashi_is_drawn_and_true_prices_are_told(chart: ChartBench) -> None:
    before = chart.stage.legend.text
    chart.panel.looks.change(style="heikin_ashi")
    chart.frame(130)
    assert chart.stage.legend.text == before.replace("1m", "1m · Heikin-Ashi")
    chart.point_at(300, 200)
    row = chart.viewport.row_at(300)
    assert row is not None
    assert MNQ.tick.text(int(chart.series.close[row])) in chart.stage.legend.text
    assert heikin_ashi(chart.series.bars).ha_close[row] != chart.series.close[row]
    last = last_chip(chart.stage.model, Countdown())
    assert last is not None
    assert last.text == MNQ.tick.text(chart.last)


def test_averages_follow_growth_and_other_bars(chart: ChartBench) -> None:
    chart.panel.looks.change(style="heikin_ashi")
    painter: Any = chart.stage.bars.painter
    for step in range(5):
        newest = int(chart.series.ts_ns[-1])
        price = chart.last + 7 * step
        chart.series.apply_tail(bar(newest + MINUTE_NS, price, price + 4, price - 3, price + 1))
        chart.frame()
        wanted = heikin_ashi(chart.series.bars)
        found = painter.averages.sync()
        for column in ("open", "high", "low", "close"):
            ours = getattr(found, column) / painter.averages.parts
            assert np.abs(ours - getattr(wanted, f"ha_{column}")).max() <= 1 / 512
    chart.series.replace(walk(50, seed=4))
    chart.frame()
    assert len(painter.averages.sync()) == 50


def test_prices_near_the_end_of_int32_make_averages_as_well(qapp: object) -> None:
    top = 2**31 - 5
    prices = np.full(60, top, np.int64)
    ts_ns = START_NS + np.arange(60) * MINUTE_NS
    easel = Easel("heikin_ashi", Bars(ts_ns, prices, prices + 4, prices - 9, prices, prices * 0))
    canvas = easel.look_at(8.0, 60.0, 1.0)
    assert easel.painted(canvas).any()


def test_averages_outside_of_their_bars_stay_in_view(make_chart: MakeChart) -> None:
    close = 86_000 - np.arange(200) * 12
    ts_ns = START_NS + np.arange(200) * MINUTE_NS
    falling = Bars(ts_ns, close + 2, close + 3, close - 3, close, close * 0 + 5)
    chart = make_chart(falling)
    chart.panel.looks.change(style="heikin_ashi")
    chart.viewport.zoom(5)
    chart.stage.view_changed()
    start, _ = chart.viewport.visible_rows()
    opened = float(heikin_ashi(falling).ha_open[start])
    assert opened > chart.series.high[start:].max()
    assert chart.viewport.y_high > opened


@pytest.fixture
def wicked(make_chart: MakeChart) -> ChartBench:
    """Closes within 40 ticks, with wicks of 300 on either side of one bar in view."""
    bars = walk(400, seed=9)
    close = 86_000 + np.arange(400) % 40
    high, low = close + 1, close - 1
    high[380], low[381] = 86_300, 85_700
    return make_chart(Bars(bars.ts_ns, close, high, low, close, bars.volume))


@pytest.mark.parametrize("style", ["line", "area"])
@pytest.mark.parametrize("spacing", [0.5, 8.0])
def test_styles_of_closes_fit_the_closes_alone(
    wicked: ChartBench, style: str, spacing: float
) -> None:
    view = wicked.viewport
    view.zoom(spacing / view.spacing)
    wicked.stage.view_changed()
    assert view.y_low < 85_700 < 86_300 < view.y_high
    wicked.panel.looks.change(style=style)
    wicked.frame()
    assert 85_980 < view.y_low < 86_000
    assert 86_039 < view.y_high < 86_060
    wicked.panel.looks.change(style="candles")
    wicked.frame()
    assert view.y_low < 85_700 < 86_300 < view.y_high


def test_a_close_beyond_all_others_is_fitted_at_once(wicked: ChartBench) -> None:
    wicked.panel.looks.change(style="line")
    wicked.frame()
    for price in (86_120, 85_880):
        tick(wicked, price)
        wicked.frame(100)
        assert wicked.viewport.y_low < price < wicked.viewport.y_high
        same(wicked)
    assert wicked.viewport.y_high < 86_200, "the wick is not fitted"


def test_the_style_is_chosen_in_the_menu_and_kept_in_the_look(chart: ChartBench) -> None:
    entries = chart.menu("Style")
    assert list(entries) == list(STYLES.values())
    assert [name for name, action in entries.items() if action.isChecked()] == ["Candles"]
    candles = chart.painted_anew()
    entries["Area"].trigger()
    assert chart.panel.looks.now.style == "area"
    assert not np.array_equal(chart.painted_anew(), candles)
    chart.menu("Style")["Candles"].trigger()
    assert np.array_equal(chart.painted_anew(), candles)


@pytest.mark.parametrize("style", STYLES)
def test_charts_of_no_bar_and_of_one(make_chart: MakeChart, style: str) -> None:
    for bars in (Bars.empty(), walk(1), walk(2)):
        chart = make_chart(bars)
        chart.panel.looks.change(style=style)
        for factor in (1e-9, 1e9):
            chart.viewport.zoom(factor)
            chart.stage.view_changed()
            chart.frame()
            assert np.array_equal(chart.on_screen(), chart.painted_anew())
