"""The day against its limits and the locks that hold, in words and shares. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradedesk.domain.safety import LockKind
from tradedesk.domain.wall_words import time_left
from tradedesk.ui import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.safety import Lock, RiskRules

BINDING = frozenset({LockKind.DAILY_LOSS, LockKind.DAILY_PROFIT, LockKind.TIME})
"""Locks while which rules only become stricter."""
_ZERO = Decimal(0)
NEAR = Decimal("0.8")
"""Share of a limit from which on it counts as near."""


@dataclass(frozen=True, slots=True)
class DayView:
    """Today's dollars between its limits.

    Attributes
    ----------
    low, high : Decimal or None
        The limits, ``low`` negative; None where there is none.
    stale : bool
        Whether the price of something held is too old to go by.
    """

    closed: Decimal = _ZERO
    open: Decimal = _ZERO
    low: Decimal | None = None
    high: Decimal | None = None
    stale: bool = False

    @property
    def total(self) -> Decimal:
        """What counts against the limits."""
        return self.closed + self.open

    @property
    def reach(self) -> Decimal:
        """Dollars from the middle of the bar to either end."""
        ends = [abs(end) for end in (self.low, self.high) if end is not None]
        return max([*ends, abs(self.total), Decimal(1)])

    @property
    def near(self) -> bool:
        """Whether a limit is near or reached."""
        return any(end is not None and self.total / end >= NEAR for end in (self.low, self.high))

    @property
    def text(self) -> str:
        """What is left until entries lock."""
        if self.low is None and self.high is None:
            return "No limit of the day is set"
        parts = []
        if self.low is not None:
            left = self.total - self.low
            parts.append(
                f"{words.money(left, signed=False)} left to the loss limit"
                if left > 0
                else "the loss limit is reached"
            )
        if self.high is not None:
            left = self.high - self.total
            parts.append(
                f"{words.money(left, signed=False)} to the profit limit"
                if left > 0
                else "the profit limit is reached"
            )
        text = " · ".join(parts)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class LockLine:
    """One lock: what it says, and for how long."""

    text: str
    left: str


def day_view(closed: Decimal, opened: Decimal, rules: RiskRules, *, stale: bool) -> DayView:
    """The day under rules."""
    low = None if rules.daily_loss is None else -rules.daily_loss
    return DayView(closed, opened, low, rules.daily_profit, stale)


def lock_lines(locks: Sequence[Lock], wall_ns: int) -> list[LockLine]:
    """Locks that hold at a moment, the one that ends last first."""
    held = [lock for lock in locks if lock.until_ns is None or lock.until_ns > wall_ns]
    held.sort(key=lambda lock: -(lock.until_ns or 2**63))
    return [
        LockLine(
            lock.text,
            "until released" if lock.until_ns is None else time_left(lock.until_ns - wall_ns),
        )
        for lock in held
    ]


def is_bound(locks: Sequence[Lock], wall_ns: int) -> bool:
    """Whether a lock holds while which rules only become stricter."""
    return any(
        lock.kind in BINDING and (lock.until_ns is None or lock.until_ns > wall_ns)
        for lock in locks
    )
