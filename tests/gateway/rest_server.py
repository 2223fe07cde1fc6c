"""A loopback HTTP server that answers as told and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

PING = "/api/Status/ping"


class Asked(NamedTuple):
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


class Answer(NamedTuple):
    """What to send back; ``close`` ends the connection after it."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    close: bool = False

    def encoded(self) -> bytes:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        lines = [f"HTTP/1.1 {self.status} X", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(lines).encode() + body


HANG_UP = Answer(close=True)
"""Close without a word."""


def ok(**members: Any) -> Answer:
    """A successful envelope with these members."""
    return Answer({"success": True, "errorCode": 0, "errorMessage": None, **members})


def refused(code: int, message: str | None = None, **members: Any) -> Answer:
    """A failing envelope."""
    return Answer({"success": False, "errorCode": code, "errorMessage": message, **members})


class RestServer:
    """Answers each path from its queue; the last answer of a queue stays."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self._queues: dict[str, deque[Answer | Callable[[Asked], Answer]]] = defaultdict(deque)
        self._queues[PING].append(Answer("pong"))
        self._tasks: set[asyncio.Task[Any]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    def on(self, path: str, *answers: Answer | Callable[[Asked], Answer]) -> None:
        """Answer a path with these, one after the other."""
        self._queues[path] = deque(answers)

    def asked_at(self, path: str) -> list[Asked]:
        """All requests of one path."""
        return [asked for asked in self.asked if asked.path == path]

    async def drop_connections(self) -> None:
        """Close every connection from this side."""
        for writer in list(self._writers):
            writer.close()
            await writer.wait_closed()

    async def __aenter__(self) -> RestServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            while (asked := await read_request(reader, number)) is not None:
                self.asked.append(asked)
                queue = self._queues.get(asked.path) or deque([Answer(None, 404)])
                answer = queue.popleft() if len(queue) > 1 else queue[0]
                if not isinstance(answer, Answer):
                    answer = answer(asked)
                if answer is HANG_UP:
                    break
                writer.write(answer.encoded())
                await writer.drain()
                if answer.close:
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()


async def read_request(reader: asyncio.StreamReader, connection: int) -> Asked | None:
    """Read one request; None when the connection ends first."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    except asyncio.IncompleteReadError:
        return None
    return Asked(lines[0].split(" ")[1], headers, body, connection)
