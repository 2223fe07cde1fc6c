"""Blotter, balance, round trips."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from tests.fakes.fake_venue import ACCOUNT, LAST, MNQ
from tests.trading.test_order_merge import copy

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.ids import OrderId, TradeId
from tradedesk.domain.order import OrderStatus, Side
from tradedesk.domain.position import Fill, Position
from tradedesk.trading.balance import CONFIRM_NS, Balance, unexplained
from tradedesk.trading.blotter import Blotter
from tradedesk.trading.round_trips import RoundTrips


def fill(number: int, side: Side = Side.BUY, size: int = 1, *, voided: bool = False) -> Fill:
    return Fill(
        trade_id=TradeId(number),
        account_id=ACCOUNT,
        contract_id=MNQ.contract_id,
        order_id=OrderId(1),
        ts_ns=number,
        side=side,
        size=size,
        price_ticks=LAST,
        pnl=None,
        fees=Decimal(0),
        voided=voided,
    )


def position(net: int) -> Position:
    return Position(ACCOUNT, MNQ.contract_id, net, Decimal(1))


def test_a_fill_is_told_once_and_a_voided_one_again() -> None:
    blotter = Blotter()
    assert blotter.take_fill(fill(1)) == fill(1)
    assert blotter.take_fill(fill(1)) is None
    assert blotter.take_fill(fill(1, voided=True)) is not None


def test_a_rest_answer_does_not_undo_a_younger_hub_event() -> None:
    blotter = Blotter()
    blotter.take_position(position(2), mono_ns=100)
    assert blotter.take_position_list(ACCOUNT, [], asked_ns=50) == []
    assert blotter.net_size(ACCOUNT, MNQ.contract_id) == 2
    assert [p.net_size for p in blotter.take_position_list(ACCOUNT, [], asked_ns=150)] == [0]


def test_a_leg_missing_from_two_lists_has_ended_with_its_entry() -> None:
    blotter = Blotter()
    blotter.take_order(copy(order_id=OrderId(7), status=OrderStatus.CANCELLED), mono_ns=10)
    leg = copy(order_id=OrderId(8), parent_id=OrderId(7), status=OrderStatus.SUSPENDED)
    blotter.take_order(leg, mono_ns=10)
    assert blotter.note_working_list(ACCOUNT, [], asked_ns=5) == []
    assert blotter.note_working_list(ACCOUNT, [], asked_ns=20) == []
    gone = blotter.note_working_list(ACCOUNT, [], asked_ns=30)
    assert [order.status for order in gone] == [OrderStatus.CANCELLED]


def test_an_order_missing_from_lists_may_have_been_filled_until_the_hub_was_silent_for_long() -> (
    None
):
    blotter = Blotter()
    blotter.take_order(copy(status=OrderStatus.OPEN), mono_ns=10)
    for second in range(0, 200, 5):
        assert blotter.note_working_list(ACCOUNT, [], asked_ns=20 + second * NS_PER_S) == []
    blotter.hub_since_ns = 200 * NS_PER_S
    assert blotter.note_working_list(ACCOUNT, [], asked_ns=259 * NS_PER_S) == []
    gone = blotter.note_working_list(ACCOUNT, [], asked_ns=261 * NS_PER_S)
    assert [order.status for order in gone] == [OrderStatus.CANCELLED]


def test_an_order_that_comes_back_in_between_has_not_ended() -> None:
    blotter = Blotter()
    blotter.take_order(copy(status=OrderStatus.OPEN), mono_ns=10)
    blotter.note_working_list(ACCOUNT, [], asked_ns=20)
    blotter.note_working_list(ACCOUNT, [copy(status=OrderStatus.OPEN)], asked_ns=30)
    assert blotter.note_working_list(ACCOUNT, [], asked_ns=40) == []


def test_whether_the_venue_knows_more() -> None:
    blotter = Blotter()
    assert not blotter.differs(ACCOUNT, [], [])
    assert blotter.differs(ACCOUNT, [copy(status=OrderStatus.OPEN)], [])
    assert blotter.differs(ACCOUNT, [], [position(1)])
    blotter.take_position(position(1), 1)
    assert not blotter.differs(ACCOUNT, [], [position(1)])
    assert blotter.differs(ACCOUNT, [], [])


def test_balance_explains_by_trades() -> None:
    trades = [fill(1, Side.BUY, 3), fill(2, Side.SELL, 1), fill(3, Side.BUY, 9, voided=True)]
    carried = unexplained([position(7)], trades)
    assert carried == {MNQ.contract_id: 5}
    balance = Balance()
    assert not balance.holds(ACCOUNT, MNQ.contract_id, carried)
    balance.restore(ACCOUNT, carried)
    more = [*trades, fill(4, Side.SELL, 2)]
    assert balance.holds(ACCOUNT, MNQ.contract_id, unexplained([position(5)], more))
    assert not balance.holds(ACCOUNT, MNQ.contract_id, unexplained([position(6)], more))


def test_what_was_carried_over_is_certain_when_two_balances_apart_are_equal() -> None:
    balance, mnq = Balance(), MNQ.contract_id
    second = CONFIRM_NS // 10
    late = {mnq: 1}  # the list of trades does not show the newest yet
    assert balance.weigh(ACCOUNT, late, 5 * second, hub_since_ns=0) is None
    assert balance.weigh(ACCOUNT, {mnq: 0}, 16 * second, hub_since_ns=0) is None
    assert balance.weigh(ACCOUNT, {mnq: 0}, 20 * second, hub_since_ns=0) is None
    assert not balance.knows(ACCOUNT)
    assert balance.weigh(ACCOUNT, {}, 27 * second, hub_since_ns=20 * second) is None
    assert balance.weigh(ACCOUNT, {}, 38 * second, hub_since_ns=None) is None
    assert balance.weigh(ACCOUNT, {}, 49 * second, hub_since_ns=20 * second) == {}
    assert balance.knows(ACCOUNT)
    assert balance.holds(ACCOUNT, mnq, {mnq: 0})
    assert not balance.holds(ACCOUNT, mnq, late)


def test_percentiles_of_round_trips() -> None:
    trips = RoundTrips(keep=100)
    assert trips.percentile_ms(50) is None
    for ms in range(1, 301):
        trips.add(ms * 1_000_000)
    assert trips.percentile_ms(50) == 250
    assert trips.percentile_ms(99) == 299


def test_a_copy_is_kept_under_its_id() -> None:
    blotter = Blotter()
    blotter.take_order(copy(), 1)
    assert blotter.take_order(msgspec.structs.replace(copy(), size=4), 2) is None
    assert list(blotter.orders) == [1]
