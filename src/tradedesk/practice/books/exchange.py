"""What a client may ask of an account: place, modify, cancel, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.practice.books import refusals
from tradedesk.practice.books.brackets import make_legs
from tradedesk.practice.books.execution import Execution
from tradedesk.practice.books.intake import change_of, entry_refusal, entry_row, leg_ticks
from tradedesk.practice.books.rows import OrderRow, OrderRows

if TYPE_CHECKING:
    from tradedesk.gateway.wire.orders import ModifyOrderRequest, PlaceOrderRequest
    from tradedesk.practice.books.ledger import Ledger
    from tradedesk.practice.books.ports import Later, Markets, UserSink


class Answer(NamedTuple):
    """Code and text of an answer; the meaning of the code depends on what was asked."""

    code: int = 0
    message: str | None = None
    order_id: int | None = None


class Exchange:
    """Checks what clients ask and hands it on to execution.

    Parameters
    ----------
    ledgers : dict of int to Ledger
        By account id.
    markets : Markets
        Contracts, books, venue time.
    sink : UserSink
        Where news goes.
    later : Later
        Calls something after a delay.
    first_order_id : int
        Where order ids begin.
    """

    def __init__(
        self,
        ledgers: dict[int, Ledger],
        markets: Markets,
        sink: UserSink,
        later: Later,
        first_order_id: int = 9_100_001,
    ) -> None:
        self.rows = OrderRows(first_order_id)
        self.ledgers = ledgers
        self.position_brackets = False
        self._markets = markets
        self.execution = Execution(self.rows, ledgers, markets, sink, later)

    def place(self, request: PlaceOrderRequest) -> Answer:
        """Take an order in. Codes are those of Order/place."""
        if request.account_id not in self.ledgers:
            return Answer(1)
        contract = self._markets.find(request.contract_id)
        if contract is None:
            return Answer(8)
        if not self._markets.is_active(contract):
            return Answer(9)
        refusal = refusals.shape(request, contract.product.tick)
        if refusal is None and self._tag_taken(request):
            refusal = refusals.DUPLICATE_TAG
        if refusal is not None:
            return Answer(2, refusal)
        touch = self._markets.book(contract).touch
        entry = entry_row(request, contract, self.rows.take_ids(1), self._markets.now_ns(), touch)
        if self.position_brackets and leg_ticks(request) != (None, None):
            refusal = refusals.POSITION_BRACKETS
        else:
            refusal = entry_refusal(request, entry, touch)
        if refusal is not None:
            self.execution.refuse(entry)
            return Answer(2, refusal, entry.id)
        stop = request.stop_loss_bracket
        trailing = stop is not None and stop.type == OrderType.TRAILING_STOP
        legs = make_legs(entry, *leg_ticks(request), trailing=trailing)
        self.rows.take_ids(len(legs))
        self.execution.submit(entry, legs)
        return Answer(order_id=entry.id)

    def modify(self, request: ModifyOrderRequest) -> Answer:
        """Change a live order. Codes are those of Order/modify."""
        if request.account_id not in self.ledgers:
            return Answer(1)
        row = self.rows.get(request.account_id, request.order_id)
        if row is None:
            return Answer(2)
        if row.status not in (OrderStatus.OPEN, OrderStatus.PENDING):
            return Answer(3, f"Order cannot be modified: it is {row.status.name.lower()}.")
        change = change_of(request, row, self._markets.book(row.contract).touch)
        if isinstance(change, str):
            return Answer(3, change)
        self.execution.change(row, change)
        return Answer()

    def cancel(self, account_id: int, order_id: int) -> Answer:
        """Cancel a live order. Codes are those of Order/cancel."""
        if account_id not in self.ledgers:
            return Answer(1)
        row = self.rows.get(account_id, order_id)
        if row is None:
            return Answer(2)
        if not row.live:
            return Answer(3, f"Order cannot be cancelled: it is {row.status.name.lower()}.")
        self.execution.cancel(row)
        return Answer()

    def close(self, account_id: int, contract_id: str, size: int | None) -> Answer:
        """Close a position at market. Codes are those of Position/partialCloseContract.

        Resting orders stay, bracket legs included.
        """
        if account_id not in self.ledgers:
            return Answer(1)
        contract = self._markets.find(contract_id)
        if contract is None:
            return Answer(3)
        position = self.ledgers[account_id].position(contract_id)
        if position is None:
            return Answer(2)
        if not self._markets.is_active(contract):
            return Answer(4)
        if size is not None and not 0 < size <= abs(position.net):
            return Answer(5)
        now_ns = self._markets.now_ns()
        self.execution.submit(
            OrderRow(
                id=self.rows.take_ids(1),
                account_id=account_id,
                contract=contract,
                type=OrderType.MARKET,
                side=Side.SELL if position.net > 0 else Side.BUY,
                size=abs(position.net) if size is None else size,
                created_ns=now_ns,
                updated_ns=now_ns,
            )
        )
        return Answer()

    def _tag_taken(self, request: PlaceOrderRequest) -> bool:
        tag = request.custom_tag
        return tag is not None and self.rows.tag_taken(request.account_id, tag)
