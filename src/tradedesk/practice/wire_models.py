"""Our rows as structs of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderStatus
from tradedesk.gateway.wire.orders import OrderModel
from tradedesk.gateway.wire.rest import (
    AccountModel,
    BarModel,
    ContractModel,
    PositionModel,
    TradeModel,
)
from tradedesk.practice.stamps import plain, wire_time

if TYPE_CHECKING:
    from decimal import Decimal

    from tradedesk.domain.price import TickSize
    from tradedesk.engine import Bars
    from tradedesk.practice.books.ledger import HalfTurn, Ledger, PositionRow
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.products import Contract


def _px(ticks: int | None, tick: TickSize) -> float | None:
    return None if ticks is None else plain(tick.price_lossy(ticks))


def _number(value: Decimal) -> float:
    number = _lossy(value)
    assert number is not None
    return number


def _lossy(value: Decimal | None) -> float | None:
    """Nine digits after the point are what production prints."""
    return None if value is None else plain(float(round(value, 9)))


def account_model(ledger: Ledger, name: str, can_trade: bool) -> AccountModel:
    """An account as the wire shows it."""
    return AccountModel(
        id=ledger.account_id,
        name=name,
        balance=_number(ledger.balance),
        can_trade=can_trade,
        is_visible=True,
        simulated=True,
    )


def contract_model(contract: Contract, active: bool) -> ContractModel:
    """A contract as the wire shows it."""
    product = contract.product
    return ContractModel(
        id=contract.contract_id,
        name=contract.name,
        description=contract.description,
        tick_size=_number(product.tick.size),
        tick_value=_number(product.tick_value),
        active_contract=active,
        symbol_id=product.symbol_id,
    )


def order_model(row: OrderRow) -> OrderModel:
    """An order as the wire shows it; ``trailPrice`` is a distance in price units."""
    tick = row.contract.product.tick
    distance = row.leg_ticks if row.leg_ticks is not None else row.trail
    return OrderModel(
        id=row.id,
        account_id=row.account_id,
        contract_id=row.contract.contract_id,
        symbol_id=row.contract.product.symbol_id,
        creation_timestamp=wire_time(row.created_ns),
        update_timestamp=wire_time(row.updated_ns),
        status=int(row.status),
        type=int(row.type),
        side=int(row.side),
        size=row.size,
        limit_price=_px(row.limit, tick),
        stop_price=_px(row.stop, tick),
        fill_volume=row.filled,
        filled_price=_lossy(row.average),
        custom_tag=row.tag,
        trail_distance=distance,
        trail_price=_px(distance, tick),
        parent_order_id=row.parent_id,
        linked_order_id=row.linked_id,
    )


def order_action(row: OrderRow) -> int:
    """Code beside an order on the user hub: 2 for a finished one, 1 for any other."""
    finished = row.status.is_final and row.status is not OrderStatus.REJECTED
    return 2 if finished else 1


def position_model(account_id: int, row: PositionRow) -> PositionModel:
    """A position as the wire shows it; one that is gone has size 0 and type 0."""
    kind = 0 if not row.net else 1 if row.net > 0 else 2
    return PositionModel(
        id=row.id,
        account_id=account_id,
        contract_id=row.contract.contract_id,
        contract_display_name=row.contract.display_name,
        creation_timestamp=wire_time(row.opened_ns),
        type=kind,
        size=abs(row.net),
        average_price=_number(row.average),
    )


def trade_model(trade: HalfTurn) -> TradeModel:
    """A half-turn as the wire shows it."""
    return TradeModel(
        id=trade.id,
        account_id=trade.account_id,
        contract_id=trade.contract.contract_id,
        creation_timestamp=wire_time(trade.ts_ns),
        price=_number(trade.contract.product.tick.size * trade.px),
        profit_and_loss=_lossy(trade.pnl),
        fees=_number(trade.fees),
        commissions=0.0,
        side=int(trade.side),
        size=trade.size,
        voided=False,
        order_id=trade.order_id,
    )


def bar_models(bars: Bars, tick: TickSize) -> list[BarModel]:
    """Bars as the wire shows them, newest first."""
    prices = {
        ticks: _number(tick.size * ticks)
        for column in (bars.open, bars.high, bars.low, bars.close)
        for ticks in set(column.tolist())
    }
    rows = zip(
        bars.ts_ns.tolist(),
        bars.open.tolist(),
        bars.high.tolist(),
        bars.low.tolist(),
        bars.close.tolist(),
        bars.volume.tolist(),
        strict=True,
    )
    models = [
        BarModel(t=wire_time(ts), o=prices[o], h=prices[h], l=prices[lo], c=prices[c], v=v)
        for ts, o, h, lo, c, v in rows
    ]
    models.reverse()
    return models
