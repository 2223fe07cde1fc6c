"""Matching rules on books of one's own making, and against a naive count."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.order import OrderType, Side
from tradedesk.practice.books.ladder import Ladder, Level
from tradedesk.practice.books.matching import Book, Match
from tradedesk.practice.books.rows import OrderRow
from tradedesk.practice.market.prints import Print
from tradedesk.practice.market.tape import Touch
from tradedesk.practice.products import PRODUCTS, active_contract

if TYPE_CHECKING:
    from collections.abc import Sequence

MNQ = active_contract(PRODUCTS[0], date(2026, 11, 22))
TOUCH = Touch(last=100, bid=100, ask=101)
_ids = itertools.count(1)


class FiveEach(Ladder):
    """Five contracts at every price."""

    def size(self, px: int, behind: int, now_ns: int) -> int:
        return 5


def book(touch: Touch = TOUCH) -> Book:
    return Book(FiveEach(0, 5), touch)


def order(kind: OrderType, side: Side, size: int, px: int | None = None) -> OrderRow:
    return OrderRow(
        id=next(_ids),
        account_id=1,
        contract=MNQ,
        type=kind,
        side=side,
        size=size,
        created_ns=0,
        updated_ns=0,
        limit=px if kind is OrderType.LIMIT else None,
        stop=px if kind is OrderType.STOP else None,
    )


def sold(px: int, qty: int) -> Print:
    return Print(1, px, qty, 0, px, px + 1)


def bought(px: int, qty: int) -> Print:
    return Print(1, px, qty, qty, px - 1, px)


def booked(matches: Sequence[Match]) -> list[tuple[int, int]]:
    """Book matches as the venue does; returns price and size of each."""
    for match in matches:
        match.order.filled += match.qty
    return [(match.px, match.qty) for match in matches]


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (Side.BUY, [(101, 5), (102, 5), (103, 2)]),
        (Side.SELL, [(100, 5), (99, 5), (98, 2)]),
    ],
)
def test_a_market_order_slips_through_the_levels(
    side: Side, expected: list[tuple[int, int]]
) -> None:
    assert booked(book().enter(order(OrderType.MARKET, side, 12), 0)) == expected


def test_behind_the_last_level_prices_go_on() -> None:
    matches = booked(book().enter(order(OrderType.MARKET, Side.BUY, 63), 0))
    assert matches == [(101 + i, 5) for i in range(12)] + [(113, 3)]


def test_a_marketable_limit_takes_up_to_its_price_and_rests() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, 12, 102)
    assert booked(market.enter(limit, 0)) == [(101, 5), (102, 5)]
    assert limit.queue == 0
    assert booked(market.absorb(sold(102, 1))) == [(102, 1)]
    assert booked(market.absorb(sold(101, 1))) == [(102, 1)]
    assert market.empty


def test_a_resting_limit_waits_for_its_queue_and_fills_in_parts() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, 4, 100)
    assert market.enter(limit, 0) == []
    assert limit.queue == 5
    assert booked(market.absorb(sold(100, 3))) == []
    assert booked(market.absorb(bought(101, 50))) == []
    assert booked(market.absorb(sold(100, 3))) == [(100, 1)]
    assert booked(market.absorb(sold(100, 2))) == [(100, 2)]
    assert booked(market.absorb(sold(100, 9))) == [(100, 1)]
    assert market.empty


@pytest.mark.parametrize("trade", [sold(99, 1), Print(1, 100, 1, 1, 99, 100)])
def test_a_trade_through_or_a_crossing_touch_fills_the_rest(trade: Print) -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, 40, 100)
    market.enter(limit, 0)
    assert booked(market.absorb(trade)) == [(100, 40)]


def test_orders_at_one_price_share_the_volume_in_their_order() -> None:
    market = book(Touch(last=100, bid=99, ask=101))
    first, second = (order(OrderType.LIMIT, Side.BUY, 3, 100) for _ in range(2))
    market.enter(first, 0)
    market.enter(second, 0)
    matches = market.absorb(sold(100, 4))
    assert [(m.order, m.qty) for m in matches] == [(first, 3), (second, 1)]


@pytest.mark.parametrize(
    ("side", "stop", "quiet", "trigger", "fill"),
    [
        (Side.SELL, 97, sold(98, 9), sold(97, 1), (97, 2)),
        (Side.BUY, 104, bought(103, 9), bought(105, 1), (105, 2)),
    ],
)
def test_a_stop_waits_for_the_last_trade_and_takes_the_market(
    side: Side, stop: int, quiet: Print, trigger: Print, fill: tuple[int, int]
) -> None:
    market, row = book(), order(OrderType.STOP, side, 2, stop)
    assert market.enter(row, 0) == []
    assert market.absorb(quiet) == []
    assert booked(market.absorb(trigger)) == [fill]
    assert market.empty


def test_a_stop_that_was_passed_trades_at_once() -> None:
    assert booked(book().enter(order(OrderType.STOP, Side.SELL, 1, 100), 0)) == [(100, 1)]


@pytest.mark.parametrize(("kind", "px"), [(OrderType.JOIN_BID, 100), (OrderType.JOIN_ASK, 101)])
def test_join_orders_rest_at_the_touch_of_the_moment(kind: OrderType, px: int) -> None:
    market = book()
    row = order(kind, Side.BUY if kind is OrderType.JOIN_BID else Side.SELL, 1)
    assert market.enter(row, 0) == []
    assert (row.limit, row.queue) == (px, 5)
    market.absorb(sold(98, 1))
    assert row.limit == px


@given(
    st.lists(st.integers(60, 140), min_size=1, max_size=40),
    st.sampled_from(list(Side)),
    st.integers(1, 20),
)
def test_a_trailing_stop_equals_the_naive_extreme(
    prices: list[int], side: Side, distance: int
) -> None:
    market, row = book(), order(OrderType.TRAILING_STOP, side, 1)
    row.trail = distance
    market.enter(row, 0)
    best = 100
    for px in prices:
        best = min(best, px) if side is Side.BUY else max(best, px)
        matches = market.absorb(sold(px, 1))
        assert row.stop == best + distance * side.sign
        triggered = (px - row.stop) * side.sign >= 0
        assert bool(matches) == triggered == market.empty
        if triggered:
            return


prints = st.lists(
    st.builds(
        lambda px, qty, buy: bought(px, qty) if buy else sold(px, qty),
        st.integers(95, 106),
        st.integers(1, 8),
        st.booleans(),
    ),
    max_size=40,
)


@given(prints, st.integers(94, 100), st.integers(1, 30))
def test_limit_fills_equal_a_naive_count(tape: list[Print], px: int, size: int) -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, size, px)
    market.enter(limit, 0)
    left, ahead, got = size, 5, 0
    for trade in tape:
        if left and (trade.px < px or trade.ask <= px):
            got, left = got + left, 0
        elif left and trade.px == px and not trade.buy_qty:
            qty = max(0, min(left, trade.qty - ahead))
            ahead = max(0, ahead - trade.qty)
            got, left = got + qty, left - qty
        booked(market.absorb(trade))
        assert limit.filled == got
        assert market.empty == (left == 0)


@given(prints, st.lists(st.tuples(st.sampled_from(list(Side)), st.integers(1, 9)), max_size=9))
def test_nothing_trades_twice_or_beyond_its_limit(
    tape: list[Print], wanted: list[tuple[Side, int]]
) -> None:
    market = book()
    orders = [order(OrderType.LIMIT, side, size, 100) for side, size in wanted]
    matches = [match for one in orders for match in market.enter(one, 0)]
    booked(matches)
    for trade in tape:
        matches += (more := market.absorb(trade))
        booked(more)
    for one in orders:
        mine = [match for match in matches if match.order is one]
        assert sum(match.qty for match in mine) == one.filled <= one.size
        assert all((match.px - 100) * one.side.sign <= 0 for match in mine)


@given(st.integers(0, 2**31), st.integers(1, 100), st.integers(0, 10**18))
def test_ladders_are_positive_and_a_function_of_their_arguments(
    seed: int, touch_size: int, now_ns: int
) -> None:
    ladder = Ladder(seed, touch_size)
    asks = ladder.side(Side.BUY, 1000, now_ns)
    assert [level.px for level in asks] == list(range(1000, 1010))
    assert all(level.size >= 1 for level in asks)
    assert Ladder(seed, touch_size).side(Side.BUY, 1000, now_ns) == asks


def test_depth_thickens_away_from_the_touch() -> None:
    ladder = Ladder(7, 10)
    near, far = (
        sum(ladder.side(Side.SELL, 80_000, t * 10**10)[level].size for t in range(200))
        for level in (0, 6)
    )
    assert near * 2 < far
    assert isinstance(ladder.side(Side.SELL, 80_000, 0)[0], Level)
