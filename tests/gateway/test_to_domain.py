"""Wire rows become domain values without losing a digit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from tests.gateway.samples import ACCOUNT, MNQ, ORDER, POSITION, TRADE

from tradedesk.domain.errors import GatewayError
from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.domain.price import TickSize
from tradedesk.gateway.rest import to_domain
from tradedesk.gateway.wire.orders import OrderModel
from tradedesk.gateway.wire.rest import AccountModel, ContractModel, PositionModel, TradeModel

TICK = TickSize(Decimal("0.25"))


def row(values: dict[str, Any], kind: type, **changes: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(values | changes), type=kind)


@pytest.mark.parametrize(
    ("written", "exact", "digits"),
    [
        ("0.25", "0.25", 2),
        ("0.250000000", "0.25", 2),
        ("0.00005", "0.00005", 5),
        ("0.0000005", "0.0000005", 7),
        ("5e-07", "0.0000005", 7),
        ("0.0078125", "0.0078125", 7),
        ("0.015625", "0.015625", 6),
        ("5", "5", 0),
        ("0.1", "0.1", 1),
    ],
)
def test_tick_sizes_are_exact(written: str, exact: str, digits: int) -> None:
    text = msgspec.json.encode(MNQ).replace(b'"tickSize":0.25', f'"tickSize":{written}'.encode())
    tick = to_domain.instrument(msgspec.json.decode(text, type=ContractModel)).tick
    assert tick.size == Decimal(exact)
    assert tick.digits == digits


def test_instrument() -> None:
    instrument = to_domain.instrument(row(MNQ, ContractModel))
    assert instrument.symbol == "MNQ"
    assert instrument.short_name == "MNQ Z25"
    assert instrument.tick_value == Decimal("0.5")


def test_filled_limit_order() -> None:
    order = to_domain.order(row(ORDER, OrderModel), TICK)
    assert (order.order_id, order.side, order.type) == (9100271, Side.BUY, OrderType.LIMIT)
    assert (order.status, order.filled, order.remaining) == (OrderStatus.FILLED, 2, 0)
    assert order.limit_ticks == 99801
    assert order.stop_ticks is None
    assert order.fill_price == Decimal("24950.25")
    assert order.tag == "dt-7f3a"
    assert order.created_ns == 1_763_650_991_482_913_000
    assert order.updated_ns == 1_763_651_282_000_417_000


def test_suspended_bracket_leg_with_ids_as_text() -> None:
    leg = row(
        ORDER, OrderModel, id="9100273", status=8, type=4, side=1, limitPrice=None, fillVolume=None,
        filledPrice=None, parentOrderId="9100271", linkedOrderId=9100272, customTag="dt-7f3a-SL",
        trailDistance=-40, trailPrice=10.0, updateTimestamp=None,
    )  # fmt: skip
    order = to_domain.order(leg, TICK)
    assert (order.order_id, order.parent_id, order.linked_id) == (9100273, 9100271, 9100272)
    assert order.is_working
    assert order.price_ticks is None
    assert order.filled == 0
    assert order.updated_ns == order.created_ns


def test_average_prices_may_lie_between_ticks() -> None:
    order = to_domain.order(row(ORDER, OrderModel, filledPrice=28446.375), TICK)
    assert order.fill_price == Decimal("28446.375")
    position = to_domain.position(row(POSITION, PositionModel, averagePrice=28446.375))
    assert position.average_price == Decimal("28446.375")


def test_positions_are_signed_and_flat_means_flat() -> None:
    assert to_domain.position(row(POSITION, PositionModel)).net_size == 2
    assert to_domain.position(row(POSITION, PositionModel, type=2)).net_size == -2
    assert to_domain.position(row(POSITION, PositionModel, type=0, size=0)).net_size == 0
    assert to_domain.position(row(POSITION, PositionModel, type=0)).net_size == 0


def test_fill() -> None:
    fill = to_domain.fill(row(TRADE, TradeModel, commissions=0.25), TICK)
    assert (fill.trade_id, fill.order_id, fill.price_ticks) == (8800405, 9100271, 99801)
    assert fill.pnl is None
    assert fill.fees == Decimal("0.99")
    closing = to_domain.fill(row(TRADE, TradeModel, profitAndLoss=32.0, side=1), TICK)
    assert closing.pnl == Decimal("32.0")
    assert closing.side is Side.SELL


def test_account_without_the_simulated_member() -> None:
    old = {name: value for name, value in ACCOUNT.items() if name != "simulated"}
    account = to_domain.account(row(old, AccountModel))
    assert account.simulated
    assert account.balance == Decimal("149999.26")


def test_a_new_status_still_counts_as_working(expect_log: Any) -> None:
    expect_log("unknown order status 11")
    assert to_domain.order(row(ORDER, OrderModel, status=11), TICK).is_working


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ({"limitPrice": 100.0, "stopPrice": None}, OrderType.LIMIT),
        ({"limitPrice": None, "stopPrice": 100.0}, OrderType.STOP),
        ({"limitPrice": 100.0, "stopPrice": 100.0}, OrderType.STOP_LIMIT),
        ({"limitPrice": None, "stopPrice": None}, OrderType.MARKET),
    ],
)
def test_a_new_type_is_told_by_its_prices(
    prices: dict[str, Any], expected: OrderType, expect_log: Any
) -> None:
    expect_log("unknown order type 0")
    assert to_domain.order(row(ORDER, OrderModel, type=0, **prices), TICK).type is expected


def test_an_unknown_side_is_refused() -> None:
    with pytest.raises(GatewayError, match="unknown side 7"):
        to_domain.order(row(ORDER, OrderModel, side=7), TICK)
