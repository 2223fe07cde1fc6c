"""How many calls a way out of everything would take; known to the side that must keep them free."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import AccountId


class Exposure:
    """Counts what is open, from what the venue answered last.

    What was sent since then is covered by the slots that are kept for exits in any case.

    Parameters
    ----------
    on_changed : callable
        Told how many cancels and closes would end everything, after every answer.
    """

    def __init__(self, on_changed: Callable[[int], None]) -> None:
        self._on_changed = on_changed
        self._working: dict[AccountId, int] = {}
        self._held: dict[AccountId, int] = {}

    @property
    def calls(self) -> int:
        """Cancels and closes that would end everything."""
        return sum(self._working.values()) + sum(self._held.values())

    @property
    def is_flat(self) -> bool:
        """Whether nothing is open as far as known."""
        return self.calls == 0

    def note_working(self, account_id: AccountId, orders: int) -> None:
        """So many orders work, suspended ones included."""
        self._working[account_id] = orders
        self._on_changed(self.calls)

    def note_held(self, account_id: AccountId, positions: int) -> None:
        """So many contracts are held."""
        self._held[account_id] = positions
        self._on_changed(self.calls)
