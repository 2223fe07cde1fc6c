"""Closes one position, and then the exits that it leaves behind."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.commands import ClosePosition, PlaceOrder
from tradedesk.domain.errors import GatewayError
from tradedesk.domain.events import IntentState
from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.domain.urgency import on_the_way_out
from tradedesk.trading.change_sight import CloseView, Sight, closes
from tradedesk.trading.exits import exits_of
from tradedesk.trading.limits import ns
from tradedesk.trading.live.changing import Changing, Course

if TYPE_CHECKING:
    from tradedesk.domain.ids import Tag
    from tradedesk.domain.ports import Stamp
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.live.cancelling import Cancelling
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.placing import Placing
    from tradedesk.trading.live.replies import Replies


class Closing:
    """Whole: the venue's own close, then cancel orphaned exits. Part: an order with our tag."""

    def __init__(
        self,
        parts: DeskParts,
        placing: Placing,
        cancelling: Cancelling,
        changing: Changing,
        replies: Replies,
    ) -> None:
        self._parts = parts
        self._placing = placing
        self._cancelling = cancelling
        self._changing = changing
        self._replies = replies

    def close(self, command: ClosePosition, received_ns: int) -> None:
        """Close a position; a second press while one is under way is told so."""
        key = (command.account_id, command.contract_id)
        reason = self._parts.changes.refuse(command)
        if not reason and self._parts.books.ways_out.is_running(key):
            reason = "This position is being closed already."
        if reason:
            self._fail(command, reason)
            return
        leaving = ExitStack()  # from this step on, not from the task's first one
        leaving.enter_context(self._parts.books.ways_out.running(*key, received_ns))
        self._parts.owner.start(
            self._close(command, received_ns, leaving), f"close {command.contract_id}"
        )

    async def _close(self, command: ClosePosition, received_ns: int, leaving: ExitStack) -> None:
        on_the_way_out()
        net = self._parts.books.blotter.net_size(command.account_id, command.contract_id)
        with leaving:
            if command.size is not None and command.size < abs(net):
                await self._part(command, net, command.size, received_ns)
            else:
                await self._whole(command, received_ns)

    # --- a part -------------------------------------------------------------------------------

    async def _part(self, command: ClosePosition, net: int, size: int, received_ns: int) -> None:
        """Never repeated: it is an order, found by its tag when its answer is lost."""
        asked = self._placing.submit(
            PlaceOrder(
                click_id=command.click_id,
                press_ns=command.press_ns,
                asked_ns=command.asked_ns,
                account_id=command.account_id,
                contract_id=command.contract_id,
                side=Side.SELL if net > 0 else Side.BUY,
                type=OrderType.MARKET,
                size=size,
            ),
            received_ns,
        )
        if asked is None:
            return  # its contract is being resolved; the intent tells the rest
        tag = asked.tag
        await self._parts.watchers.until(lambda: self._decided(tag), self._parts.timings.place_s)
        intent = self._parts.books.intents.by_tag.get(tag, asked)
        if intent.state is IntentState.ACCEPTED:
            self._replies.done(command, f"Closing {size} at market")
        else:
            self._fail(command, intent.reason, unknown=intent.state is IntentState.UNKNOWN)

    # --- all of it ----------------------------------------------------------------------------

    async def _whole(self, command: ClosePosition, received_ns: int) -> None:
        blotter, key = self._parts.books.blotter, (command.account_id, command.contract_id)
        net = blotter.net_size(*key) or await self._ask_net(command)
        if net == 0:
            self._fail(command, "There is no position to close.")
            return
        change = self._parts.changes.open(command, received_ns)
        change = await self._changing.carry_out(self._course(change, command, net))
        now = blotter.net_size(*key)
        if change.state is ChangeState.DONE:
            await self._cancel_exits(command, net)
        elif now * net < 0:
            text = (
                f"The position turned to {now:+d} {self._parts.books.name_of(command.contract_id)} "
                "while it was being closed; close it again or flatten."
            )
            self._parts.books.notice("alarm", text)
            self._fail(command, text)
        else:
            reason = change.reason or "The position is still open."
            self._fail(command, reason, unknown=change.state is ChangeState.UNKNOWN)

    def _course(self, change: Change, command: ClosePosition, net: int) -> Course:
        parts, key = self._parts, (command.account_id, command.contract_id)
        view = CloseView(net)

        async def send(on_written: Stamp) -> None:
            await parts.calls.gateway.close_contract(
                account_id=command.account_id,
                contract_id=command.contract_id,
                size=None,
                on_written=on_written,
            )

        async def look() -> None:
            report = await parts.calls.look(command.account_id)
            parts.news.report(report)
            held = sum(p.net_size for p in report.positions if p.contract_id == key[1])
            orders = [order for order in report.working if order.contract_id == key[1]]
            view.look(held, closing=closes(orders, held) or self._leaves(key, held))

        def sight() -> Sight:
            seen = view.sight(parts.books.blotter.net_size(*key))
            if seen is not Sight.BEFORE:
                return seen
            gap_ns = ns(parts.timings.close_repeat_s)
            free = parts.books.ways_out.may_close(key, parts.clock.mono_ns(), gap_ns)
            return Sight.BEFORE if free else Sight.ON_ITS_WAY

        return Course(
            key=change.key,
            inquiry=self._changing.inquiry(change),
            send=send,
            look=look,
            sight=sight,
            newest=lambda: True,
        )

    def _leaves(self, key: PositionKey, net: int) -> bool:
        """Whether an order of ours that closes is on its way, or still unknown."""
        return any(
            (intent.command.account_id, intent.command.contract_id) == key
            and intent.command.type is OrderType.MARKET
            and intent.command.side.sign * net < 0
            for intent in self._parts.books.intents.on_their_way()
        )

    async def _cancel_exits(self, command: ClosePosition, net: int) -> None:
        books = self._parts.books
        orphans = exits_of(
            books.blotter.working(command.account_id),
            command.contract_id,
            net,
            books.intents.exit_tags,
        )
        others = [order for order in orphans if books.intents.of_order(order) is None]
        orphans = [order for order in orphans if order not in others]
        reasons = await self._cancelling.end_orders(
            command.account_id, [order.order_id for order in orphans], asked_by=command
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
        if others:
            name = books.name_of(command.contract_id)
            books.notice(
                "warning",
                f"{len(others)} exit orders in {name} were not placed here and still work, though "
                "the position is closed; cancel them if nobody needs them.",
            )
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
