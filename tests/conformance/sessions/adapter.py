"""What the scenario asks of a client; each package has one adapter, written in its own terms.

Every row that is given or heard is a dict with the wire's names, and holds only what the client's
model has. A call that the client lacks raises ``NotOffered`` with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from tests.conformance.sessions.heard import Heard

Row = dict[str, Any]


@dataclass(frozen=True)
class Where:
    """The venue, as its first line tells it."""

    rest: str
    user_hub: str
    market_hub: str
    username: str
    api_key: str


@dataclass(frozen=True)
class Wish:
    """An order to place."""

    type: int
    side: int
    size: int
    tag: str
    limit: float | None = None
    stop: float | None = None
    trail: float | None = None
    stop_ticks: int | None = None
    target_ticks: int | None = None


class Adapter(Protocol):
    """One client."""

    place_note: str
    """How an order with brackets is placed with this client."""

    keeps_depth: bool
    """Whether every depth event reaches the callback: one client drops all but the newest."""

    def __init__(self, where: Where, heard: Heard) -> None: ...
    async def login(self) -> None: ...
    async def wrong_key(self) -> str: ...
    async def ping(self) -> str: ...
    async def validate(self) -> bool: ...
    async def accounts(self) -> list[Row]: ...
    async def contracts(self, text: str) -> list[Row]: ...
    async def contract(self, contract: str) -> Row: ...
    async def available(self) -> list[Row]: ...
    async def minutes(self, contract: str, start: datetime, end: datetime) -> list[Row]: ...
    async def open_market_hub(self) -> None: ...
    async def open_user_hub(self) -> None: ...
    async def watch_market(self, contract: str) -> None: ...
    async def watch_user(self, account: int) -> None: ...
    async def place(self, account: int, contract: str, wish: Wish) -> int: ...
    async def modify(
        self, account: int, order: int, limit: float | None, stop: float | None
    ) -> None: ...
    async def cancel(self, account: int, order: int) -> None: ...
    async def working(self, account: int) -> list[Row]: ...
    async def orders(self, account: int, since: datetime) -> list[Row]: ...
    async def positions(self, account: int) -> list[Row]: ...
    async def trades(self, account: int, since: datetime) -> list[Row]: ...
    async def close(self, account: int, contract: str) -> None: ...
    async def partial_close(self, account: int, contract: str, size: int) -> None: ...
    async def leave(self) -> str: ...
