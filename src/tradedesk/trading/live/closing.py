"""Closes one position, and then the exits that it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.commands import ClosePosition, PlaceOrder
from tradedesk.domain.errors import GatewayError, NotSentError, VenueRefusedError
from tradedesk.domain.events import IntentState
from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.trading.exits import exits_of

if TYPE_CHECKING:
    from tradedesk.domain.ids import Tag
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.live.cancelling import Cancelling
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.placing import Placing
    from tradedesk.trading.live.replies import Replies


class Closing:
    """Whole: the venue's own close, then cancel orphaned exits. Part: an order with our tag."""

    def __init__(
        self, parts: DeskParts, placing: Placing, cancelling: Cancelling, replies: Replies
    ) -> None:
        self._parts = parts
        self._placing = placing
        self._cancelling = cancelling
        self._replies = replies
        self._busy: set[PositionKey] = set()

    def close(self, command: ClosePosition, received_ns: int) -> None:
        """Close a position; a second press while one is under way is told so."""
        key = (command.account_id, command.contract_id)
        if key in self._busy:
            self._fail(command, "This position is being closed already.")
            return
        net = self._parts.books.blotter.net_size(*key)
        self._busy.add(key)
        if command.size is not None and 0 < command.size < abs(net):
            work = self._part(command, net, command.size, received_ns)
        else:
            work = self._whole(command)
        self._parts.owner.start(work, f"close {command.contract_id}")

    async def _part(self, command: ClosePosition, net: int, size: int, received_ns: int) -> None:
        try:
            tag = self._placing.place(
                PlaceOrder(
                    click_id=command.click_id,
                    press_ns=command.press_ns,
                    account_id=command.account_id,
                    contract_id=command.contract_id,
                    side=Side.SELL if net > 0 else Side.BUY,
                    type=OrderType.MARKET,
                    size=size,
                ),
                received_ns,
            )
            if tag is None:
                return  # its contract is being resolved; the intent tells the rest
            await self._parts.watchers.until(
                lambda: self._decided(tag), self._parts.timings.place_s
            )
        finally:
            self._busy.discard((command.account_id, command.contract_id))
        intent = self._parts.books.intents.by_tag.get(tag)
        if intent is not None and intent.state is IntentState.ACCEPTED:
            self._replies.done(command, f"Closing {size} at market")
        elif intent is not None:
            self._fail(command, intent.reason, unknown=intent.state is IntentState.UNKNOWN)

    async def _whole(self, command: ClosePosition) -> None:
        key = (command.account_id, command.contract_id)
        try:
            net = self._parts.books.blotter.net_size(*key) or await self._ask_net(command)
            if net == 0:
                self._fail(command, "There is no position to close.")
                return
            reason, unknown = await self._close(command)
            flat = await self._parts.watchers.until(
                lambda: self._parts.books.blotter.net_size(*key) == 0,
                0 if reason and not unknown else self._parts.timings.proof_s,
            )
            if not flat:
                flat = await self._ask_net(command) == 0
            if not flat:
                self._fail(command, reason or "The position is still open.", unknown=unknown)
                return
            await self._cancel_exits(command, net)
        finally:
            self._busy.discard(key)

    async def _close(self, command: ClosePosition) -> tuple[str, bool]:
        """Send the close; gives why it failed, and whether that is unknown."""
        try:
            await self._parts.calls.change(
                self._parts.calls.gateway.close_contract(
                    account_id=command.account_id, contract_id=command.contract_id, size=None
                )
            )
        except (NotSentError, VenueRefusedError) as error:
            return str(error), False
        except GatewayError as error:
            return str(error), True
        return "", False

    async def _cancel_exits(self, command: ClosePosition, net: int) -> None:
        books = self._parts.books
        orphans = exits_of(
            books.blotter.working(command.account_id),
            command.contract_id,
            net,
            books.intents.exit_tags,
        )
        reasons = await self._cancelling.end_orders(
            command.account_id, [order.order_id for order in orphans]
        )
        if reasons:
            self._fail(
                command,
                f"The position is closed, but {len(reasons)} exit orders may still work: "
                f"{reasons[0]}",
                unknown=True,
            )
            return
        cancelled = sum(
            books.blotter.orders[order.order_id].status is OrderStatus.CANCELLED
            for order in orphans
        )
        ended = f", {cancelled} exit orders cancelled" if cancelled else ""
        self._replies.done(command, f"Closed {abs(net)}{ended}")

    async def _ask_net(self, command: ClosePosition) -> int:
        try:
            self._parts.news.report(await self._parts.calls.look(command.account_id))
        except GatewayError as error:
            self._parts.books.notice("warning", f"The position could not be read: {error}")
        return self._parts.books.blotter.net_size(command.account_id, command.contract_id)

    def _decided(self, tag: Tag) -> bool:
        intent = self._parts.books.intents.by_tag.get(tag)
        return intent is None or intent.state not in {IntentState.ARMED, IntentState.SENT}

    def _fail(self, command: ClosePosition, reason: str, *, unknown: bool = False) -> None:
        self._replies.failed(
            command, reason, contract_id=command.contract_id, outcome_unknown=unknown
        )
