"""Cancels orders and proves it. Cancelling twice is harmless, so an unknown cancel is repeated."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import GatewayError, VenueRefusedError
from tradedesk.domain.order import Order, OrderStatus
from tradedesk.trading.exits import protects
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.commands import CancelAll, CancelOrder
    from tradedesk.domain.ids import AccountId, OrderId
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.replies import Replies

_BACK_OFF_S = (0.0, 0.75, 1.5, 3.0)
_AT_ONCE = 8
_DAY_NS = 24 * 3600 * NS_PER_S


class Cancelling:
    """The ways to end working orders."""

    def __init__(self, parts: DeskParts, replies: Replies) -> None:
        self._parts = parts
        self._replies = replies
        self._lane = asyncio.Semaphore(_AT_ONCE)

    def cancel(self, command: CancelOrder) -> None:
        """Cancel one order."""
        self._parts.owner.start(self._cancel(command), f"cancel {command.order_id}")

    def cancel_all(self, command: CancelAll) -> None:
        """Cancel many; exits of open positions stay unless asked for."""
        self._parts.owner.start(self._cancel_all(command), "cancel all")

    async def end_order(self, account_id: AccountId, order_id: OrderId) -> str:
        """Cancel until the order is seen to have ended.

        Returns
        -------
        str
            Nothing if it ended (cancelled or filled), otherwise why it may still work.
        """
        reason = ""
        for pause_s in _BACK_OFF_S:
            if pause_s:
                await asyncio.sleep(pause_s)
            if self._ended(order_id):
                return ""
            try:
                async with self._lane:
                    await self._parts.calls.change(
                        self._parts.calls.gateway.cancel(account_id=account_id, order_id=order_id)
                    )
                reason = "The venue took the cancel, but the order is still listed."
            except VenueRefusedError as error:
                await self._refresh(account_id, order_id)
                if self._ended(order_id):
                    return ""
                return str(error)
            except GatewayError as error:
                reason = str(error)
            if await self._parts.watchers.until(
                lambda: self._ended(order_id), self._parts.timings.proof_s
            ):
                return ""
            await self._refresh(account_id, order_id)
        return "" if self._ended(order_id) else reason

    async def end_orders(self, account_id: AccountId, order_ids: Iterable[OrderId]) -> list[str]:
        """Cancel several at the same time; returns the reasons of those that may still work."""
        outcomes = await asyncio.gather(*(self.end_order(account_id, one) for one in order_ids))
        return [reason for reason in outcomes if reason]

    async def _cancel(self, command: CancelOrder) -> None:
        reason = await self.end_order(command.account_id, command.order_id)
        order = self._parts.books.blotter.orders.get(command.order_id)
        if reason:
            self._replies.failed(
                command, reason, order_id=command.order_id, outcome_unknown=not self._refused(order)
            )
        elif order is not None and order.status is OrderStatus.FILLED:
            self._replies.failed(
                command, "It was filled before the cancel arrived.", order_id=command.order_id
            )
        else:
            self._replies.done(command, "Cancelled")

    async def _cancel_all(self, command: CancelAll) -> None:
        targets = self._targets(command)
        reasons = await self.end_orders(command.account_id, [one.order_id for one in targets])
        asked = {one.order_id for one in targets}
        left = [one for one in self._targets(command) if one.order_id in asked]
        if reasons or left:
            why = reasons[0] if reasons else "The venue still lists them."
            self._replies.failed(
                command,
                f"{max(len(left), len(reasons))} of {len(targets)} orders may still work: {why}",
                contract_id=command.contract_id,
                outcome_unknown=True,
            )
            return
        self._replies.done(command, f"Cancelled {len(targets)} orders")

    def _targets(self, command: CancelAll) -> list[Order]:
        blotter, exit_tags = self._parts.books.blotter, self._parts.books.intents.exit_tags
        working = blotter.working(command.account_id, command.contract_id)
        ids = {order.order_id for order in working}
        targets = []
        for order in working:
            if order.parent_id in ids:
                continue  # ends with its parent
            net = blotter.net_size(order.account_id, order.contract_id)
            if command.include_exits or not protects(order, net, exit_tags):
                targets.append(order)
        return targets

    def _ended(self, order_id: OrderId) -> bool:
        order = self._parts.books.blotter.orders.get(order_id)
        return order is not None and order.status.is_final

    @staticmethod
    def _refused(order: Order | None) -> bool:
        return order is not None and order.status is OrderStatus.OPEN

    async def _refresh(self, account_id: AccountId, order_id: OrderId) -> None:
        """Ask how one order stands, with everything created since it was."""
        order = self._parts.books.blotter.orders.get(order_id)
        if order is not None and order.created_ns:
            since_ns = order.created_ns - ns(self._parts.timings.look_back_s)
        else:
            since_ns = self._parts.clock.wall_ns() - _DAY_NS
        try:
            report = await self._parts.calls.full_look(account_id, since_ns)
        except GatewayError:
            return  # the next round, or the reconciler, asks again
        self._parts.news.report(report)
