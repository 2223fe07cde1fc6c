"""The position card: what it shows, and exits that are never closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import MNQ_ID, exits, position, shield

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.safety import ShieldState
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.position.panel import PositionPanel

LEFT = Qt.MouseButton.LeftButton
ENTRY = 85_929
"""21,482.25"""


def card(desk: FakeDesk) -> PositionPanel:
    return desk.window.widgets.position


def click(desk: FakeDesk, name: str) -> None:
    QTest.mouseClick(card(desk).buttons[name], LEFT)


def test_flat_says_so_and_every_button_says_why(desk: FakeDesk) -> None:
    desk.ready()
    assert card(desk).title.text() == "Flat"
    for button in card(desk).buttons.values():
        assert not button.isEnabled()
        assert button.toolTip() == "there is no position"
    assert not card(desk).badge.isVisible()


def test_flat_is_not_said_before_the_venue_has_told(desk: FakeDesk) -> None:
    desk.apply(desk.session(phase=ev.Phase.SYNCING, armed=False))
    assert card(desk).title.text() == "Not known yet"
    assert all(not button.isEnabled() for button in card(desk).buttons.values())
    desk.ready()
    assert card(desk).title.text() == "Flat"
    desk.apply(desk.session(phase=ev.Phase.STOPPED, armed=False))
    assert card(desk).title.text() == "Not known yet"


def test_a_covered_long(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),), shields=(shield(1),))
    view = card(desk).view
    assert (view.title, view.average, view.pnl) == ("Long 1", "@ 21,482.25", "+$7.00")
    assert view.pnl_tone is Tone.PROFIT
    assert card(desk).badge.text() == "Covered · stop at server"


def test_a_position_without_a_stop_is_loud(desk: FakeDesk) -> None:
    desk.ready(positions=(position(-2, "21490"),), shields=(shield(-2, ShieldState.BARE),))
    assert card(desk).badge.text() == "No stop!"
    assert card(desk).badge.property("chip") == "bare"
    assert card(desk).buttons["breakeven"].toolTip() == "there is no stop to move"


def test_a_resting_stop_alone_is_no_proof(desk: FakeDesk) -> None:
    """Green is for what fresh lists of the venue prove; the desk's own memory is not that."""
    desk.ready(orders=exits(), positions=(position(1),))
    assert card(desk).badge.text() == "Checking cover…"
    assert card(desk).badge.property("chip") == "plain"


