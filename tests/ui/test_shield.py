"""The shield: green only on proof, loud when bare, and gone when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import LAST, MNQ_ID, SECOND, exits, order, position, shield

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.order import Side
from tradedesk.domain.safety import ShieldState
from tradedesk.services.chart_lines import chart_lines
from tradedesk.ui.widgets.shield_mark import paint_shield

if TYPE_CHECKING:
    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.position.panel import PositionPanel

LEFT = Qt.MouseButton.LeftButton
BARE = "Long 1 MNQ Z26 has no stop for 1 contract."


def card(desk: FakeDesk) -> PositionPanel:
    return desk.window.widgets.position


def covered(desk: FakeDesk, **members: object) -> None:
    fresh = shield(1, proven_ns=desk.clock.now_ns, **members)  # type: ignore[arg-type]
    desk.ready(orders=exits(), positions=(position(1),), shields=(fresh,))


def test_covered_names_the_stop_and_the_age_of_the_proof(desk: FakeDesk) -> None:
    covered(desk)
    desk.book.trade(LAST)
    desk.frame(960)
    assert card(desk).cover.text.text() == "Stop at 21,477.25 · proven 1.2 s ago"
    assert card(desk).cover.mark.state is ShieldState.COVERED
    assert card(desk).badge.property("chip") == "covered"
    assert not card(desk).cover.protect.isVisible()


def test_an_old_proof_is_no_proof(desk: FakeDesk) -> None:
    covered(desk)
    desk.frame(15_000)
    assert card(desk).cover.mark.state is ShieldState.CHECKING
    assert card(desk).badge.property("chip") == "plain"
    assert card(desk).cover.text.text() == "Asking the venue · last proven 15 s ago"


@pytest.mark.parametrize("net_size", [2, -1])
def test_a_proof_for_another_position_is_no_proof(desk: FakeDesk, net_size: int) -> None:
    covered(desk)
    desk.apply(ev.PositionChanged(position=position(net_size)))
    assert card(desk).cover.mark.state is ShieldState.CHECKING


def test_nothing_is_green_while_the_executor_is_gone(desk: FakeDesk) -> None:
    covered(desk)
    desk.apply(desk.session(phase=ev.Phase.STOPPED, armed=False))
    assert card(desk).cover.mark.state is not ShieldState.COVERED
    (line,) = [x for x in lines(desk) if x.key == "position"]
    assert line.shield is ShieldState.CHECKING


def test_bare_is_loud_and_its_button_asks_for_a_stop_once(desk: FakeDesk) -> None:
    stop = order(102, Side.SELL, stop=85_909)
    half = shield(3, ShieldState.BARE, covered=1)
    desk.ready(orders=(stop,), positions=(position(3),), shields=(half,))
    strip = card(desk).cover
    assert strip.text.text() == "No stop for 2 contracts"
    assert strip.property("cover") == "bare"
    assert strip.protect.focusPolicy() is Qt.FocusPolicy.NoFocus
    QTest.mouseClick(strip.protect, LEFT)
    desk.clock.pass_ms(150)
    QTest.mouseClick(strip.protect, LEFT)
    (sent,) = desk.executor.of(cmd.ProtectPosition)
    assert (sent.contract_id, sent.stop_ticks) == (MNQ_ID, None)
    desk.apply(ev.ShieldChanged(shield=shield(3, ShieldState.PROTECTING, covered=1)))
    assert not strip.protect.isVisible()
    assert strip.text.text() == "Placing a stop for 2 contracts…"


def test_a_stop_can_be_asked_for_while_everything_blocks_entries(desk: FakeDesk) -> None:
    desk.ready(positions=(position(1),), shields=(shield(1, ShieldState.BARE),), armed=False)
    desk.apply(desk.session(armed=False, phase=ev.Phase.DEGRADED, detail="the hub is silent"))
    desk.frame(20_000)
    QTest.mouseClick(card(desk).cover.protect, LEFT)
    assert len(desk.executor.of(cmd.ProtectPosition)) == 1


def test_the_exits_do_not_move_when_cover_comes_and_goes(desk: FakeDesk) -> None:
    covered(desk)
    before = card(desk).buttons["close"].geometry()
    desk.apply(ev.ShieldChanged(shield=shield(1, ShieldState.BARE)))
    assert card(desk).buttons["close"].geometry() == before
    desk.apply(ev.PositionChanged(position=position(0)))
    assert card(desk).buttons["close"].geometry() == before


# --- the alarm --------------------------------------------------------------------------------


def alarm(text: str = BARE) -> ev.Notice:
    return ev.Notice(level="alarm", text=text, ts_ns=1, about=MNQ_ID)


def bare(desk: FakeDesk) -> None:
    desk.ready(positions=(position(1),))
    desk.apply(ev.ShieldChanged(shield=shield(1, ShieldState.BARE)), alarm())
    assert desk.window.widgets.toasts.texts == [BARE]


@pytest.mark.parametrize("state", [s for s in ShieldState if s is not ShieldState.COVERED])
def test_the_alarm_stays_while_the_position_is_not_proven_covered(
    desk: FakeDesk, state: ShieldState
) -> None:
    bare(desk)
    desk.apply(ev.ShieldChanged(shield=shield(1, state)))
    desk.frame(10_000)
    assert desk.window.widgets.toasts.texts == [BARE]


def test_the_alarm_goes_by_itself_when_the_position_is_covered(desk: FakeDesk) -> None:
    bare(desk)
    desk.apply(ev.ShieldChanged(shield=shield(1)))
    assert desk.window.widgets.toasts.texts == []


def test_the_alarm_goes_by_itself_when_the_position_is_gone(desk: FakeDesk) -> None:
    bare(desk)
    desk.apply(ev.PositionChanged(position=position(0)))
    assert desk.window.widgets.toasts.texts == []


def test_the_alarm_goes_by_itself_when_a_snapshot_says_so(desk: FakeDesk) -> None:
    bare(desk)
    desk.ready()
    assert desk.window.widgets.toasts.texts == []


def test_another_alarm_takes_the_place_of_the_first(desk: FakeDesk) -> None:
    bare(desk)
    desk.apply(alarm("Long 1 MNQ Z26 could not be covered and is closed at market."))
    (text,) = desk.window.widgets.toasts.texts
    assert "closed at market" in text


# --- chart and tables -------------------------------------------------------------------------


def lines(desk: FakeDesk) -> list:  # type: ignore[type-arg]
    instrument = desk.window.presenter.selection.instrument
    assert instrument is not None
    return chart_lines(desk.state, instrument, LAST, desk.clock.mono_ns())


def test_the_line_of_the_position_wears_the_shield(desk: FakeDesk) -> None:
    covered(desk)
    assert lines(desk)[0].shield is ShieldState.COVERED
    desk.apply(ev.ShieldChanged(shield=shield(1, ShieldState.BARE)))
    assert lines(desk)[0].text == "LONG 1  NO STOP FOR 1  @ 21,482.25  +$7.00"


def test_orders_of_others_are_marked(desk: FakeDesk) -> None:
    desk.ready(orders=(order(7, Side.BUY, limit=85_880, tag=None),))
    assert "not ours" in lines(desk)[0].text
    role = desk.window.widgets.dock.model("Working").rows[0].cells[6]
    assert role.text == "Not ours"


def test_every_state_has_a_shape_of_its_own(dressed: object) -> None:
    """Told apart without colour: no two signs cover the same points."""
    seen = set()
    for state in ShieldState:
        image = QImage(24, 28, QImage.Format.Format_ARGB32)
        image.fill(QColor(0, 0, 0, 0))
        painter = QPainter(image)
        painter.scale(2, 2)
        paint_shield(painter, QRectF(0, 0, 12, 14), state)
        painter.end()
        inked = image.createAlphaMask().convertToFormat(QImage.Format.Format_Grayscale8)
        seen.add(bytes(inked.constBits()))
    assert len(seen) == len(ShieldState)


def test_the_age_of_a_proof_is_not_counted_from_the_future(desk: FakeDesk) -> None:
    ahead = shield(1, proven_ns=desk.clock.now_ns + 5 * SECOND)
    desk.ready(orders=exits(), positions=(position(1),), shields=(ahead,))
    assert card(desk).cover.text.text().endswith("proven 0 ms ago")
