"""Orders that nobody has confirmed: shown with what is known, settled by a person, sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import ACCOUNT, LAST, START_NS, health, intent
from tests.ui.scenes import walk

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.ids import OrderId
from tradedesk.domain.stamps import Stamps
from tradedesk.services.chart_line import LineKind
from tradedesk.services.chart_lines import chart_lines
from tradedesk.ui.chart import inks

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.unknown.panel import DoubtItem, UnknownPanel

LEFT = Qt.MouseButton.LeftButton
S = ev.IntentState


def panel(desk: FakeDesk) -> UnknownPanel:
    return desk.window.widgets.unknown


def first(desk: FakeDesk) -> DoubtItem:
    return panel(desk).items[0]


def tell(desk: FakeDesk, state: ev.IntentState, **members: object) -> ev.Intent:
    told = intent(1, state=state, **members)  # type: ignore[arg-type]
    desk.apply(ev.IntentChanged(intent=told))
    return told


def test_an_unknown_order_says_how_often_and_by_whom_it_was_asked_about(desk: FakeDesk) -> None:
    desk.ready()
    tell(desk, S.UNKNOWN, asked=3)
    row = desk.window.widgets.dock.model("Working").rows[0]
    assert row.cells[7].text == "Unknown 1.5 s: asked 3 times, hub silent"
    assert "asked 3 times, hub silent" in first(desk).text.text()
    assert "Nothing is sent again" in first(desk).text.text()
    assert not first(desk).again.isVisible()
    desk.apply(health(user_hub_connected=False))
    tell(desk, S.UNKNOWN, asked=1)
    assert "asked once, hub lost" in first(desk).text.text()


def test_it_is_a_dashed_grey_line_on_the_chart(desk: FakeDesk) -> None:
    desk.ready()
    tell(desk, S.UNKNOWN)
    instrument = desk.window.presenter.selection.instrument
    assert instrument is not None
    (line,) = chart_lines(desk.state, instrument, LAST)
    assert line.kind is LineKind.UNKNOWN
    assert line.text.startswith("? BUY LMT 2")
    ink = inks.of_line(line, unconfirmed=False)
    assert ink.dash == (7, 4)
    assert ink.line == "tx2"
    tell(desk, S.NEEDS_HUMAN)
    (line,) = chart_lines(desk.state, instrument, LAST)
    assert line.kind is LineKind.UNKNOWN


def test_an_absent_order_is_sent_again_under_its_own_tag(desk: FakeDesk) -> None:
    desk.ready()
    told = tell(desk, S.ABSENT, reason="The venue was asked 9 times and does not know it.")
    assert "does not know it" in first(desk).text.text()
    assert first(desk).again.focusPolicy() is Qt.FocusPolicy.NoFocus
    QTest.mouseClick(first(desk).again, LEFT)
    (sent,) = desk.executor.of(cmd.PlaceOrder)
    assert sent.custom_tag == told.tag
    assert (sent.side, sent.type, sent.size, sent.limit_ticks) == (
        told.command.side,
        told.command.type,
        told.command.size,
        told.command.limit_ticks,
    )
    assert sent.reference_ticks == LAST, "judged by the price of now"
    assert sent.click_id != told.command.click_id
    tell(desk, S.SENT)
    assert not panel(desk).isVisible()


def test_sending_again_is_an_entry_and_obeys_what_blocks_entries(desk: FakeDesk) -> None:
    desk.ready(armed=False)
    tell(desk, S.ABSENT)
    assert not first(desk).again.isEnabled()
    assert "Armed is off" in first(desk).again.toolTip()


def test_an_absent_order_can_be_left_and_is_not_offered_for_ever(desk: FakeDesk) -> None:
    desk.ready()
    tell(desk, S.ABSENT)
    QTest.mouseClick(first(desk).close_button, LEFT)
    desk.frame()
    assert not panel(desk).isVisible()
    desk.apply(ev.IntentChanged(intent=intent(2, state=S.ABSENT)))
    assert panel(desk).isVisible()
    desk.frame(180_000)
    assert not panel(desk).isVisible(), "the market is another one by now"


def test_a_person_settles_what_could_not_be_found_out(desk: FakeDesk) -> None:
    desk.ready()
    told = tell(desk, S.NEEDS_HUMAN)
    assert told.tag in first(desk).text.text()
    assert "venue's own page" in first(desk).text.text()
    QTest.mouseClick(first(desk).there, LEFT)
    QTest.mouseClick(first(desk).absent, LEFT)
    assert [(c.tag, c.placed) for c in desk.executor.of(cmd.SettleIntent)] == [
        (told.tag, True),
        (told.tag, False),
    ]
    assert panel(desk).isVisible(), "only the executor's word settles it"
    tell(desk, S.ACCEPTED, order_id=5)
    assert not panel(desk).isVisible()
    assert desk.window.widgets.toasts.texts == []


def test_the_urgent_one_comes_first_and_the_rest_is_counted(desk: FakeDesk) -> None:
    desk.ready()
    for number, state in enumerate((S.UNKNOWN, S.ABSENT, S.NEEDS_HUMAN), start=1):
        desk.apply(ev.IntentChanged(intent=intent(number, state=state)))
    assert [d.key for d in panel(desk).shown] == ["td1-3", "td1-2", "td1-1"]
    assert panel(desk).more.text() == "and 1 more in the Working tab"


def test_a_change_nobody_knows_of_is_told(desk: FakeDesk) -> None:
    desk.ready()
    command = cmd.CancelOrder(click_id="x", press_ns=0, account_id=ACCOUNT, order_id=OrderId(812))
    change = Change(key="order-812-1", command=command, state=ChangeState.UNKNOWN, stamps=Stamps(0))
    desk.apply(ev.ChangeMoved(change=change))
    assert first(desk).title.text() == "? Cancel of order 812"
    stuck = Change(
        key="order-812-1", command=command, state=ChangeState.NEEDS_HUMAN, stamps=Stamps(0)
    )
    desk.apply(ev.ChangeMoved(change=stuck))
    QTest.mouseClick(first(desk).close_button, LEFT)
    desk.frame()
    assert not panel(desk).isVisible()


def test_the_card_keeps_to_the_charts_lower_left_corner(make_desk: Callable[..., FakeDesk]) -> None:
    desk = make_desk(1_280, 720, bars=walk)
    desk.ready()
    told = tell(desk, S.NEEDS_HUMAN)
    assert told.created_ns > START_NS
    for size in ((1_280, 720), (1_600, 1_000), (1_180, 640)):
        desk.window.resize(*size)
        desk.frame()
        card, chart = panel(desk), desk.window.widgets.chart
        assert chart.rect().contains(card.geometry())
        assert card.geometry().left() == 12
        assert card.geometry().bottom() < chart.height() - 30, "the time axis stays free"
        for item in card.items:
            room = item.text
            assert not room.isVisible() or room.heightForWidth(room.width()) <= room.height()
