"""A venue that counts calls as the documents say, behind a network with bad moments.

It counts on its own: nothing of the client's limiter is used here.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec

from tradedesk.domain.errors import GatewayError
from tradedesk.gateway.rest.pool import Reply

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tradedesk.gateway.rest.trace import SendTrace

GENERAL: Final = (200, 60.0)
HISTORY: Final = (50, 30.0)
CONTRACT: Final = "CON.F.US.MNQ.Z26"
ACCOUNT: Final = 501
TOKEN: Final = "made-up-token-of-the-budget-run"
_HEADERS: Final = httpx.Headers({"content-type": "application/json"})
_MOMENT: Final = "2026-11-20T15:03:11.482913+00:00"
_FLAGS: Final[dict[str, object]] = {"success": True, "errorCode": 0, "errorMessage": None}
_MNQ: Final = {
    "id": CONTRACT, "name": "MNQZ6", "description": "", "tickSize": 0.25, "tickValue": 0.5,
    "activeContract": True, "symbolId": "F.US.MNQ",
}  # fmt: skip


class CountingVenue:
    """One login's calls and what its orders came to; market orders fill at once.

    Attributes
    ----------
    calls : Counter
        Calls that arrived, by path.
    refused : Counter
        Calls that were answered with HTTP 429, by path.
    most : list of int
        The most calls that any 60 and any 30 seconds held: general, history.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.most = [0, 0]
        self.orders: dict[int, dict[str, Any]] = {}
        self.net = 0
        self._windows: tuple[deque[float], deque[float]] = (deque(), deque())
        self._next = 0

    def answer(self, path: str, body: bytes, now_s: float) -> tuple[int, bytes]:
        """Count one call and carry it out."""
        self.calls[path] += 1
        history = path == "/api/History/retrieveBars"
        window = self._windows[history]
        most, width_s = HISTORY if history else GENERAL
        while window and window[0] <= now_s - width_s:
            window.popleft()
        window.append(now_s)
        self.most[history] = max(self.most[history], len(window))
        if len(window) > most:
            window.pop()
            self.refused[path] += 1
            return 429, b""
        wanted = msgspec.json.decode(body) if body else {}
        return 200, msgspec.json.encode(_FLAGS | self._carry_out(path, wanted))

    def _carry_out(self, path: str, wanted: dict[str, Any]) -> dict[str, object]:  # noqa: C901
        match path.rpartition("/")[2]:
            case "loginKey":
                return {"token": TOKEN}
            case "validate":
                return {"newToken": None}
            case "searchById":
                return {"contract": _MNQ}
            case "place":
                return {"orderId": self._place(wanted)}
            case "cancel":
                if self.orders.pop(wanted["orderId"], None) is None:
                    return {"success": False, "errorCode": 2}
            case "closeContract":
                if not self.net:
                    return {"success": False, "errorCode": 2}
                self.net = 0
            case "query":
                rows = list(self.orders.values())
                start = wanted.get("pageOffset", 0)
                return {"orders": rows[start : start + 100], "totalCount": len(rows)}
            case "searchOpen":
                return {"positions": [self._position()] if self.net else []}
            case "retrieveBars":
                return {"bars": []}
        return {}

    def _place(self, wanted: dict[str, Any]) -> int:
        entry = self._row(wanted["type"])
        if wanted["type"] == 2:
            del self.orders[entry]
            self.net += 1
        for leg, kind in (("stopLossBracket", 4), ("takeProfitBracket", 1)):
            if wanted.get(leg):
                self._row(kind)
        return entry

    def _row(self, kind: int) -> int:
        self._next += 1
        self.orders[self._next] = {
            "id": self._next, "accountId": ACCOUNT, "contractId": CONTRACT, "status": 1,
            "creationTimestamp": _MOMENT, "type": kind, "side": 0, "size": 1,
        }  # fmt: skip
        return self._next

    def _position(self) -> dict[str, object]:
        return {
            "id": 1, "accountId": ACCOUNT, "contractId": CONTRACT, "creationTimestamp": _MOMENT,
            "type": 1, "size": self.net, "averagePrice": 25_000.0,
        }  # fmt: skip


class ModelPool:
    """Stands where ``ConnectionPool`` stands: a network in virtual time to the counting venue.

    Parameters
    ----------
    venue : CountingVenue
        Who answers.
    chance : random.Random
        Delays and faults.
    rough : callable
        Whether the network is in a bad moment now.
    """

    def __init__(
        self, venue: CountingVenue, chance: random.Random, rough: Callable[[], bool]
    ) -> None:
        self.venue = venue
        self.inflight = 0
        self.idle_ns = 0
        self.is_warm = True
        self._chance = chance
        self._rough = rough

    async def request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        token: str | None = None,
        trace: SendTrace | None = None,
        deadline_s: float,
    ) -> Reply:
        """Send once; the venue counts it when it arrives, whoever still waits."""
        del method, token
        chance, loop = self._chance, asyncio.get_running_loop()
        rough = self._rough()
        self.inflight += 1
        try:
            async with asyncio.timeout(min(deadline_s, 5.0)):
                if rough and chance.random() < 0.1:
                    await asyncio.sleep(0.05)
                    raise httpx.ConnectError("no way")
                if trace is not None:
                    await trace("http11.send_request_body.started", {})
                    await trace("http11.send_request_body.complete", {})
                reply: asyncio.Future[tuple[int, bytes]] = loop.create_future()
                loop.call_later(self._trip_s(rough), self._arrive, path, content or b"", reply)
                status, body = await reply
        finally:
            self.inflight -= 1
        return Reply(status, _HEADERS, body)

    async def order(
        self, path: str, content: bytes, *, token: str, trace: SendTrace, deadline_s: float
    ) -> Reply:
        """The same for a mutation."""
        return await self.request(
            "POST", path, content=content, token=token, trace=trace, deadline_s=deadline_s
        )

    async def ping(self) -> None:
        """One call that the venue may or may not count; here it does."""
        try:
            await self.request("GET", "/api/Status/ping", deadline_s=4.0)
        except (httpx.HTTPError, TimeoutError) as error:
            raise GatewayError("no answer to a ping") from error

    async def aclose(self) -> None:
        """Nothing to close."""

    def _trip_s(self, rough: bool) -> float:
        """One way: 10 to 60 ms, in a bad moment up to 12 s."""
        chance = self._chance
        if rough and chance.random() < 0.3:
            return chance.choice((0.5, 2.0, 4.0, 12.0)) * chance.random()
        return 0.01 + 0.05 * chance.random()

    def _arrive(self, path: str, body: bytes, reply: asyncio.Future[tuple[int, bytes]]) -> None:
        loop, rough = asyncio.get_running_loop(), self._rough()
        answer = self.venue.answer(path, body, loop.time())
        if rough and self._chance.random() < 0.15:
            return  # the answer is lost
        loop.call_later(self._trip_s(rough), _give, reply, answer)


def _give(reply: asyncio.Future[tuple[int, bytes]], answer: tuple[int, bytes]) -> None:
    if not reply.done():
        reply.set_result(answer)
