"""Before the click: what an order would be, with its bracket, and what held keys change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.chart.samples import MNQ, bar
from tests.ui.chart.test_painting import same

from tradedesk.domain.order import OrderType, Side
from tradedesk.services.chart_line import ChartLine, LineKind, LinePart
from tradedesk.services.order_plan import Bracket
from tradedesk.services.plan_texts import entry_text, legs_text, stop_text, target_text
from tradedesk.ui.chart.marks import Market
from tradedesk.ui.chart.placing import Permission, Terms, Wish, offer, wrong_side
from tradedesk.ui.chart.trade_menu import TradeMenu

if TYPE_CHECKING:
    from tests.ui.chart.chart_bench import ChartBench

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
MARKET = Market(1_000, 999, 1_001, Side.BUY)
ON = Terms(2, Bracket(8, 16), bracket_on=True)
ARMED = Permission(armed=True, reason="", terms=ON)
ABOVE = "A buy stop sits above the market; below it use a limit."


def held(side: Side, size: int, ticks: int) -> ChartLine:
    word = "LONG" if side is Side.BUY else "SHORT"
    parts = (LinePart(f"{word} {size}"),)
    price = MNQ.tick.price(ticks)
    return ChartLine("position", LineKind.POSITION, side, ticks, size, parts, average_price=price)


# --- pure ---------------------------------------------------------------------------------------


def test_legs_are_told_in_dollars_ticks_and_r() -> None:
    assert stop_text(MNQ, 2, 8) == "STP −$8 (−8t)"
    assert target_text(MNQ, 2, 16, 8) == "TGT +$16 (+16t) 2.0R"
    assert target_text(MNQ, 1, 5, None) == "TGT +$2.50 (+5t)"
    assert legs_text(MNQ, 2, 8, 16) == "−$8 / +$16 · 2.0R"
    assert legs_text(MNQ, 2, None, 16) == "+$16"
    assert legs_text(MNQ, 2, None, None) == ""


@given(
    side=st.sampled_from(Side),
    type=st.sampled_from([OrderType.LIMIT, OrderType.STOP]),
    price=st.integers(990, 1_010),
    bid=st.integers(995, 1_000),
    ask=st.integers(1_001, 1_005),
    last=st.integers(995, 1_005),
)
def test_what_would_trade_at_once_is_refused_and_nothing_else(
    side: Side, type: OrderType, price: int, bid: int, ask: int, last: int
) -> None:
    """A stop is hit by the last price, a limit by the best price of the other side."""
    found = wrong_side(side, type, price, Market(last, bid, ask))
    if type is OrderType.STOP:
        at_once = last >= price if side is Side.BUY else last <= price
    else:
        at_once = price > ask if side is Side.BUY else price < bid
    assert bool(found) is at_once
    if found:
        assert found.startswith(f"A {side.word.lower()} {type.word.lower()} sits ")


def test_nobody_can_say_which_side_is_wrong_of_prices_that_are_old() -> None:
    assert wrong_side(Side.BUY, OrderType.STOP, 900, MARKET) == ABOVE
    assert wrong_side(Side.BUY, OrderType.STOP, 900, Market(1_000, 999, 1_001, stale=True)) == ""
    assert wrong_side(Side.BUY, OrderType.STOP, 900, Market()) == ""


def test_the_bracket_of_the_ticket_goes_along_and_alt_takes_it_the_other_way_round() -> None:
    assert offer(Side.BUY, 990, MARKET, ARMED).legs == Bracket(8, 16)
    assert offer(Side.BUY, 990, MARKET, ARMED, Wish(other_bracket=True)).legs == Bracket()
    off = Permission(armed=True, terms=Terms(2, Bracket(8, 16), bracket_on=False))
    assert offer(Side.BUY, 990, MARKET, off).legs == Bracket()
    assert offer(Side.BUY, 990, MARKET, off, Wish(other_bracket=True)).legs == Bracket(8, 16)


def test_an_order_that_only_closes_has_no_bracket_and_says_what_it_does() -> None:
    found = offer(Side.SELL, 1_010, MARKET, ARMED, net_size=2)
    assert (found.legs, found.refusal) == (Bracket(), "")
    assert found.label("10.00") == "SELL LMT 2 @ 10.00 · +10t · closes long 2"
    turns = offer(Side.SELL, 1_010, MARKET, ARMED, net_size=1)
    assert turns.refusal.startswith("A bracket for 2 would be larger than the position")
    without = offer(Side.SELL, 1_010, MARKET, ARMED, Wish(other_bracket=True), net_size=1)
    assert (without.refusal, without.result) == ("", "turns long 1 → short 1")


def test_what_is_wrong_with_the_ticket_is_said_here_too() -> None:
    broken = Permission(armed=True, terms=Terms(1, fault="“x” is not a quantity."))
    assert offer(Side.BUY, 990, MARKET, broken).refusal == "“x” is not a quantity."
    assert offer(Side.BUY, 0, MARKET, ARMED).refusal == "There are no prices below the first tick."


def test_a_market_order_has_no_price_yet() -> None:
    assert entry_text(Side.BUY, OrderType.MARKET, 2, "21,470.00") == "BUY MKT 2 ≈ 21,470.00"
    assert entry_text(Side.SELL, OrderType.STOP, 2, "21,470.00") == "SELL STP 2 @ 21,470.00"


# --- aim ----------------------------------------------------------------------------------------


def aim(chart: ChartBench, price: int, key: Qt.Key = Qt.Key.Key_B) -> None:
    chart.panel.set_terms(ON)
    chart.point_at(500, chart.y(price))
    chart.key_down(key)


def legs(chart: ChartBench) -> list[str]:
    return [text for _, _, text in chart.stage.aim_legs._levels()]


def test_the_aim_shows_stop_and_target_with_their_figures(chart: ChartBench) -> None:
    aim(chart, chart.last - 12)
    assert chart.stage.aim.mark is not None
    assert chart.stage.aim.mark.label.endswith(" · −12t")
    assert legs(chart) == ["STP −$8 (−8t)", "TGT +$16 (+16t) 2.0R"]
    shown = chart.stage.aim_legs._phantom
    assert shown is not None
    assert (shown.stop_ticks, shown.target_ticks) == (chart.last - 20, chart.last + 4)
    same(chart)
    chart.point_at(700, chart.y(chart.last - 20))
    same(chart)
    chart.key_up(Qt.Key.Key_B)
    assert legs(chart) == []
    same(chart)


def test_a_leg_out_of_view_is_told_at_the_edge(chart: ChartBench) -> None:
    chart.panel.set_terms(Terms(2, Bracket(8, 2_000), bracket_on=True))
    chart.point_at(500, chart.y(chart.last - 12))
    chart.key_down(Qt.Key.Key_B)
    assert legs(chart) == ["STP −$8 (−8t)", "▲ TGT +$2,000 (+2000t) 250.0R"]
    pane = chart.stage.model.panes.price
    assert all(pane.contains(plate.box) for plate in chart.stage.aim_legs.plates)
    same(chart)
    chart.key_up(Qt.Key.Key_B)
    chart.key_down(Qt.Key.Key_S)
    chart.point_at(500, chart.y(chart.last + 12))
    assert legs(chart) == ["STP −$8 (−8t)", "▼ TGT +$2,000 (+2000t) 250.0R"]
    assert all(pane.contains(plate.box) for plate in chart.stage.aim_legs.plates)
    same(chart)


def test_a_sale_mirrors_its_legs(chart: ChartBench) -> None:
    aim(chart, chart.last + 12, Qt.Key.Key_S)
    shown = chart.stage.aim_legs._phantom
    assert shown is not None
    assert (shown.stop_ticks, shown.target_ticks) == (chart.last + 20, chart.last - 4)


@pytest.mark.parametrize(
    ("modifier", "key", "shift", "kind", "with_legs"),
    [
        (ALT, Qt.Key.Key_Alt, -20, OrderType.LIMIT, False),
        (CTRL, Qt.Key.Key_Control, +20, OrderType.STOP, True),
        (SHIFT, Qt.Key.Key_Shift, -20, OrderType.LIMIT, True),
    ],
)
def test_held_keys_change_what_a_click_places(
    chart: ChartBench,
    modifier: Qt.KeyboardModifier,
    key: Qt.Key,
    shift: int,
    kind: OrderType,
    with_legs: bool,
) -> None:
    price = chart.last + shift
    aim(chart, price)
    chart.key_down(key)
    assert bool(legs(chart)) is with_legs
    chart.press(500, chart.y(price), modifier)
    chart.release(500, chart.y(price), modifier)
    (found,) = chart.offers
    assert (found.type, found.price_ticks, not found.legs.is_empty) == (kind, price, with_legs)
    chart.key_up(key)
    assert legs(chart)


def test_a_press_before_the_next_frame_places_no_other_type_than_the_label_says(
    chart: ChartBench,
) -> None:
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    mark = chart.stage.aim.mark
    assert mark is not None
    assert "LMT" in mark.label
    market = mark.ticks - 4
    chart.panel.set_market(market, market - 1, market + 1, Side.SELL, stale=False)
    chart.press(500, 300)
    held = chart.stage.aim.mark
    assert held is not None
    assert held.label == "A buy limit sits below the market; above it use a stop."
    chart.release(500, 300)
    assert chart.placed == []
    chart.click(500, 300)
    chart.key_up(Qt.Key.Key_B)
    assert [one[1:3] for one in chart.placed] == [(OrderType.STOP, mark.ticks)]


def test_the_label_of_a_pointer_at_rest_says_what_a_click_places_by_now(chart: ChartBench) -> None:
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    first = chart.stage.aim.mark
    assert first is not None
    assert "LMT" in first.label
    # The market falls through the price, which changes no scale.
    market = first.ticks - 4
    chart.panel.set_market(market, market - 1, market + 1, Side.SELL, stale=False)
    chart.frame()
    fallen = chart.stage.aim.mark
    assert fallen is not None
    assert (fallen.ticks, fallen.label.split(" @")[0]) == (first.ticks, "BUY STP 2")
    # A new high changes it: another price is under the pointer then.
    chart.panel.set_market(chart.last, chart.last - 1, chart.last + 1, Side.BUY, stale=False)
    moment = int(chart.series.ts_ns[-1])
    chart.series.apply_tail(bar(moment, chart.last, chart.last + 150, chart.last - 60, chart.last))
    chart.frame()
    risen = chart.stage.aim.mark
    assert risen is not None
    assert risen.ticks == chart.stage.model.snapped_ticks(300) != first.ticks
    chart.press(500, 300)
    chart.release(500, 300)
    chart.key_up(Qt.Key.Key_B)
    assert [one[2] for one in chart.placed] == [risen.ticks]
    assert chart.offers[0].label(MNQ.tick.text(risen.ticks)) == risen.label


@pytest.mark.parametrize(
    ("modifier", "key", "shift", "sentence"),
    [
        (CTRL, Qt.Key.Key_Control, -20, ABOVE),
        (
            SHIFT,
            Qt.Key.Key_Shift,
            +20,
            "A buy limit sits below the market; above it use a stop.",
        ),
    ],
)
def test_a_forced_type_on_the_wrong_side_teaches_and_places_nothing(
    chart: ChartBench, modifier: Qt.KeyboardModifier, key: Qt.Key, shift: int, sentence: str
) -> None:
    price = chart.last + shift
    aim(chart, price)
    chart.key_down(key)
    assert chart.stage.aim.mark is not None
    assert (chart.stage.aim.mark.label, legs(chart)) == (sentence, [])
    chart.press(500, chart.y(price), modifier)
    chart.release(500, chart.y(price), modifier)
    assert chart.placed == []


def test_the_bracket_is_that_of_the_press(chart: ChartBench) -> None:
    price = chart.last - 20
    aim(chart, price)
    chart.press(500, chart.y(price))
    chart.panel.set_terms(Terms(5, Bracket(4, 4), bracket_on=True))
    chart.release(500, chart.y(price))
    (found,) = chart.offers
    assert (found.size, found.legs) == (2, Bracket(8, 16))


def test_an_aim_against_the_position_says_that_it_closes(chart: ChartBench) -> None:
    chart.panel.set_lines([held(Side.SELL, 2, chart.last - 4)])
    aim(chart, chart.last - 20)
    assert chart.stage.aim.mark is not None
    assert chart.stage.aim.mark.label.endswith("closes short 2")
    assert legs(chart) == []


# --- menu ---------------------------------------------------------------------------------------


def test_the_menu_shows_the_bracket_and_says_why_an_entry_is_off(chart: ChartBench) -> None:
    chart.panel.set_terms(ON)
    price = chart.last - 20
    at = QPoint(500, chart.y(price))
    QTest.mousePress(chart.canvas, Qt.MouseButton.RightButton, pos=at)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, TradeMenu)
    by_word = {a.text().split(" 2 @ ")[0]: a for a in menu.actions() if " 2 @ " in a.text()}
    assert by_word["Buy limit"].text().split("\t")[1] == "−$8 / +$16 · 2.0R"
    assert by_word["Buy stop"].toolTip() == ABOVE
    assert by_word["Sell limit"].toolTip() == (
        "A sell limit sits above the market; below it use a stop."
    )
    assert not by_word["Buy stop"].isEnabled()
    menu.setActiveAction(by_word["Sell stop"])
    mark = chart.stage.aim.mark
    assert mark is not None
    assert mark.label.startswith("SELL STP 2 @ ")
    assert legs(chart) == ["STP −$8 (−8t)", "TGT +$16 (+16t) 2.0R"]
    menu.close()
    assert chart.stage.aim.mark is None
    assert legs(chart) == []
    QTest.mouseRelease(chart.canvas, Qt.MouseButton.RightButton, pos=at)
