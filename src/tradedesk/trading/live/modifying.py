"""Changes working orders: one change at a time per order, the newest wish next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import GatewayError, NotSentError, VenueRefusedError

if TYPE_CHECKING:
    from tradedesk.domain.commands import ModifyOrder
    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.order import Order
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.instruments import Instruments
    from tradedesk.trading.live.replies import Replies


class Modifying:
    """Sends each change once; a drag that makes many sends the first and the last."""

    def __init__(self, parts: DeskParts, instruments: Instruments, replies: Replies) -> None:
        self._parts = parts
        self._instruments = instruments
        self._replies = replies
        self._waiting: dict[OrderId, ModifyOrder | None] = {}

    def modify(self, command: ModifyOrder) -> None:
        """Change an order, or wait for the change that is on its way."""
        if command.order_id not in self._waiting:
            self._waiting[command.order_id] = None
            self._parts.owner.start(self._run(command), f"modify {command.order_id}")
            return
        older = self._waiting[command.order_id]
        self._waiting[command.order_id] = command
        if older is not None:
            self._replies.done(older, "Replaced by a newer change")

    async def _run(self, command: ModifyOrder) -> None:
        wish: ModifyOrder | None = command
        try:
            while wish is not None:
                await self._modify(wish)
                wish, self._waiting[command.order_id] = self._waiting[command.order_id], None
        finally:
            self._waiting.pop(command.order_id, None)

    async def _modify(self, command: ModifyOrder) -> None:
        order = self._parts.books.blotter.orders.get(command.order_id)
        reason = self._refuse(command, order)
        if reason or order is None:
            self._fail(command, reason)
            return
        try:
            instrument = self._parts.books.instruments.get(order.contract_id)
            if instrument is None:
                instrument = await self._instruments.resolve(order.contract_id)
            await self._parts.calls.change(
                self._parts.calls.gateway.modify(
                    account_id=command.account_id,
                    order=order,
                    instrument=instrument,
                    size=command.size,
                    limit_ticks=command.limit_ticks,
                    stop_ticks=command.stop_ticks,
                )
            )
        except (NotSentError, VenueRefusedError) as error:
            self._fail(command, str(error))
            return
        except GatewayError as error:
            await self._find_out(command, str(error))
            return
        if await self._parts.watchers.until(
            lambda: self._is_done(command), self._parts.timings.proof_s
        ):
            self._replies.done(command, "Changed")
        else:
            await self._find_out(command, "The venue took the change, but does not show it.")

    def _refuse(self, command: ModifyOrder, order: Order | None) -> str:
        if order is None:
            return f"Order {command.order_id} is not known; it cannot be changed."
        if not order.is_working:
            return f"Order {command.order_id} is {order.status.name.lower()}; nothing to change."
        most = self._parts.books.rules.risk.max_order_size
        if command.size is not None and (command.size < 1 or command.size > max(most, order.size)):
            return f"The size must be between 1 and {most}, not {command.size}."
        return ""

    async def _find_out(self, command: ModifyOrder, why: str) -> None:
        """Read the price instead of sending again: the market has moved, the trader decides."""
        try:
            self._parts.news.report(await self._parts.calls.look(command.account_id))
        except GatewayError as error:
            self._fail(command, f"{why} Asking failed too: {error}", unknown=True)
            return
        if self._is_done(command):
            self._replies.done(command, "Changed")
        else:
            self._fail(command, f"{why} It still stands as before.", unknown=True)

    def _is_done(self, command: ModifyOrder) -> bool:
        order = self._parts.books.blotter.orders.get(command.order_id)
        return order is not None and (
            (command.size in {None, order.size})
            and (command.limit_ticks in {None, order.limit_ticks})
            and (command.stop_ticks in {None, order.stop_ticks})
        )

    def _fail(self, command: ModifyOrder, reason: str, *, unknown: bool = False) -> None:
        self._replies.failed(command, reason, order_id=command.order_id, outcome_unknown=unknown)
