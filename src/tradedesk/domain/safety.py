"""What guards a trader: rules for entries, cover for positions, locks that hold."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from tradedesk.domain.ids import AccountId, ContractId


class CoverPolicy(StrEnum):
    """What happens to a position that is proven to have no stop for its full size."""

    ALARM = "alarm"
    """It is told, again and again; nothing is sent."""
    STOP = "stop"
    """A protective stop is placed; if that is not confirmed, the position is closed."""
    CLOSE = "close"
    """The position is closed at market."""


class CoverRules(msgspec.Struct, frozen=True, kw_only=True):
    """How positions are kept covered; times in seconds since the cover was seen to be missing.

    Parameters
    ----------
    bracketed : CoverPolicy
        For positions that were entered with a stop loss.
    unbracketed : CoverPolicy
        For positions that were entered without one, by hand or by another program.
    alarm_after_s, act_after_s : float
        When it is told, and when the policy acts.
    confirm_s : float
        How long a protective stop may take to be seen at work before the position is closed.
    stop_ticks : int
        Distance of a protective stop from the average price, where the entry named none.
    """

    bracketed: CoverPolicy = CoverPolicy.STOP
    unbracketed: CoverPolicy = CoverPolicy.ALARM
    alarm_after_s: float = 2.0
    act_after_s: float = 5.0
    confirm_s: float = 3.0
    stop_ticks: int = 40


class RiskRules(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds for entries; exits are never bound by them. None or 0 switches a rule off.

    Parameters
    ----------
    max_order_size : int
        Contracts in one order.
    max_position_size : int
        Contracts on one side of one contract, working entries and unknown orders included.
    price_band_percent : int
        Farthest a price may lie from the price the trader saw, in percent of it.
    min_bracket_ticks : int
        Nearest a stop loss or target may lie to the entry.
    max_click_age_s : float
        Oldest a click may be when it arrives. One that waited longer, for a process that was
        frozen, meant a market that is gone.
    repeat_guard_ms : int
        An entry that equals the one before it is refused for this long.
    orders_per_10_s : int
        Entries in ten seconds.
    daily_loss, daily_profit : Decimal or None
        Dollars of the trading day, open profit included, from which entries are off until the
        next trading day.
    flatten_at_limit : bool
        Whether everything is flattened when one of the two is reached.
    flat_at : str
        Chicago time such as ``15:05`` at which entries go off and everything is flattened; empty
        for none.
    """

    max_order_size: int = 10
    max_position_size: int = 20
    price_band_percent: int = 5
    min_bracket_ticks: int = 4
    max_click_age_s: float = 2.0
    repeat_guard_ms: int = 250
    orders_per_10_s: int = 20
    daily_loss: Decimal | None = None
    daily_profit: Decimal | None = None
    flatten_at_limit: bool = False
    flat_at: str = ""


class LateRules(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to an order that the venue accepts after it was taken for not placed.

    Parameters
    ----------
    cancel_working : bool
        Whether what still works is cancelled. What has filled is never touched: it is told, and
        the trader decides.
    """

    cancel_working: bool = True


class TradingRules(msgspec.Struct, frozen=True, kw_only=True):
    """All rules that the executor keeps for a trader."""

    risk: RiskRules = RiskRules()
    cover: CoverRules = CoverRules()
    late: LateRules = LateRules()


class ShieldState(StrEnum):
    """How well one position is covered."""

    COVERED = "covered"
    """Fresh lists of positions and of working orders prove a resting stop for every contract."""
    CHECKING = "checking"
    """There is no fresh proof yet; the venue is being asked."""
    BARE = "bare"
    """The lists prove that contracts have no stop."""
    PROTECTING = "protecting"
    """A protective stop is on its way."""
    CLOSING = "closing"
    """The position is being closed because it could not be covered."""


class Shield(msgspec.Struct, frozen=True, kw_only=True):
    """Cover of one position.

    Parameters
    ----------
    net_size, covered : int
        Contracts held (negative when short), and contracts with a resting stop.
    since_ns : int
        Monotonic moment since which the state holds.
    proven_ns : int or None
        Monotonic moment at which the lists behind the state were asked for; None before the first.
    text : str
        One sentence for the trader.
    """

    account_id: AccountId
    contract_id: ContractId
    state: ShieldState
    net_size: int
    covered: int
    since_ns: int
    proven_ns: int | None = None
    text: str = ""


class LockKind(StrEnum):
    """Why entries are locked."""

    KILL = "kill"
    """The kill switch; until it is released by its word."""
    TIME = "time"
    """The trader locked trading until a moment; nothing ends it sooner."""
    DAILY_LOSS = "daily_loss"
    DAILY_PROFIT = "daily_profit"
    SESSION_FLAT = "session_flat"


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why entries of an account are off; kept in the journal, so that it survives.

    Parameters
    ----------
    account_id : int or None
        None for every account of this login.
    until_ns : int or None
        Wall nanoseconds UTC at which it ends; None until somebody ends it.
    """

    kind: LockKind
    text: str
    since_ns: int
    account_id: AccountId | None = None
    until_ns: int | None = None
