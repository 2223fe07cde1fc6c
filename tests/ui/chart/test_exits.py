"""Stops and targets pulled off the position, keys on a line, refusals on the wrong side."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from tests.ui.chart.samples import MINUTE_NS, MNQ, bar, stop, target, walk
from tests.ui.chart.test_painting import same
from tests.ui.chart.test_placing import held

from tradedesk.domain.order import OrderType, Side
from tradedesk.engine import Bars
from tradedesk.services.chart_line import ChartLine, LineKind, LinePart
from tradedesk.services.order_plan import Bracket
from tradedesk.ui.chart.exits import ExitKind, ExitOffer, Held
from tradedesk.ui.chart.marks import Market
from tradedesk.ui.chart.moves import LineMoves
from tradedesk.ui.chart.placing import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

UP, DOWN, ESC, DELETE = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Delete,
)
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def exit_line(kind: OrderType, ticks: int, *, size: int = 1, key: str = "order:1") -> ChartLine:
    """A working exit of a long position."""
    made = stop(ticks, key=key) if kind is OrderType.STOP else target(ticks, key=key)
    return msgspec.structs.replace(made, type=kind, size=size)


def entry(ticks: int, kind: OrderType = OrderType.LIMIT, side: Side = Side.BUY) -> ChartLine:
    return ChartLine(
        "order:7",
        LineKind.ENTRY,
        side,
        ticks,
        1,
        (LinePart("BUY LMT 1"),),
        draggable=True,
        cancellable=True,
        type=kind,
    )


class Asked:
    """What left the chart for a position."""

    def __init__(self, chart: ChartBench) -> None:
        self.exits: list[tuple[ExitOffer, int]] = []
        self.said: list[str] = []
        chart.panel.trading.exit_requested.connect(lambda *a: self.exits.append(a))
        chart.panel.trading.said.connect(self.said.append)


def show(chart: ChartBench, *lines: ChartLine) -> Asked:
    chart.panel.set_lines(lines)
    chart.frame()
    return Asked(chart)


# --- pure ---------------------------------------------------------------------------------------


def test_contracts_that_lack_an_exit_are_counted_from_the_lines() -> None:
    lines = (
        held(Side.BUY, 3, 1_000),
        exit_line(OrderType.STOP, 980, size=2),
        exit_line(OrderType.LIMIT, 1_040, size=1, key="order:2"),
        entry(900),
        msgspec.structs.replace(exit_line(OrderType.STOP, 970, size=5), waiting=True),
    )
    found = Held.of(lines, MNQ)
    assert found is not None
    assert found.lacking == {ExitKind.STOP: 1, ExitKind.TARGET: 2}
    assert found.risk_ticks == Decimal(20)
    assert Held.of(lines[1:], MNQ) is None


@pytest.mark.parametrize("side", list(Side))
def test_the_market_decides_whether_it_is_a_stop_or_a_target(side: Side) -> None:
    found = Held(side, 2, Decimal(1_000), {ExitKind.STOP: 2, ExitKind.TARGET: 2})
    market = Market(1_000 + 10 * side.sign, 1, 1)
    assert found.kind_at(1_000 + 20 * side.sign, market) is ExitKind.TARGET
    assert found.kind_at(1_000 + 5 * side.sign, market) is ExitKind.STOP, "a stop in a profit"
    assert found.kind_at(1_000 - 5 * side.sign, market) is ExitKind.STOP
    for unknown in (Market(), Market(1_000 + 10 * side.sign, 1, 1, stale=True)):
        assert found.kind_at(1_000 + 5 * side.sign, unknown) is ExitKind.TARGET


def test_the_text_has_dollars_ticks_r_and_what_is_left() -> None:
    found = Held(
        Side.BUY, 3, Decimal("1000.5"), {ExitKind.STOP: 0, ExitKind.TARGET: 2}, Decimal(20)
    )
    market = Market(1_000, 999, 1_001)
    made = found.offer(ExitKind.TARGET, 1_040, market, MNQ)
    assert made.text == "TGT 2 +$39.50 (+39.5t) 2.0R · for 2 of 3"
    assert (made.side, made.size, made.refusal) == (Side.SELL, 2, "")
    none = found.offer(ExitKind.STOP, 980, market, MNQ)
    assert none.refusal == "Every contract has a stop already: drag that one."
    assert found.offer(ExitKind.TARGET, 1_040, market, MNQ, "Armed is off.").refusal == (
        "Armed is off."
    )


# --- pulling ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shift", "kind", "text"),
    [
        (+24, ExitKind.TARGET, "TGT 2 +$24 (+24t)"),
        (-24, ExitKind.STOP, "STP 2 −$24 (−24t)"),
    ],
)
def test_a_drag_from_the_line_makes_a_target_or_a_stop(
    chart: ChartBench, shift: int, kind: ExitKind, text: str
) -> None:
    asked = show(chart, held(Side.BUY, 2, chart.last))
    y, end = float(chart.y(chart.last)), float(chart.y(chart.last + shift))
    chart.point_at(300, y)
    same(chart)
    pressed_ns = chart.now_ns
    chart.press(300, y)
    chart.drag_on((300, y), (320, end))
    mark = chart.stage.aim.mark
    assert mark is not None
    assert (mark.ticks, mark.label) == (chart.last + shift, text)
    assert asked.exits == []
    same(chart)
    chart.release(320, end)
    ((found, press_ns),) = asked.exits
    assert (found.kind, found.side, found.price_ticks, found.size) == (
        kind,
        Side.SELL,
        chart.last + shift,
        2,
    )
    assert press_ns == pressed_ns
    waiting = chart.stage.moves.line(f"exit:{kind.noun}")
    assert waiting is not None
    assert waiting.waiting
    same(chart)
    chart.panel.trading.exit_answered(kind)
    assert chart.stage.moves.line(f"exit:{kind.noun}") is None
    same(chart)


def test_the_waiting_line_gives_way_to_the_order(chart: ChartBench) -> None:
    line = held(Side.BUY, 2, chart.last)
    show(chart, line)
    y, end = float(chart.y(chart.last)), float(chart.y(chart.last - 24))
    chart.drag((300, y), (300, end))
    assert [x.key for x in chart.stage.moves.lines] == ["position", "exit:stop"]
    chart.panel.set_lines([line, exit_line(OrderType.STOP, chart.last - 24, size=2)])
    assert [x.key for x in chart.stage.moves.lines] == ["position", "order:1"]


def test_escape_lets_go_of_an_exit(chart: ChartBench) -> None:
    asked = show(chart, held(Side.BUY, 2, chart.last))
    y = float(chart.y(chart.last))
    chart.point_at(300, y)
    chart.press(300, y)
    chart.drag_on((300, y), (300, y - 80))
    QTest.keyClick(chart.stage.view, ESC)
    assert chart.stage.aim.mark is None
    chart.release(300, y - 80)
    assert (asked.exits, asked.said) == ([], [])


def test_a_click_on_the_position_asks_for_nothing(chart: ChartBench) -> None:
    asked = show(chart, held(Side.BUY, 2, chart.last))
    chart.click(300, chart.y(chart.last))
    assert asked.exits == []


def test_handles_appear_on_hover_and_a_click_takes_the_tickets_distance(
    chart: ChartBench,
) -> None:
    asked = show(chart, held(Side.SELL, 2, chart.last))
    chart.panel.set_terms(Terms(1, Bracket(8, 16), bracket_on=False))
    assert not chart.panel.trading.handles.handles
    tag = chart.stage.overlay.tags[0]
    chart.point_at(tag.box.center().x(), tag.box.center().y())
    same(chart)
    boxes = {one.kind: one.box for one in chart.panel.trading.handles.handles}
    assert set(boxes) == set(ExitKind)
    at = boxes[ExitKind.STOP].center()
    chart.point_at(at.x(), at.y())
    same(chart)
    mark = chart.stage.aim.mark
    assert mark is not None
    assert (mark.ticks, mark.label) == (chart.last + 8, "STP 2 −$8 (−8t)")
    assert chart.canvas.cursor().shape() is Qt.CursorShape.PointingHandCursor
    chart.click(at.x(), at.y())
    ((found, _),) = asked.exits
    assert (found.kind, found.side, found.price_ticks) == (
        ExitKind.STOP,
        Side.BUY,
        chart.last + 8,
    )
    chart.point_at(200, 60)
    assert chart.panel.trading.handles.handles == ()
    same(chart)


@pytest.mark.parametrize("beside", [0, 1, 2])
def test_handles_leave_the_newest_bar_and_other_tags_free(
    make_chart: Callable[..., ChartBench], beside: int
) -> None:
    chart = make_chart(size=(620, 420))
    last = chart.last
    line = msgspec.structs.replace(
        held(Side.BUY, 2, last), parts=(LinePart("LONG 2"), LinePart("+$12.50"))
    )
    near = (stop(last - 2, key="order:2"), target(last + 2, key="order:3"))
    show(chart, line, *near[:beside])
    tag = next(tag for tag in chart.stage.overlay.tags if tag.shown.line.key == "position")
    chart.point_at(tag.box.center().x(), tag.box.center().y())
    row = len(chart.series) - 1
    middle, half = chart.stage.model.x_line(row), chart.viewport.spacing / 2
    top, bottom = (chart.y(int(side[row])) for side in (chart.series.high, chart.series.low))
    newest = QRectF(middle - half, top, 2 * half, bottom + 1 - top)
    tag, *others = sorted(
        chart.stage.overlay.tags, key=lambda tag: tag.shown.line.key != "position"
    )
    left = QRectF(tag.box.left() - 64, tag.box.top(), 60, 20)
    assert left.intersects(newest), "left of the tag they would lie over the bar"
    boxes = [one.box for one in chart.panel.trading.handles.handles]
    assert len(boxes) == 2
    for box in boxes:
        assert chart.stage.model.panes.price.contains(box)
        assert not box.intersects(newest)
        assert not any(box.intersects(other.box) for other in others)
    same(chart)
    at = boxes[0].center()
    first = QPointF(tag.box.center().x(), at.y() if beside == 2 else tag.box.center().y())
    for step in range(31):
        at_step = first + (at - first) * step / 30
        chart.point_at(at_step.x(), at_step.y())
    assert chart.stage.aim.mark is not None, "the pointer gets there"


def test_a_handle_without_a_distance_says_that_it_is_to_be_dragged(chart: ChartBench) -> None:
    asked = show(chart, held(Side.BUY, 2, chart.last))
    tag = chart.stage.overlay.tags[0]
    chart.point_at(tag.box.center().x(), tag.box.center().y())
    at = chart.panel.trading.handles.handles[1].box.center()
    chart.click(at.x(), at.y())
    assert asked.exits == []
    assert "drag" in asked.said[0] or "limit" in asked.said[0]


def test_a_handle_on_the_wrong_side_teaches_and_sends_nothing(chart: ChartBench) -> None:
    asked = show(chart, held(Side.BUY, 2, chart.last))
    tag = chart.stage.overlay.tags[0]
    chart.point_at(tag.box.center().x(), tag.box.center().y())
    at = chart.panel.trading.handles.handles[0].box.center()
    chart.drag((at.x(), at.y()), (at.x(), float(chart.y(chart.last + 30))))
    assert asked.exits == []
    assert asked.said == ["A sell stop sits below the market; above it use a limit."]


def test_a_drag_says_when_nothing_is_left(chart: ChartBench) -> None:
    line = exit_line(OrderType.STOP, chart.last - 30, size=2)
    asked = show(chart, held(Side.BUY, 2, chart.last), line)
    y = float(chart.y(chart.last))
    chart.drag((300, y), (300, float(chart.y(chart.last - 15))))
    assert asked.exits == []
    assert asked.said == ["Every contract has a stop already: drag that one."]


def test_exits_are_refused_with_armed_off_but_not_by_a_lock(chart: ChartBench) -> None:
    asked = show(chart, held(Side.BUY, 2, chart.last))
    y, end = float(chart.y(chart.last)), float(chart.y(chart.last - 20))
    chart.panel.set_armed(False, "The day's loss is $1,000.")
    chart.drag((300, y), (300, end))
    assert len(asked.exits) == 1
    chart.panel.trading.exit_answered(ExitKind.STOP)
    off = "Armed is off: switch it on at the top right."
    chart.panel.set_armed(False, off, exits_off=off)
    chart.drag((300, y), (300, end))
    assert len(asked.exits) == 1
    assert asked.said == [off]


@pytest.mark.parametrize("what", ["order", "exit"])
def test_a_pointer_at_rest_asks_for_what_is_shown_though_the_scale_has_changed(
    chart: ChartBench, what: str
) -> None:
    price = chart.last - 20
    asked = show(chart, held(Side.BUY, 2, chart.last), entry(price))
    y = chart.y(price if what == "order" else chart.last)
    chart.point_at(300, y)
    chart.press(300, y)
    chart.drag_on((300, y), (300, y + 40))
    mark = chart.stage.aim.mark
    shown = chart.stage.moves.price_ticks("order:7") if mark is None else mark.ticks
    highest = chart.last + 300
    newest = bar(int(chart.series.ts_ns[-1]) + MINUTE_NS, price, highest, price, chart.last)
    chart.series.apply_tail(newest)
    chart.frame()
    assert abs(chart.stage.model.snapped_ticks(y + 40) - shown) > 20, "the pointer is elsewhere"
    same(chart)
    chart.release(300, y + 40)
    if what == "order":
        assert [m[:2] for m in chart.moved] == [("order:7", shown)]
    else:
        ((found, _press_ns),) = asked.exits
        assert (found.kind, found.price_ticks) == (ExitKind.STOP, shown)


def test_an_exit_that_the_market_passed_while_the_pointer_rested_is_refused(
    chart: ChartBench,
) -> None:
    asked = show(chart, held(Side.BUY, 2, chart.last))
    y, end = chart.y(chart.last), chart.y(chart.last - 20)
    chart.point_at(300, y)
    chart.press(300, y)
    chart.drag_on((300, y), (300, end))
    market = chart.last - 25
    chart.panel.set_market(market, market - 1, market + 1, Side.SELL, stale=False)
    chart.release(300, end)
    assert asked.exits == []
    assert asked.said[0].startswith("A sell stop sits below the market")


def test_an_exit_waits_for_its_answer_at_the_price_of_another_line(chart: ChartBench) -> None:
    price = chart.last - 30
    lines = (held(Side.BUY, 2, chart.last), exit_line(OrderType.STOP, price))
    asked = show(chart, *lines)
    start, end = (300, chart.y(chart.last)), (320, chart.y(price))
    chart.drag(start, end)
    show(chart, *lines)
    assert chart.stage.moves.line("exit:stop") is not None
    chart.drag(start, end)
    assert len(asked.exits) == 1
    assert asked.said == ["A stop is on its way already; wait for the answer."]
    show(chart, *lines, exit_line(OrderType.STOP, price, key="order:9"))
    assert chart.stage.moves.line("exit:stop") is None


def test_a_line_stays_under_the_pointer_when_an_older_move_is_refused(chart: ChartBench) -> None:
    line = entry(chart.last - 20)
    show(chart, line)
    chart.drag((300, chart.y(chart.last - 20)), (300, chart.y(chart.last - 26)))
    start, end = (300, chart.y(chart.last - 26)), (300, chart.y(chart.last - 34))
    chart.point_at(*start)
    chart.press(*start)
    chart.drag_on(start, end)
    chart.panel.reject_move(line.key, "The market is closed.")
    chart.drag_on(end, end)
    chart.release(*end)
    assert [m[1] for m in chart.moved] == [chart.last - 26, chart.last - 34]


def test_an_order_line_near_the_position_wins(chart: ChartBench) -> None:
    asked = show(chart, held(Side.BUY, 1, chart.last), exit_line(OrderType.STOP, chart.last - 1))
    y = float(chart.y(chart.last - 1))
    chart.drag((300, y), (300, float(chart.y(chart.last - 20))))
    assert asked.exits == []
    assert [m[:2] for m in chart.moved] == [("order:1", chart.last - 20)]


# --- wrong side ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "to", "sentence"),
    [
        (
            (OrderType.STOP, Side.SELL, -20),
            +10,
            "A sell stop sits below the market; above it use a limit.",
        ),
        (
            (OrderType.LIMIT, Side.SELL, +20),
            -10,
            "A sell limit sits above the market; below it use a stop.",
        ),
        (
            (OrderType.STOP, Side.BUY, +20),
            -10,
            "A buy stop sits above the market; below it use a limit.",
        ),
        (
            (OrderType.LIMIT, Side.BUY, -20),
            +10,
            "A buy limit sits below the market; above it use a stop.",
        ),
    ],
)
def test_a_drag_to_the_wrong_side_teaches_while_held_and_sends_nothing(
    chart: ChartBench, line: tuple[OrderType, Side, int], to: int, sentence: str
) -> None:
    kind, side, at = line
    show(chart, entry(chart.last + at, kind, side))
    y, end = float(chart.y(chart.last + at)), float(chart.y(chart.last + to))
    chart.point_at(300, y)
    chart.press(300, y)
    chart.drag_on((300, y), (300, end))
    assert chart.stage.overlay.tags[0].shown.note == sentence
    same(chart)
    chart.release(300, end)
    assert chart.moved == []
    tag = chart.stage.overlay.tags[0]
    assert (tag.shown.line.price_ticks, tag.shown.note) == (chart.last + at, sentence)
    assert not tag.shown.unconfirmed
    chart.frame(6_000)
    assert chart.stage.overlay.tags[0].shown.note == ""


@pytest.mark.parametrize("kind", [OrderType.STOP, OrderType.LIMIT])
def test_an_order_stays_where_it_is_with_armed_off_and_says_so(
    chart: ChartBench, kind: OrderType
) -> None:
    at = chart.last + (20 if kind is OrderType.LIMIT else -20)
    line = exit_line(kind, at)
    show(chart, line, msgspec.structs.replace(entry(chart.last - 40), key="alert:1", type=None))
    off = "Armed is off: switch it on at the top right."
    chart.panel.set_armed(False, off, exits_off=off)
    y = float(chart.y(at))
    chart.point_at(300, y)
    assert chart.canvas.cursor().shape() is Qt.CursorShape.ForbiddenCursor
    chart.press(300, y)
    chart.drag_on((300, y), (300, y - 40))
    tag = chart.stage.overlay.tags[0]
    assert (tag.shown.line.price_ticks, tag.shown.note) == (at, off)
    same(chart)
    chart.release(300, y - 40)
    assert chart.moved == []
    alert = float(chart.y(chart.last - 40))
    chart.drag((300, alert), (300, float(chart.y(chart.last - 44))))
    assert [m[:2] for m in chart.moved] == [("alert:1", chart.last - 44)]
    chart.panel.set_armed(False, "The day's loss is $1,000.")
    chart.drag((300, y), (300, float(chart.y(at + 4))))
    assert [m[:2] for m in chart.moved[1:]] == [(line.key, at + 4)]


@pytest.mark.parametrize("by_keys", [False, True])
def test_the_whole_bracket_goes_along_with_exits_only(chart: ChartBench, by_keys: bool) -> None:
    """An entry or an alert elsewhere is no part of it."""
    line = entry(chart.last - 40)
    show(
        chart,
        held(Side.BUY, 1, chart.last),
        exit_line(OrderType.LIMIT, chart.last + 26),
        exit_line(OrderType.STOP, chart.last - 20, key="order:2"),
        line,
    )
    if by_keys:
        select(chart, line)
        key(chart, DOWN, ALT)
        chart.frame(400)
        expected = chart.last - 41
    else:
        y = float(chart.y(line.price_ticks))
        expected = chart.last - 44
        chart.drag((300, y), (300, float(chart.y(expected))), SHIFT)
    assert [m[:2] for m in chart.moved] == [(line.key, expected)]


# --- keys ---------------------------------------------------------------------------------------


def select(chart: ChartBench, line: ChartLine) -> None:
    chart.click(300, chart.y(line.price_ticks))
    assert chart.stage.overlay.selected == line.key


def key(chart: ChartBench, which: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(chart.stage.view, which, modifiers)


def test_a_click_selects_and_keys_move_by_ticks_in_one_change(chart: ChartBench) -> None:
    line = entry(chart.last - 20)
    show(chart, line)
    select(chart, line)
    same(chart)
    key(chart, UP)
    key(chart, UP)
    key(chart, DOWN, SHIFT)
    chart.frame(200)
    key(chart, DOWN)
    pressed_ns = chart.now_ns
    shown = chart.stage.overlay.tags[0].shown
    assert (shown.line.price_ticks, shown.dragged) == (chart.last - 23, True)
    chart.frame(290)
    assert chart.moved == [], "the keys are not still for long enough"
    chart.frame(20)
    assert chart.moved == [(line.key, chart.last - 23, pressed_ns)]
    assert chart.stage.overlay.tags[0].shown.unconfirmed
    same(chart)


def test_keys_that_end_where_they_began_ask_for_nothing(chart: ChartBench) -> None:
    line = entry(chart.last - 20)
    show(chart, line)
    select(chart, line)
    key(chart, UP)
    key(chart, DOWN)
    chart.frame(400)
    assert chart.moved == []


def test_alt_moves_the_whole_bracket(chart: ChartBench) -> None:
    lines = (
        exit_line(OrderType.LIMIT, chart.last + 26),
        exit_line(OrderType.STOP, chart.last - 34, key="order:2"),
    )
    show(chart, *lines)
    select(chart, lines[0])
    key(chart, UP, ALT)
    key(chart, UP, ALT | SHIFT)
    chart.frame(400)
    assert sorted(m[:2] for m in chart.moved) == [
        ("order:1", chart.last + 31),
        ("order:2", chart.last - 29),
    ]


def test_escape_puts_back_then_deselects(chart: ChartBench) -> None:
    line = entry(chart.last - 20)
    show(chart, line)
    select(chart, line)
    key(chart, UP)
    key(chart, ESC)
    assert chart.stage.overlay.tags[0].shown.line.price_ticks == line.price_ticks
    assert chart.stage.overlay.selected == line.key
    key(chart, ESC)
    assert chart.stage.overlay.selected is None
    key(chart, UP)
    chart.frame(400)
    assert chart.moved == []


def test_delete_cancels_and_a_press_beside_deselects(chart: ChartBench) -> None:
    line = entry(chart.last - 20)
    show(chart, line)
    select(chart, line)
    key(chart, DELETE)
    assert [c[0] for c in chart.cancelled] == [line.key]
    chart.click(300, chart.y(chart.last + 10))
    assert chart.stage.overlay.selected is None
    key(chart, DELETE)
    assert len(chart.cancelled) == 1


def test_a_press_sends_what_keys_have_moved(chart: ChartBench) -> None:
    line = entry(chart.last - 20)
    show(chart, line)
    select(chart, line)
    key(chart, DOWN)
    chart.press(300, chart.y(chart.last + 10))
    assert [m[:2] for m in chart.moved] == [(line.key, chart.last - 21)]
    chart.release(300, chart.y(chart.last + 10))


def test_an_alert_that_fires_while_it_is_dragged_is_not_called_an_order(
    chart: ChartBench,
) -> None:
    parts = (LinePart("ALERT"),)
    at = chart.last - 20
    alert = ChartLine("alert:1", LineKind.ALERT, Side.BUY, at, 0, parts, draggable=True)
    asked = show(chart, alert)
    start, end = (300, chart.y(at)), (300, chart.y(at - 10))
    chart.point_at(*start)
    chart.press(*start)
    chart.drag_on(start, end)
    chart.panel.set_lines(())
    assert asked.said == ["The alert has fired or was removed: the drag ended."]
    chart.release(*end)
    assert chart.moved == []


def test_no_line_is_dragged_below_the_first_tick(make_chart: Callable[..., ChartBench]) -> None:
    bars = walk(60)
    low = bars.close.min() - 12
    prices = (bars.open - low, bars.high - low, bars.low - low, bars.close - low)
    chart = make_chart(Bars(bars.ts_ns, *prices, bars.volume))
    exits = (
        exit_line(OrderType.STOP, chart.last + 8, key="order:1"),
        exit_line(OrderType.LIMIT, 4, key="order:2"),
    )
    short = [msgspec.structs.replace(line, side=Side.BUY) for line in exits]
    alert = ChartLine(
        "alert:1", LineKind.ALERT, Side.BUY, 9, 0, (LinePart("ALERT"),), draggable=True
    )
    show(chart, held(Side.SELL, 1, chart.last + 2), *short, alert)
    chart.viewport.scale_y(3)
    chart.stage.view_changed()
    for ticks, modifiers in ((4, NONE), (9, NONE), (chart.last + 8, SHIFT)):
        chart.drag((200, chart.y(ticks)), (200, chart.y(ticks - 12)), modifiers)
        notes = [tag.shown.note for tag in chart.stage.overlay.tags]
        assert "There are no prices below the first tick." in notes
        assert chart.moved == []
        chart.frame(6_000)


def test_keys_stop_at_the_wrong_side_and_with_armed_off(chart: ChartBench) -> None:
    line = entry(chart.last - 3)
    asked = show(chart, line)
    select(chart, line)
    for _ in range(3):
        key(chart, UP, SHIFT)
    chart.frame(400)
    assert chart.moved == []
    assert chart.stage.overlay.tags[0].shown.note.startswith("A buy limit sits below")
    off = "Armed is off: switch it on at the top right."
    chart.panel.set_armed(False, off, exits_off=off)
    key(chart, DOWN)
    chart.frame(400)
    assert (chart.moved, asked.said) == ([], [off])


def test_a_selected_line_that_ends_is_selected_no_longer(chart: ChartBench) -> None:
    line = entry(chart.last - 20)
    show(chart, line)
    select(chart, line)
    key(chart, UP)
    chart.panel.set_lines([])
    chart.frame(400)
    assert (chart.moved, chart.stage.overlay.selected) == ([], None)


# --- answers ------------------------------------------------------------------------------------


def test_a_line_moved_twice_stays_unconfirmed_until_both_are_answered() -> None:
    moves = LineMoves()
    moves.replace([entry(100)])
    for at in (110, 120):
        moves.drag({"order:7": at})
        assert moves.let_go() == {"order:7": at}
    moves.replace([entry(110)])
    assert (moves.price_ticks("order:7"), moves.is_pending("order:7")) == (120, True)
    moves.settle("order:7")
    assert moves.is_pending("order:7")
    moves.replace([entry(120)])
    assert (moves.price_ticks("order:7"), moves.is_pending("order:7")) == (120, False)
    moves.settle("order:7")


def test_back_to_where_it_was_waits_for_both_answers_too() -> None:
    moves = LineMoves()
    moves.replace([entry(100)])
    for at in (110, 100):
        moves.drag({"order:7": at})
        moves.let_go()
    moves.replace([entry(100)])
    assert moves.is_pending("order:7"), "the first move may still be carried out"
    moves.settle("order:7")
    moves.replace([entry(110)])
    assert (moves.price_ticks("order:7"), moves.is_pending("order:7")) == (100, True)
    moves.refuse("order:7", "The market is closed.", 5)
    assert (moves.price_ticks("order:7"), moves.is_pending("order:7")) == (110, False)
    found = moves.refusal("order:7")
    assert found is not None
    assert found.reason == "The market is closed."


def test_a_refusal_of_an_older_move_leaves_the_newer_one_alone() -> None:
    moves = LineMoves()
    moves.replace([entry(100)])
    for at in (110, 120):
        moves.drag({"order:7": at})
        moves.let_go()
    moves.refuse("order:7", "No.", 5)
    assert (moves.price_ticks("order:7"), moves.is_pending("order:7")) == (120, True)
    assert moves.refusal("order:7") is None
    moves.settle("order:7")
    assert not moves.is_pending("order:7")
