"""What the inner layers need from the outside world, as Protocols.

``app`` chooses what satisfies them; tests choose something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from tradedesk.domain.events import AnyEvent

if TYPE_CHECKING:
    from tradedesk.domain.commands import AnyCommand
    from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.market import DepthRow, Quote
    from tradedesk.domain.order import Order, OrderType, Side
    from tradedesk.domain.position import Account, Fill, Position

EventSink = Callable[[AnyEvent], None]
Stamp = Callable[[], None]


class ExecutorPort(Protocol):
    """The desk's end of the executor, whether it is a process or runs on the same loop."""

    def send(self, command: AnyCommand) -> None:
        """Hand over a command. Never waits, never raises for venue trouble: answers are events."""

    async def close(self, *, shutdown: bool) -> None:
        """Leave; with ``shutdown`` the executor is asked to end as well."""


class OrderGateway(Protocol):
    """The venue's order side. Every call has a deadline of its own.

    Mutations raise exactly one of ``NotSentError`` (provably not sent), ``VenueRefusedError``
    (definite refusal), ``OutcomeUnknownError`` (everything else). They are sent at most once.
    """

    async def login(self) -> str:
        """Get a token; returns it. Raises ``AuthError`` when refused."""

    async def accounts(self) -> Sequence[Account]:
        """Accounts of this login."""

    async def resolve(self, symbol_or_id: str) -> Instrument:
        """Active contract of an exact symbol (``MNQ``), name or id; cached.

        Raises ``UnknownSymbolError``.
        """

    async def place(
        self,
        *,
        account_id: AccountId,
        instrument: Instrument,
        side: Side,
        type: OrderType,
        size: int,
        limit_ticks: int | None,
        stop_ticks: int | None,
        stop_loss_ticks: int | None,
        take_profit_ticks: int | None,
        tag: Tag,
        on_written: Stamp,
    ) -> OrderId:
        """Place once. ``on_written`` is called when the last byte was handed to the kernel."""

    async def modify(
        self,
        *,
        account_id: AccountId,
        order: Order,
        instrument: Instrument,
        size: int | None,
        limit_ticks: int | None,
        stop_ticks: int | None,
        on_written: Stamp | None = None,
    ) -> None:
        """Change a working order once. ``on_written`` as for ``place``."""

    async def cancel(
        self, *, account_id: AccountId, order_id: OrderId, on_written: Stamp | None = None
    ) -> None:
        """Cancel once. ``on_written`` as for ``place``."""

    async def close_contract(
        self,
        *,
        account_id: AccountId,
        contract_id: ContractId,
        size: int | None,
        on_written: Stamp | None = None,
    ) -> None:
        """Close a position at market, or ``size`` of it. ``on_written`` as for ``place``."""

    async def orders_since(self, account_id: AccountId, start_ns: int) -> Sequence[Order]:
        """All orders created since then, oldest first."""

    async def working_orders(self, account_id: AccountId) -> Sequence[Order]:
        """Open, pending and suspended orders."""

    async def positions(self, account_id: AccountId) -> Sequence[Position]:
        """Open positions."""

    async def fills_since(self, account_id: AccountId, start_ns: int) -> Sequence[Fill]:
        """Half-turn trades since then, oldest first."""

    async def ping(self) -> None:
        """Keep the connections warm and measure a round trip."""

    async def aclose(self) -> None:
        """Close every connection."""


class UserStreamSink(Protocol):
    """Receives what the user hub says, in the order it was said.

    ``generation`` rises with every connection, so that nothing from an older socket is mistaken
    for news. ``mono_ns`` is when the bytes were read.
    """

    def on_connected(self, generation: int) -> None:
        """Subscribed; from here on nothing is missed until ``on_lost``."""

    def on_lost(self, generation: int, reason: str) -> None:
        """The connection is gone; a new one is being made."""

    def on_heard(self, mono_ns: int) -> None:
        """Any record arrived, pings included."""

    def on_order(self, order: Order, mono_ns: int) -> None:
        """An order changed."""

    def on_position(self, position: Position, mono_ns: int) -> None:
        """A position changed; size 0 is flat."""

    def on_fill(self, fill: Fill, mono_ns: int) -> None:
        """A trade of ours."""

    def on_account(self, account: Account, mono_ns: int) -> None:
        """An account changed."""


class UserStream(Protocol):
    """The venue's user hub."""

    async def run(self, account_ids: Sequence[AccountId], sink: UserStreamSink) -> None:
        """Connect, subscribe, deliver and reconnect until cancelled; leaves no task behind."""


class MarketSink(Protocol):
    """Told what the market hub says, on the hub's own loop, in the order it was said.

    ``mono_ns`` is when the bytes were read.
    """

    def on_connected(self, generation: int) -> None:
        """Connected and subscribed to everything wanted; rises with every connection."""

    def on_lost(self, reason: str) -> None:
        """Disconnected, or an attempt failed; trades are missed until ``on_connected``."""

    def on_quote(self, quote: Quote, mono_ns: int) -> None:
        """Top of book after merging."""

    def on_trades(
        self,
        contract_id: ContractId,
        ts_ns: Sequence[int],
        px_ticks: Sequence[int],
        qty: Sequence[int],
        buy_qty: Sequence[int],
        mono_ns: int,
    ) -> None:
        """Trades of one contract in parallel sequences of equal length, times ascending."""

    def on_depth(self, contract_id: ContractId, rows: Sequence[DepthRow], mono_ns: int) -> None:
        """Changed price levels."""
