"""Within one step of any length things happen in the order of their times, not of our looking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.practice.kernel.hall import MS, Hall
from tests.practice.kernel.hand_market import ASKS, BIDS, BUY, SELL, START_NS, HandMarket

from tradedesk.domain.order import OrderStatus
from tradedesk.gateway.wire.orders import BracketModel
from tradedesk.practice.books.rows import OrderRow
from tradedesk.practice.exchange_hours import AlwaysOpen
from tradedesk.practice.products import Product

FILLED, CANCELLED = OrderStatus.FILLED, OrderStatus.CANCELLED
LIMIT, MARKET, STOP = 1, 2, 4
BID = 80_000
MINUTE = 60_000 * MS


@pytest.fixture
def hall() -> Iterator[Hall]:
    made = Hall(HandMarket(MNQ=BID, ES=24_000), "practice", "practice")
    yield made
    made.close_down()


def row_of(hall: Hall, order_id: int | None) -> OrderRow:
    assert order_id is not None
    return hall.world.exchange.rows[order_id]


def enter(hall: Hall, **more: Any) -> tuple[OrderRow, OrderRow, OrderRow]:
    """A long position at 80,001 with a stop at 79,991 and a target at 80,011."""
    answer = hall.place(
        hall.accounts[0],
        "MNQ",
        **{"type": MARKET, "side": BUY, "size": 2, **more},
        stop_loss_bracket=BracketModel(ticks=-10, type=STOP),
        take_profit_bracket=BracketModel(ticks=10, type=LIMIT),
    )
    assert answer.order_id is not None
    return (
        row_of(hall, answer.order_id),
        row_of(hall, answer.order_id + 1),
        row_of(hall, answer.order_id + 2),
    )


@pytest.mark.parametrize("down_first", [True, False])
def test_of_stop_and_target_in_one_step_the_earlier_one_trades(
    hall: Hall, down_first: bool
) -> None:
    entry, stop, target = enter(hall)
    tape, at_ns = hall.tape("MNQ"), START_NS + 5 * MINUTE
    for turn, up in enumerate((not down_first, down_first)):
        bid = BID + 14 if up else BID - 14
        tape.around(at_ns + turn * MS, bid, bid + 1)
        tape.trade(at_ns + turn * MS, BUY if up else SELL, 1)
    hall.go(30 * MINUTE)
    first, other = (stop, target) if down_first else (target, stop)
    assert (entry.status, first.status, other.status) == (FILLED, FILLED, CANCELLED)
    assert (first.updated_ns, other.updated_ns) == (at_ns, at_ns)
    px = BID - 14 if down_first else BID + 11
    assert (first.cost, hall.net(hall.accounts[0], "MNQ")) == (2 * px, 0)


def test_what_is_due_between_two_trades_happens_between_them(hall: Hall) -> None:
    """The order works 8 ms after it was placed: behind the first move, in front of the second."""
    tape = hall.tape("MNQ")
    tape.around(START_NS + 7 * MS, BID + 20, BID + 21)
    tape.trade(START_NS + 7 * MS, BUY, 1)
    tape.around(START_NS + 9 * MS, BID + 50, BID + 51)
    tape.trade(START_NS + 9 * MS, BUY, 1)
    answer = hall.place(hall.accounts[0], "MNQ", type=MARKET, side=BUY, size=1)
    hall.go(MINUTE)
    row = row_of(hall, answer.order_id)
    assert (row.status, row.updated_ns, row.cost) == (FILLED, START_NS + 8 * MS, BID + 21)


def test_legs_that_wake_between_two_trades_meet_only_the_second(hall: Hall) -> None:
    """Filled at 8 ms, the legs work at 26 ms: a dip to the stop at 25 ms is none of theirs."""
    _, stop, _ = enter(hall)
    tape = hall.tape("MNQ")
    for at_ms, bid in ((25, BID - 12), (25.5, BID), (27, BID), (40, BID - 12)):
        at_ns = START_NS + round(at_ms * MS)
        tape.around(at_ns, bid, bid + 1)
        tape.trade(at_ns, SELL, 1)
    hall.go(MINUTE)
    assert (stop.status, stop.updated_ns) == (FILLED, START_NS + 40 * MS)


def test_two_contracts_play_in_one_order_of_time(hall: Hall) -> None:
    """A loss in one contract liquidates another at the moment of the loss."""
    hall.close_down()
    hall = Hall(HandMarket(MNQ=BID, ES=24_000), "combine-50k")
    (account,) = hall.accounts
    hall.place(account, "ES", type=MARKET, side=BUY, size=2)
    hall.place(account, "MNQ", type=MARKET, side=BUY, size=1)
    es, mnq = hall.tape("ES"), hall.tape("MNQ")
    es.around(START_NS + 1_000 * MS, 23_900, 23_901)
    es.trade(START_NS + 1_000 * MS, SELL, 1)  # 101 ticks x 12.50 x 2 = 2,525 dollars
    for at_ms, bid in ((900, BID + 8), (1_007, BID + 16), (1_009, BID + 40)):
        mnq.around(START_NS + at_ms * MS, bid, bid + 1)
        mnq.trade(START_NS + at_ms * MS, BUY, 1)
    hall.go(MINUTE)
    assert hall.net(account, "MNQ") == hall.net(account, "ES") == 0
    trades = {
        (trade.contract.product.symbol, trade.ts_ns - START_NS, trade.px)
        for trade in hall.world.ledgers[account].trades[2:]
    }
    assert trades == {("MNQ", 1_008 * MS, BID + 16), ("ES", 1_008 * MS, 23_900)}
    assert not hall.world.supervisor.can_trade(account)


def test_a_trade_and_what_it_triggers_come_before_the_next_moment(hall: Hall) -> None:
    """Two accounts' stops at one price share a thin book in the order in which they came."""
    one, two = hall.accounts
    rows = [
        row_of(hall, hall.place(who, "MNQ", type=STOP, side=SELL, size=4, stop_price=px).order_id)
        for who, px in ((one, BID - 5), (two, BID - 5), (two, BID - 4))
    ]
    hall.go(MINUTE)
    tape, at_ns = hall.tape("MNQ"), hall.now_ns + 1
    tape.around(at_ns, BID - 6, BID - 5)
    tape.trade(at_ns, SELL, 1)
    tape.around(at_ns + 1_000, BID, BID + 1)
    hall.go(MINUTE)
    nearest, first, second = rows[2], rows[0], rows[1]
    # Four wait at 79,994 behind the trade of one, then five at each price below.
    assert nearest.cost == 4 * (BID - 6)
    assert first.cost == 4 * (BID - 7)
    assert second.cost == (BID - 7) + 3 * (BID - 8)
    assert {row.updated_ns for row in rows} == {at_ns}


