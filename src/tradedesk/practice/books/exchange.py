"""What a client may ask of an account: place, modify, cancel, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.practice.books import refusals
from tradedesk.practice.books.brackets import make_legs
from tradedesk.practice.books.execution import Execution
from tradedesk.practice.books.intake import change_of, entry_refusal, entry_row, leg_ticks
from tradedesk.practice.books.ports import Unsupervised, Untroubled
from tradedesk.practice.books.position_brackets import PositionBrackets
from tradedesk.practice.books.rows import OrderRow, OrderRows
from tradedesk.practice.books.rules import BookRules

if TYPE_CHECKING:
    from tradedesk.gateway.wire.orders import ModifyOrderRequest, PlaceOrderRequest
    from tradedesk.practice.books.ledger import Ledger
    from tradedesk.practice.books.ports import Markets, Supervisor, Trouble, UserSink
    from tradedesk.practice.products import Contract

FORCED: Final = "Order rejected: it closes a position for a rule of the account."


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
    rules : BookRules, optional
        Times and choices.
    trouble : Trouble, optional
        What goes wrong on request.
    first_order_id : int
        Where order ids begin.
    """

    def __init__(
        self,
        ledgers: dict[int, Ledger],
        markets: Markets,
        sink: UserSink,
        rules: BookRules | None = None,
        trouble: Trouble | None = None,
        first_order_id: int = 9_100_001,
    ) -> None:
        self.rows = OrderRows(first_order_id)
        self.ledgers = ledgers
        self.supervisor: Supervisor = Unsupervised()
        self._rules = rules or BookRules()
        self._markets = markets
        self.execution = Execution(
            self.rows, ledgers, markets, sink, self._rules, trouble or Untroubled()
        )
        self.pairs = PositionBrackets(self.rows, ledgers, markets, self.execution)
        self.execution.on_fill += [self.pairs.fit, self._supervise]

    def place(self, request: PlaceOrderRequest) -> Answer:
        """Take an order in. Codes are those of Order/place."""
        self._markets.catch_up()
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
        ruled = self.supervisor.refusal(
            request.account_id, contract, Side(request.side), request.size
        )
        if ruled is not None:
            return Answer(*ruled)
        if not self._markets.is_quoted(contract):
            trailing = request.type == OrderType.TRAILING_STOP
            return Answer(2, refusals.NO_LAST if trailing else refusals.NO_QUOTE)
        return self._take_in(request, contract)

    def _take_in(self, request: PlaceOrderRequest, contract: Contract) -> Answer:
        """Make the rows of an order that may be placed, unless its prices are wrong."""
        touch = self._markets.book(contract).touch
        entry = entry_row(request, contract, self.rows.take_ids(1), self._markets.now_ns(), touch)
        if leg_ticks(request) != (None, None) and self.pairs.on(request.account_id):
            refusal: str | None = refusals.POSITION_BRACKETS
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
        self._markets.catch_up()
        if request.account_id not in self.ledgers:
            return Answer(1)
        row = self.rows.get(request.account_id, request.order_id)
        if row is None:
            return Answer(2)
        if row.status not in (OrderStatus.OPEN, OrderStatus.PENDING):
            return Answer(3, f"Order cannot be modified: it is {row.status.name.lower()}.")
        if row.forced:
            return Answer(3, FORCED)
        change = change_of(request, row, self._markets.book(row.contract).touch)
        if isinstance(change, str):
            return Answer(3, change)
        if not self._markets.is_open(row.contract):
            return Answer(3, refusals.CLOSED)
        grown = (change.size or row.size) - row.size
        if grown > 0:
            ruled = self.supervisor.refusal(row.account_id, row.contract, row.side, grown)
            if ruled is not None:
                return Answer(3, ruled.message)
        self.execution.change(row, change)
        return Answer()

    def cancel(self, account_id: int, order_id: int) -> Answer:
        """Cancel a live order. Codes are those of Order/cancel."""
        self._markets.catch_up()
        if account_id not in self.ledgers:
            return Answer(1)
        row = self.rows.get(account_id, order_id)
        if row is None:
            return Answer(2)
        if not row.live:
            return Answer(3, f"Order cannot be cancelled: it is {row.status.name.lower()}.")
        if row.forced:
            return Answer(3, FORCED)
        self.execution.cancel(row)
        return Answer()

    def close(self, account_id: int, contract_id: str, size: int | None) -> Answer:
        """Close a position at market. Codes are those of Position/partialCloseContract.

        Resting orders stay, bracket legs included.
        """
        self._markets.catch_up()
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
        wanted = abs(position.net) if size is None else size
        side = Side.SELL if position.net > 0 else Side.BUY
        ruled = self.supervisor.refusal(account_id, contract, side, wanted)
        if ruled is not None or not self._markets.is_quoted(contract):
            return Answer(6)
        self.close_at_market(account_id, contract, wanted)
        return Answer()

    def close_at_market(
        self, account_id: int, contract: Contract, size: int, forced: bool = False
    ) -> int:
        """Send a market order against a position that is held; returns its id.

        One that is forced by a rule of the account waits until it can trade.
        """
        position = self.ledgers[account_id].position(contract.contract_id)
        assert position is not None
        now_ns = self._markets.now_ns()
        row = OrderRow(
            id=self.rows.take_ids(1),
            account_id=account_id,
            contract=contract,
            type=OrderType.MARKET,
            side=Side.SELL if position.net > 0 else Side.BUY,
            size=size,
            created_ns=now_ns,
            updated_ns=now_ns,
            forced=forced,
        )
        self.execution.submit(row)
        return row.id

    def _supervise(self, account_id: int, contract: Contract) -> None:
        self.supervisor.on_fill(account_id)

    def _tag_taken(self, request: PlaceOrderRequest) -> bool:
        tag, for_ever = request.custom_tag, self._rules.tag_for_ever
        return tag is not None and self.rows.tag_taken(request.account_id, tag, for_ever)
