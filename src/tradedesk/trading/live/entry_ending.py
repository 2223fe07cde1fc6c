"""Ends resting entries of ours when a lock comes: one that let them fill would be no lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.trading.exits import exits_of

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId
    from tradedesk.domain.order import Order
    from tradedesk.trading.live.cancelling import Cancelling
    from tradedesk.trading.live.desk_parts import DeskParts


class EntryEnding:
    """Cancels what may open or enlarge a position. Exits and orders of others stay."""

    def __init__(self, parts: DeskParts, cancelling: Cancelling) -> None:
        self._parts = parts
        self._cancelling = cancelling

    def end(self, account_id: AccountId) -> None:
        """Cancel the resting entries of an account, in the background."""
        entries = self._entries(account_id)
        if entries:
            self._parts.owner.start(self._cancel(account_id, entries), f"end entries {account_id}")

    def _entries(self, account_id: AccountId) -> list[Order]:
        books = self._parts.books
        working = books.blotter.working(account_id)
        ids = {order.order_id for order in working}
        exits = {
            order.order_id
            for contract_id in sorted({order.contract_id for order in working})
            for order in exits_of(
                working,
                contract_id,
                books.blotter.net_size(account_id, contract_id),
                books.intents.exit_tags,
            )
        }
        return [
            order
            for order in working
            if order.order_id not in exits
            and order.parent_id not in ids
            and books.intents.of_order(order) is not None
            and not self._shrinks(order)
        ]

    def _shrinks(self, order: Order) -> bool:
        net = self._parts.books.blotter.net_size(order.account_id, order.contract_id)
        return order.side.sign * net < 0 and order.remaining <= abs(net)

    async def _cancel(self, account_id: AccountId, entries: list[Order]) -> None:
        reasons = await self._cancelling.end_orders(account_id, [one.order_id for one in entries])
        if reasons:
            self._parts.books.notice(
                "alarm",
                f"{len(reasons)} entry orders may still work although trading is locked "
                f"({reasons[0]}); cancel them.",
            )
