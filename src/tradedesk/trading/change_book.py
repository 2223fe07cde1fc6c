"""Every change by key, and how it is found from a click or an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.commands import ClosePosition

if TYPE_CHECKING:
    from tradedesk.domain.changes import Change
    from tradedesk.domain.commands import CancelOrder, ModifyOrder
    from tradedesk.domain.ids import OrderId

_KEEP = 2_000
"""Ended changes that are remembered; a session of dragging makes many."""


class ChangeBook:
    """Changes by key, oldest first, with indexes by click and by order."""

    def __init__(self) -> None:
        self.by_key: dict[str, Change] = {}
        self._clicks: set[str] = set()
        self._counts: dict[str, int] = {}
        self._of_order: dict[OrderId, list[str]] = {}

    def next_key(self, command: ModifyOrder | CancelOrder | ClosePosition) -> str:
        """A key that no other change of this target has."""
        target = _target(command)
        self._counts[target] = self._counts.get(target, 0) + 1
        return f"{target}-{self._counts[target]}"

    def put(self, change: Change) -> None:
        """Keep the newest copy."""
        if change.key not in self.by_key:
            self._index(change)
        self.by_key[change.key] = change

    def press(self, click_id: str) -> bool:
        """Note a press; False if it was noted before."""
        if click_id in self._clicks:
            return False
        self._clicks.add(click_id)
        return True

    def of_order(self, order_id: OrderId) -> list[Change]:
        """Changes of one order, newest first."""
        return [self.by_key[key] for key in reversed(self._of_order.get(order_id, ()))]

    def open(self) -> list[Change]:
        """Changes that are not at their end."""
        return [change for change in self.by_key.values() if not change.state.is_final]

    def forget_old(self) -> None:
        """Drop the oldest ended ones when there are many."""
        over = len(self.by_key) - _KEEP
        if over <= 0:
            return
        ended = (change for change in self.by_key.values() if change.state.is_final)
        for change in [change for change, _ in zip(ended, range(over), strict=False)]:
            del self.by_key[change.key]
            if not isinstance(change.command, ClosePosition):
                keys = self._of_order[change.command.order_id]
                keys.remove(change.key)
                if not keys:
                    del self._of_order[change.command.order_id]

    def _index(self, change: Change) -> None:
        self._clicks.add(change.command.click_id)
        target = _target(change.command)
        number = change.key.removeprefix(f"{target}-")
        if number.isdecimal():
            self._counts[target] = max(self._counts.get(target, 0), int(number))
        if not isinstance(change.command, ClosePosition):
            self._of_order.setdefault(change.command.order_id, []).append(change.key)


def _target(command: ModifyOrder | CancelOrder | ClosePosition) -> str:
    if isinstance(command, ClosePosition):
        return f"close-{command.account_id}-{command.contract_id}"
    return f"order-{command.order_id}"
