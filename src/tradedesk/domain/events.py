"""What the executor tells the desk. Past-tense names, frozen, one class each."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from tradedesk.domain.changes import Change
from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Order
from tradedesk.domain.position import Account, Fill, Position
from tradedesk.domain.safety import Lock, Shield, TradingRules
from tradedesk.domain.stamps import Stamps


class IntentState(StrEnum):
    """Life of one asked-for order, from the click to the venue's word."""

    DENIED = "denied"
    """Refused by the gate; no byte was sent. Final."""
    ARMED = "armed"
    """Journaled, about to be sent."""
    SENT = "sent"
    """The first byte was handed to the kernel."""
    NOT_SENT = "not_sent"
    """Provably not sent. Final; may be clicked again."""
    ACCEPTED = "accepted"
    """The venue gave an order id."""
    REJECTED = "rejected"
    """The venue refused it. Final."""
    UNKNOWN = "unknown"
    """Nobody knows yet; the venue is being asked."""
    ABSENT = "absent"
    """The venue was asked, after a quiet time, and does not know it."""
    NEEDS_HUMAN = "needs_human"
    """It could not be found out; look at the venue's own page."""

    @property
    def is_open(self) -> bool:
        """Still on its way: shown as waiting."""
        return self in {IntentState.ARMED, IntentState.SENT, IntentState.UNKNOWN}


class Intent(msgspec.Struct, frozen=True):
    """One order somebody asked for, and how far it got.

    ``asked`` is how often the venue was asked what became of it. ``is_exit`` says that it could
    only shrink the position when it was sent; a later run could not tell any more.
    """

    tag: Tag
    command: PlaceOrder
    state: IntentState
    stamps: Stamps
    reason: str = ""
    order_id: OrderId | None = None
    created_ns: int = 0
    asked: int = 0
    is_exit: bool = False


class Phase(StrEnum):
    """How far the executor is with the venue."""

    STARTING = "starting"
    SIGNING_IN = "signing_in"
    SYNCING = "syncing"
    READY = "ready"
    DEGRADED = "degraded"
    """Something is stale or disconnected; ``detail`` says what. Exits still go."""
    REFUSED = "refused"
    """The venue refused the credentials."""
    STOPPED = "stopped"


class Event(msgspec.Struct, frozen=True, tag_field="kind", tag="event"):
    """Base of all events."""


class SessionChanged(Event, frozen=True, tag="session", kw_only=True):
    """State of the executor's session with the venue. ``live`` is False only on practice."""

    phase: Phase
    armed: bool
    venue: str
    live: bool
    detail: str = ""
    account_id: AccountId | None = None


class TokenGranted(Event, frozen=True, tag="token", kw_only=True):
    """A venue token for market data; memory only, never logged."""

    token: str
    rest_url: str
    market_hub_url: str

    def __repr__(self) -> str:
        return f"TokenGranted(rest_url={self.rest_url!r}, token=<hidden>)"


class SnapshotTaken(Event, frozen=True, tag="snapshot", kw_only=True):
    """Everything at once, on attach and after every reconnect; replaces what the desk knew."""

    accounts: tuple[Account, ...]
    instruments: tuple[Instrument, ...]
    orders: tuple[Order, ...]
    positions: tuple[Position, ...]
    fills: tuple[Fill, ...]
    intents: tuple[Intent, ...]
    changes: tuple[Change, ...] = ()
    shields: tuple[Shield, ...] = ()


class InstrumentResolved(Event, frozen=True, tag="instrument", kw_only=True):
    """A contract the desk asked for or that appeared in the account."""

    instrument: Instrument


class OrderChanged(Event, frozen=True, tag="order", kw_only=True):
    """Newest copy of one order."""

    order: Order


class PositionChanged(Event, frozen=True, tag="position", kw_only=True):
    """Newest copy of one position; size 0 is flat."""

    position: Position


class FillReceived(Event, frozen=True, tag="fill", kw_only=True):
    """One trade of ours, told once."""

    fill: Fill


class AccountChanged(Event, frozen=True, tag="account", kw_only=True):
    """Newest copy of one account."""

    account: Account


class IntentChanged(Event, frozen=True, tag="intent", kw_only=True):
    """One asked-for order moved on, or one of its stamps arrived."""

    intent: Intent


class ChangeMoved(Event, frozen=True, tag="change", kw_only=True):
    """One modify, cancel or close moved on, or one of its stamps arrived."""

    change: Change


class ShieldChanged(Event, frozen=True, tag="shield", kw_only=True):
    """How well a position is covered; told once more with size 0 when it is gone."""

    shield: Shield


class LocksChanged(Event, frozen=True, tag="locks", kw_only=True):
    """Every lock that holds now, and the rules that are kept."""

    locks: tuple[Lock, ...]
    rules: TradingRules


class CommandFailed(Event, frozen=True, tag="failed", kw_only=True):
    """A modify, cancel, close or other command did not do what was asked.

    ``outcome_unknown`` is True while the venue has not said whether it happened.
    """

    click_id: str
    reason: str
    order_id: OrderId | None = None
    contract_id: ContractId | None = None
    outcome_unknown: bool = False


class CommandDone(Event, frozen=True, tag="done", kw_only=True):
    """A modify, cancel, close, cancel-all or flatten was carried out, proven where possible."""

    click_id: str
    text: str
    elapsed_ms: float


class FlattenProgress(Event, frozen=True, tag="flatten_progress", kw_only=True):
    """Where a flatten stands: one line a phase, with the time since the press."""

    click_id: str
    text: str
    elapsed_ms: float
    finished: bool = False


class HealthSampled(Event, frozen=True, tag="health", kw_only=True):
    """Once a second: ages in milliseconds (None = never), REST percentiles."""

    user_hub_age_ms: float | None
    user_hub_connected: bool
    rest_age_ms: float | None
    rest_p50_ms: float | None
    rest_p99_ms: float | None
    clock_skew_ms: float | None = None
    """The venue's clock minus ours, median of the last answers."""
    calls_left: int | None = None
    """Calls that the venue's limit leaves to entries in this minute."""


class Notice(Event, frozen=True, tag="notice", kw_only=True):
    """One sentence for the log tab and, from ``warning`` up, a toast.

    ``about`` names the position whose missing cover it tells of; the desk takes the toast back
    when that position is covered or gone.
    """

    level: str
    text: str
    ts_ns: int
    about: ContractId | None = None


AnyEvent = (
    SessionChanged
    | TokenGranted
    | SnapshotTaken
    | InstrumentResolved
    | OrderChanged
    | PositionChanged
    | FillReceived
    | AccountChanged
    | IntentChanged
    | ChangeMoved
    | ShieldChanged
    | LocksChanged
    | CommandFailed
    | CommandDone
    | FlattenProgress
    | HealthSampled
    | Notice
)
