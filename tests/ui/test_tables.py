"""Tables: the fewest changes, words for states, an action at the row's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import LAST, MNQ_ID, SECOND, exits, fill, intent, order, position, shield

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.ids import OrderId
from tradedesk.domain.order import OrderStatus, Side
from tradedesk.ui.models.table import Cell, Column, Row, TableModel

if TYPE_CHECKING:
    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.widgets.table import DeskTable

LEFT = Qt.MouseButton.LeftButton


def table(desk: FakeDesk, name: str) -> DeskTable:
    return desk.window.widgets.dock.tables[name]


def texts(desk: FakeDesk, name: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table(desk, name).table.rows]


def click_action(view: DeskTable, row: int) -> None:
    index = view.table.index(row, len(view.table.columns) - 1)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())


# --- the model --------------------------------------------------------------------------------


def rows_of(pairs: list[tuple[str, str]]) -> list[Row]:
    return [Row(key, (Cell(key), Cell(value))) for key, value in pairs]


pairs = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xyz")),
    unique_by=lambda pair: pair[0],
    max_size=8,
)


@given(st.lists(pairs, min_size=1, max_size=4))
def test_the_model_always_ends_at_the_rows_it_was_given(steps: list[list[tuple[str, str]]]) -> None:
    model = TableModel((Column("Key", "a"), Column("Value", "x")), "empty")
    mirror: list[tuple[str, str]] = []

    def copy() -> None:
        mirror[:] = [
            (model.data(model.index(at, 0)), model.data(model.index(at, 1)))
            for at in range(model.rowCount())
        ]

    def put(first: QModelIndex, last: QModelIndex) -> None:
        for at in range(first.row(), last.row() + 1):
            mirror[at] = (model.data(model.index(at, 0)), model.data(model.index(at, 1)))

    model.rowsRemoved.connect(lambda _p, first, last: mirror.__delitem__(slice(first, last + 1)))
    model.rowsInserted.connect(
        lambda _p, first, _last: mirror.insert(
            first, (model.data(model.index(first, 0)), model.data(model.index(first, 1)))
        )
    )
    model.dataChanged.connect(put)
    model.modelReset.connect(copy)
    for step in steps:
        model.set_rows(rows_of(step))
        assert mirror == step


def test_only_changed_cells_are_signalled() -> None:
    model = TableModel((Column("Key", "a"), Column("Value", "x"), Column("More", "x")), "empty")

    def row(key: str, value: str, more: str) -> Row:
        return Row(key, (Cell(key), Cell(value), Cell(more)))

    model.set_rows([row("a", "1", "1"), row("b", "1", "1")])
    changes: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(
        lambda a, b: changes.append((a.row(), a.column(), b.row(), b.column()))
    )
    model.set_rows([row("a", "1", "1"), row("b", "1", "1")])
    assert changes == []
    model.set_rows([row("a", "1", "1"), row("b", "2", "1")])
    assert changes == [(1, 1, 1, 1)]


# --- the tables of the desk -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Positions", "No open position"),
        ("Working", "No working orders. Orders you place appear here."),
        ("Fills", "No fills yet"),
        ("Latency", "No order yet"),
        ("Log", "Nothing to report"),
    ],
)
def test_an_empty_table_says_what_would_be_there(desk: FakeDesk, name: str, part: str) -> None:
    model = table(desk, name).table
    assert model.rowCount() == 0
    assert part in model.empty_text


def test_working_orders_in_words(desk: FakeDesk) -> None:
    suspended = order(
        103, Side.BUY, stop=86_000, size=3, status=OrderStatus.SUSPENDED, tag="td1-y-SL"
    )
    foreign = order(104, Side.BUY, limit=85_880, size=3, filled=1, tag=None)
    desk.ready(orders=(*exits(), suspended, foreign))
    rows = texts(desk, "Working")
    age = f"00:{(desk.clock.now_ns - 960 * SECOND) // SECOND:02}"
    assert rows == [
        ["MNQ Z26", "▼ Sell", "Limit", "1", "21,492.25", "+26 t", "Target", "Working at server",
         age, "×"],
        ["MNQ Z26", "▼ Sell", "Stop", "1", "21,477.25", "−34 t", "Stop", "Working at server",
         age, "×"],
        ["MNQ Z26", "▲ Buy", "Stop", "3", "21,500.00", "+57 t", "Stop", "Waits for entry",
         age, "×"],
        ["MNQ Z26", "▲ Buy", "Limit", "1/3", "21,470.00", "−63 t", "Not ours",
         "Working at server", age, "×"],
    ]  # fmt: skip
    assert desk.window.widgets.dock.tabs.tabs[1].accessibleName() == "Working 4"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ev.IntentState.SENT, "Sending…"),
        (ev.IntentState.UNKNOWN, "Unknown 1.5 s: asked 3 times, hub silent"),
        (ev.IntentState.NEEDS_HUMAN, "Unknown 1.5 s: look at the venue's page"),
    ],
)
def test_an_order_nobody_confirmed_is_a_row_that_cannot_be_cancelled(
    desk: FakeDesk, state: ev.IntentState, words: str
) -> None:
    desk.ready()
    desk.apply(ev.IntentChanged(intent=intent(1, state=state, asked=3)))
    (row,) = texts(desk, "Working")
    assert row[7] == words
    assert row[-1] == ""


def test_distances_and_ages_live_while_the_order_stands_still(desk: FakeDesk) -> None:
    desk.ready(orders=exits())
    changes: list[tuple[int, int]] = []
    table(desk, "Working").table.dataChanged.connect(
        lambda a, b: changes.append((a.column(), b.column()))
    )
    desk.book.trade(LAST + 2)
    desk.frame()
    assert texts(desk, "Working")[0][5] == "+24 t"
    assert set(changes) == {(5, 5)}


def test_the_cross_cancels_the_row_that_was_pressed(desk: FakeDesk) -> None:
    desk.ready(orders=exits())
    desk.window.widgets.dock.open_tab("Working")
    desk.frame()
    click_action(table(desk, "Working"), 1)
    (sent,) = desk.executor.of(cmd.CancelOrder)
    assert (sent.order_id, sent.press_ns) == (102, desk.clock.mono_ns())
    desk.frame()
    assert texts(desk, "Working")[1][7] == "Cancelling…"
    click_action(table(desk, "Working"), 1)
    assert len(desk.executor.of(cmd.CancelOrder)) == 1
    desk.apply(ev.CommandFailed(click_id=sent.click_id, reason="Too late.", order_id=sent.order_id))
    assert texts(desk, "Working")[1][7] == "Working at server"


def test_a_row_that_moves_under_the_pointer_is_not_cancelled(desk: FakeDesk) -> None:
    """Pressed on one order, released over another: nothing happens."""
    desk.ready(orders=exits())
    desk.window.widgets.dock.open_tab("Working")
    desk.frame()
    view = table(desk, "Working")
    spot = view.visualRect(view.table.index(0, 9)).center()
    QTest.mousePress(view.viewport(), LEFT, pos=spot)
    first = exits()[0]
    filled = order(first.order_id, first.side, limit=85_969, status=OrderStatus.FILLED)
    desk.apply(ev.OrderChanged(order=filled))
    QTest.mouseRelease(view.viewport(), LEFT, pos=spot)
    assert desk.executor.of(cmd.CancelOrder) == []


def test_delete_cancels_the_selected_order(desk: FakeDesk) -> None:
    desk.ready(orders=exits())
    desk.window.widgets.dock.open_tab("Working")
    view = table(desk, "Working")
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert [c.order_id for c in desk.executor.of(cmd.CancelOrder)] == [101]


def test_positions_show_money_and_cover_and_close(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),), shields=(shield(1),))
    assert texts(desk, "Positions") == [
        ["MNQ Z26", "▲ Long", "1", "21,482.25", "21,485.75", "+$7.00",
         "Covered · stop at server", "×"]
    ]  # fmt: skip
    click_action(table(desk, "Positions"), 0)
    (sent,) = desk.executor.of(cmd.ClosePosition)
    assert (sent.contract_id, sent.size) == (MNQ_ID, None)


def test_fills_newest_first(desk: FakeDesk) -> None:
    opened, closed = fill(1, Side.BUY, LAST), fill(2, Side.SELL, LAST + 10, "5")
    desk.ready(fills=(opened, closed))
    rows = texts(desk, "Fills")
    assert [row[2] for row in rows] == ["▼ Sell", "▲ Buy"]
    assert [row[5] for row in rows] == ["+$5.00", "opens"]
    assert rows[0][6] == "−$0.37"


def test_the_log_keeps_what_was_said(desk: FakeDesk) -> None:
    desk.ready()
    desk.apply(
        ev.Notice(level="info", text="Signed in", ts_ns=desk.clock.wall_ns()),
        ev.Notice(level="warning", text="The hub was lost", ts_ns=desk.clock.wall_ns()),
    )
    assert [row[2] for row in texts(desk, "Log")] == ["The hub was lost", "Signed in"]


def test_column_widths_do_not_follow_the_text(desk: FakeDesk) -> None:
    desk.ready(orders=exits())
    view = table(desk, "Working")
    desk.window.widgets.dock.open_tab("Working")
    desk.frame()
    before = [view.columnWidth(at) for at in range(10)]
    assert sum(before) <= view.viewport().width()
    many = tuple(order(200 + k, Side.BUY, limit=85_000 - k, size=1_000) for k in range(3))
    desk.apply(*(ev.OrderChanged(order=each) for each in many))
    assert [view.columnWidth(at) for at in range(10)] == before


def test_legs_that_wait_say_how_far_from_the_fill_they_will_rest(desk: FakeDesk) -> None:
    asked = intent(1, state=ev.IntentState.ACCEPTED, order_id=300)
    command = msgspec.structs.replace(
        asked.command, stop_loss_ticks=20, take_profit_ticks=40, side=Side.SELL
    )
    legs = [
        msgspec.structs.replace(
            order(number, Side.BUY, stop=1, status=OrderStatus.SUSPENDED, tag=f"td1-x{leg}"),
            stop_ticks=None,
            parent_id=OrderId(parent),
        )
        for number, leg, parent in ((301, "-SL", 300), (302, "-TP", 300), (401, "-SL", 400))
    ]
    entry = order(300, Side.SELL, limit=LAST + 8)
    desk.ready(orders=(entry, *legs))
    desk.apply(ev.IntentChanged(intent=msgspec.structs.replace(asked, command=command)))
    rows = {row[6]: row for row in texts(desk, "Working")[:3]}
    assert rows["Stop"][4] == "fill +20 t"
    assert rows["Target"][4] == "fill −40 t"
    foreign = texts(desk, "Working")[3]
    assert (foreign[4], foreign[7]) == ("—", "Waits for entry"), "nobody here asked for it"
