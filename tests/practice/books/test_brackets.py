"""Bracket life cycles on an exchange whose market and timers the test moves by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.practice.books.plain_market import MNQ, absorb, book, bought, sold

from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.gateway.wire.orders import BracketModel, ModifyOrderRequest, PlaceOrderRequest
from tradedesk.practice.books.exchange import Exchange
from tradedesk.practice.books.ledger import HalfTurn, Ledger, PositionRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.books.matching import Book
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.market.prints import Print
    from tradedesk.practice.products import Contract

ACCOUNT = 1
OPEN, FILLED, CANCELLED = OrderStatus.OPEN, OrderStatus.FILLED, OrderStatus.CANCELLED
PENDING, SUSPENDED = OrderStatus.PENDING, OrderStatus.SUSPENDED


class Floor:
    """A market of one contract, a clock that stands still, timers that run when told."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.ledger = Ledger(ACCOUNT, Decimal(150_000), 1, 1)
        self._book = book()
        self._now_ns = 0
        self._entries: list[tuple[int, int, Callable[[], None]]] = []
        self.exchange = Exchange({ACCOUNT: self.ledger}, self, self, first_order_id=1)

    def at(self, ts_ns: int, action: Callable[[], None]) -> None:
        self._entries.append((ts_ns, len(self._entries), action))

    def next_entry(self) -> None:
        self._entries.sort()
        self._now_ns, _, action = self._entries.pop(0)
        action()

    def settle_timers(self) -> None:
        while self._entries:
            self.next_entry()

    def trade(self, trade: Print) -> None:
        absorb(self._book, trade, self.exchange.execution.apply)
        self.exchange.execution.moved(self._book.trailed())

    def catch_up(self) -> None:
        """Everything has been played."""

    def now_ns(self) -> int:
        return self._now_ns

    def find(self, contract_id: str) -> Contract | None:
        return MNQ

    def is_active(self, contract: Contract) -> bool:
        return True

    def is_open(self, contract: Contract) -> bool:
        return True

    def is_quoted(self, contract: Contract) -> bool:
        return True

    def book(self, contract: Contract) -> Book:
        return self._book

    def settle(self, contract: Contract) -> None:
        """The book plays on whether anybody needs it or not."""

    def on_order(self, row: OrderRow) -> None:
        self.heard.append((row.id, row.status.name, row.size, row.filled))

    def on_trade(self, trade: HalfTurn) -> None:
        self.heard.append(("trade", trade.size))

    def on_position(self, account_id: int, row: PositionRow) -> None:
        self.heard.append(("position", row.net))

    def on_account(self, ledger: Ledger) -> None:
        self.heard.append("account")

    def place(self, size: int = 2, **more: Any) -> int:
        """Place an entry with a bracket of 20 ticks each way; ids n, n + 1 and n + 2."""
        members: dict[str, Any] = {"type": 2, "side": 0, "custom_tag": f"t{len(self.heard)}"}
        members |= more
        sign = 1 if members["side"] == 0 else -1
        answer = self.exchange.place(
            PlaceOrderRequest(
                account_id=ACCOUNT,
                contract_id=MNQ.contract_id,
                size=size,
                **{
                    "stop_loss_bracket": BracketModel(ticks=-20 * sign, type=4),
                    "take_profit_bracket": BracketModel(ticks=20 * sign, type=1),
                    **members,
                },
            )
        )
        assert answer.code == 0, answer.message
        assert answer.order_id is not None
        return answer.order_id

    def rows(self, entry: int) -> tuple[OrderRow, OrderRow, OrderRow]:
        """Entry, stop and target."""
        rows = self.exchange.rows
        return rows[entry], rows[entry + 1], rows[entry + 2]

    def statuses(self, entry: int) -> tuple[OrderStatus, ...]:
        return tuple(row.status for row in self.rows(entry))


@pytest.fixture
def floor() -> Floor:
    return Floor()


