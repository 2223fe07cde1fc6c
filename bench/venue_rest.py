"""Clients that place and cancel orders over REST, all in one process.

Run as a process by ``venue.py``; takes a plan as JSON on the command line and prints one line of
JSON. ``httpx`` is how a Python client calls; ``bare`` writes requests made beforehand to a socket
and reads no more of an answer than it must, so that it is the venue that is measured.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from typing import Any

import httpx
import msgspec

_TIMEOUT_S = 60.0


class Answer(msgspec.Struct):
    """As much of an answer as is needed."""

    success: bool = False
    orderId: int | None = None  # noqa: N815  the wire's name
    token: str | None = None


_answer = msgspec.json.Decoder(Answer)


class Client:
    """One connection with httpx."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._http = httpx.AsyncClient(
            base_url=plan["rest"],
            trust_env=False,
            timeout=_TIMEOUT_S,
            headers={"Authorization": f"Bearer {plan['token']}"},
        )

    async def call(self, path: str, body: dict[str, Any]) -> Answer:
        """POST; the decoded answer."""
        reply = await self._http.post(path, json=body)
        return _checked(path, reply.status_code, reply.content)

    async def close(self) -> None:
        """Close the connection."""
        await self._http.aclose()


class BareClient:
    """One connection, with as little of HTTP as will do."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._host, _, self._port = plan["rest"].removeprefix("http://").partition(":")
        self._head = (
            f"Host: {self._host}:{self._port}\r\nAuthorization: Bearer {plan['token']}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        self._writer: asyncio.StreamWriter | None = None

    async def call(self, path: str, body: dict[str, Any]) -> Answer:
        """POST; the decoded answer."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, int(self._port))
        data = msgspec.json.encode(body)
        head = f"POST {path} HTTP/1.1\r\n{self._head}{len(data)}\r\n\r\n"
        self._writer.write(head.encode() + data)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return _checked(path, int(answer[9:12]), await self._reader.readexactly(length))

    async def close(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()
            await self._writer.wait_closed()


def _checked(path: str, status: int, content: bytes) -> Answer:
    answer = _answer.decode(content) if status == 200 else Answer()
    if not answer.success:
        raise SystemExit(f"{path} was answered with {status}: {content.decode()}")
    return answer


async def trade(plan: dict[str, Any], client: Client | BareClient, ms: list[float]) -> None:
    """Place a resting order and cancel it, over and over."""
    place = {
        "accountId": plan["account"],
        "contractId": plan["contract"],
        "type": 1,
        "side": 0,
        "size": 1,
        "limitPrice": plan["price"],
    }
    for _ in range(plan["pairs"]):
        begun = time.perf_counter()
        answer = await client.call("/api/Order/place", place)
        between = time.perf_counter()
        cancel = {"accountId": plan["account"], "orderId": answer.orderId}
        await client.call("/api/Order/cancel", cancel)
        ms += [(between - begun) * 1e3, (time.perf_counter() - between) * 1e3]


async def log_in(plan: dict[str, Any], client: Client | BareClient, ms: list[float]) -> None:
    """Log in once, on a connection of its own."""
    begun = time.perf_counter()
    answer = await client.call("/api/Auth/loginKey", plan["login"])
    if not answer.token:
        raise SystemExit("A login gave no token.")
    ms.append((time.perf_counter() - begun) * 1e3)


async def main(plan: dict[str, Any]) -> None:
    """All clients at once."""
    make = Client if plan["how"] == "httpx" else BareClient
    clients = [make(plan) for _ in range(plan["clients"])]
    ms: list[float] = []
    work = log_in if plan["what"] == "login" else trade
    if work is trade:
        warm = {**plan, "pairs": 5}
        await asyncio.gather(*(trade(warm, client, []) for client in clients))
    before, begun = _cpu_s(), time.perf_counter()
    await asyncio.gather(*(work(plan, client, ms) for client in clients))
    seconds = time.perf_counter() - begun
    used = _cpu_s() - before
    for client in clients:
        await client.close()
    print(json.dumps({"seconds": seconds, "cpu_s": used, "ms": ms}))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))
