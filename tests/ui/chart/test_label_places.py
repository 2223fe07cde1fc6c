"""Labels of what a click would do keep clear of the tags of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from tests.ui.chart.samples import stop, target
from tests.ui.chart.test_exits import entry, exit_line, show
from tests.ui.chart.test_painting import same
from tests.ui.chart.test_placing import ON, held

from tradedesk.domain.order import OrderType, Side
from tradedesk.services.order_plan import Bracket
from tradedesk.ui.chart.label_places import GAP, beside, free_place, rows_of
from tradedesk.ui.chart.placing import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication
    from tests.ui.chart.chart_bench import ChartBench

PANE = QRectF(0, 0, 400, 300)


def boxes(most: int) -> st.SearchStrategy[list[QRectF]]:
    place = st.tuples(st.integers(0, 360), st.integers(0, 280), st.integers(10, 150))
    one = place.map(lambda at: QRectF(at[0], at[1], at[2], 20))
    return st.lists(one, max_size=most)


@given(taken=boxes(12), x=st.integers(0, 300), y=st.integers(0, 280))
def test_a_box_goes_left_until_it_is_clear_and_no_further(
    taken: list[QRectF], x: int, y: int
) -> None:
    box = QRectF(x, y, 80, 20)
    found = beside(box, taken, 0)
    if found is None:
        assert any(other.adjusted(-GAP, -1, GAP, 1).intersects(box) for other in taken)
        return
    assert not any(other.intersects(found) for other in taken)
    assert 0 <= found.left() <= x
    assert (found.top(), found.width()) == (y, 80)
    if found != box:
        touched = QRectF(found.left() + GAP + 1, y - 1, 80, 22)
        assert any(other.intersects(touched) for other in taken), "no further than it must"


@given(taken=boxes(12), x=st.integers(0, 300), y=st.integers(20, 260))
def test_a_wish_is_kept_or_a_clear_place_is_found(taken: list[QRectF], x: int, y: int) -> None:
    wishes = [QRectF(x, y - 20, 80, 20), QRectF(x, y + 4, 80, 20)]
    found = free_place(wishes, taken, PANE)
    assert found.size() == wishes[0].size()
    if found != wishes[0]:
        assert PANE.contains(found)
        assert not any(other.intersects(found) for other in taken)


def test_where_nothing_is_clear_the_first_wish_is_kept() -> None:
    wish = QRectF(100, 100, 80, 20)
    assert free_place([wish], [QRectF(0, 0, 400, 300)], PANE) == wish


@pytest.mark.parametrize(("there", "top"), [(95, 119), (105, 81), (0, 24)])
def test_up_or_down_is_taken_where_left_has_no_room(there: int, top: int) -> None:
    """As little as possible, and within the pane."""
    wish = QRectF(20, there and 100, 80, 20)
    found = free_place([wish], [QRectF(30, there, 100, 20)], PANE)
    assert (found.left(), found.top()) == (20, top)


@given(st.text("abc de", min_size=1, max_size=60), st.integers(20, 200))
def test_rows_have_all_the_words(qapp: QApplication, text: str, room: int) -> None:
    from tradedesk.ui.chart.primitives import Texts
    from tradedesk.ui.theme.fonts import ui_font

    texts = Texts(ui_font(12))
    rows = rows_of(text, room, texts)
    assert " ".join(rows).split() == text.split()
    for row in rows:
        assert texts.width(row) <= room or " " not in row


# --- on the chart -------------------------------------------------------------------------------


def plates(chart: ChartBench) -> list[QRectF]:
    """Everything that is written beside the aim line."""
    return [chart.stage.aim.label_box, *(plate.box for plate in chart.stage.aim_legs.plates)]


def clear(chart: ChartBench) -> None:
    tags = [tag.box for tag in chart.stage.overlay.tags]
    tags += [box for more in chart.stage.overlay.legends for box in more()]
    shown = plates(chart)
    assert tags
    assert not shown[0].isEmpty()
    for at, box in enumerate(shown):
        assert chart.stage.model.panes.price.contains(box)
        assert not any(box.intersects(other) for other in [*tags, *shown[:at]])


def bracketed(chart: ChartBench) -> None:
    show(
        chart,
        held(Side.BUY, 2, chart.last),
        stop(chart.last - 20),
        target(chart.last + 20),
        entry(chart.last - 32),
    )


@pytest.mark.parametrize("side", ["buy", "sell"])
@pytest.mark.parametrize("x", [400, 760, 860, 900])
def test_the_aim_covers_no_tag_wherever_the_pointer_is(
    chart: ChartBench, side: str, x: int
) -> None:
    bracketed(chart)
    chart.panel.set_terms(Terms(1, Bracket(4, 8), bracket_on=True))
    key = Qt.Key.Key_B if side == "buy" else Qt.Key.Key_S
    chart.point_at(x, chart.y(chart.last - 24))
    chart.key_down(key)
    for shift in (-36, -28, -20, -8, 12, 22):
        chart.point_at(x, chart.y(chart.last + shift))
        clear(chart)
        same(chart)


def test_a_tag_that_comes_under_a_resting_aim_makes_it_give_way(chart: ChartBench) -> None:
    chart.panel.set_terms(ON)
    price = chart.last - 20
    chart.point_at(850, chart.y(price))
    chart.key_down(Qt.Key.Key_B)
    alone = chart.stage.aim.label_box
    show(chart, entry(price + 2))
    chart.frame()
    assert chart.stage.aim.label_box != alone
    clear(chart)
    same(chart)


@pytest.mark.parametrize("kind", [OrderType.STOP, OrderType.LIMIT])
def test_an_exit_that_is_pulled_over_the_tags_covers_none(
    chart: ChartBench, kind: OrderType
) -> None:
    way = -1 if kind is OrderType.STOP else 1
    other = OrderType.LIMIT if kind is OrderType.STOP else OrderType.STOP
    show(
        chart,
        held(Side.BUY, 2, chart.last),
        exit_line(other, chart.last - way * 12, size=2),
        entry(chart.last - 24),
    )
    tag = chart.stage.overlay.tag_of("position")
    assert tag is not None
    start = (tag.box.center().x(), tag.box.center().y())
    chart.point_at(*start)
    chart.press(*start)
    for shift in (6, 10, 16, 24):
        chart.drag_on(start, (start[0], float(chart.y(chart.last + way * shift))))
        clear(chart)
        same(chart)
    chart.key_down(Qt.Key.Key_Escape)
    chart.release(*start)


def test_a_sentence_keeps_to_a_narrow_pane_in_rows(make_chart: Callable[..., ChartBench]) -> None:
    chart = make_chart(size=(290, 260))
    bracketed(chart)
    chart.panel.set_armed(False, "Armed is off: switch it on at the top right.")
    for x in (20, 120, 200):
        chart.point_at(x, 150)
        chart.key_down(Qt.Key.Key_B)
        box = chart.stage.aim.label_box
        assert chart.stage.model.panes.price.contains(box)
        assert box.height() > 30, "two rows"
        same(chart)
        chart.key_up(Qt.Key.Key_B)


def test_a_narrow_chart_has_room_for_all_of_them(make_chart: Callable[..., ChartBench]) -> None:
    chart = make_chart(size=(306, 360))
    chart.panel.set_terms(Terms(1, Bracket(6, 12), bracket_on=True))
    show(chart, held(Side.BUY, 2, chart.last), stop(chart.last - 16))
    for shift in (-20, -8, 8, 12):
        chart.point_at(60, chart.y(chart.last + shift))
        chart.key_down(Qt.Key.Key_B)
        assert len(plates(chart)) == 3
        clear(chart)
        same(chart)
        chart.key_up(Qt.Key.Key_B)


def test_the_aim_covers_no_legend(chart: ChartBench) -> None:
    chart.panel.set_terms(Terms(1, Bracket(2, 4), bracket_on=True))
    bracketed(chart)
    for x in (30, 140, 300):
        chart.point_at(x, 34)
        chart.key_down(Qt.Key.Key_S)
        clear(chart)
        same(chart)
        chart.key_up(Qt.Key.Key_S)
