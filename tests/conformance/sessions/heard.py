"""What a client's hubs called back with, whichever thread they called on."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 15.0
POLL_S = 0.02


class Heard:
    """Lists that only grow; rows have the wire's names.

    Quotes are merged as they come, since production sends only what changed.
    """

    def __init__(self) -> None:
        self.quote: dict[str, Any] = {}
        self.quotes = 0
        self.tape: list[dict[str, Any]] = []
        self.depth: list[dict[str, Any]] = []
        self.orders: list[dict[str, Any]] = []
        self.fills: list[dict[str, Any]] = []
        self.positions: list[dict[str, Any]] = []
        self.accounts: list[dict[str, Any]] = []

    def on_quote(self, quote: dict[str, Any]) -> None:
        """Merge a quote; absent and null members leave the earlier value."""
        self.quote |= {name: value for name, value in quote.items() if value is not None}
        self.quotes += 1

    def order(self, order_id: int, **wanted: Any) -> dict[str, Any] | None:
        """Find the newest event of an order that has these values."""
        wanted["id"] = order_id
        fits = (row for row in reversed(self.orders) if wanted.items() <= row.items())
        return next(fits, None)

    async def until(self, ready: Callable[[], Any], what: str) -> Any:
        """Wait until something is true; gives it. The clients call back on threads of their own.

        Raises
        ------
        TimeoutError
            It did not come true in ``PATIENCE_S``; the message says what was waited for.
        """
        deadline = time.monotonic() + PATIENCE_S
        while not (found := ready()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {what} within {PATIENCE_S:.0f} s")
            await asyncio.sleep(POLL_S)
        return found
