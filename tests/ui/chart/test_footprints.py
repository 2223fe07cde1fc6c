"""Footprints: which bars are known, what they hold, when candles are shown instead."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from tests.ui.chart.live_tape import LiveChart, some_trades
from tests.ui.chart.samples import MINUTE_NS, MNQ
from tests.ui.colours import contrast

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import BarSeries, aggregate
from tradedesk.services.tape import ContractTape
from tradedesk.ui.chart.flow import TapeFlow
from tradedesk.ui.chart.model import ChartModel
from tradedesk.ui.chart.series.footprint_faces import ROW_PX, grounds, short_count
from tradedesk.ui.theme.current import color, palette, use_palette
from tradedesk.ui.theme.tokens import PALETTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

FIRST_WHOLE = 200
"""The tape begins inside bar 199."""
FORMS = [(False, False), (False, True), (True, False), (True, True)]
forms = pytest.mark.parametrize("form", FORMS, ids=["plain", "inverted", "log", "both"])
"""Whether the scale is logarithmic, and whether it is inverted."""


@pytest.fixture
def live(make_chart: MakeChart) -> LiveChart:
    """A chart of footprints, zoomed in."""
    return zoomed_in(make_chart)


def zoomed_in(make_chart: MakeChart, around: int = 86_000) -> LiveChart:
    made = LiveChart(make_chart, around=around)
    made.bench.panel.looks.change(style="footprint")
    made.bench.viewport.zoom(10)
    made.bench.stage.view_changed()
    made.bench.frame(130)
    return made


def take(chart: ChartBench, form: tuple[bool, bool]) -> None:
    chart.panel.looks.change(logarithmic=form[0], inverted=form[1])
    chart.frame()


class Rows:
    """The rows of one bar, as the chart joins them, and where their prices stand."""

    def __init__(self, chart: ChartBench, at: int) -> None:
        model, painter = chart.stage.model, cast("Any", chart.stage.bars.painter)
        known = chart.panel.reading.flow.known(*chart.viewport.visible_rows())
        assert known is not None
        self.group = painter.group()
        grouped, bar = known.footprint.grouped(self.group), int(known.bars[at])
        rows = slice(int(grouped.offsets[bar]), int(grouped.offsets[bar + 1]))
        self.prices, self.volume = grouped.px_ticks[rows], grouped.volume[rows]
        self.bought = grouped.ask_volume[rows]
        self.poc = int(grouped.points_of_control()[bar])
        self.x = model.x_line(int(known.rows[at]))
        edges = [
            sorted((model.ymap.row(price - 0.5), model.ymap.row(price + self.group - 0.5)))
            for price in self.prices.tolist()
        ]
        self.tops, self.bottoms = ([edge[side] for edge in edges] for side in (0, 1))


def same(chart: ChartBench) -> None:
    assert np.array_equal(chart.on_screen(), chart.painted_anew())


def test_only_bars_whose_trades_are_all_on_the_tape_are_known(live: LiveChart) -> None:
    chart = live.bench
    known = chart.panel.reading.flow.known(0, len(chart.series))
    assert known is not None
    assert known.rows.tolist() == list(range(FIRST_WHOLE, len(chart.series)))
    wanted: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for ts_ns, px_ticks, qty, bought in live.trades.rows():
        cell = wanted[ts_ns // MINUTE_NS * MINUTE_NS, px_ticks]
        cell[0] += qty - bought
        cell[1] += bought
    found, ends = known.footprint, known.footprint.offsets
    for row, bar in zip(known.rows.tolist(), known.bars.tolist(), strict=True):
        opens = int(chart.series.ts_ns[row])
        rows = range(int(ends[bar]), int(ends[bar + 1]))
        cells = {
            int(found.px_ticks[at]): [int(found.bid_volume[at]), int(found.ask_volume[at])]
            for at in rows
        }
        assert cells == {px: cell for (ts, px), cell in wanted.items() if ts == opens}


def test_a_part_of_the_bars_is_known_as_well(live: LiveChart) -> None:
    flow = live.bench.panel.reading.flow
    assert flow.known(0, FIRST_WHOLE) is None
    known = flow.known(FIRST_WHOLE + 3, FIRST_WHOLE + 8)
    assert known is not None
    assert known.rows.tolist() == [203, 204, 205, 206, 207]
    assert flow.first_row() == FIRST_WHOLE


@pytest.mark.parametrize("text", ["50t", "200v", "6r"])
def test_bars_that_do_not_follow_the_clock(qapp: object, text: str) -> None:
    trades, spec = some_trades(3_000), BarSpec.parse(text)
    tape = ContractTape()
    tape.absorb(trades)
    model = ChartModel()
    bars = aggregate(trades, spec)
    model.show(BarSeries(bars), MNQ, spec)
    flow = TapeFlow(model)
    flow.take_tape(tape)
    known = flow.known(5, len(bars))
    assert known is not None
    assert known.rows.tolist() == list(range(5, len(bars)))
    model.show(BarSeries(bars), MNQ, BarSpec.parse("8n"))
    assert flow.known(0, len(bars)) is None


def test_the_legend_says_why_there_are_candles(live: LiveChart) -> None:
    chart = live.bench
    assert chart.stage.legend.text.startswith("MNQ · 1m · Footprint  O")
    chart.viewport.zoom(0.5)
    chart.stage.view_changed()
    assert "Footprint: zoom in" in chart.stage.legend.text
    chart.viewport.zoom(2)
    chart.viewport.show_right(150)
    chart.stage.view_changed()
    assert "Footprint: where live trades are known" in chart.stage.legend.text
    candles = chart.painted_anew()
    chart.panel.looks.change(style="candles")
    top = 40
    assert np.array_equal(chart.painted_anew()[top:], candles[top:])


def test_footprints_stay_when_their_trades_are_let_go_of(make_chart: MakeChart) -> None:
    made = LiveChart(make_chart, keep=500)
    chart, flow = made.bench, made.bench.panel.reading.flow
    chart.panel.looks.change(style="footprint")
    before = flow.known(0, len(chart.series))
    assert before is not None
    made.tape.let_go()
    assert made.tape.gone == 3_500
    for _ in range(8):
        made.trade(int(made.tape.trades.px_ticks[-1]), 5)
    known = flow.known(0, len(chart.series))
    assert known is not None
    assert known.rows[: len(before.rows)].tolist() == before.rows.tolist()
    assert known.rows[-1] == len(chart.series) - 1
    turn = flow.first_row()
    assert chart.series.ts_ns[turn - 1] <= made.tape.trades.ts_ns[0] < chart.series.ts_ns[turn]
    late = TapeFlow(chart.stage.model)
    late.take_tape(made.tape)
    kept = late.known(0, len(chart.series))
    assert kept is not None
    assert kept.rows[0] == turn, "who comes later knows what is still there"


def test_a_lost_connection_takes_footprints_away(live: LiveChart) -> None:
    chart = live.bench
    live.tape.lose()
    chart.stage.view_changed()
    assert "where live trades are known" in chart.stage.legend.text
    chart.panel.reading.take_tape(None)
    assert chart.panel.reading.flow.known(0, 300) is None


HEIGHTS = [(86_000, 0.05), (86_000, 0.3), (86_000, 1.0), (86_000, 7.0), (86_000, 100.0)]
HEIGHTS += [(90, 0.05), (90, 0.3), (90, 1.0), (90, 1.5), (90, 2.0)]
"""Prices, and how much of them is in view: near zero a logarithmic scale bends most."""


@forms
@pytest.mark.parametrize(("around", "zoom_y"), HEIGHTS)
def test_rows_are_as_high_as_their_figures(
    make_chart: MakeChart, around: int, zoom_y: float, form: tuple[bool, bool]
) -> None:
    chart = zoomed_in(make_chart, around).bench
    take(chart, form)
    chart.viewport.scale_y(zoom_y)
    chart.stage.view_changed()
    assert chart.stage.legend.text.startswith("MNQ · 1m · Footprint  O")
    view, model = chart.viewport, chart.stage.model
    rows = Rows(chart, -2)
    step = rows.group
    assert str(step).rstrip("0") in ("1", "2", "5")

    def height(ticks: float) -> float:
        """Of a row at the upper end of the view, where rows are the lowest."""
        return abs(model.ymap.exact(view.y_high) - model.ymap.exact(view.y_high + ticks))

    assert height(step) >= ROW_PX * (1 - 1e-9)
    smaller = {"1": 0.5, "2": 0.5, "5": 0.4}[str(step).rstrip("0")]
    assert step == 1 or height(step * smaller) < ROW_PX, "no coarser than need be"
    for price, top, bottom in zip(rows.prices.tolist(), rows.tops, rows.bottoms, strict=True):
        if price <= view.y_high and price + step >= view.y_low:
            assert bottom - top >= int(ROW_PX)
    same(chart)


@forms
def test_the_point_of_control_is_framed(live: LiveChart, form: tuple[bool, bool]) -> None:
    chart = live.bench
    take(chart, form)
    rows = Rows(chart, -1)
    image, tx2 = chart.painted_anew(), color("tx2").rgb() & 0xFFFFFF
    at = rows.prices.tolist().index(rows.poc)
    assert (image[rows.tops[at], rows.x - 20 : rows.x + 30] == tx2).all()
    assert (image[rows.bottoms[at] - 1, rows.x - 20 : rows.x + 30] == tx2).all()


@forms
@pytest.mark.parametrize("around", [90, 86_000])
def test_each_row_has_the_ground_of_its_volume_between_its_own_prices(
    make_chart: MakeChart, around: int, form: tuple[bool, bool]
) -> None:
    chart = zoomed_in(make_chart, around).bench
    take(chart, form)
    image = chart.painted_anew()
    bought, sold = ([int(each.rgb()) & 0xFFFFFF for each in grounds(f"{side}_fill")]
                    for side in ("buy", "sell"))  # fmt: skip
    looked = 0
    for at in (-2, -5, -9):
        rows = Rows(chart, at)
        most = int(rows.volume.max())
        column = image[:, rows.x - 18]
        for row, price in enumerate(rows.prices.tolist()):
            top, bottom = rows.tops[row], rows.bottoms[row]
            if price == rows.poc or top < 40 or bottom > chart.stage.model.panes.price.bottom():
                continue
            shade = min(int(rows.volume[row]) * 5 // most, 4)
            ground = bought if 2 * rows.bought[row] >= rows.volume[row] else sold
            assert column[top] == column[bottom - 1] == ground[shade]
            looked += 1
    assert looked > 10


def test_figures_of_an_inverted_scale_stand_upright(live: LiveChart) -> None:
    chart = live.bench
    view, found = chart.viewport, []
    view.auto_y = False
    middle = int(np.median(Rows(chart, -6).prices))
    for inverted in (False, True):
        take(chart, (False, inverted))
        view.y_low = middle - view.height / 64
        view.y_high = view.y_low + view.height / 32
        chart.stage.view_changed()
        rows, image = Rows(chart, -6), chart.painted_anew()
        assert rows.group == 1
        assert {b - t for t, b in zip(rows.tops, rows.bottoms, strict=True)} == {32}
        found.append({
            price: image[top : top + 32, rows.x - 18 : rows.x + 30]
            for price, top in zip(rows.prices.tolist(), rows.tops, strict=True)
            if 40 <= top < chart.stage.model.panes.price.bottom() - 32
        })  # fmt: skip
    both = found[0].keys() & found[1].keys()
    assert len(both) >= 4
    assert all(np.array_equal(found[0][price], found[1][price]) for price in both)
    assert any(not np.array_equal(one, one[::-1]) for one in found[0].values())


@pytest.mark.parametrize(("wider", "rows"), [(1, True), (2, True), (30, False)])
def test_a_logarithmic_scale_that_reaches_near_zero_has_candles(
    make_chart: MakeChart, wider: float, rows: bool
) -> None:
    chart = zoomed_in(make_chart, 90).bench
    take(chart, (True, False))
    chart.viewport.scale_y(wider)
    chart.stage.view_changed()
    assert chart.viewport.form.logarithmic
    says = "Footprint  O" if rows else "Footprint: further from zero, or on a linear scale"
    assert says in chart.stage.legend.text
    painted = chart.painted_anew()
    same(chart)
    chart.panel.looks.change(style="candles")
    top = 40
    assert np.array_equal(chart.painted_anew()[top:], painted[top:]) != rows


def test_the_legend_goes_by_the_scale_that_is_shown(make_chart: MakeChart) -> None:
    chart = zoomed_in(make_chart, 90).bench
    take(chart, (True, False))
    chart.viewport.scale_y(30)
    chart.stage.view_changed()
    chart.viewport.auto_y = True
    chart.stage.view_changed()
    assert "Footprint  O" in chart.stage.legend.text


@forms
def test_the_delta_stands_above_where_there_is_no_room_below(
    live: LiveChart, form: tuple[bool, bool]
) -> None:
    chart = live.bench
    take(chart, form)
    model = chart.stage.model
    x, size = Rows(chart, -2).x, 60
    inks = {color(ink).rgb() & 0xFFFFFF for ink in ("tx", "buy_text", "sell_text")}

    def figures(y: int) -> bool:
        """Whether a delta is painted in the pixel rows from `y` on."""
        shown = chart.painted_anew()[y : y + 16, x - size // 3 : x + size]
        return bool(np.isin(shown, list(inks)).any())

    def ends() -> tuple[int, int]:
        rows = Rows(chart, -2)
        return min(rows.tops), max(rows.bottoms)

    chart.viewport.scale_y(2)
    chart.stage.view_changed()
    top, bottom = ends()
    assert figures(bottom + 3)
    chart.viewport.pan_y(model.panes.price.bottom() - 4 - bottom)
    chart.stage.view_changed()
    top, bottom = ends()
    assert model.panes.price.bottom() - 8 < bottom < model.panes.price.bottom()
    assert figures(top - 18)
    same(chart)


@forms
def test_trades_repaint_all_they_change(live: LiveChart, form: tuple[bool, bool]) -> None:
    chart = live.bench
    take(chart, form)
    rng = np.random.default_rng(2)
    for _ in range(12):
        live.trade(int(live.tape.trades.px_ticks[-1]) + int(rng.integers(-2, 3)), 40)
        same(chart)
        known = chart.panel.reading.flow.known(0, len(chart.series))
        assert known is not None
        assert known.rows[-1] == len(chart.series) - 1
    chart.panel.navigator.pan(37)
    chart.frame()
    same(chart)


@forms
def test_two_parts_of_a_bar_are_repainted_once_each(
    live: LiveChart, form: tuple[bool, bool]
) -> None:
    chart = live.bench
    take(chart, form)
    pane = chart.stage.model.panes.price
    same(chart)
    for row in range(FIRST_WHOLE + 1, len(chart.series)):
        x = chart.stage.model.x_line(row)
        if not 40 < x < pane.width() - 40:
            continue
        for left, right in ((x - 30, x + 2), (x + 6, x + 40)):
            chart.stage.bars.update(QRectF(left, 0, right - left, pane.height()))
        same(chart)


def test_history_of_another_length_finds_its_bars_by_time(live: LiveChart) -> None:
    chart = live.bench
    chart.series.replace(chart.series.bars[150:])
    chart.frame()
    known = chart.panel.reading.flow.known(0, len(chart.series))
    assert known is not None
    assert known.rows.tolist() == list(range(50, len(chart.series)))


def test_a_chart_without_a_tape_shows_candles(chart: ChartBench) -> None:
    chart.panel.looks.change(style="footprint")
    chart.viewport.zoom(10)
    chart.stage.view_changed()
    assert chart.panel.reading.flow.known(0, 400) is None
    assert chart.panel.reading.flow.first_row() == 400
    same(chart)


def test_figures_are_short() -> None:
    given = (0, 7, 9_999, 10_000, 12_345, 999_499, 999_500, 1_250_000)
    wanted = ["0", "7", "9999", "10k", "12k", "999k", "1.0M", "1.2M"]
    assert [short_count(count) for count in given] == wanted


@pytest.mark.parametrize("name", PALETTES)
def test_figures_can_be_read_on_every_ground(qapp: object, name: str) -> None:
    before = palette()
    use_palette(PALETTES[name])
    try:
        for fill in ("buy_fill", "sell_fill"):
            found = grounds(fill)
            assert len({ground.name() for ground in found}) == 5, "five that can be told apart"
            for ground in found:
                for ink in ("tx", "buy_text", "sell_text"):
                    assert contrast(color(ink).name(), ground.name()) >= 4.5, (ink, fill)
    finally:
        use_palette(before)
