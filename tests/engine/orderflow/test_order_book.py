"""The book of single orders: equal to a plain list of them, and unchanged by what cannot be."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.errors import BatchError, InputError
from tradedesk.engine import OrderAction, OrderBook, RestingOrder

Event = tuple[int, int, bool, int, int]
Orders = dict[int, tuple[bool, int, int]]

EVENTS = st.lists(
    st.tuples(
        st.integers(0, 40), st.integers(0, 5), st.booleans(), st.integers(-3, 3), st.integers(1, 9)
    ),
    max_size=30,
)


def naive_step(orders: Orders, event: Event) -> bool:
    """Apply one event, or tell that it cannot be."""
    action, number, is_bid, px, size = event
    if action == OrderAction.CLEAR:
        orders.clear()
    elif action == OrderAction.ADD:
        if number in orders:
            return False
        orders[number] = (is_bid, px, size)
    elif action in (OrderAction.CANCEL, OrderAction.MODIFY):
        if number not in orders:
            return False
        if action == OrderAction.MODIFY:
            orders[number] = (is_bid, px, size)
        elif size > orders[number][2]:
            return False
        elif size in (0, orders[number][2]):
            del orders[number]
        else:
            side, price, waiting = orders[number]
            orders[number] = (side, price, waiting - size)
    return True


def agrees(book: OrderBook, orders: Orders) -> None:
    sides: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for is_bid, px, size in orders.values():
        sides[not is_bid][px] += size
    bids, asks = sorted(sides[0].items(), reverse=True), sorted(sides[1].items())
    for rungs, rows in ((book.bids(), bids), (book.asks(), asks)):
        assert list(zip(rungs.px_ticks.tolist(), rungs.size.tolist(), strict=True)) == rows
    assert len(book) == len(orders)
    assert all(book.order(number) == order for number, order in orders.items())


def columns_of(events: list[Event]) -> dict[str, Any]:
    kinds = (np.int64, np.uint64, np.bool_, np.int64, np.int64)
    columns = zip(*events, strict=True) if events else [()] * 5
    names = ("action", "order_id", "is_bid", "px_ticks", "size")
    return {n: np.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)}


@st.composite
def runs(draw: st.DrawFn) -> list[Event]:
    """Events that mostly make sense: a wish is turned into one that the orders allow."""
    orders: Orders = {}
    events: list[Event] = []
    for wish, number, is_bid, px, size in draw(EVENTS):
        action = OrderAction.CLEAR if wish == 0 else OrderAction.NONE if wish == 1 else None
        if action is None:
            action = OrderAction(1 + wish % 2) if number in orders else OrderAction.ADD
        if action == OrderAction.CANCEL:
            size = size % (orders[number][2] + 1)
        events.append((int(action), number, is_bid, px, size))
        assert naive_step(orders, events[-1])
    return events


@given(runs(), st.data())
def test_columns_and_single_events_and_a_plain_list(
    events: list[Event], data: st.DataObject
) -> None:
    book, single = OrderBook(), OrderBook()
    orders: Orders = {}
    cut = data.draw(st.integers(0, len(events)))
    for part in (events[:cut], events[cut:]):
        book.absorb(**columns_of(part))
        for event in part:
            naive_step(orders, event)
            action, number, is_bid, px, size = event
            if action == OrderAction.ADD:
                single.add(number, is_bid, px, size)
            elif action == OrderAction.CANCEL:
                single.cancel(number, size)
            elif action == OrderAction.CLEAR:
                single.clear()
            elif action == OrderAction.MODIFY:
                # alone it stays on its side
                single.cancel(number)
                single.add(number, is_bid, px, size)
        agrees(book, orders)
        agrees(single, orders)


@given(runs(), EVENTS)
def test_a_batch_with_a_bad_event_changes_nothing(good: list[Event], wishes: list[Event]) -> None:
    book = OrderBook()
    book.absorb(**columns_of(good))
    before: Orders = {}
    for event in good:
        naive_step(before, event)
    events: list[Event] = [(wish % 5, *rest) for wish, *rest in wishes]  # type: ignore[misc]
    after = dict(before)
    bad = next((row for row, e in enumerate(events) if not naive_step(after, e)), None)
    version = book.version
    if bad is None:
        book.absorb(**columns_of(events))
        agrees(book, after)
        assert book.version == version + bool(events)
    else:
        with pytest.raises(BatchError, match=f"^Row {bad}: "):
            book.absorb(**columns_of(events))
        agrees(book, before)
        assert book.version == version


def test_an_order_by_hand() -> None:
    book = OrderBook()
    book.add(7, True, 100, 5)
    book.add(8, True, 100, 2)
    book.add(9, False, 101, 3)
    assert (book.best_bid, book.best_ask, len(book)) == ((100, 7), (101, 3), 3)
    book.cancel(7, 4)
    assert book.order(7) == RestingOrder(True, 100, 1)
    book.modify(8, 99, 6)
    assert (book.best_bid, book.bid_size(99)) == ((100, 1), 6)
    book.cancel(7)
    assert (book.best_bid, book.order(7), book.crossed) == ((99, 6), None, False)
    book.modify(8, 102, 1)
    assert book.crossed
    book.clear()
    assert (len(book), book.best_bid, book.best_ask) == (0, None, None)


def test_the_middle_of_an_event_says_so() -> None:
    book = OrderBook()
    book.absorb([0, 0], [1, 2], [True, False], [5, 4], [1, 1], [False, False])
    assert (book.whole, book.crossed) == (False, True)
    book.absorb([1, 4], [1, 0], [True, False], [0, 0], [0, 0], [False, True])
    assert (book.whole, book.crossed) == (True, False)
    book.absorb([], [], [], [], [])
    assert book.whole


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda b: b.add(7, True, 5, 1), "Order 7 is added again"),
        (lambda b: b.add(8, True, 2**31, 1), "price is 2147483648: outside"),
        (lambda b: b.add(8, True, 5.5, 1), "price is 5.5: give whole numbers"),
        (lambda b: b.add(8, True, 5, 0), "The size of order 8 is 0"),
        (lambda b: b.add(8, True, 5, -1), "The size of order 8 is -1"),
        (lambda b: b.add(8.5, True, 5, 1), "Order number 8.5 is not possible"),
        (lambda b: b.cancel(8), "Order 8 is not known"),
        (lambda b: b.cancel(7, 6), "6 contracts of order 7 are cancelled, of which 5 wait"),
        (lambda b: b.cancel(7, -1), "-1 contracts of order 7"),
        (lambda b: b.modify(8, 5, 1), "Order 8 is not known"),
        (lambda b: b.modify(7, 5, 0), "The size of order 7 is 0"),
        (lambda b: b.absorb([0, 2], [8, 9], [True] * 2, [1, 1], [1, 1]), "Row 1: Order 9 is not"),
        (lambda b: b.absorb([5], [8], [True], [1], [1]), "action row 0 is 5"),
        (lambda b: b.absorb([0], [8.0], [True], [1], [1]), "order_id is float64"),
        (lambda b: b.absorb([0], [8], [1], [1], [1]), "is_bid is int64"),
        (lambda b: b.absorb([0], [8], [True], [2**31], [1]), "px_ticks row 0 is 2147483648"),
        (lambda b: b.absorb([0], [8], [True], [1, 2], [1]), "Columns differ in length"),
        (lambda b: b.absorb([0], [8], [True], [1], [1], [True, False]), "last 2"),
    ],
)
def test_refusals_say_what_and_change_nothing(call: Any, said: str) -> None:
    book = OrderBook()
    book.add(7, True, 100, 5)
    version = book.version
    with pytest.raises(InputError, match=said):
        call(book)
    agrees(book, {7: (True, 100, 5)})
    assert (book.version, book.whole) == (version, True)
