"""Footprints: which bars are known, what they hold, when candles are shown instead."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

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


@pytest.fixture
def live(make_chart: MakeChart) -> LiveChart:
    """A chart of footprints, zoomed in."""
    made = LiveChart(make_chart)
    made.bench.panel.looks.change(style="footprint")
    made.bench.viewport.zoom(10)
    made.bench.stage.view_changed()
    made.bench.frame(130)
    return made


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


@pytest.mark.parametrize("zoom_y", [0.05, 0.3, 1.0, 7.0, 100.0])
def test_rows_are_as_high_as_their_figures(live: LiveChart, zoom_y: float) -> None:
    chart = live.bench
    chart.viewport.scale_y(zoom_y)
    chart.stage.view_changed()
    painter: Any = chart.stage.bars.painter
    step, scale = painter.group(), chart.stage.model.ymap.scale
    assert step * scale >= ROW_PX
    assert str(step).rstrip("0") in ("1", "2", "5")
    smaller = {"1": 0.5, "2": 0.5, "5": 0.4}[str(step).rstrip("0")]
    assert step == 1 or step * smaller * scale < ROW_PX, "no coarser than need be"
    same(chart)


def test_the_point_of_control_is_framed(live: LiveChart) -> None:
    chart = live.bench
    painter: Any = chart.stage.bars.painter
    known = chart.panel.reading.flow.known(*chart.viewport.visible_rows())
    assert known is not None
    grouped = known.footprint.grouped(painter.group())
    image, tx2 = chart.painted_anew(), color("tx2").rgb() & 0xFFFFFF
    row, bar = int(known.rows[-1]), int(known.bars[-1])
    poc = int(grouped.points_of_control()[bar])
    y = chart.stage.model.ymap.row(poc + grouped.row_ticks - 0.5)
    x = chart.stage.model.x_line(row)
    assert (image[y, x - 20 : x + 30] == tx2).all()


def test_the_delta_stands_above_where_there_is_no_room_below(live: LiveChart) -> None:
    chart = live.bench
    model = chart.stage.model
    known = chart.panel.reading.flow.known(*chart.viewport.visible_rows())
    assert known is not None
    row, bar = int(known.rows[-2]), int(known.bars[-2])
    x, size = model.x_line(row), 60
    inks = {color(ink).rgb() & 0xFFFFFF for ink in ("tx", "buy_text", "sell_text")}

    def figures(y: int) -> bool:
        """Whether a delta is painted in the pixel rows from `y` on."""
        shown = chart.painted_anew()[y : y + 16, x - size // 3 : x + size]
        return bool(np.isin(shown, list(inks)).any())

    def ends() -> tuple[int, int]:
        painter: Any = chart.stage.bars.painter
        grouped = known.footprint.grouped(painter.group())
        rows = grouped.px_ticks[int(grouped.offsets[bar]) : int(grouped.offsets[bar + 1])]
        top = model.y_line(int(rows[-1]) + grouped.row_ticks - 0.5)
        return top, model.y_line(int(rows[0]) - 0.5)

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


def test_trades_repaint_all_they_change(live: LiveChart) -> None:
    chart = live.bench
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


def test_two_parts_of_a_bar_are_repainted_once_each(live: LiveChart) -> None:
    chart = live.bench
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