def test_breakeven_moves_the_stop_to_the_entry(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    click(desk, "breakeven")
    (sent,) = desk.executor.of(cmd.ModifyOrder)
    assert (sent.order_id, sent.stop_ticks, sent.limit_ticks, sent.size) == (102, ENTRY, None, None)
    assert sent.press_ns == desk.clock.mono_ns()


def test_breakeven_needs_the_market_beyond_the_entry(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    desk.book.trade(ENTRY - 1)
    desk.frame()
    assert card(desk).buttons["breakeven"].toolTip() == "needs the market above 21,482.25"
    desk.book.trade(ENTRY + 1)
    desk.frame()
    assert card(desk).buttons["breakeven"].isEnabled()


def test_breakeven_is_done_when_the_stop_is_there(desk: FakeDesk) -> None:
    desk.ready(orders=exits(stop=ENTRY), positions=(position(1),))
    assert card(desk).buttons["breakeven"].toolTip() == "the stop is at the entry already"


def test_close_and_half(desk: FakeDesk) -> None:
    desk.ready(positions=(position(5),))
    click(desk, "half")
    desk.clock.pass_ms(400)
    click(desk, "close")
    assert [(c.contract_id, c.size) for c in desk.executor.of(cmd.ClosePosition)] == [
        (MNQ_ID, 2),
        (MNQ_ID, None),
    ]
    desk.apply(ev.PositionChanged(position=position(1)))
    assert card(desk).buttons["half"].toolTip() == "one contract cannot be halved"


def test_a_double_click_closes_once(desk: FakeDesk) -> None:
    """Half twice would be three quarters."""
    desk.ready(positions=(position(5),))
    click(desk, "half")
    desk.clock.pass_ms(150)
    click(desk, "half")
    assert [c.size for c in desk.executor.of(cmd.ClosePosition)] == [2]
    assert "Second press ignored" in desk.window.widgets.toasts.texts[-1]


def test_exits_stay_open_when_disarmed_stale_and_degraded(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(2),))
    desk.apply(desk.session(armed=False, phase=ev.Phase.DEGRADED, detail="the user hub is silent"))
    desk.frame(10_000)
    buttons = card(desk).buttons
    assert [name for name, b in buttons.items() if b.isEnabled()] == ["breakeven", "half", "close"]
    assert buttons["reverse"].toolTip() == "the user hub is silent"
    assert desk.window.widgets.top.flatten.isEnabled()
    assert desk.window.widgets.top.cancel_all.isEnabled()
    assert card(desk).view.pnl_tone is Tone.LABEL
    click(desk, "close")
    assert len(desk.executor.of(cmd.ClosePosition)) == 1


# --- reverse ----------------------------------------------------------------------------------


def test_reverse_is_one_command_with_the_tickets_bracket(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    click(desk, "reverse")
    (sent,) = desk.executor.commands
    assert isinstance(sent, cmd.ReversePosition)
    assert (sent.contract_id, sent.stop_loss_ticks, sent.take_profit_ticks) == (MNQ_ID, 20, 40)
    assert sent.press_ns == desk.clock.mono_ns()


def test_reverse_without_a_bracket_carries_none(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    QTest.mouseClick(desk.window.widgets.ticket.widgets.bracket, LEFT)
    click(desk, "reverse")
    (sent,) = desk.executor.of(cmd.ReversePosition)
    assert (sent.stop_loss_ticks, sent.take_profit_ticks) == (None, None)


def test_a_double_click_reverses_once(desk: FakeDesk) -> None:
    """Twice would be back where it was."""
    desk.ready(orders=exits(), positions=(position(1),))
    click(desk, "reverse")
    desk.clock.pass_ms(150)
    click(desk, "reverse")
    assert len(desk.executor.of(cmd.ReversePosition)) == 1


def test_reverse_with_an_unreadable_bracket_sends_nothing(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    desk.window.widgets.ticket.widgets.stop.edited.emit("x")
    click(desk, "reverse")
    assert desk.executor.commands == []
    assert "Stop" in desk.window.widgets.toasts.texts[-1]


def test_reverse_is_an_entry_and_waits_for_arming(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),), armed=False)
    assert not card(desk).buttons["reverse"].isEnabled()
    assert "Armed is off" in card(desk).buttons["reverse"].toolTip()


def test_an_average_between_two_ticks_is_shown_and_breakeven_takes_the_nearest(
    desk: FakeDesk,
) -> None:
    desk.ready(orders=exits(), positions=(position(1, "21482.3125"),))
    assert card(desk).view.breakeven_ticks == ENTRY
    click(desk, "breakeven")
    assert desk.executor.of(cmd.ModifyOrder)[0].stop_ticks == ENTRY


def test_a_click_on_the_profit_shows_dollars_ticks_and_points(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk()
    desk.ready(orders=exits(), positions=(position(2),))
    pnl = card(desk).pnl
    seen = [pnl.text]
    for _ in range(3):
        QTest.mouseClick(pnl, LEFT)
        desk.frame()
        seen.append(pnl.text)
    assert seen == ["+$14.00", "+14 t", "+3.50 pt", "+$14.00"]
    QTest.mouseClick(pnl, LEFT)
    desk.apply(ev.PositionChanged(position=position(-2)))
    assert pnl.text == "\N{MINUS SIGN}14 t"
    desk.window.release()
    assert desk.saved[-1].profit_unit == "ticks"
    again = make_desk(memory={"profit_unit": "ticks"})
    again.ready(positions=(position(1),))
    assert card(again).pnl.text == "+14 t"


def test_breakeven_by_key_acts_like_the_button(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),), armed=False)
    press(desk, Qt.Key.Key_E)
    (sent,) = desk.executor.of(cmd.ModifyOrder)
    assert (sent.order_id, sent.stop_ticks) == (102, ENTRY)
    desk.book.trade(ENTRY - 4)
    press(desk, Qt.Key.Key_E)
    assert len(desk.executor.of(cmd.ModifyOrder)) == 1
    said = desk.window.widgets.toasts.texts[-1]
    assert said == "Breakeven: Needs the market above 21,482.25."


def press(desk: FakeDesk, key: Qt.Key) -> None:
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.window, key, modifiers)
