"""How fast orders follow one another: for the double-click guard and the limit of the rate."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from tradedesk.domain.commands import PlaceOrder

WINDOW_NS: Final = 10 * NS_PER_S


class Pace:
    """Remembers the orders that the gate let through.

    Presses are monotonic nanoseconds, and told by the desk: two clicks that waited together are
    as far apart as they were pressed.
    """

    def __init__(self) -> None:
        self._entries: deque[int] = deque()
        self._before: PlaceOrder | None = None
        self._press_ns = 0

    def let_through(self, command: PlaceOrder, press_ns: int, now_ns: int, *, entry: bool) -> None:
        """An order is about to be sent."""
        self._before = command
        self._press_ns = press_ns
        if entry:
            self._entries.append(now_ns)
            self._forget(now_ns)

    def repeat_ms(
        self, command: PlaceOrder, press_ns: int, within_ms: float = math.inf
    ) -> float | None:
        """Milliseconds from the press of the order before, if that was an equal one.

        None also when it was pressed ``within_ms`` or longer before: then nobody asks whether the
        two are equal, which is the long part of the question.
        """
        before, apart_ms = self._before, abs(press_ns - self._press_ns) / NS_PER_MS
        if before is None or apart_ms >= within_ms or before.side is not command.side:
            return None
        return apart_ms if order_itself(before) == order_itself(command) else None

    def wait_s(self, limit: int, now_ns: int) -> float:
        """Seconds until ``limit`` entries in ten seconds allow one more; 0 if they do now."""
        self._forget(now_ns)
        over = len(self._entries) - limit
        if over < 0 or limit < 1:
            return 0.0
        return (self._entries[over] + WINDOW_NS - now_ns) / NS_PER_S

    def _forget(self, now_ns: int) -> None:
        while self._entries and self._entries[0] + WINDOW_NS <= now_ns:
            self._entries.popleft()


def order_itself(command: PlaceOrder) -> PlaceOrder:
    """The order, without who clicked when and what was seen."""
    return msgspec.structs.replace(
        command, click_id="", press_ns=0, asked_ns=0, reference_ticks=None, custom_tag=None
    )
