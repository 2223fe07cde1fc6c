"""Wire rows to domain values. Pure."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import TYPE_CHECKING

from tradedesk.domain.errors import GatewayError
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag, TradeId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Account, Fill, Position
from tradedesk.domain.price import TickSize
from tradedesk.gateway.rest.outcomes import id_or_none
from tradedesk.gateway.timestamps import datetime_ns

if TYPE_CHECKING:
    from tradedesk.gateway.wire.orders import OrderModel
    from tradedesk.gateway.wire.rest import AccountModel, ContractModel, PositionModel, TradeModel

log = logging.getLogger(__name__)

_SHORT = 2


def exact(number: float) -> Decimal:
    """The decimal that a JSON number was written as: 0.0078125, not its binary neighbour."""
    return Decimal(repr(number))


def account(row: AccountModel) -> Account:
    """One account."""
    return Account(
        account_id=AccountId(row.id),
        name=row.name,
        balance=exact(row.balance),
        can_trade=row.can_trade,
        visible=row.is_visible,
        simulated=row.simulated,
    )


def instrument(row: ContractModel) -> Instrument:
    """One contract."""
    return Instrument(
        contract_id=ContractId(row.id),
        name=row.name,
        description=row.description,
        tick=TickSize(exact(row.tick_size).normalize()),
        tick_value=exact(row.tick_value),
        symbol_id=row.symbol_id,
        active=row.active_contract,
    )


def order(row: OrderModel, tick: TickSize) -> Order:
    """One order.

    Raises
    ------
    GatewayError
        If its side is none that is known: such an order cannot be shown truthfully.
    """
    created_ns = datetime_ns(row.creation_timestamp)
    updated = row.update_timestamp
    return Order(
        order_id=OrderId(int(row.id)),
        account_id=AccountId(row.account_id),
        contract_id=ContractId(row.contract_id),
        side=_side(row.side),
        type=_type(row),
        size=row.size,
        status=order_status(row.status),
        limit_ticks=_ticks(row.limit_price, tick),
        stop_ticks=_ticks(row.stop_price, tick),
        filled=row.fill_volume or 0,
        fill_price=None if row.filled_price is None else exact(row.filled_price),
        tag=Tag(row.custom_tag) if row.custom_tag else None,
        parent_id=_order_id(row.parent_order_id),
        linked_id=_order_id(row.linked_order_id),
        created_ns=created_ns,
        updated_ns=created_ns if updated is None else datetime_ns(updated),
    )


def position(row: PositionModel) -> Position:
    """One position; type or size 0 is flat, whatever the other says."""
    size = row.size if row.type else 0
    return Position(
        account_id=AccountId(row.account_id),
        contract_id=ContractId(row.contract_id),
        net_size=-size if row.type == _SHORT else size,
        average_price=exact(row.average_price),
        opened_ns=datetime_ns(row.creation_timestamp),
    )


def fill(row: TradeModel, tick: TickSize) -> Fill:
    """One half-turn trade; fees and commissions are one sum."""
    return Fill(
        trade_id=TradeId(int(row.id)),
        account_id=AccountId(row.account_id),
        contract_id=ContractId(row.contract_id),
        order_id=OrderId(int(row.order_id)),
        ts_ns=datetime_ns(row.creation_timestamp),
        side=_side(row.side),
        size=row.size,
        price_ticks=tick.nearest_lossy(row.price),
        pnl=None if row.profit_and_loss is None else exact(row.profit_and_loss),
        fees=exact(row.fees) + exact(row.commissions or 0.0),
        voided=row.voided,
    )


def _side(code: int) -> Side:
    try:
        return Side(code)
    except ValueError:
        raise GatewayError(
            f"The venue sent the unknown side {code}; look at its own page."
        ) from None


def _type(row: OrderModel) -> OrderType:
    try:
        return OrderType(row.type)
    except ValueError:
        log.warning(
            "the venue sent the unknown order type %d; its prices tell what it is", row.type
        )
    if row.stop_price is not None:
        return OrderType.STOP if row.limit_price is None else OrderType.STOP_LIMIT
    return OrderType.MARKET if row.limit_price is None else OrderType.LIMIT


def _ticks(px: float | None, tick: TickSize) -> int | None:
    return None if px is None else tick.nearest_lossy(px)


def _order_id(value: int | str | None) -> OrderId | None:
    number = id_or_none(value)
    return None if number is None else OrderId(number)


def order_status(code: int) -> OrderStatus:
    """A status; one that is not known yet counts as pending, since it may still fill."""
    try:
        return OrderStatus(code)
    except ValueError:
        log.warning("the venue sent the unknown order status %d; it is shown as pending", code)
        return OrderStatus.PENDING
