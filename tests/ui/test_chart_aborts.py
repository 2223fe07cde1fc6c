"""What comes between a press on the chart and its release, in the whole window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.chart.chart_bench import mouse_move
from tests.ui.fakes.desk import LAST, exits, instrument, lock, order, position
from tests.ui.scenes import walk

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.order import OrderStatus, Side
from tradedesk.domain.safety import TradingRules
from tradedesk.ui.chart.panel import ChartPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def other_contract(desk: FakeDesk) -> str:
    desk.apply(ev.InstrumentResolved(instrument=instrument("MES")))
    desk.window.presenter.selection.choose(instrument=instrument("MES"))
    return "another contract"


def feed_lost(desk: FakeDesk) -> str:
    desk.clock.pass_ms(4_000)
    return "data is stale"


def disarmed(desk: FakeDesk) -> str:
    desk.apply(desk.session(armed=False))
    return "Armed is off"


def killed(desk: FakeDesk) -> str:
    text = "The kill switch is on."
    locks = (lock(text=text),)
    desk.apply(ev.LocksChanged(locks=locks, rules=TradingRules()))
    return "ill switch"


def filled(desk: FakeDesk) -> str:
    for one in (*exits(), order(103, Side.BUY, limit=LAST - 60)):
        desk.apply(ev.OrderChanged(order=msgspec.structs.replace(one, status=OrderStatus.FILLED)))
    return "not working any more"


EVENTS = [other_contract, feed_lost, disarmed, killed]


@pytest.fixture
def trader(make_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """Long one with its bracket and an entry, armed, with bars."""
    desk = make_desk(bars=walk)
    entry = order(103, Side.BUY, limit=LAST - 60)
    desk.ready(orders=(*exits(), entry), positions=(position(1),))
    desk.window.show()
    desk.frame()
    QApplication.processEvents()
    desk.frame()
    return desk


def chart_of(desk: FakeDesk) -> ChartPanel:
    return desk.window.widgets.chart


def begin(desk: FakeDesk, what: str) -> QPoint:
    """Press and move; the button stays down."""
    chart = chart_of(desk)
    canvas = chart.canvas
    if what == "aim":
        start = chart.point_of(LAST - 80, 0.3)
        mouse_move(canvas, start.x(), start.y(), NONE, Qt.MouseButton.NoButton)
        QTest.keyPress(chart._stage.view, Qt.Key.Key_B)
    else:
        price = {"order": LAST - 60, "exit": 85_909, "position": 85_929}[what]
        start = chart.point_of(price, 0.3)
        mouse_move(canvas, start.x(), start.y(), NONE, Qt.MouseButton.NoButton)
    QTest.mousePress(canvas, LEFT, NONE, start)
    end = start + QPoint(0, 12)
    mouse_move(canvas, end.x(), end.y(), NONE)
    return end


def sent(desk: FakeDesk) -> list[cmd.AnyCommand]:
    kinds = (cmd.PlaceOrder, cmd.ModifyOrder, cmd.ProtectPosition, cmd.TargetPosition)
    return [one for one in desk.executor.commands if isinstance(one, kinds)]


@pytest.mark.parametrize("what", ["aim", "order", "exit", "position"])
@pytest.mark.parametrize("event", EVENTS)
def test_what_makes_a_press_doubtful_ends_it_with_a_sentence(
    trader: FakeDesk, what: str, event: Callable[[FakeDesk], str]
) -> None:
    chart = chart_of(trader)
    end = begin(trader, what)
    assert chart._interaction._gesture is not None
    assert chart._interaction._gesture.trades
    words = event(trader)
    trader.frame()
    assert chart._interaction._gesture is None
    texts = trader.window.widgets.toasts.texts
    assert any(words in text and "nothing was sent" in text for text in texts), texts
    QTest.mouseRelease(chart.canvas, LEFT, NONE, end)
    QTest.keyRelease(chart._stage.view, Qt.Key.Key_B)
    trader.frame()
    assert sent(trader) == []


@pytest.mark.parametrize("what", ["order", "exit"])
def test_an_order_that_is_filled_while_held_is_let_go(trader: FakeDesk, what: str) -> None:
    end = begin(trader, what)
    words = filled(trader)
    trader.frame()
    texts = trader.window.widgets.toasts.texts
    assert any(words in text for text in texts), texts
    QTest.mouseRelease(chart_of(trader).canvas, LEFT, NONE, end)
    assert sent(trader) == []


def test_a_position_that_is_closed_while_an_exit_is_pulled_is_let_go(trader: FakeDesk) -> None:
    end = begin(trader, "position")
    trader.apply(ev.PositionChanged(position=position(0)))
    trader.frame()
    texts = trader.window.widgets.toasts.texts
    assert any("not the same any more" in text for text in texts), texts
    QTest.mouseRelease(chart_of(trader).canvas, LEFT, NONE, end)
    assert sent(trader) == []


def test_what_would_have_closed_a_position_opens_none(trader: FakeDesk) -> None:
    chart = chart_of(trader)
    at = chart.point_of(LAST + 90, 0.3)
    mouse_move(chart.canvas, at.x(), at.y(), NONE, Qt.MouseButton.NoButton)
    QTest.keyPress(chart._stage.view, Qt.Key.Key_S)
    QTest.mousePress(chart.canvas, LEFT, NONE, at)
    mark = chart._stage.aim.mark
    assert mark is not None
    assert mark.label.endswith("closes long 1")
    trader.apply(ev.PositionChanged(position=position(0)))
    QTest.mouseRelease(chart.canvas, LEFT, NONE, at)
    assert sent(trader) == []
    assert "“closes long 1” is not true any more" in trader.window.widgets.toasts.texts[-1]
    trader.frame()
    QTest.mouseClick(chart.canvas, LEFT, NONE, at)
    QTest.keyRelease(chart._stage.view, Qt.Key.Key_S)
    (placed,) = trader.executor.of(cmd.PlaceOrder)
    assert placed.stop_loss_ticks is not None


def test_alt_takes_no_bracket_that_lacks_the_stop_of_the_ticket(trader: FakeDesk) -> None:
    trader.apply(ev.PositionChanged(position=position(0)))
    ticket = trader.window.widgets.ticket
    ticket.fill(replace(ticket.entered, bracket_on=False, stop="2"))
    trader.frame()
    chart = chart_of(trader)
    at = chart.point_of(LAST - 80, 0.3)
    mouse_move(chart.canvas, at.x(), at.y(), NONE, Qt.MouseButton.NoButton)
    QTest.keyPress(chart._stage.view, Qt.Key.Key_B)
    QTest.mouseClick(chart.canvas, LEFT, Qt.KeyboardModifier.AltModifier, at)
    assert sent(trader) == []
    QTest.mousePress(chart.canvas, LEFT, Qt.KeyboardModifier.AltModifier, at)
    mark = chart._stage.aim.mark
    assert mark is not None
    assert mark.label == "Stop 2 t is too close: type 4 or more."
    QTest.mouseRelease(chart.canvas, LEFT, NONE, at)
    trader.clock.pass_ms(1_000)
    QTest.mouseClick(chart.canvas, LEFT, NONE, at)
    QTest.keyRelease(chart._stage.view, Qt.Key.Key_B)
    (placed,) = trader.executor.of(cmd.PlaceOrder)
    assert (placed.stop_loss_ticks, placed.take_profit_ticks) == (None, None)


def pull(desk: FakeDesk, ticks: int) -> None:
    canvas, chart = chart_of(desk).canvas, chart_of(desk)
    start, end = chart.point_of(85_929, 0.3), chart.point_of(85_929 + ticks, 0.3)
    mouse_move(canvas, start.x(), start.y(), NONE, Qt.MouseButton.NoButton)
    QTest.mousePress(canvas, LEFT, NONE, start)
    mouse_move(canvas, end.x(), end.y(), NONE)
    QTest.mouseRelease(canvas, LEFT, NONE, end)


def test_exits_pulled_off_the_position_are_asked_for_and_answered(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk(bars=walk)
    desk.ready(positions=(position(2),))
    desk.window.show()
    QApplication.processEvents()
    desk.frame()
    pull(desk, -30)
    pull(desk, +60)
    (protect,) = desk.executor.of(cmd.ProtectPosition)
    (target,) = desk.executor.of(cmd.TargetPosition)
    assert (protect.stop_ticks, target.limit_ticks) == (85_899, 85_989)
    moves = chart_of(desk)._stage.moves
    assert moves.line("exit:stop")
    assert moves.line("exit:target")
    pull(desk, -40)
    assert len(desk.executor.of(cmd.ProtectPosition)) == 1
    desk.apply(ev.CommandDone(click_id=protect.click_id, text="Stop", elapsed_ms=1.0))
    desk.apply(ev.CommandFailed(click_id=target.click_id, reason="The market is closed."))
    assert moves.line("exit:stop") is None
    assert moves.line("exit:target") is None
    assert any("market is closed" in text for text in desk.window.widgets.toasts.texts)


def test_an_answer_settles_no_exit_of_another_contract(trader: FakeDesk) -> None:
    trader.apply(ev.InstrumentResolved(instrument=instrument("MES")))
    mes = msgspec.structs.replace(position(1), contract_id=instrument("MES").contract_id)
    trader.apply(ev.PositionChanged(position=position(2)), ev.PositionChanged(position=mes))
    trader.markets.watch(instrument("MES")).trade(LAST)
    trader.frame()
    pull(trader, -30)
    trader.window.presenter.selection.choose(instrument=instrument("MES"))
    trader.clock.pass_ms(150)
    trader.frame()
    pull(trader, -30)
    first, second = trader.executor.of(cmd.ProtectPosition)
    assert first.contract_id != second.contract_id
    moves = chart_of(trader)._stage.moves
    trader.apply(ev.CommandDone(click_id=first.click_id, text="Stop", elapsed_ms=1.0))
    assert moves.line("exit:stop") is not None
    trader.apply(ev.CommandDone(click_id=second.click_id, text="Stop", elapsed_ms=1.0))
    assert moves.line("exit:stop") is None


def test_the_answer_of_a_move_settles_its_line(trader: FakeDesk) -> None:
    end = begin(trader, "order")
    QTest.mouseRelease(chart_of(trader).canvas, LEFT, NONE, end)
    (modify,) = trader.executor.of(cmd.ModifyOrder)
    moves = chart_of(trader)._stage.moves
    assert moves.is_pending("order:103")
    trader.apply(ev.CommandDone(click_id=modify.click_id, text="Changed", elapsed_ms=1.0))
    assert not moves.is_pending("order:103")
