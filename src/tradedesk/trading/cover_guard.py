"""One open position as the cover sees it, and what the core wants done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.safety import CoverPolicy, CoverRules, Shield, ShieldState
from tradedesk.trading.blotter import PositionKey
from tradedesk.trading.cover_plan import Cover
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from collections.abc import Callable

_S = ShieldState

NEXT_ALARMS_S = (10.0, 30.0)
"""After the first alarm; from then on one a minute."""
EVERY_S = 60.0
UNPROVEN_S = 10.0
"""How long the venue may fail to say whether there is cover before that is an alarm too."""
LONGEST_CLOSE_GAP_S = 30.0
OVERDUE = 3
"""Times the patience of the rules after which a position is closed instead of covered."""
LONG_AGO_NS = ns(60)
EVEN_CLOSES = 3
"""So many closes follow one another at the same distance: the first may simply be lost."""


class DeedKind(Enum):
    """What the core wants done."""

    ALARM = "tell that contracts have no stop"
    UNPROVEN = "tell that nobody can say"
    STOP = "place a protective stop"
    CLOSE = "close the position"


class Deed(msgspec.Struct, frozen=True):
    """One thing to do about one position."""

    key: PositionKey
    kind: DeedKind
    cover: Cover
    for_ns: int
    """How long cover has been missing, or unproven."""


@dataclass
class Ground:
    """What the outside tells the core at each beat."""

    rules: CoverRules
    close_gap_ns: int
    is_leaving: Callable[[PositionKey], bool]
    """A flatten, close, reverse or kill runs in that contract, and has not run for long."""
    policy: Callable[[PositionKey, Cover], CoverPolicy]
    stop_unknown: Callable[[PositionKey, Cover], bool]
    """A protective stop was sent of which nobody knows what became of it."""
    believes_bare: Callable[[PositionKey], bool]
    """Our own books, which may be ahead of the lists or behind them, miss a stop as well."""


class Guard:
    """One open position and its cover."""

    def __init__(self, cover: Cover, now_ns: int) -> None:
        self.cover = cover
        self.state = _S.CHECKING
        self.since_ns = now_ns
        self.proven_ns: int | None = None
        self.fresh = False
        self.unproven_ns = now_ns
        self.bare_ns: int | None = None
        self.is_inherited = False
        self.stop_ns: int | None = None
        self.stop_failed = False
        self.close_ns: int | None = None
        self.closes = 0
        self.alarms = 0
        self.due_ns: int | None = None

    def is_clean(self, news_ns: int) -> bool:
        """Whether the newest lists were asked for after the last news."""
        return self.fresh and self.proven_ns is not None and self.proven_ns > news_ns

    def turn(self, state: ShieldState, now_ns: int) -> None:
        """Enter a state."""
        if state is not self.state:
            self.state, self.since_ns = state, now_ns

    def miss(self, earlier_ns: int | None, now_ns: int, doubt_ns: int) -> None:
        """The lists show that something is missing.

        Parameters
        ----------
        earlier_ns : int or None
            Since when an earlier run saw it missing.
        doubt_ns : int
            How much of the time in doubt counts.
        """
        since_ns = now_ns if earlier_ns is None else earlier_ns
        if self.state is _S.CHECKING:
            since_ns = min(since_ns, max(self.unproven_ns, now_ns - doubt_ns))
        self.bare_ns, self.alarms, self.is_inherited = since_ns, 0, earlier_ns is not None

    def safe(self) -> None:
        """Whatever was missing is there."""
        self.bare_ns = None
        self.hold()

    def hold(self) -> None:
        """Something else leaves the position; if it fails, cover was missing all the while."""
        self.stop_ns = self.close_ns = self.due_ns = None
        self.stop_failed = False
        self.closes = self.alarms = 0


def close_gap(first_ns: int, closes: int) -> int:
    """How long to wait before the next close; longer in the end, for a market that is closed."""
    return min(first_ns << min(max(closes - EVEN_CLOSES, 0), 5), ns(LONGEST_CLOSE_GAP_S))


def is_overdue(for_ns: int, rules: CoverRules) -> bool:
    """Whether what an earlier run left bare has waited for so long that no stop is tried any more.

    That is so where executors die one after the other. What has been bare for minutes is no matter
    of seconds: nothing ran, and who starts the desk again does not expect a close.
    """
    return OVERDUE * ns(rules.act_after_s) <= for_ns < LONG_AGO_NS


def alarm_at(told: int, first_s: float) -> int:
    """Moment of the next alarm, in nanoseconds since something was missing."""
    moments = (first_s, *(one for one in NEXT_ALARMS_S if one > first_s))
    if told < len(moments):
        return ns(moments[told])
    return ns(moments[-1]) + ns(EVERY_S) * (told - len(moments) + 1)


def shield_of(key: PositionKey, guard: Guard, text: str) -> Shield:
    """A guard as the desk is told about it."""
    return Shield(
        account_id=key[0],
        contract_id=key[1],
        state=guard.state,
        net_size=guard.cover.net_size,
        covered=guard.cover.covered,
        since_ns=guard.since_ns,
        proven_ns=guard.proven_ns,
        text=text,
    )
