"""What the desk asks of the executor. Imperative names, frozen, one class each."""

from __future__ import annotations

import msgspec

from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import TradingRules


class Command(msgspec.Struct, frozen=True, tag_field="kind", tag="command"):
    """Base of all commands.

    ``click_id`` is unique for one press in one desk: the same id twice is refused as a double
    click. ``press_ns`` is the monotonic moment when the mouse button or key went down;
    ``asked_ns`` the one that decided, which for a button is its release. 0 means the same as the
    press.
    """

    click_id: str
    press_ns: int
    asked_ns: int = 0


class PlaceOrder(Command, frozen=True, tag="place", kw_only=True):
    """Place one order, with a bracket if tick distances are given.

    Distances are positive counts of ticks; signs are made from the side on the wire.
    ``reference_ticks`` is the price the trader saw when clicking, for the price sanity check.
    """

    account_id: AccountId
    contract_id: ContractId
    side: Side
    type: OrderType
    size: int
    limit_ticks: int | None = None
    stop_ticks: int | None = None
    stop_loss_ticks: int | None = None
    take_profit_ticks: int | None = None
    reference_ticks: int | None = None
    custom_tag: str | None = None


class ModifyOrder(Command, frozen=True, tag="modify", kw_only=True):
    """Change price or size of a working order; None leaves a member alone."""

    account_id: AccountId
    order_id: OrderId
    size: int | None = None
    limit_ticks: int | None = None
    stop_ticks: int | None = None


class CancelOrder(Command, frozen=True, tag="cancel", kw_only=True):
    """Cancel one working order."""

    account_id: AccountId
    order_id: OrderId


class CancelAll(Command, frozen=True, tag="cancel_all", kw_only=True):
    """Cancel working orders. Exits of an open position stay unless ``include_exits``."""

    account_id: AccountId
    contract_id: ContractId | None = None
    include_exits: bool = False


class Flatten(Command, frozen=True, tag="flatten", kw_only=True):
    """Cancel everything and close positions until proven flat; all contracts if None."""

    account_id: AccountId
    contract_id: ContractId | None = None


class ClosePosition(Command, frozen=True, tag="close", kw_only=True):
    """Close ``size`` contracts of a position at market; all of it if None."""

    account_id: AccountId
    contract_id: ContractId
    size: int | None = None


class ReversePosition(Command, frozen=True, tag="reverse", kw_only=True):
    """Flatten one contract, prove it, then enter as many contracts the other way."""

    account_id: AccountId
    contract_id: ContractId
    stop_loss_ticks: int | None = None
    take_profit_ticks: int | None = None


class ProtectPosition(Command, frozen=True, tag="protect", kw_only=True):
    """Place a stop for the contracts that have none, at a price or at the rules' distance."""

    account_id: AccountId
    contract_id: ContractId
    stop_ticks: int | None = None


class TargetPosition(Command, frozen=True, tag="target", kw_only=True):
    """Place a limit on the way out for the contracts that have no target yet."""

    account_id: AccountId
    contract_id: ContractId
    limit_ticks: int


class SettleIntent(Command, frozen=True, tag="settle", kw_only=True):
    """A person looked at the venue's own page: the order is there, or it is not."""

    tag: Tag
    placed: bool


class Kill(Command, frozen=True, tag="kill", kw_only=True):
    """Trip the kill switch: entries off until released, cancel everything, close everything."""

    account_id: AccountId
    close_positions: bool = True


class ReleaseKill(Command, frozen=True, tag="release_kill", kw_only=True):
    """Release the kill switch; ``word`` is what the person typed."""

    word: str


class LockTrading(Command, frozen=True, tag="lock", kw_only=True):
    """Lock entries until a moment (wall, nanoseconds UTC); it cannot be undone."""

    account_id: AccountId
    until_ns: int


class SetRules(Command, frozen=True, tag="rules", kw_only=True):
    """Keep other rules from now on. While a lock holds they can only become stricter."""

    rules: TradingRules


class Mark(msgspec.Struct, frozen=True):
    """Last price of a contract; ``seen_ns`` is the monotonic moment at which it was heard."""

    ticks: int
    seen_ns: int


class MarkPrices(Command, frozen=True, tag="marks", kw_only=True):
    """What held contracts trade at, for the open part of the day's profit; once a second.

    ``venue_ns`` is the venue's own time now (nanoseconds UTC), by the stamps of its market.
    """

    marks: dict[ContractId, Mark]
    venue_ns: int


class SetArmed(Command, frozen=True, tag="arm", kw_only=True):
    """Allow or forbid new entries. Exits are always allowed."""

    armed: bool


class Sync(Command, frozen=True, tag="sync"):
    """Ask for a full snapshot."""


class TrackContract(Command, frozen=True, tag="track", kw_only=True):
    """Resolve a symbol (``MNQ``) or contract id and report it as an instrument."""

    symbol: str


class Shutdown(Command, frozen=True, tag="shutdown", kw_only=True):
    """The desk quits in an orderly way; the executor ends with it."""


AnyCommand = (
    PlaceOrder
    | ModifyOrder
    | CancelOrder
    | CancelAll
    | Flatten
    | ClosePosition
    | ReversePosition
    | ProtectPosition
    | TargetPosition
    | SettleIntent
    | Kill
    | ReleaseKill
    | LockTrading
    | SetRules
    | MarkPrices
    | SetArmed
    | Sync
    | TrackContract
    | Shutdown
)
