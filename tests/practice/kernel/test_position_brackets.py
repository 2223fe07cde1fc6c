"""Position Brackets mode: one stop and one target for the whole position, kept by the venue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.practice.kernel.hall import MS, Hall
from tests.practice.kernel.hand_market import BUY, SELL, HandMarket
from tests.practice.kernel.truths import Truths

from tradedesk.domain.order import OrderStatus, OrderType
from tradedesk.gateway.wire.orders import BracketModel
from tradedesk.practice.books.rows import OrderRow

LIMIT, MARKET = 1, 2
BID = 80_000
STOP_TICKS, TARGET_TICKS = 20, 8


@pytest.fixture
def hall() -> Iterator[Hall]:
    made = Hall(HandMarket(MNQ=BID), "practice", "practice")
    wrong = made.control(
        "bracket_mode",
        mode="position",
        accountId=made.accounts[0],
        stopTicks=STOP_TICKS,
        targetTicks=TARGET_TICKS,
    )
    assert wrong is None
    yield made
    Truths(made).check()
    made.close_down()


def trade(hall: Hall, side: int, size: int) -> None:
    answer = hall.place(hall.accounts[0], "MNQ", type=MARKET, side=side, size=size)
    assert answer.code == 0, answer
    hall.go(9 * MS)


def pair(hall: Hall) -> tuple[OrderRow, OrderRow]:
    """The stop and the target that work; there must be one of each and nothing else."""
    stop, target = sorted(hall.live(), key=lambda row: not row.is_stop)
    assert (stop.type, target.type) == (OrderType.STOP, OrderType.LIMIT)
    assert (stop.status, target.status) == (OrderStatus.OPEN, OrderStatus.OPEN)
    assert (stop.tag, target.tag, stop.parent_id, target.linked_id) == (None,) * 4
    return stop, target


def shape(row: OrderRow) -> tuple[int, int, int | None]:
    return int(row.side), row.remaining, row.stop if row.is_stop else row.limit


def to(hall: Hall, bid: int, side: int, size: int = 1) -> None:
    """The market goes to a price, where somebody trades."""
    tape, at_ns = hall.tape("MNQ"), hall.now_ns + 1
    tape.around(at_ns, bid, bid + 1)
    tape.trade(at_ns, side, size)
    hall.go(MS)


def test_a_pair_is_made_resized_repriced_and_gone_when_flat(hall: Hall) -> None:
    trade(hall, BUY, 2)
    stop, target = made = pair(hall)
    assert shape(stop) == (SELL, 2, BID + 1 - STOP_TICKS)
    assert shape(target) == (SELL, 2, BID + 1 + TARGET_TICKS)
    assert target.id == stop.id + 1

    to(hall, BID + 4, BUY)
    trade(hall, BUY, 2)  # 2 at 80,001 and 2 at 80,005: 80,003
    assert pair(hall) == made
    assert shape(stop) == (SELL, 4, BID + 3 - STOP_TICKS)
    assert shape(target) == (SELL, 4, BID + 3 + TARGET_TICKS)

    trade(hall, SELL, 3)
    assert pair(hall) == made
    assert shape(stop) == (SELL, 1, BID + 3 - STOP_TICKS)

    trade(hall, SELL, 1)
    assert hall.live() == []
    assert {stop.status, target.status} == {OrderStatus.CANCELLED}


@pytest.mark.parametrize("up", [True, False])
def test_one_of_the_pair_closes_and_the_other_is_cancelled(hall: Hall, up: bool) -> None:
    trade(hall, BUY, 3)
    stop, target = pair(hall)
    to(hall, BID + 20 if up else BID - 30, BUY if up else SELL)
    done, other = (target, stop) if up else (stop, target)
    assert (done.status, other.status) == (OrderStatus.FILLED, OrderStatus.CANCELLED)
    assert (hall.live(), hall.net(hall.accounts[0], "MNQ")) == ([], 0)


def test_a_target_that_fills_in_part_keeps_its_place_and_shrinks_the_stop(hall: Hall) -> None:
    trade(hall, BUY, 3)
    stop, target = pair(hall)
    at = target.limit
    assert at is not None
    tape = hall.tape("MNQ")
    tape.around(hall.now_ns + 1, at - 1, at)  # five wait there; they came after the target
    hall.go(MS)
    seq = target.seq
    tape.trade(hall.now_ns + 1, BUY, target.ahead + 1)
    hall.go(MS)
    assert pair(hall) == (stop, target)
    assert (shape(target), target.filled, target.seq) == ((SELL, 2, at), 1, seq)
    assert shape(stop) == (SELL, 2, BID + 1 - STOP_TICKS)
    tape.trade(hall.now_ns + 1, BUY, 2, at)
    hall.go(MS)
    assert (target.status, hall.live()) == (OrderStatus.FILLED, [])


def test_a_reversal_makes_a_new_pair_on_the_other_side(hall: Hall) -> None:
    trade(hall, BUY, 2)
    old = pair(hall)
    trade(hall, SELL, 5)
    stop, target = pair(hall)
    assert {row.status for row in old} == {OrderStatus.CANCELLED}
    assert shape(stop) == (BUY, 3, BID + STOP_TICKS)
    assert shape(target) == (BUY, 3, BID - TARGET_TICKS)
    assert (stop.id, target.id) > (old[0].id, old[1].id)


def test_brackets_of_an_order_are_refused_with_a_row(hall: Hall) -> None:
    one, other = hall.accounts
    legs: dict[str, Any] = {"stop_loss_bracket": BracketModel(ticks=-10, type=4)}
    order = {"type": MARKET, "side": BUY, "size": 1}
    answer = hall.place(one, "MNQ", **order, **legs)
    assert (answer.code, answer.message) == (
        2,
        "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.",
    )
    assert answer.order_id is not None
    row = hall.world.exchange.rows[answer.order_id]
    assert (row.status, row.bracket) == (OrderStatus.REJECTED, ())
    assert hall.place(other, "MNQ", **order, **legs).code == 0


def test_the_mode_changes_only_while_flat_and_all_or_none(hall: Hall) -> None:
    one, other = hall.accounts
    hall.place(other, "MNQ", type=LIMIT, side=BUY, size=1, limit_price=BID - 50)
    hall.go(9 * MS)
    wrong = hall.control("bracket_mode", mode="auto_oco")
    assert wrong is not None
    assert "only while the account is flat and has no working orders" in wrong
    trade(hall, BUY, 1)
    pair_and_limit = {row.account_id for row in hall.live()}
    assert pair_and_limit == {one, other}  # the first account kept its mode
    assert hall.control("bracket_mode", mode="auto_oco", accountId=one) is not None
    trade(hall, SELL, 1)
    assert hall.control("bracket_mode", mode="auto_oco", accountId=one) is None
    trade(hall, BUY, 1)
    assert {row.account_id for row in hall.live()} == {other}


def test_a_pair_that_somebody_moves_or_cancels(hall: Hall) -> None:
    """A leg may be moved by hand until the position changes; one that is cancelled stays away."""
    trade(hall, BUY, 2)
    stop, target = pair(hall)
    assert hall.modify(stop, stop_price=BID - 30).code == 0
    hall.go(60_000 * MS)
    assert stop.stop == BID - 30
    assert hall.world.exchange.cancel(target.account_id, target.id).code == 0
    trade(hall, BUY, 1)
    (only,) = hall.live()
    assert only is stop
    assert shape(stop) == (SELL, 3, BID + 1 - STOP_TICKS)
    trade(hall, SELL, 3)
    assert hall.live() == []
