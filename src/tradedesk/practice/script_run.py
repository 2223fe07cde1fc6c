"""Plays a script against a venue in this process, in stepped venue time, and writes it all down.

The same seed and the same script give the same transcript, byte for byte: nothing in it depends on
the machine or on how long anything took. The one thing that is left to chance, the text of a token,
is not written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec

from tradedesk.gateway.wire.hub import RECORD_SEPARATOR
from tradedesk.practice.hubs.connection import HubError
from tradedesk.practice.rest.control_clock import step
from tradedesk.practice.server import application

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.hubs.connection import Hub
    from tradedesk.practice.script import Script, Step
    from tradedesk.practice.world import World

_BASE: Final = "http://practice"
_TOKEN: Final = re.compile(rb'("(?:token|newToken)":")[^"]*"')
_DEADLINE_S: Final = 30.0


class Listener:
    """Stands where a hub's connection stands, and writes down what it is sent."""

    def __init__(self, hub: str, heard: Callable[[str, bytes], None]) -> None:
        self._hub = hub
        self._heard = heard

    def send(self, record: bytes) -> None:
        """Write a record down."""
        self._heard(self._hub, record.rstrip(RECORD_SEPARATOR))

    def end(self, *args: object, **kwargs: object) -> None:
        """Write down that the venue ended the connection."""
        self._heard(self._hub, b'{"closed":true}')


class Transcript:
    """Lines of JSON: venue time in nanoseconds since the start, then what was done or heard."""

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._now_ns = now_ns
        self._start_ns = now_ns()
        self.lines: list[bytes] = []

    def heard(self, hub: str, record: bytes) -> None:
        """A hub said something."""
        self._add({"hub": hub, "record": msgspec.Raw(record)})

    def called(self, method: str, path: str, body: dict[str, Any], answer: httpx.Response) -> None:
        """A call was answered."""
        text = _TOKEN.sub(rb'\1..."', answer.content)
        try:
            content: Any = msgspec.Raw(text) if msgspec.json.decode(text) is not None else None
        except msgspec.DecodeError:
            content = text.decode("utf-8", "replace")
        status = answer.status_code
        call = {"call": f"{method} {path}", "body": _unsaid(body), "status": status}
        self._add({**call, "answer": content})

    def invoked(self, step: Step, outcome: str | int) -> None:
        """An invocation was answered."""
        call = f"{step.hub}.{step.invoke}"
        self._add({"invoke": call, "arguments": step.arguments, "outcome": outcome})

    def _add(self, line: dict[str, Any]) -> None:
        at_ns = self._now_ns() - self._start_ns
        self.lines.append(msgspec.json.encode({"at_ns": at_ns, **line}))


def _unsaid(body: dict[str, Any]) -> dict[str, Any]:
    secret = {"apiKey", "password", "verifyKey"}
    return {name: "..." if name in secret else value for name, value in body.items()}


async def play(world: World, script: Script) -> list[bytes]:
    """Play a script to its end.

    Parameters
    ----------
    world : World
        A fresh one with a stepped clock.
    script : Script
        What to do.

    Returns
    -------
    list of bytes
        The transcript, one JSON object a line.
    """
    transcript = Transcript(world.floor.now_ns)
    actor = _Actor(world, transcript)
    played_ns = 0
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=application(world)), base_url=_BASE, timeout=_DEADLINE_S
    ) as client:
        for one in script.steps:
            at_ns = round(one.at * 1e9)
            step(world, at_ns - played_ns)
            played_ns = at_ns
            await actor.act(one, client)
        step(world, round(script.until * 1e9) - played_ns)
    return transcript.lines


class _Actor:
    def __init__(self, world: World, transcript: Transcript) -> None:
        self._hubs: dict[str, Hub] = {"user": world.user_hub, "market": world.market_hub}
        self._open: dict[str, Listener] = {}
        self._transcript = transcript
        self._headers: dict[str, str] = {}

    async def act(self, one: Step, client: httpx.AsyncClient) -> None:
        if one.hub is not None:
            await self._invoke(one)
            return
        method, path = ("POST", one.post) if one.post is not None else ("GET", one.get)
        assert path is not None
        body = one.body if method == "POST" else None
        answer = await client.request(method, path, json=body, headers=self._headers)
        self._transcript.called(method, path, one.body, answer)
        if path.lower().startswith("/api/auth/login") and answer.status_code == httpx.codes.OK:
            self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    async def _invoke(self, one: Step) -> None:
        assert one.hub is not None
        assert one.invoke is not None
        hub = self._hubs[one.hub]
        listener: Any = self._open.get(one.hub)
        if listener is None:
            listener = self._open[one.hub] = Listener(one.hub, self._transcript.heard)
            hub.joined(listener)
        try:
            await hub.invoke(listener, one.invoke, one.arguments)
        except HubError as error:
            self._transcript.invoked(one, str(error))
        else:
            self._transcript.invoked(one, 0)
