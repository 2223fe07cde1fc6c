"""Palettes on the chart: taken while it is open, and sides told by shape."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from tests.ui.chart.samples import stop, target, waiting, walk
from tests.ui.chart.test_painting import same, tick

from tradedesk.domain.order import Side
from tradedesk.ui.chart import inks
from tradedesk.ui.chart.marks import FillMark, Phantom
from tradedesk.ui.chart.primitives import hollow
from tradedesk.ui.theme.current import color, use_palette
from tradedesk.ui.theme.style import apply_theme
from tradedesk.ui.theme.tokens import DARK, PALETTES, Palette

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

SHAPED = replace(DARK, shapes=True)
EVERY = [*PALETTES.values(), SHAPED]

every_palette = pytest.mark.parametrize(
    "palette", EVERY, ids=lambda each: f"{each.name}{'-shaped' if each is SHAPED else ''}"
)


@pytest.fixture(autouse=True)
def _dark_again() -> Iterator[None]:
    """Whatever a test chose, the next one begins with what it knows."""
    yield
    use_palette(DARK)


def busy(make_chart: MakeChart) -> ChartBench:
    """A chart with one of everything that goes by side."""
    chart = make_chart(walk(400))
    chart.panel.set_lines([target(chart.last + 20), stop(chart.last - 20), waiting(chart.last - 9)])
    ts_ns = int(chart.series.ts_ns[380])
    chart.panel.set_fill_marks([FillMark(ts_ns, chart.last, side, 1) for side in Side])
    chart.panel.set_phantom(Phantom(Side.SELL, chart.last, chart.last + 8, chart.last - 16))
    chart.frame(130)
    return chart


@every_palette
def test_what_is_painted_piece_by_piece_is_the_whole(
    make_chart: MakeChart, palette: Palette
) -> None:
    use_palette(palette)
    chart = busy(make_chart)
    same(chart)
    rng = np.random.default_rng(5)
    for step in range(6):
        tick(chart, chart.last + int(rng.integers(-4 - step, 5 + step)), 300)
        chart.frame(130)
        same(chart)


@every_palette
def test_an_open_chart_takes_the_palette_at_once(
    dressed: QApplication, make_chart: MakeChart, palette: Palette
) -> None:
    apply_theme(dressed)
    chart = busy(make_chart)
    dark = chart.painted_anew()
    apply_theme(dressed, palette)
    assert chart.stage.legend.text != ""
    changed = chart.on_screen()
    assert np.array_equal(changed, busy(make_chart).painted_anew())
    assert np.array_equal(changed, dark) == (palette == DARK)
    apply_theme(dressed)
    assert np.array_equal(chart.on_screen(), dark), "and the old one again"


# --- shapes -------------------------------------------------------------------------------------

SIDES = st.integers(0, 9)


@given(
    st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20), SIDES, SIDES), max_size=8),
    st.integers(1, 3),
)
def test_hollow_boxes_are_boxes_without_their_inside(
    made: list[tuple[int, int, int, int]], width: int
) -> None:
    boxes = np.array([(x, y, x + w, y + h) for x, y, w, h in made], np.int32).reshape(-1, 4)
    expected = np.zeros((60, 60), bool)
    for x, y, right, bottom in boxes + 20:
        one = np.zeros_like(expected)
        one[y : bottom + 1, x : right + 1] = True
        if right - x >= 2 * width and bottom - y >= 2 * width:
            one[y + width : bottom + 1 - width, x + width : right + 1 - width] = False
        expected |= one
    found = np.zeros_like(expected)
    for x, y, right, bottom in hollow(boxes, width) + 20:
        found[y : bottom + 1, x : right + 1] = True
    assert np.array_equal(found, expected)


def volume_column(chart: ChartBench, row: int) -> NDArray[np.uint32]:
    """Pixels inside the volume of one bar, a little above its foot."""
    model = chart.stage.model
    foot = int(chart.stage.volume.area.bottom()) - 3
    x = model.x_line(row)
    return chart.painted_anew()[foot, x - 2 : x + 3]


@pytest.mark.parametrize("shaped", [False, True])
def test_volume_of_rising_bars_is_hollow_where_shapes_tell(
    make_chart: MakeChart, shaped: bool
) -> None:
    use_palette(SHAPED if shaped else DARK)
    chart = make_chart(walk(400))
    chart.viewport.zoom(2.0)
    chart.stage.view_changed()
    bars = chart.series
    rising, falling = (
        next(row for row in range(390, 330, -1) if (bars.close[row] >= bars.open[row]) is up)
        for up in (np.True_, np.False_)
    )
    ground = color("bg0").rgb() & 0xFFFFFF
    assert (volume_column(chart, rising) == ground).all() == shaped
    assert not (volume_column(chart, falling) == ground).any()


def arrow_shape(chart: ChartBench) -> list[int]:
    """Width of the arrow of the last price in each pixel row, from its top to its foot."""
    chip = next(box for found, box in chart.stage.price_axis.chips if found.arrow)
    part = chart.painted_anew()[
        int(chip.top()) : int(chip.top()) + 18, int(chip.left()) + 2 : int(chip.left()) + 14
    ]
    ink = color("on_chip").rgb() & 0xFFFFFF
    return [int(width) for width in (part == ink).sum(axis=1) if width]


def test_the_last_price_says_by_an_arrow_who_traded(make_chart: MakeChart) -> None:
    use_palette(SHAPED)
    chart = make_chart(walk(400))
    shapes = {}
    for side in Side:
        chart.panel.set_market(chart.last, None, None, side, stale=False)
        chart.frame()
        shapes[side] = arrow_shape(chart)
    up, down = shapes[Side.BUY], shapes[Side.SELL]
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert max(up) >= 4
    chart.panel.set_market(chart.last, None, None, Side.BUY, stale=True)
    chart.frame()
    assert [found.arrow for found, _ in chart.stage.price_axis.chips] == [0]


def test_arrow_and_price_do_not_touch(make_chart: MakeChart) -> None:
    use_palette(SHAPED)
    chart = make_chart(walk(400))
    (_, box), axis = chart.stage.price_axis.chips[0], chart.stage.price_axis
    price = axis._bold.width(chart.stage.model.price_text(chart.last))
    assert box.left() + 4 + 7 < box.right() - 5 - price


def test_the_legend_says_by_an_arrow_how_a_bar_went(make_chart: MakeChart) -> None:
    use_palette(SHAPED)
    chart = make_chart(walk(400))
    for row in range(380, 400):
        chart.stage.model.hovered_row = row
        chart.stage.legend.refresh()
        rising = chart.series.close[row] >= chart.series.open[row]
        assert ("▲" in chart.stage.legend.text, "▼" in chart.stage.legend.text) == (rising, ~rising)


def test_what_sells_or_stops_has_longer_dashes_where_shapes_tell() -> None:
    pairs = ((inks.BUY, inks.SELL), (inks.TARGET, inks.STOP))
    assert [short.dashes == long.dashes for short, long in pairs] == [True, True]
    use_palette(SHAPED)
    for short, long in pairs:
        assert short.dashes is not None
        assert long.dashes is not None
        assert sum(long.dashes) >= 1.7 * sum(short.dashes)