def test_what_was_taken_stays_taken_until_more_is_shown(hall: Hall) -> None:
    one, two = hall.accounts

    def buys(size: int) -> list[tuple[int, int]]:
        hall.place(two, "MNQ", type=MARKET, side=BUY, size=size)
        known = len(hall.world.ledgers[two].trades)
        hall.go(10 * MS)
        return [(trade.px, trade.size) for trade in hall.world.ledgers[two].trades[known:]]

    hall.place(one, "MNQ", type=MARKET, side=BUY, size=7)
    hall.go(10 * MS)
    assert [(trade.px, trade.size) for trade in hall.world.ledgers[one].trades] == [
        (BID + 1, 5),
        (BID + 2, 2),
    ]
    assert buys(1) == [(BID + 2, 1)]
    tape = hall.tape("MNQ")
    tape.level(hall.now_ns + 1, ASKS, BID + 1, 4)  # less than before: nothing new
    assert buys(1) == [(BID + 2, 1)]
    tape.level(hall.now_ns + 1, ASKS, BID + 1, 6)
    assert buys(3) == [(BID + 1, 3)]
    tape.level(hall.now_ns + 1, BIDS, BID, 9)
    assert buys(4) == [(BID + 1, 3), (BID + 2, 1)]
    hall.go(10_001 * MS)
    assert buys(2) == [(BID + 1, 2)]
    # The market's own book never knew of any of this.
    assert tape.book.size(ASKS, BID + 1) == 6


class OneBreak(AlwaysOpen):
    """Closed once, for ten seconds."""

    def __init__(self, closes_ns: int) -> None:
        self.closes_ns = closes_ns

    def is_open(self, product: Product, at_ns: int) -> bool:
        return not self.closes_ns <= at_ns < self.closes_ns + 10_000 * MS


def test_what_a_rule_closes_too_late_is_closed_when_the_market_opens() -> None:
    """The floor is reached 3 ms before the close: nothing trades until the market opens again."""
    hours = OneBreak(START_NS + 1_000 * MS)
    hall = Hall(HandMarket(ES=24_000), "combine-50k", "practice", hours=hours)
    account, other = hall.accounts
    hall.place(account, "ES", type=MARKET, side=BUY, size=2)
    tape = hall.tape("ES")
    tape.around(hours.closes_ns - 3 * MS, 23_900, 23_901)
    tape.trade(hours.closes_ns - 3 * MS, SELL, 1)
    tape.around(hours.closes_ns + 10_000 * MS, 23_890, 23_891)
    hall.go(1_000 * MS - 1)
    late = row_of(hall, hall.place(other, "ES", type=MARKET, side=BUY, size=1).order_id)
    hall.go(9_000 * MS)
    (closing,) = hall.live()
    assert (closing.account_id, closing.status) == (account, OrderStatus.PENDING)
    assert not hall.world.supervisor.can_trade(account)
    assert (late.status, hall.net(other, "ES")) == (OrderStatus.REJECTED, 0)
    assert hall.world.exchange.close(account, hall.id("ES"), None).code == 6
    assert hall.world.exchange.cancel(account, closing.id).code == 3
    hall.go(3_000 * MS)
    assert (closing.status, hall.net(account, "ES")) == (FILLED, 0)
    assert hours.is_open(closing.contract.product, closing.updated_ns)
    assert closing.cost == 2 * 23_890
    hall.close_down()


