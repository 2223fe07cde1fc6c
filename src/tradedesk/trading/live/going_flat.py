"""Flattens accounts that a lock wants flat, and asks again while they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.commands import Flatten
from tradedesk.domain.events import Phase
from tradedesk.domain.safety import LockKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import AccountId
    from tradedesk.trading.live.desk_parts import DeskParts

AGAIN_NS: Final = 60 * NS_PER_S
"""A flatten that did not get there is asked for again after this."""
_LIMITS: Final = frozenset({LockKind.DAILY_LOSS, LockKind.DAILY_PROFIT})


class GoingFlat:
    """Going flat at a time always, at a limit of the day where that is set."""

    def __init__(self, parts: DeskParts, flatten: Callable[[Flatten], object]) -> None:
        self._parts = parts
        self._flatten = flatten
        self._asked_ns: dict[AccountId, int] = {}

    def wanted_by(self, kind: LockKind) -> bool:
        """Whether a lock of this kind wants the account flat."""
        at_limit = self._parts.books.rules.risk.flatten_at_limit
        return kind is LockKind.SESSION_FLAT or (at_limit and kind in _LIMITS)

    def look(self, account_id: AccountId) -> None:
        """Flatten an account if a lock wants that and something is there."""
        books, clock = self._parts.books, self._parts.clock
        locks = books.locks.holding(clock.wall_ns(), account_id)
        if not any(self.wanted_by(lock.kind) for lock in locks):
            self._asked_ns.pop(account_id, None)
            return
        if books.conditions.phase not in {Phase.READY, Phase.DEGRADED}:
            return
        blotter, now_ns = books.blotter, clock.mono_ns()
        if not blotter.open_positions(account_id) and not blotter.working(account_id):
            return
        asked_ns = self._asked_ns.get(account_id)
        if asked_ns is not None and now_ns - asked_ns < AGAIN_NS:
            return
        self._asked_ns[account_id] = now_ns
        self._flatten(
            Flatten(click_id=f"risk-{account_id}-{now_ns}", press_ns=now_ns, account_id=account_id)
        )