def test_news_of_a_market_entry_come_in_production_order(floor: Floor) -> None:
    floor.place()
    floor.settle_timers()
    assert floor.heard == [
        (2, "SUSPENDED", 2, 0),
        (1, "PENDING", 2, 0),
        (3, "SUSPENDED", 2, 0),
        (1, "FILLED", 2, 2),
        ("trade", 2),
        ("position", 2),
        "account",
        (3, "OPEN", 2, 0),
        (2, "OPEN", 2, 0),
    ]
    entry, stop, target = floor.rows(1)
    assert (entry.bracket, stop.parent_id, target.parent_id) == ((2, 3), 1, 1)
    assert (stop.linked_id, target.linked_id) == (None, 2)
    assert (stop.tag, target.tag) == ("t0-SL", "t0-TP")
    assert (stop.stop, stop.limit, target.limit, target.stop) == (81, None, 121, None)
    assert stop.side is target.side is Side.SELL
    assert (stop.type, target.type) == (OrderType.STOP, OrderType.LIMIT)


@pytest.mark.parametrize(
    ("trade", "filled", "cancelled"), [(bought(122, 9), 3, 2), (sold(81, 9), 2, 3)]
)
def test_one_leg_fills_and_the_other_is_cancelled(
    floor: Floor, trade: Print, filled: int, cancelled: int
) -> None:
    floor.place()
    floor.settle_timers()
    floor.trade(trade)
    assert floor.exchange.rows[filled].status is FILLED
    assert floor.exchange.rows[cancelled].status is CANCELLED
    assert floor.ledger.positions() == []
    assert floor.heard[-1] == (cancelled, "CANCELLED", 2, 0)


def test_legs_of_a_resting_entry_stay_suspended_until_it_fills(floor: Floor) -> None:
    first = floor.place(type=1, limit_price=24.0)
    floor.settle_timers()
    assert floor.statuses(first) == (OPEN, SUSPENDED, SUSPENDED)
    floor.trade(sold(95, 1))
    floor.settle_timers()
    assert floor.statuses(first) == (FILLED, OPEN, OPEN)
    _, stop, target = floor.rows(first)
    assert (stop.stop, target.limit) == (76, 116)


def test_cancelling_an_unfilled_entry_cancels_its_legs(floor: Floor) -> None:
    first = floor.place(type=1, limit_price=24.0)
    assert floor.exchange.cancel(ACCOUNT, first).code == 0
    floor.settle_timers()
    assert floor.statuses(first) == (CANCELLED, CANCELLED, CANCELLED)
    assert floor.exchange.cancel(ACCOUNT, first).code == 3


def test_legs_grow_with_the_entry_and_shrink_with_each_other(floor: Floor) -> None:
    first = floor.place(size=4, type=1, limit_price=25.0)
    floor.settle_timers()
    floor.trade(sold(100, 6))
    floor.settle_timers()
    entry, stop, target = floor.rows(first)
    assert (entry.status, entry.filled, stop.size, target.size) == (OPEN, 1, 1, 1)
    floor.trade(sold(100, 3))
    assert (entry.status, stop.size, target.size) == (FILLED, 4, 4)
    assert target.limit == 120
    floor.trade(bought(119, 1))
    floor.trade(bought(120, 5 + 1))
    assert (target.filled, stop.size, stop.status) == (1, 3, OPEN)
    floor.trade(sold(80, 9))
    assert floor.statuses(first) == (FILLED, FILLED, CANCELLED)
    assert floor.ledger.positions() == []


def test_a_leg_that_fills_ends_what_is_left_of_the_entry(floor: Floor) -> None:
    first = floor.place(size=4, type=1, limit_price=25.0)
    floor.settle_timers()
    floor.trade(sold(100, 6))
    floor.settle_timers()
    floor.trade(bought(130, 1))
    assert floor.statuses(first) == (CANCELLED, CANCELLED, FILLED)
    assert floor.ledger.positions() == []


def test_a_partly_filled_entry_that_is_cancelled_keeps_its_legs(floor: Floor) -> None:
    first = floor.place(size=4, type=1, limit_price=25.0)
    floor.settle_timers()
    floor.trade(sold(100, 7))
    floor.exchange.cancel(ACCOUNT, first)
    floor.settle_timers()
    assert floor.statuses(first) == (CANCELLED, OPEN, OPEN)
    assert [row.size for row in floor.rows(first)] == [4, 2, 2]