def test_what_a_rule_closes_waits_for_somebody_to_trade_with() -> None:
    """Every bid leaves while the close is on its way."""
    hall = Hall(HandMarket(ES=24_000), "combine-50k:daily-loss=100")
    (account,) = hall.accounts
    hall.place(account, "ES", type=MARKET, side=BUY, size=1)
    tape, at_ns = hall.tape("ES"), START_NS + 1_000 * MS
    tape.around(at_ns, 23_990, 23_991)
    tape.trade(at_ns, SELL, 1)
    tape.reset(at_ns + 2 * MS)
    hall.go(1_500 * MS)
    (closing,) = hall.live()
    assert closing.status is OrderStatus.PENDING
    assert hall.world.exchange.cancel(account, closing.id).code == 3
    assert hall.modify(closing, size=2).code == 3
    tape.around(hall.now_ns + 1, 23_980, 23_981)
    hall.go(2_000 * MS)
    assert (closing.status, hall.net(account, "ES")) == (FILLED, 0)
    assert closing.cost == 23_980
    hall.close_down()


def test_a_market_order_that_meets_nobody_takes_its_legs_along(hall: Hall) -> None:
    entry, stop, target = enter(hall)
    hall.tape("MNQ").reset(START_NS + 5 * MS)
    hall.go(MINUTE)
    assert {row.status for row in (entry, stop, target)} == {CANCELLED}
    assert hall.net(hall.accounts[0], "MNQ") == 0


def test_a_stop_that_meets_nobody_waits_for_somebody(hall: Hall) -> None:
    answer = hall.place(hall.accounts[0], "MNQ", type=STOP, side=SELL, size=2, stop_price=BID - 5)
    row = row_of(hall, answer.order_id)
    hall.go(MINUTE)
    tape, at_ns = hall.tape("MNQ"), hall.now_ns + 1
    tape.trade(at_ns, SELL, 1, BID - 5)
    tape.reset(at_ns)
    hall.go(MINUTE)
    assert (row.status, row.filled) == (OrderStatus.OPEN, 0)
    tape.around(hall.now_ns + 1, BID - 9, BID - 8)
    hall.go(MINUTE)
    assert (row.status, row.cost) == (FILLED, 2 * (BID - 9))


def test_a_trailing_leg_is_announced_with_the_price_it_works_at(hall: Hall) -> None:
    """The market runs six ticks up between the fill at 8 ms and the wake at 26 ms."""
    answer = hall.place(
        hall.accounts[0],
        "MNQ",
        type=MARKET,
        side=BUY,
        size=1,
        stop_loss_bracket=BracketModel(ticks=-10, type=5),
    )
    tape = hall.tape("MNQ")
    tape.around(START_NS + 20 * MS, BID + 6, BID + 7)
    tape.trade(START_NS + 20 * MS, BUY, 1)
    hall.go(MINUTE)
    leg = row_of(hall, (answer.order_id or 0) + 1)
    told = [one for one in hall.told("Order") if one["id"] == leg.id]
    assert [one["status"] for one in told] == [8, 1]
    assert told[-1]["stopPrice"] == hall.px("MNQ", BID + 7 - 10)
    assert hall.order_by_rest(leg) == told[-1]


def test_a_leg_that_its_grown_twin_ends_is_not_put_back_to_work(hall: Hall) -> None:
    """The rest of an entry fills on a trade that the grown stop meets at once."""
    answer = hall.place(
        hall.accounts[0],
        "MNQ",
        type=LIMIT,
        side=SELL,
        size=2,
        limit_price=BID + 1,
        stop_loss_bracket=BracketModel(ticks=4, type=STOP),
        take_profit_bracket=BracketModel(ticks=-4, type=LIMIT),
    )
    entry = row_of(hall, answer.order_id)
    hall.go(10 * MS)
    tape = hall.tape("MNQ")
    tape.trade(hall.now_ns + 1, BUY, 6)  # five were ahead
    hall.go(MINUTE)
    stop, target = row_of(hall, entry.id + 1), row_of(hall, entry.id + 2)
    assert (entry.filled, stop.size, target.size) == (1, 1, 1)
    tape.around(hall.now_ns + 1, BID + 5, BID + 6)
    tape.trade(hall.now_ns + 1, BUY, 1, BID + 6)
    hall.go(MINUTE)
    assert (entry.status, stop.status, target.status) == (FILLED, FILLED, CANCELLED)
    assert [one["status"] for one in hall.told("Order") if one["id"] == target.id].count(3) == 1
    tape.around(hall.now_ns + 1, BID - 20, BID - 19)
    tape.trade(hall.now_ns + 1, SELL, 9)
    hall.go(MINUTE)
    assert (target.filled, hall.net(hall.accounts[0], "MNQ")) == (0, 0)
    assert hall.world.floor.book(tape.contract).empty
