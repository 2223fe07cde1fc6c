"""Rows of the working orders table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.ids import ContractId, OrderId
from tradedesk.domain.order import Order, OrderStatus, OrderType, Role, Side
from tradedesk.ui import words
from tradedesk.ui.models.doubts import doubt_text
from tradedesk.ui.models.table import Cell, CellKind, Column, Row, TableModel, action
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.ports import Book

COLUMNS = (
    Column("Contract", "MNQ Z26 00"),
    Column("Side", "▼ Sell 00"),
    Column("Type", "Stop limit"),
    Column("Qty", "10/100", right=True),
    Column("Price", "121,482.25", right=True),
    Column("Distance", "−1,000 t", right=True),
    Column("Role", "External", stretch=1),
    Column("State", "Unknown 12 s: asked 3 times, hub silent", stretch=2),
    Column("Age", "10:00:00", right=True),
    Column("", "×", right=True, stretch=0),
)

_STATES = {
    OrderStatus.OPEN: "Working at server",
    OrderStatus.PENDING: "Pending at server",
    OrderStatus.SUSPENDED: "Waits for entry",
    OrderStatus.PENDING_CANCELLATION: "Cancelling…",
}
_INTENTS = {
    IntentState.ARMED: ("Sending…", Tone.LABEL),
    IntentState.SENT: ("Sending…", Tone.LABEL),
    IntentState.ACCEPTED: ("Accepted, waiting for the hub…", Tone.LABEL),
}
_DOUBTFUL = (IntentState.UNKNOWN, IntentState.NEEDS_HUMAN)
_NOT_OURS = "Not ours"


class OrdersModel(TableModel):
    """Working orders and orders on their way, of the selected account."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "No working orders. Orders you place appear here.")


def order_rows(
    state: DeskState,
    books: Mapping[ContractId, Book],
    market_ns: int,
    wall_ns: int,
    cancelling: Set[OrderId] = frozenset(),
) -> list[Row]:
    """A row for each working order, then one for each order nobody has confirmed yet.

    Orders are as old as the venue's clock ``market_ns`` says, clicks as ours, ``wall_ns``.
    """
    rows = [
        _order_row(
            state, order, books.get(order.contract_id), market_ns, order.order_id in cancelling
        )
        for order in state.working_orders()
    ]
    rows += [
        _intent_row(state, intent, books.get(intent.command.contract_id), wall_ns)
        for intent in state.unplaced_intents()
    ]
    return rows


def order_id_of(key: str) -> OrderId | None:
    """The order a row stands for; None for an order that has no id yet."""
    return OrderId(int(key)) if key.isdigit() else None


def _order_row(
    state: DeskState,
    order: Order,
    book: Book | None,
    market_ns: int,
    cancelling: bool,
) -> Row:
    text = _STATES.get(order.status, order.status.name.capitalize())
    tone = Tone.TEXT if order.status is OrderStatus.OPEN else Tone.SOFT
    if cancelling:
        text, tone = _STATES[OrderStatus.PENDING_CANCELLATION], Tone.SOFT
    role = state.role(order)
    quantity = f"{order.filled}/{order.size}" if order.filled else str(order.size)
    price = order.price_ticks
    return Row(
        str(order.order_id),
        (
            _contract(state, order.contract_id),
            _side(order.side),
            Cell(order.type.word),
            Cell(quantity),
            _order_price(state, order),
            _distance(book, price),
            _role(role),
            Cell(text, tone),
            _age(order.created_ns, market_ns),
            action("Cancel this order", allowed=not cancelling),
        ),
    )


def _intent_row(state: DeskState, intent: Intent, book: Book | None, wall_ns: int) -> Row:
    command = intent.command
    price = command.limit_ticks if command.limit_ticks is not None else command.stop_ticks
    if intent.state in _DOUBTFUL:
        text, tone = doubt_text(intent, state.health, wall_ns), Tone.WARN
    else:
        text, tone = _INTENTS.get(intent.state, (intent.state.value.capitalize(), Tone.LABEL))
    return Row(
        f"intent {intent.tag}",
        (
            _contract(state, command.contract_id),
            _side(command.side),
            Cell(command.type.word),
            Cell(str(command.size)),
            _price(state, command.contract_id, price),
            _distance(book, price),
            Cell(Role.ENTRY.word, Tone.SOFT, CellKind.BADGE),
            Cell(text, tone, tip=intent.reason),
            _age(intent.created_ns, wall_ns),
            action("", allowed=False),
        ),
    )


def _role(role: Role) -> Cell:
    if role is Role.EXTERNAL:
        return Cell(_NOT_OURS, Tone.WARN, CellKind.BADGE, "Not placed by this desk; left alone")
    return Cell(role.word, Tone.SOFT, CellKind.BADGE)


def _contract(state: DeskState, contract_id: ContractId) -> Cell:
    instrument = state.instruments.get(contract_id)
    return Cell(instrument.short_name if instrument is not None else str(contract_id))


def _side(side: Side) -> Cell:
    return Cell(words.side(side), Tone.BUY if side is Side.BUY else Tone.SELL)


def _order_price(state: DeskState, order: Order) -> Cell:
    """Where an order rests; a leg that waits has no price yet, only a distance."""
    if order.price_ticks is not None or order.type is OrderType.MARKET:
        return _price(state, order.contract_id, order.price_ticks)
    ticks = _leg_ticks(state, order)
    if ticks is None:
        return Cell(words.NONE, Tone.LABEL, tip="Its price is known once the entry has filled")
    return Cell(
        f"fill {words.ticks(ticks)}", Tone.SOFT, tip="Counted from where the entry will fill"
    )


def _leg_ticks(state: DeskState, order: Order) -> int | None:
    """Signed distance of a bracket leg from its entry's fill, if this desk asked for it."""
    asked = (i.command for i in state.intents.values() if i.order_id == order.parent_id)
    command = next(asked, None) if order.parent_id is not None else None
    if command is None:
        return None
    stop = state.role(order) is Role.STOP
    ticks = command.stop_loss_ticks if stop else command.take_profit_ticks
    if ticks is None:
        return None
    return -command.side.sign * ticks if stop else command.side.sign * ticks


def _price(state: DeskState, contract_id: ContractId, price_ticks: int | None) -> Cell:
    instrument = state.instruments.get(contract_id)
    if price_ticks is None:
        return Cell("market", Tone.LABEL)
    return Cell(instrument.tick.text(price_ticks) if instrument is not None else words.NONE)


def _distance(book: Book | None, price_ticks: int | None) -> Cell:
    if book is None or book.last_ticks is None or price_ticks is None:
        return Cell(words.NONE, Tone.LABEL)
    return Cell(words.ticks(price_ticks - book.last_ticks))


def _age(created_ns: int, wall_ns: int) -> Cell:
    return Cell(words.duration(wall_ns - created_ns) if created_ns else words.NONE)
