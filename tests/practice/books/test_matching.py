"""Matching rules in books of one's own making, and against a naive count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.practice.books.plain_market import (
    SIZE,
    absorb,
    book,
    booked,
    bought,
    event,
    order,
    pairs,
    sold,
    to_five_each,
)

from tradedesk.domain.order import OrderType, Side
from tradedesk.practice.books.matching import UNSEEN, Book
from tradedesk.practice.books.offers import TAKEN_NS
from tradedesk.practice.books.rows import OrderRow
from tradedesk.practice.market.book import Depth, Level
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    SELL,
    TRADE,
    TRADED_RANK,
    UNKNOWN_SIDE,
    MarketEvent,
)
from tradedesk.practice.market.prints import Print
from tradedesk.practice.market.tape import Touch


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


def test_what_orders_took_is_gone_until_the_market_shows_more_or_a_while_has_passed() -> None:
    market = book()
    assert booked(market.enter(order(OrderType.MARKET, Side.BUY, 3), 0)) == [(101, 3)]
    assert booked(market.enter(order(OrderType.MARKET, Side.BUY, 3), 1)) == [(101, 2), (102, 1)]
    market.on_level(event(ASKS, 101, 4))  # fewer: nothing new there
    assert booked(market.enter(order(OrderType.MARKET, Side.BUY, 1), 2)) == [(102, 1)]
    market.on_level(event(ASKS, 101, 6))
    assert booked(market.enter(order(OrderType.MARKET, Side.BUY, 7), 3)) == [(101, 6), (102, 1)]
    later = TAKEN_NS + 3
    assert booked(market.enter(order(OrderType.MARKET, Side.BUY, 7), later)) == [(101, 6), (102, 1)]


def test_a_marketable_limit_takes_up_to_its_price_and_rests() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, 12, 102)
    assert booked(market.enter(limit, 0)) == [(101, 5), (102, 5)]
    assert limit.ahead == 0
    # Sold at its price, then below: each contract sold would have met it first.
    assert pairs(absorb(market, Print(1, 102, 1, 0, 102, 103))) == [(102, 1)]
    assert pairs(absorb(market, Print(1, 101, 9, 0, 101, 103))) == [(102, 1)]
    assert market.empty


def test_a_resting_limit_waits_for_its_queue_and_fills_in_parts() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, 4, 100)
    assert market.enter(limit, 0) == []
    assert limit.ahead == 5
    assert absorb(market, sold(100, 3)) == []
    assert absorb(market, bought(101, 50)) == []
    assert pairs(absorb(market, sold(100, 3))) == [(100, 1)]
    assert pairs(absorb(market, sold(100, 2))) == [(100, 2)]
    assert pairs(absorb(market, sold(100, 9))) == [(100, 1)]
    assert market.empty


def test_a_trade_through_fills_as_far_as_it_went_and_a_crossing_level_its_size() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, 40, 100)
    market.enter(limit, 0)
    # One contract was sold below; then five are offered at its price.
    assert pairs(absorb(market, sold(99, 1))) == [(100, 1), (100, 5)]
    # The same five: they are used up. Three more come in, and five at 99.
    market.on_level(event(ASKS, 100, 8))
    market.on_level(event(ASKS, 99, 5))
    market.on_level(event(BIDS, 99, 0))
    assert booked(market.settle(2)) == [(100, 13)]


def test_orders_have_price_then_time_priority_and_share_the_volume() -> None:
    market = book(Touch(last=100, bid=98, ask=101))
    first, second = (order(OrderType.LIMIT, Side.BUY, 3, 100) for _ in range(2))
    better = order(OrderType.LIMIT, Side.BUY, 1, 100)
    for one in (first, second):
        one.limit = 99
        market.enter(one, 0)
    market.enter(better, 0)
    matches = absorb(market, Print(1, 99, 5, 0, 98, 101))
    assert [(m.order, m.px, m.qty) for m in matches] == [
        (better, 100, 1),
        (first, 99, 3),
        (second, 99, 1),
    ]


def test_market_contracts_between_two_orders_are_counted_once() -> None:
    market = book()
    early, late = (order(OrderType.LIMIT, Side.BUY, 2, 100) for _ in range(2))
    market.enter(early, 0)
    market.on_level(event(BIDS, 100, 8))  # three more came behind the early one
    market.enter(late, 0)
    assert (early.ahead, late.ahead) == (5, 8)
    # Ten contracts: five ahead, two for the early one, three between; nothing for the late one.
    trade = event(SELL, 100, 10, TRADE)
    assert booked(market.on_trade(trade)) == [(100, 2)]
    assert late.ahead == 0
    assert booked(market.on_trade(event(SELL, 100, 1, TRADE))) == [(100, 1)]


def test_orders_known_one_by_one_move_us_up_only_from_ahead() -> None:
    market = Book(Touch(100, 100, 101))
    market.load(Depth((Level(100, 9),), (Level(101, 9),)))
    limit = order(OrderType.LIMIT, Side.BUY, 1, 100)
    market.enter(limit, 50)

    def cut(cut: int, rank_ns: int, left: int) -> int:
        market.on_level(MarketEvent(60, 1, BIDS, 100, left, cut, rank_ns))
        return limit.ahead

    assert limit.ahead == 9
    assert cut(0, 0, 14) == 9  # five came in behind
    assert cut(4, 49, 10) == 5  # one that stood ahead went away
    assert cut(3, 51, 7) == 5  # one behind went away
    assert booked(market.on_trade(event(UNKNOWN_SIDE, 100, 3, TRADE))) == []
    assert cut(3, TRADED_RANK, 4) == 2  # told by the trade already
    assert cut(0, 0, 1) == 1  # never behind more than the level shows


def test_where_only_sums_are_known_nobody_stands_behind_more_than_there_is() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.SELL, 1, 101)
    market.enter(limit, 0)
    market.on_level(event(ASKS, 101, 9))
    assert limit.ahead == 5
    market.on_level(event(ASKS, 101, 2))
    assert limit.ahead == 2


def test_behind_the_last_level_the_queue_is_known_when_the_book_gets_there() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.SELL, 1, 115)
    market.enter(limit, 0)
    assert limit.ahead == UNSEEN
    absorb(market, bought(107, 1))
    assert limit.ahead == SIZE
    absorb(market, sold(100, 1))  # out of sight again: it did not lose its place
    assert limit.ahead == SIZE
    absorb(market, bought(112, 1))
    market.on_level(event(ASKS, 115, 0))
    market.settle(2)
    assert limit.ahead == 0


def test_nobody_is_ahead_where_the_market_comes_back_short_of_the_price() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, 6, 95)
    unseen = order(OrderType.LIMIT, Side.BUY, 1, 88)
    for one in (limit, unseen):
        market.enter(one, 0)
    absorb(market, bought(106, 1))  # both out of sight
    assert (limit.ahead, unseen.ahead) == (SIZE, UNSEEN)
    # Without a change of its own level: the best bid is now one below.
    assert pairs(absorb(market, Print(1, 95, 1, 1, 94, 95))) == [(95, SIZE)]
    assert (limit.ahead, unseen.ahead) == (0, SIZE)
    assert pairs(absorb(market, sold(95, 1))) == [(95, 1)]


def test_a_reset_says_nothing_about_who_is_ahead() -> None:
    market, limit = book(), order(OrderType.LIMIT, Side.BUY, 1, 80)
    market.enter(limit, 0)
    market.on_reset()
    market.settle(1)
    assert limit.ahead == UNSEEN


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
    assert absorb(market, quiet) == []
    assert pairs(absorb(market, trigger)) == [fill]
    assert market.empty


def test_the_stop_that_is_reached_first_takes_the_book_first() -> None:
    market = book()
    far, near = (order(OrderType.STOP, Side.SELL, 5, px) for px in (96, 97))
    market.enter(far, 0)
    market.enter(near, 0)
    matches = absorb(market, sold(96, 1))
    assert [(m.order, m.px) for m in matches] == [(near, 96), (far, 95)]


def test_a_stop_that_was_passed_trades_at_once() -> None:
    assert booked(book().enter(order(OrderType.STOP, Side.SELL, 1, 100), 0)) == [(100, 1)]


@pytest.mark.parametrize(("kind", "px"), [(OrderType.JOIN_BID, 100), (OrderType.JOIN_ASK, 101)])
def test_join_orders_rest_at_the_touch_of_the_moment(kind: OrderType, px: int) -> None:
    market = book()
    row = order(kind, Side.BUY if kind is OrderType.JOIN_BID else Side.SELL, 9)
    assert market.enter(row, 0) == []
    assert (row.limit, row.ahead) == (px, 5)
    absorb(market, bought(104, 1) if kind is OrderType.JOIN_BID else sold(97, 1))
    assert row.limit == px
    assert market.joined(1) == []


def test_join_orders_can_go_along() -> None:
    market = Book(Touch(100, 100, 101), joins_follow=True)
    for row in to_five_each(market, 100, 101):
        market.on_level(row)
    joined = order(OrderType.JOIN_BID, Side.BUY, 1)
    market.enter(joined, 0)
    absorb(market, bought(104, 1))
    assert market.joined(1) == [joined]
    assert (joined.limit, joined.ahead) == (103, SIZE)


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
        matches = absorb(market, sold(px, 1))
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
    ahead, got = SIZE, 0
    offered: dict[int, int] = {}
    used: dict[int, int] = {}
    for trade in tape:
        if trade.px < px:  # through: nothing stood ahead of it down there
            got, ahead = min(size, got + trade.qty), 0
        elif trade.px == px and not trade.buy_qty:
            got = min(size, got + max(0, trade.qty - ahead))
            ahead = max(0, ahead - trade.qty)
        now = {trade.ask + step: SIZE for step in range(10)}
        # What it took comes back where a level went away and appeared anew.
        used = {at: qty for at, qty in used.items() if at in now and at in offered}
        offered = now
        if px > trade.bid:
            ahead = 0
        for at in sorted(offered):
            if at <= px and got < size:
                qty = min(size - got, SIZE - used.get(at, 0))
                got, used[at] = got + qty, used.get(at, 0) + qty
        absorb(market, trade)
        assert limit.filled == got
        assert market.empty == (got == size)


@given(prints, st.lists(st.tuples(st.sampled_from(list(Side)), st.integers(1, 9)), max_size=9))
def test_nothing_trades_twice_or_beyond_its_limit(
    tape: list[Print], wanted: list[tuple[Side, int]]
) -> None:
    market = book()
    orders: list[OrderRow] = []
    matches = []
    for side, size in wanted:
        orders.append(order(OrderType.LIMIT, side, size, 100))
        matches += (met := market.enter(orders[-1], 0))
        booked(met)
    for trade in tape:
        matches += absorb(market, trade)
    for one in orders:
        mine = [match for match in matches if match.order is one]
        assert sum(match.qty for match in mine) == one.filled <= one.size
        assert all((match.px - 100) * one.side.sign <= 0 for match in mine)
