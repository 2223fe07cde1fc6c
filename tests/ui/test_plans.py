"""Risk boxes in the window: into the ticket, to the venue by the ticket's checks, and kept."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import LAST, MNQ_ID
from tests.ui.scenes import walk

from tradedesk.domain import commands as cmd
from tradedesk.domain.order import OrderType, Side
from tradedesk.services.drawings.drawing import Anchor, Drawing, Kind
from tradedesk.services.drawings.record import DrawingRecord, read_record, record_content
from tradedesk.services.drawings.risk_plan import risk_plan
from tradedesk.store.record_file import Form
from tradedesk.store.record_folder import RecordFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.chart.drawings.feature import Drawings


@pytest.fixture
def desk(make_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """A window with bars."""
    return make_desk(bars=walk)


def drawings(desk: FakeDesk) -> Drawings:
    return desk.window.widgets.chart.drawings


def box(desk: FakeDesk, entry: int, stop: int, target: int, cents: int | None = 10_000) -> Drawing:
    """A risk box in view, selected."""
    easel = drawings(desk).easel
    times = desk.window.widgets.chart._stage.model.series.ts_ns
    left, right = int(times[-40]), int(times[-1])
    made = Drawing(
        id=easel.book.new_id(),
        kind=Kind.RISK,
        anchors=(Anchor(left, entry), Anchor(right, stop), Anchor(right, target)),
        risk_cents=cents,
    )
    easel.book.add(made)
    easel.select(made.id)
    desk.frame()
    return made


def press(desk: FakeDesk, action: str) -> None:
    """Click a button of the selected box."""
    seen = drawings(desk).layer.selected()
    assert seen is not None
    place = next(w.box for w in seen.figure.words if w.action == action)
    at = QPoint(int((place.left + place.right) / 2), int((place.top + place.bottom) / 2))
    canvas = desk.window.widgets.chart.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    desk.frame()


def placed(desk: FakeDesk) -> list[cmd.PlaceOrder]:
    return desk.executor.of(cmd.PlaceOrder)


def said(desk: FakeDesk) -> list[str]:
    return [toast.text.text() for toast in desk.window.widgets.toasts.shown]


def test_use_in_ticket_fills_it_and_sends_nothing(desk: FakeDesk) -> None:
    desk.ready()
    box(desk, LAST - 8, LAST - 28, LAST + 32)
    press(desk, "ticket")
    entered = desk.window.widgets.ticket.entered
    assert (entered.type, entered.quantity, entered.bracket_on) == (OrderType.LIMIT, "10", True)
    assert (entered.stop, entered.target) == ("20", "40")
    assert entered.price == "21,483.75"
    assert placed(desk) == []
    assert any(text.endswith("Nothing was sent.") for text in said(desk))


@pytest.mark.parametrize(
    ("entry", "stop", "side", "kind"),
    [
        (-8, -28, Side.BUY, OrderType.LIMIT),
        (+8, -12, Side.BUY, OrderType.STOP),
        (+8, +28, Side.SELL, OrderType.LIMIT),
        (-8, +12, Side.SELL, OrderType.STOP),
    ],
)
def test_place_asks_for_the_bracket_order(
    desk: FakeDesk, entry: int, stop: int, side: Side, kind: OrderType
) -> None:
    desk.ready()
    made = box(desk, LAST + entry, LAST + stop, LAST + entry - 2 * (stop - entry))
    press(desk, "place")
    (order,) = placed(desk)
    assert (order.side, order.type, order.size) == (side, kind, 10)
    assert (order.stop_loss_ticks, order.take_profit_ticks) == (20, 40)
    resting = order.limit_ticks if kind is OrderType.LIMIT else order.stop_ticks
    assert resting == made.anchors[0].ticks


def test_disarmed_nothing_is_sent_and_the_reason_is_told(desk: FakeDesk) -> None:
    desk.ready(armed=False)
    box(desk, LAST - 8, LAST - 28, LAST + 32)
    press(desk, "place")
    assert placed(desk) == []
    assert any("rmed" in text for text in said(desk))


def test_a_stop_nearer_than_the_rule_is_refused(desk: FakeDesk) -> None:
    desk.ready()
    box(desk, LAST - 8, LAST - 9, LAST + 32)
    press(desk, "place")
    assert placed(desk) == []
    assert any("Stop 1 t is too close: type 4 or more." in text for text in said(desk))


def test_a_second_press_right_after_the_first_places_nothing(desk: FakeDesk) -> None:
    desk.ready()
    box(desk, LAST - 8, LAST - 28, LAST + 32)
    seen = drawings(desk).layer.selected()
    assert seen is not None
    for _ in range(2):
        drawings(desk)._act("place", seen.drawing, desk.clock.mono_ns())
    assert len(placed(desk)) == 1


def test_too_small_a_risk_has_no_buttons_and_says_so(desk: FakeDesk) -> None:
    desk.ready()
    made = box(desk, LAST - 8, LAST - 28, LAST + 32, cents=999)
    seen = drawings(desk).layer.selected()
    assert seen is not None
    assert not any(words.action for words in seen.figure.words)
    assert any("Risk $9.99 < $10.00 for one contract" in w.text for w in seen.figure.words)
    drawings(desk)._act("place", made, desk.clock.mono_ns())
    assert placed(desk) == []
    assert any("is less than the $10.00 of one contract" in text for text in said(desk))


def test_boxes_without_a_risk_of_their_own_take_that_of_the_settings(desk: FakeDesk) -> None:
    desk.ready()
    rules = drawings(desk).easel.rules
    assert rules.risk == Decimal(250)
    assert rules.most == desk.context.settings.max_order_size
    made = box(desk, LAST, LAST - 20, LAST + 40)
    instrument = desk.book.instrument
    assert risk_plan(made, instrument, rules).size == 10


def headline(desk: FakeDesk) -> str:
    seen = drawings(desk).layer.selected()
    assert seen is not None
    return next(w.text for w in seen.figure.words if " · risk " in w.text)


def test_the_risk_per_trade_is_set_in_the_menu_of_a_box(desk: FakeDesk) -> None:
    desk.ready()
    made = box(desk, LAST - 8, LAST - 28, LAST + 32, cents=None)
    assert headline(desk) == "BUY · risk $250 → 25 contracts"
    menus, field = drawings(desk).drawing_menus, drawings(desk).box.field
    menus.open(made, QPointF(300, 300))
    assert menus.menu is not None
    next(a for a in menus.menu.actions() if a.text() == "Risk per trade…").trigger()
    menus.close()
    assert field.text() == "250"
    for text in ("0", "12.50", "1000001", "x"):
        QTest.keySequence(field, QKeySequence.StandardKey.SelectAll)
        QTest.keyClicks(field, text)
        assert drawings(desk).box.hint.text() == (
            f"“{text}” cannot be the risk per trade: type whole dollars from 1 to 1,000,000."
        )
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.kept == []
    QTest.keySequence(field, QKeySequence.StandardKey.SelectAll)
    QTest.keyClicks(field, "$40")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [settings.trade_risk for settings in desk.kept] == [40]
    assert headline(desk) == "BUY · risk $40 → 4 contracts"


def test_the_risk_per_trade_is_set_among_the_limits(desk: FakeDesk) -> None:
    desk.ready()
    box(desk, LAST - 8, LAST - 28, LAST + 32, cents=None)
    desk.window.risk.open()
    dialog = desk.window.risk.dialog
    assert dialog is not None
    field = dialog.fields.fields["trade_risk"].input
    field.setText("")
    QTest.keyClicks(field, "0")
    assert "Risk per trade: 0 cannot be used" in dialog.note.text()
    assert not dialog.save_button.isEnabled()
    field.setText("")
    QTest.keyClicks(field, "70")
    QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    desk.frame()
    assert [settings.trade_risk for settings in desk.kept] == [70]
    assert headline(desk) == "BUY · risk $70 → 7 contracts"


def test_limits_that_are_open_follow_the_menu_and_keep_what_is_typed(desk: FakeDesk) -> None:
    desk.ready()
    desk.window.risk.open()
    dialog = desk.window.risk.dialog
    assert dialog is not None
    field = dialog.fields.fields["trade_risk"].input
    drawings(desk).trade_risk_chosen.emit(60)
    assert field.text() == "60"
    assert not dialog.save_button.isEnabled()
    field.setText("")
    QTest.keyClicks(field, "75")
    drawings(desk).trade_risk_chosen.emit(80)
    assert field.text() == "75"
    assert dialog.save_button.isEnabled()


def test_drawings_go_to_the_shelf_of_the_desk(desk: FakeDesk) -> None:
    desk.ready()
    made = box(desk, LAST, LAST - 20, LAST + 40)
    assert desk.context.drawings.book(MNQ_ID).drawings == (made,)


def test_the_menu_places_with_the_moment_of_its_own_press(desk: FakeDesk) -> None:
    desk.ready()
    box(desk, LAST - 8, LAST - 28, LAST + 32)
    seen = drawings(desk).layer.selected()
    assert seen is not None
    place = next(w.box for w in seen.figure.words if w.action == "ticket")
    canvas = desk.window.widgets.chart.canvas
    at = QPoint(int(place.left) + 5, int(place.top) + 5)
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, at)
    menu = drawings(desk).drawing_menus.menu
    assert menu is not None
    desk.frame(30_000)
    pressed = desk.clock.mono_ns()
    entry = next(a for a in menu.actions() if a.text() == "Place BUY 10 with stop and target")
    middle = menu.actionGeometry(entry).center()
    desk.book.trade(LAST)
    desk.frame(0)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    desk.frame()
    (order,) = placed(desk)
    assert order.press_ns == pressed


def test_drawings_are_written_soon_after_a_change_and_when_the_window_closes(
    desk: FakeDesk, tmp_path: Path
) -> None:
    desk.ready()
    folder = RecordFolder(tmp_path / "drawings", DrawingRecord(), Form(read_record, record_content))
    desk.context.drawings._store = folder
    made = box(desk, LAST, LAST - 20, LAST + 40)
    assert folder.load(MNQ_ID)[0].drawings == ()
    keeper = desk.window.presenter._drawings
    assert keeper._timer.isActive()
    keeper._timer.timeout.emit()
    assert folder.load(MNQ_ID)[0].drawings == (made,)
    drawings(desk).easel.book.undo()
    desk.window.presenter.stop()
    assert folder.load(MNQ_ID)[0].drawings == ()
    assert not keeper._timer.isActive()