def test_moving_or_cancelling_one_leg_leaves_the_other_alone(floor: Floor) -> None:
    first = floor.place()
    floor.settle_timers()
    moved = ModifyOrderRequest(account_id=ACCOUNT, order_id=first + 1, stop_price=22.5)
    assert floor.exchange.modify(moved).code == 0
    _, stop, target = floor.rows(first)
    assert (stop.stop, target.limit, target.status) == (90, 121, OPEN)
    floor.exchange.cancel(ACCOUNT, target.id)
    assert floor.statuses(first) == (FILLED, OPEN, CANCELLED)


def test_a_stop_that_was_passed_before_it_woke_trades_at_once(floor: Floor) -> None:
    first = floor.place()
    floor.next_entry()
    floor.trade(sold(60, 1))
    floor.settle_timers()
    assert floor.statuses(first) == (FILLED, FILLED, CANCELLED)


def test_a_trailing_leg_follows_and_keeps_its_distance(floor: Floor) -> None:
    first = floor.place(stop_loss_bracket=BracketModel(ticks=-20, type=5))
    floor.settle_timers()
    _, stop, _ = floor.rows(first)
    assert (stop.type, stop.trail, stop.stop) == (OrderType.TRAILING_STOP, 20, 81)
    floor.trade(bought(110, 1))
    assert stop.stop == 90
    floor.trade(sold(95, 1))
    assert stop.stop == 90
    floor.trade(sold(90, 1))
    assert floor.statuses(first) == (FILLED, FILLED, CANCELLED)


def test_a_trail_price_is_absolute_and_can_be_modified(floor: Floor) -> None:
    request = PlaceOrderRequest(
        account_id=ACCOUNT, contract_id=MNQ.contract_id, type=5, side=1, size=1, trail_price=22.5
    )
    order = floor.exchange.place(request).order_id
    assert order is not None
    floor.settle_timers()
    row = floor.exchange.rows[order]
    assert (row.trail, row.stop) == (10, 90)
    wider = ModifyOrderRequest(account_id=ACCOUNT, order_id=order, trail_price=20.0)
    assert floor.exchange.modify(wider).code == 0
    assert (row.trail, row.stop) == (20, 80)
    crooked = ModifyOrderRequest(account_id=ACCOUNT, order_id=order, trail_price=20.1)
    assert floor.exchange.modify(crooked).code == 3


def test_closing_leaves_the_legs_where_they_are(floor: Floor) -> None:
    first = floor.place()
    floor.settle_timers()
    assert floor.exchange.close(ACCOUNT, MNQ.contract_id, 1).code == 0
    floor.settle_timers()
    assert floor.exchange.close(ACCOUNT, MNQ.contract_id, None).code == 0
    floor.settle_timers()
    assert floor.ledger.positions() == []
    assert floor.statuses(first) == (FILLED, OPEN, OPEN)
    floor.trade(sold(80, 1))
    assert [row.net for row in floor.ledger.positions()] == [-2]


@pytest.mark.parametrize("size", [0, -1, 3])
def test_partial_close_of_an_impossible_size_is_code_5(floor: Floor, size: int) -> None:
    floor.place()
    floor.settle_timers()
    assert floor.exchange.close(ACCOUNT, MNQ.contract_id, size).code == 5


tapes = st.lists(
    st.builds(
        lambda px, qty, buy: bought(px, qty) if buy else sold(px, qty),
        st.integers(70, 130),
        st.integers(1, 9),
        st.booleans(),
    ),
    max_size=50,
)


@given(tapes, st.sampled_from(list(Side)), st.integers(1, 6), st.data())
def test_a_bracket_never_leaves_a_position_without_a_stop_or_a_stop_without_a_position(
    tape: list[Print], side: Side, size: int, data: st.DataObject
) -> None:
    floor = Floor()
    kind = data.draw(st.sampled_from([1, 2]))
    first = floor.place(size=size, type=kind, side=int(side), limit_price=25.0)
    for trade in tape:
        floor.trade(trade)
        floor.settle_timers()
    entry, stop, target = floor.rows(first)
    net = sum(row.net for row in floor.ledger.positions())
    assert net * side.sign >= 0
    for leg in (stop, target):
        if leg.status is OPEN:
            assert leg.remaining == abs(net) > 0
    if net:
        assert stop.status is target.status is OPEN
    assert entry.filled == stop.filled + target.filled + abs(net)
