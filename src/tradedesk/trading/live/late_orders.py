"""Orders that the venue accepted after they were taken for not placed: ended or told, by policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderStatus, OrderType
from tradedesk.trading.intent_fates import words_of

if TYPE_CHECKING:
    from tradedesk.domain.events import Intent
    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.order import Order
    from tradedesk.trading.live.cancelling import Cancelling
    from tradedesk.trading.live.desk_parts import DeskParts

_PENDING = frozenset({OrderStatus.NONE, OrderStatus.PENDING})


class LateOrders:
    """What still works is cancelled, unless the rules say otherwise; a fill is the trader's."""

    def __init__(self, parts: DeskParts, cancelling: Cancelling) -> None:
        self._parts = parts
        self._cancelling = cancelling
        parts.fates.on_late = self.take

    def take(self, intent: Intent) -> None:
        """One order turned up late."""
        self._parts.owner.start(self._end(intent), f"late {intent.tag}")

    async def _end(self, intent: Intent) -> None:
        order_id = intent.order_id
        if order_id is None:
            return
        # what is filled at once is told so, and a cancel of it is not even sent
        await self._parts.watchers.until(
            lambda: self._is_decided(order_id), self._parts.timings.proof_s
        )
        order = self._order(order_id)
        may_cancel = self._parts.books.rules.late.cancel_working
        if may_cancel and (order is None or not order.status.is_final):
            if order is None or order.type is not OrderType.MARKET:
                await self._cancelling.end_order(intent.command.account_id, order_id)
            order = self._order(order_id)
        self._tell(intent, order)

    def _tell(self, intent: Intent, order: Order | None) -> None:
        what = words_of(intent.command, self._parts.books)
        if order is not None and order.filled:
            level = "alarm"
            text = (
                f"The late order to {what} was filled ({order.filled} of {order.size}); keep the "
                "position or flatten it."
            )
        elif order is not None and order.status.is_final:
            level, text = "warning", f"The late order to {what} was cancelled; nothing was filled."
        else:
            level = "alarm"
            text = f"The late order to {what} may still work; cancel it if you do not want it."
        self._parts.books.notice(level, text)

    def _is_decided(self, order_id: OrderId) -> bool:
        order = self._order(order_id)
        return order is not None and order.status not in _PENDING

    def _order(self, order_id: OrderId) -> Order | None:
        return self._parts.books.blotter.orders.get(order_id)
