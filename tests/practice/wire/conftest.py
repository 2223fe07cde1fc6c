"""A venue on a thread of its own, for tools that block, and a model of the account it keeps."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import httpx
import pytest
from tests.practice.clients import EARLY

from tradedesk.app.system_clock import SystemClock
from tradedesk.practice.clock import VenueClock
from tradedesk.practice.config import VenueConfig
from tradedesk.practice.market.source import SyntheticMarket
from tradedesk.practice.server import Venue

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTED_S = 20.0
READS = 50


class Caller:
    """A user of the venue who blocks; logs in by itself."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.ready = ready
        self.account: int = ready["accounts"][0]["id"]
        self.http = httpx.Client(base_url=ready["rest"], trust_env=False, timeout=10)
        login = {"userName": ready["username"], "apiKey": ready["api_key"]}
        self.token: str = self("Auth/loginKey", **login)["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def __call__(self, endpoint: str, **body: Any) -> dict[str, Any]:
        answer = self.http.post(f"/api/{endpoint}", json=body)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        decoded: dict[str, Any] = answer.json()
        return decoded

    def books(self) -> dict[str, Any]:
        """Everything that the venue keeps of the account, read when nothing is changing."""
        last = self._books()
        for _ in range(READS):
            again = self._books()
            if again == last:
                return last
            last = again
        raise AssertionError("the account never stands still")

    def _books(self) -> dict[str, Any]:
        mine = {"accountId": self.account}
        found = {
            "accounts": self("Account/search", onlyActiveAccounts=False)["accounts"],
            "positions": self("Position/searchOpen", **mine)["positions"],
            "trades": self("Trade/search", **mine, startTimestamp=EARLY)["trades"],
            "open": self("Order/searchOpen", **mine)["orders"],
            "orders": self("Order/v2/query", filter=mine, pageSize=1000)["orders"],
        }
        assert all(value is not None for value in found.values())
        return found


@contextmanager
def threaded_venue(**knobs: Any) -> Iterator[dict[str, Any]]:
    """Serve on a thread; yields the ready line. Any error of the venue's own fails the test."""
    ready: dict[str, Any] = {}
    began, stop = threading.Event(), threading.Event()
    failed: list[bool] = []

    async def serve() -> None:
        config = VenueConfig(**knobs)
        clock = VenueClock(SystemClock())
        market = SyntheticMarket(config.seed, clock.origin_ns, config.pace)
        async with Venue(config, clock, market) as venue:
            ready.update(venue.description())
            began.set()
            await asyncio.to_thread(stop.wait)
            failed.append(venue.failed)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="venue")
    thread.start()
    try:
        assert began.wait(STARTED_S), "the venue did not start"
        yield ready
    finally:
        stop.set()
        thread.join(STARTED_S)
    assert not thread.is_alive()
    assert failed == [False]


@pytest.fixture
def ready() -> Iterator[dict[str, Any]]:
    """A venue that takes any number of calls."""
    with threaded_venue(limits=False, sessions_per_hub=0) as description:
        yield description


@pytest.fixture
def caller(ready: dict[str, Any]) -> Iterator[Caller]:
    with Caller(ready) as one:
        yield one
