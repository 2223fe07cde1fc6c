"""What a market or a hand can do to a chart: it draws something true and never raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.chart.samples import MES, MINUTE_NS, MNQ, START_NS, stop, target, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, BarSeries
from tradedesk.ui.chart.reading.styles import STYLES
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

Key = Qt.Key
SCALES = [(False, False), (True, False), (False, True), (True, True)]


def spike() -> Bars:
    """One bar a thousand times as high as all others are wide."""
    bars = walk(300)
    across = int(bars.high.max()) - int(bars.low.min())
    high = bars.high.copy()
    high[200] += 1_000 * across
    return Bars(bars.ts_ns, bars.open, high, bars.low, bars.close, bars.volume)


def equal() -> Bars:
    """The same price for five hours."""
    price = np.full(300, 85_900)
    ts_ns = START_NS + np.arange(300) * MINUTE_NS
    return Bars(ts_ns, price, price, price, price, np.full(300, 5))


def million() -> Bars:
    """A session of a million bars: one every 80 milliseconds."""
    return walk(1_000_000, step_ns=80_000_000)


SERIES: dict[str, Callable[[], Bars]] = {
    "empty": Bars.empty,
    "one bar": lambda: walk(1),
    "spike": spike,
    "equal": equal,
    "million": million,
}


def dress(chart: ChartBench, style: str, scale: tuple[bool, bool]) -> None:
    chart.panel.looks.change(logarithmic=scale[0], inverted=scale[1], style=style, studies=())
    chart.frame()


def ground(chart: ChartBench) -> NDArray[np.bool_]:
    """Which pixels of the price pane show nothing but ground and grid."""
    price = chart.stage.model.panes.price
    down, across = chart.device(price.height(), price.width())
    picture = chart.painted_anew()[:down, :across]
    plain = [color(token).rgb() & 0xFFFFFF for token in ("bg0", "grid", "line")]
    return np.isin(picture, plain)


def hide_words(chart: ChartBench) -> None:
    stage = chart.stage
    for item in (stage.legend, stage.pill, stage.lines, stage.status, stage.crosshair):
        item.setVisible(False)
    stage.crosshair.below.setVisible(False)


def handle(chart: ChartBench, size: tuple[int, int]) -> None:
    """Hover, zoom, drag, press keys: everything that hands do."""
    x, y = size[0] / 3, size[1] / 3
    chart.point_at(x, y)
    for notches in (3, -6, -60, 70, -8):
        chart.wheel(notches, x, y)
    chart.wheel(2, x, y, Qt.KeyboardModifier.ShiftModifier)
    chart.drag((x, y), (x + 40, y + 10))
    chart.drag((size[0] - 20, y), (size[0] - 20, y + 30))
    chart.drag((x, size[1] - 8), (x + 30, size[1] - 8))
    chart.drag((x, y), (x - 60, y - 20))
    for key in (Key.Key_Left, Key.Key_Up, Key.Key_Down, Key.Key_PageUp, Key.Key_Home, Key.Key_End):
        QTest.keyClick(chart.stage.view, key)
    chart.double_click(x, y)
    chart.frame()


def check(chart: ChartBench) -> None:
    """The newest bar is where its prices are, and what is painted in parts is the whole."""
    kept, anew = chart.on_screen(), chart.painted_anew()
    assert np.array_equal(kept, anew)
    hide_words(chart)
    plain = ground(chart)
    model = chart.stage.model
    if not len(chart.series):
        assert plain.all(), "nothing is drawn that is not there"
        return
    view = model.viewport
    assert view.following
    assert view.auto_y
    row = len(chart.series) - 1
    x = model.xmap.column(row)
    close = model.ymap.row(int(chart.series.close[row]))
    assert 0 <= x < plain.shape[1]
    assert 0 <= close < plain.shape[0], "fitted prices contain the newest bar"
    assert not plain[close, x], "the newest price is drawn where it is"
    assert plain[:, min(x + 60, plain.shape[1] - 1)].all(), "and nothing right of it"


@pytest.mark.parametrize("size", [(1_000, 600), (200, 300)])
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", SERIES)
def test_it_draws_something_true_and_never_raises(
    make_chart: MakeChart, name: str, style: str, scale: tuple[bool, bool], size: tuple[int, int]
) -> None:
    chart = make_chart(SERIES[name](), size)
    dress(chart, style, scale)
    if len(chart.series):
        chart.panel.set_lines([target(chart.last + 30), stop(chart.last - 30)])
        chart.frame()
    handle(chart, size)
    chart.panel.set_lines([])
    chart.panel.set_market(None, None, None, None, stale=False)
    chart.point_at(-5, -5)
    chart.panel.navigator.reset()
    chart.frame()
    check(chart)


def test_a_spike_stays_visible_and_the_rest_can_be_scaled_into_view(make_chart: MakeChart) -> None:
    chart = make_chart(spike())
    chart.panel.navigator.show_bars(300)
    chart.frame()
    hide_words(chart)
    model = chart.stage.model
    top = model.ymap.row(int(chart.series.high[200]))
    assert not ground(chart)[top, model.xmap.column(200)]
    for _ in range(8):
        chart.drag((980, 300), (980, 100))
    across = chart.viewport.y_high - chart.viewport.y_low
    assert across < 40 * (int(chart.series.low.max()) - int(chart.series.low.min()))


@pytest.mark.parametrize("what", ["pan", "prices", "time", "line", "aim"])
@pytest.mark.parametrize("scale", SCALES)
def test_another_contract_in_mid_drag_ends_the_drag(
    chart: ChartBench, what: str, scale: tuple[bool, bool]
) -> None:
    dress(chart, "candles", scale)
    chart.panel.set_lines([target(chart.last + 10)])
    chart.frame()
    start = {
        "pan": (400, 150),
        "prices": (980, 300),
        "time": (400, 590),
        "line": (300, chart.y(chart.last + 10)),
        "aim": (400, 150),
    }[what]
    chart.point_at(*start)
    if what == "aim":
        chart.key_down(Key.Key_B)
    chart.press(*start)
    chart.drag_on(start, (start[0] + 30, start[1] + 30))
    other = walk(80, seed=5)
    chart.series = BarSeries(other)
    chart.panel.set_series(chart.series, MES, BarSpec.parse("5m"))
    chart.frame()
    place = (chart.navigator_place, chart.viewport.y_low, chart.viewport.y_high)
    chart.drag_on(start, (start[0] - 60, start[1] - 40))
    assert place == (chart.navigator_place, chart.viewport.y_low, chart.viewport.y_high)
    chart.release(start[0] - 60, start[1] - 40)
    if what == "aim":
        chart.key_up(Key.Key_B)
    assert (chart.moved, chart.placed) == ([], [])
    chart.panel.set_market(None, None, None, None, stale=False)
    chart.point_at(-5, -5)
    chart.panel.navigator.reset()
    chart.frame()
    check(chart)


@pytest.mark.parametrize("scale", SCALES)
def test_a_lost_feed_in_mid_drag_puts_the_line_back(
    chart: ChartBench, scale: tuple[bool, bool]
) -> None:
    dress(chart, "candles", scale)
    chart.panel.set_lines([target(chart.last + 10)])
    chart.frame()
    y = chart.y(chart.last + 10)
    chart.press(300, y)
    chart.drag_on((300, y), (300, y + 20))
    chart.panel.set_market(chart.last, None, None, None, stale=True)
    chart.panel.set_status("Market data lost since 12:03:04", alarm=True)
    chart.frame()
    assert np.array_equal(chart.on_screen(), chart.painted_anew())
    shown = chart.stage.overlay.tags[0].shown
    assert not shown.dragged, "nobody drags an order on a price that is not known"
    assert shown.y == y
    assert any(chip.second == "stale" for chip, _ in chart.stage.price_axis.chips)
    chart.drag_on((300, y + 20), (300, y + 40))
    chart.release(300, y + 40)
    assert chart.moved == []
    chart.drag((500, 150), (560, 150))
    assert not chart.viewport.following, "old bars can be looked at all the same"
    assert np.array_equal(chart.on_screen(), chart.painted_anew())


def test_a_feed_that_ends_in_mid_pan_leaves_an_empty_chart(chart: ChartBench) -> None:
    chart.press(400, 150)
    chart.drag_on((400, 150), (480, 160))
    chart.series = BarSeries()
    chart.panel.set_series(None, MNQ, BarSpec.parse("1m"), keep_place=False)
    chart.frame()
    chart.drag_on((480, 160), (300, 200))
    chart.release(300, 200)
    chart.point_at(-5, -5)
    chart.panel.set_market(None, None, None, None, stale=False)
    chart.frame()
    check(chart)
