"""The user hub: accounts, orders, positions and trades of the practice account."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from tradedesk.practice import wire_models
from tradedesk.practice.faults.user import Subject
from tradedesk.practice.hubs import framing
from tradedesk.practice.hubs.connection import Connection, HubError
from tradedesk.practice.hubs.topics import Topic, Topics, asked

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from tradedesk.gateway.wire.rest import AccountModel
    from tradedesk.practice.books.ledger import HalfTurn, Ledger, PositionRow
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.faults.user import UserFaults

_KINDS: Final = ("Accounts", "Orders", "Positions", "Trades")


def _topic(kind: str, values: list[Any]) -> Topic:
    """Topic of a subscription, by the rules of the binder: an account id is a number."""
    if kind == "Accounts":
        if values:
            raise HubError(f"Invocation provides {len(values)} argument(s) but target expects 0.")
        return Topic(kind, None)
    if len(values) != 1:
        raise HubError(f"Invocation provides {len(values)} argument(s) but target expects 1.")
    if not isinstance(values[0], int) or isinstance(values[0], bool):
        raise HubError("Error binding arguments: accountId must be a number.")
    return Topic(kind, values[0])


class AccountBook(Protocol):
    """The accounts of the venue."""

    @property
    def accounts(self) -> Container[int]:
        """Ids that exist."""

    def account(self, account_id: int) -> AccountModel:
        """An account as the wire shows it."""


class UserHub:
    """Tells subscribers what happens to an account, each item wrapped as in production.

    Parameters
    ----------
    book : AccountBook
        The accounts that exist.
    faults : UserFaults
        What goes wrong with events.
    """

    def __init__(self, book: AccountBook, faults: UserFaults) -> None:
        self._book = book
        self.faults = faults
        self.topics = Topics()
        self.connections: set[Connection] = set()

    async def invoke(self, connection: Connection, target: str, values: list[Any]) -> None:
        """Subscribe or unsubscribe."""
        wish = asked(target, _KINDS)
        if wish is None:
            raise HubError(framing.no_method(target))
        subscribes, kind = wish
        topic = _topic(kind, values)
        if topic.of is not None and topic.of not in self._book.accounts:
            raise HubError(f"Failed to invoke '{target}': account {topic.of} was not found.")
        if subscribes:
            self.topics.add(topic, connection)
        else:
            self.topics.discard(topic, connection)

    def joined(self, connection: Connection) -> None:
        """Keep a connection."""
        self.connections.add(connection)

    def left(self, connection: Connection) -> None:
        """Forget a connection and what it listened to."""
        self.connections.discard(connection)
        self.topics.drop(connection)

    def on_order(self, row: OrderRow) -> None:
        """Tell about an order."""
        subject = Subject(
            "order", row.account_id, row.contract.contract_id, f"order event of {row.id}"
        )
        action, model = wire_models.order_action(row), wire_models.order_model(row)
        self._tell(Topic("Orders", row.account_id), subject, action, model)

    def on_trade(self, trade: HalfTurn) -> None:
        """Tell about a fill."""
        subject = Subject(
            "trade", trade.account_id, trade.contract.contract_id, f"fill of order {trade.order_id}"
        )
        model = wire_models.trade_model(trade)
        told = partial(self.faults.told_fill, trade.order_id)
        self._tell(Topic("Trades", trade.account_id), subject, 0, model, told)

    def on_position(self, account_id: int, row: PositionRow) -> None:
        """Tell about a position; action 2 when it is gone."""
        contract_id = row.contract.contract_id
        subject = Subject("position", account_id, contract_id, f"position event of {contract_id}")
        model = wire_models.position_model(account_id, row)
        self._tell(Topic("Positions", account_id), subject, 1 if row.net else 2, model)

    def on_account(self, ledger: Ledger) -> None:
        """Tell about a balance."""
        subject = Subject(
            "account", ledger.account_id, None, f"account event of {ledger.account_id}"
        )
        model = self._book.account(ledger.account_id)
        self._tell(Topic("Accounts", None), subject, 1, model)

    def _tell(
        self,
        topic: Topic,
        subject: Subject,
        action: int,
        model: object,
        told: Callable[[], None] | None = None,
    ) -> None:
        """Send an event to those who listen, if faults let it pass; `told` is called when sent."""
        if not self.topics.heard(topic):
            return
        target = f"GatewayUser{subject.event.capitalize()}"
        record = framing.event(target, {"action": action, "data": model})

        def send() -> None:
            self.topics.send(topic, record)
            if told is not None:
                told()

        self.faults.deliver(subject, send)
