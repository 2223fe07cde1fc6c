"""Changes working orders: one change at a time per order, the newest wish next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.errors import GatewayError
from tradedesk.domain.order import OrderType
from tradedesk.trading.change_desk import too_late
from tradedesk.trading.change_sight import Sight, sight_of, terms_of
from tradedesk.trading.exits import protects
from tradedesk.trading.live.changing import Changing, Course

if TYPE_CHECKING:
    from tradedesk.domain.commands import ModifyOrder
    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Order
    from tradedesk.domain.ports import Stamp
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.instruments import Instruments
    from tradedesk.trading.live.replies import Replies

_Wish = tuple["ModifyOrder", int]


class Modifying:
    """A drag that makes many changes sends the first and the last."""

    def __init__(
        self, parts: DeskParts, instruments: Instruments, changing: Changing, replies: Replies
    ) -> None:
        self._parts = parts
        self._instruments = instruments
        self._changing = changing
        self._replies = replies
        self._waiting: dict[OrderId, _Wish | None] = {}

    def modify(self, command: ModifyOrder, received_ns: int) -> None:
        """Change an order, or wait for the change that is on its way."""
        reason = self._parts.changes.refuse(command)
        if reason:
            self._fail(command, reason)
            return
        if command.order_id not in self._waiting:
            self._waiting[command.order_id] = None
            self._parts.owner.start(self._run(command, received_ns), f"modify {command.order_id}")
            return
        older = self._waiting[command.order_id]
        self._waiting[command.order_id] = command, received_ns
        self._parts.watchers.wake()
        if older is not None:
            self._replies.done(older[0], "Replaced by a newer change")

    async def _run(self, command: ModifyOrder, received_ns: int) -> None:
        wish: _Wish | None = command, received_ns
        try:
            while wish is not None:
                await self._modify(*wish)
                wish, self._waiting[command.order_id] = self._waiting[command.order_id], None
        finally:
            self._waiting.pop(command.order_id, None)

    async def _modify(self, command: ModifyOrder, received_ns: int) -> None:
        order = self._parts.books.blotter.orders.get(command.order_id)
        reason = self._refuse(command, order)
        if reason or order is None:
            self._fail(command, reason)
            return
        instrument = self._parts.books.instruments.get(order.contract_id)
        if instrument is None:
            try:
                instrument = await self._instruments.resolve(order.contract_id)
            except GatewayError as error:
                self._fail(command, f"{error} Nothing was sent.")
                return
        change = self._parts.changes.open(command, received_ns)
        reason = self._refuse_unwritten(order, change)
        if reason:
            self._parts.changes.conclude(change.key, ChangeState.NOT_SENT, reason)
            self._fail(command, reason)
            return
        change = await self._changing.carry_out(
            self._course(change.key, command, order, instrument)
        )
        self._tell(command, change)

    def _course(
        self, key: str, command: ModifyOrder, order: Order, instrument: Instrument
    ) -> Course:
        parts, order_id, before = self._parts, command.order_id, terms_of(order)
        taken = False

        async def send(on_written: Stamp) -> None:
            nonlocal taken
            await parts.calls.gateway.modify(
                account_id=command.account_id,
                order=order,
                instrument=instrument,
                size=command.size,
                limit_ticks=command.limit_ticks,
                stop_ticks=command.stop_ticks,
                on_written=on_written,
            )
            taken = True

        def sight() -> Sight:
            if taken and order.type is OrderType.TRAILING_STOP:
                return Sight.DONE  # its price moves by itself and shows nothing
            return sight_of(command, parts.books.blotter.orders.get(order_id), before)

        def newest() -> bool:
            changes = parts.books.changes.of_order(order_id)
            return self._waiting.get(order_id) is None and changes[0].key == key

        return Course(
            key=key,
            inquiry=self._changing.inquiry(parts.books.changes.by_key[key]),
            send=send,
            look=lambda: self._changing.look_for_order(command.account_id, order_id),
            sight=sight,
            newest=newest,
        )

    def _tell(self, command: ModifyOrder, change: Change) -> None:
        order = self._parts.books.blotter.orders.get(command.order_id)
        if change.state is ChangeState.DONE:
            self._replies.done(command, "Changed")
        elif change.state is ChangeState.UNKNOWN:
            stands = order is not None and order.is_working
            still = " It still stands as before." if stands and not self._shows(command) else ""
            self._fail(command, f"{change.reason}{still}", unknown=True)
        elif change.reason or order is None:
            self._fail(command, change.reason)
        else:
            self._fail(command, too_late(order, command))

    def _shows(self, command: ModifyOrder) -> bool:
        order = self._parts.books.blotter.orders.get(command.order_id)
        return sight_of(command, order) is Sight.DONE

    def _refuse(self, command: ModifyOrder, order: Order | None) -> str:
        if order is None:
            return f"Order {command.order_id} is not known; it cannot be changed."
        if not order.is_working:
            return f"Order {command.order_id} is {order.status.name.lower()}; nothing to change."
        if command.size is None and command.limit_ticks is None and command.stop_ticks is None:
            return "The change names neither a price nor a size; nothing was sent."
        most = self._parts.books.rules.risk.max_order_size
        if command.size is not None and (command.size < 1 or command.size > max(most, order.size)):
            return f"The size must be between 1 and {most}, not {command.size}."
        return ""

    def _refuse_unwritten(self, order: Order, change: Change) -> str:
        """Without a journal only exits are changed."""
        books = self._parts.books
        net = books.blotter.net_size(order.account_id, order.contract_id)
        written = change.stamps.journaled is not None
        if written or protects(order, net, books.intents.exit_tags):
            return ""
        return "The order journal cannot be written, so only exits can be changed."

    def _fail(self, command: ModifyOrder, reason: str, *, unknown: bool = False) -> None:
        self._replies.failed(command, reason, order_id=command.order_id, outcome_unknown=unknown)
