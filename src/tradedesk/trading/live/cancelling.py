"""Cancels orders and proves it. Cancelling twice is harmless, so an unknown cancel is repeated."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from typing import TYPE_CHECKING

from tradedesk.domain.changes import ChangeState
from tradedesk.domain.commands import CancelOrder
from tradedesk.domain.errors import GatewayError
from tradedesk.domain.order import OrderStatus
from tradedesk.trading.change_desk import too_late
from tradedesk.trading.change_sight import sight_of
from tradedesk.trading.exits import protects
from tradedesk.trading.live.changing import Changing, Course

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.commands import CancelAll, Command
    from tradedesk.domain.ids import AccountId, OrderId
    from tradedesk.domain.ports import Stamp
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.replies import Replies

_AT_ONCE = 8
_STILL = "The venue was asked to cancel it, but the order is still listed."


class Cancelling:
    """The ways to end working orders."""

    def __init__(self, parts: DeskParts, changing: Changing, replies: Replies) -> None:
        self._parts = parts
        self._changing = changing
        self._replies = replies
        self._lane = asyncio.Semaphore(_AT_ONCE)
        self._ending: set[OrderId] = set()
        self._own = itertools.count(1)

    def cancel(self, command: CancelOrder, received_ns: int) -> None:
        """Cancel one order."""
        reason = self._parts.changes.refuse(command)
        if reason:
            self._replies.failed(command, reason, order_id=command.order_id)
            return
        self._parts.owner.start(self._cancel(command, received_ns), f"cancel {command.order_id}")

    def cancel_all(self, command: CancelAll, received_ns: int) -> None:
        """Cancel many; exits of open positions stay unless asked for, orders of others always."""
        reason = self._parts.changes.refuse_press(command.click_id, command.account_id)
        if reason:
            self._replies.failed(command, reason, contract_id=command.contract_id)
            return
        self._parts.owner.start(self._cancel_all(command, received_ns), "cancel all")

    async def end_order(
        self, account_id: AccountId, order_id: OrderId, *, asked_by: Command | None = None
    ) -> str:
        """Cancel until the order is seen to have ended.

        Parameters
        ----------
        asked_by : Command, optional
            The press behind it; the desk's own doing if None.

        Returns
        -------
        str
            Nothing if it ended (cancelled or filled), otherwise why it may still work.
        """
        number = next(self._own)
        command = CancelOrder(
            click_id=f"{asked_by.click_id if asked_by else 'desk'}-cancel-{number}",
            press_ns=asked_by.press_ns if asked_by else self._parts.clock.mono_ns(),
            asked_ns=asked_by.asked_ns if asked_by else 0,
            account_id=account_id,
            order_id=order_id,
        )
        return await self._end(command, self._parts.clock.mono_ns())

    async def end_orders(
        self,
        account_id: AccountId,
        order_ids: Iterable[OrderId],
        *,
        asked_by: Command | None = None,
    ) -> list[str]:
        """Cancel several at the same time; returns the reasons of those that may still work."""
        outcomes = await asyncio.gather(
            *(self.end_order(account_id, one, asked_by=asked_by) for one in order_ids)
        )
        return [reason for reason in outcomes if reason]

    # --- one order ----------------------------------------------------------------------------

    async def _end(self, command: CancelOrder, received_ns: int) -> str:
        order_id = command.order_id
        if self._ended(order_id):
            return ""
        if order_id in self._ending:
            # one cancel is under way: two would prove no more than one
            await self._parts.watchers.until(
                lambda: order_id not in self._ending, self._parts.timings.give_up_s
            )
            return "" if self._ended(order_id) else _STILL
        self._ending.add(order_id)
        try:
            return await self._send_until_ended(command, received_ns)
        finally:
            self._ending.discard(order_id)
            self._parts.watchers.wake()

    async def _send_until_ended(self, command: CancelOrder, received_ns: int) -> str:
        parts, order_id = self._parts, command.order_id
        order = parts.books.blotter.orders.get(order_id)
        if order is None or not (order.is_working or order.status.is_final):
            reason = await self._find(command)
            if reason or self._ended(order_id):
                return reason

        async def send(on_written: Stamp) -> None:
            async with self._lane:
                await parts.calls.gateway.cancel(
                    account_id=command.account_id, order_id=order_id, on_written=on_written
                )

        change = parts.changes.open(command, received_ns)
        change = await self._changing.carry_out(
            Course(
                key=change.key,
                inquiry=self._changing.inquiry(change),
                send=send,
                look=lambda: self._changing.look_for_order(command.account_id, order_id),
                sight=lambda: sight_of(command, parts.books.blotter.orders.get(order_id)),
                newest=lambda: True,
            )
        )
        return "" if self._ended(order_id) else change.reason or _STILL

    async def _find(self, command: CancelOrder) -> str:
        """Look for an order that nobody has heard of before a cancel of it is sent."""
        number = command.order_id
        try:
            await self._changing.look_for_order(command.account_id, number)
        except GatewayError as error:
            return f"Order {number} is not known here, and asking failed: {error}"
        if number in self._parts.books.blotter.orders:
            return ""
        return f"The venue does not know this order ({number}); nothing was sent."

    async def _cancel(self, command: CancelOrder, received_ns: int) -> None:
        order_id = command.order_id
        known = self._parts.books.blotter.orders.get(order_id)
        if known is not None and known.status is OrderStatus.FILLED:
            self._replies.failed(command, "It is filled already.", order_id=order_id)
            return
        reason = await self._end(command, received_ns)
        order = self._parts.books.blotter.orders.get(order_id)
        if reason:
            unknown = self._state_of(order_id) not in {ChangeState.REFUSED, ChangeState.NOT_SENT}
            unknown = unknown and order is not None
            self._replies.failed(command, reason, order_id=order_id, outcome_unknown=unknown)
        elif order is not None and order.status is OrderStatus.FILLED:
            self._replies.failed(command, too_late(order, command), order_id=order_id)
        else:
            part = f"; {order.filled} of {order.size} were filled" if order and order.filled else ""
            self._replies.done(command, f"Cancelled{part}")

    # --- many ---------------------------------------------------------------------------------

    async def _cancel_all(self, command: CancelAll, received_ns: int) -> None:
        targets, others = self._targets(command)
        reasons = await self.end_orders(command.account_id, targets, asked_by=command)
        ends = Counter(self._end_of(order_id) for order_id in targets)
        # "cancelled" is the venue's word: an order that it still lists has not been cancelled
        text = f"Cancelled {ends['ended']} of {len(targets)} orders"
        if ends["ended"] == len(targets):
            text = f"Cancelled {_count(len(targets))}"
        if ends["filled"]:
            text += f", {ends['filled']} filled meanwhile"
        if others:
            text += f"; {_count(others)} not placed here left alone, flatten takes them too"
        if not ends["open"]:
            self._replies.done(command, text)
            return
        why = f": {reasons[0]}" if reasons else "; look at the venue's own page."
        self._replies.failed(
            command,
            f"{text}, {ends['open']} may still work{why}",
            contract_id=command.contract_id,
            outcome_unknown=True,
        )

    def _end_of(self, order_id: OrderId) -> str:
        if not self._ended(order_id):
            return "open"
        order = self._parts.books.blotter.orders[order_id]
        return "filled" if order.status is OrderStatus.FILLED else "ended"

    def _targets(self, command: CancelAll) -> tuple[list[OrderId], int]:
        """What to cancel, and how many orders of others are left."""
        blotter, intents = self._parts.books.blotter, self._parts.books.intents
        working = blotter.working(command.account_id, command.contract_id)
        ids = {order.order_id for order in working}
        targets, others = [], 0
        for order in working:
            if order.parent_id in ids:
                continue  # ends with its parent
            net = blotter.net_size(order.account_id, order.contract_id)
            if not command.include_exits and protects(order, net, intents.exit_tags):
                continue
            if intents.of_order(order) is None:
                others += 1
            else:
                targets.append(order.order_id)
        return targets, others

    def _ended(self, order_id: OrderId) -> bool:
        order = self._parts.books.blotter.orders.get(order_id)
        return order is not None and order.status.is_final

    def _state_of(self, order_id: OrderId) -> ChangeState | None:
        """How far the newest cancel of an order is."""
        for change in self._parts.books.changes.of_order(order_id):
            if isinstance(change.command, CancelOrder):
                return change.state
        return None


def _count(number: int) -> str:
    return f"{number} order" if number == 1 else f"{number} orders"
