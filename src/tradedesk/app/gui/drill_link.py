"""Asks the practice venue how the drill stands, and begins it there."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec

from tradedesk.app.executor_config import GivenCredentials
from tradedesk.ui.drill.view_model import CriterionView, DrillView, ScoreView

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.app.venue_plan import VenuePlan

EVERY_S: Final = 0.4
DEADLINE_S: Final = 3.0
NO_ANSWER: Final = "The practice venue does not tell how the drill stands."


class _Criterion(msgspec.Struct):
    name: str
    weight: int
    text: str
    points: int | None = None


class _Score(msgspec.Struct):
    total: int
    grade: str
    criteria: tuple[_Criterion, ...]


class _Drill(msgspec.Struct, rename="camel"):
    title: str = ""
    state: str = "none"
    ask: str = ""
    at_s: float = 0.0
    score: _Score | None = None


class _Answer(msgspec.Struct, rename="camel"):
    success: bool
    error_message: str | None = None
    drill: _Drill | None = None


class DrillLink:
    """Looks at a drill a few times a second.

    The control endpoint is outside of the call limits, and its log-in is one of its own, so that
    looking takes nothing from the trader.

    Parameters
    ----------
    name : str
        The drill.
    plan : callable
        Where the venue is; None until it is known.
    show : callable
        Told every view that is another one.
    """

    def __init__(
        self, name: str, plan: Callable[[], VenuePlan | None], show: Callable[[DrillView], None]
    ) -> None:
        self._name = name
        self._plan = plan
        self._show = show
        self._view = DrillView()
        self._wanted = False
        self._runs = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run(), name="drill-link")

    def again(self) -> None:
        """Begin the drill anew."""
        self._wanted = True
        self._wake.set()

    async def close(self) -> None:
        """End. Safe to call when it was never started."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=DEADLINE_S) as client:
            while True:
                self._wake.clear()
                plan = self._plan()
                if plan is not None:
                    await self._look(client, plan)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(EVERY_S):
                        await self._wake.wait()

    async def _look(self, client: httpx.AsyncClient, plan: VenuePlan) -> None:
        try:
            answer = await self._ask(client, plan, {"action": "drill"})
            none = answer.drill is None or answer.drill.state == "none"
            if none or self._wanted:
                # A venue that an earlier desk left has no drill of its own.
                answer = await self._ask(
                    client, plan, {"action": "drill_start", "drill": self._name}
                )
                began = answer.drill is not None
                self._wanted = self._wanted and not began
                self._runs += began
        except (httpx.HTTPError, msgspec.DecodeError):
            self._tell(replace(self._view, problem=NO_ANSWER))
            return
        if answer.drill is None:
            self._tell(replace(self._view, problem=answer.error_message or NO_ANSWER))
        else:
            self._tell(_view(answer.drill, self._runs))

    def _tell(self, view: DrillView) -> None:
        if view != self._view:
            self._view = view
            self._show(view)

    async def _ask(
        self, client: httpx.AsyncClient, plan: VenuePlan, body: dict[str, Any]
    ) -> _Answer:
        url = f"{plan.addresses.rest_url}/practice/control"
        reply = await client.post(url, json=body)
        if reply.status_code == httpx.codes.UNAUTHORIZED:
            await _log_in(client, plan)
            reply = await client.post(url, json=body)
        reply.raise_for_status()
        return msgspec.json.decode(reply.content, type=_Answer)


async def _log_in(client: httpx.AsyncClient, plan: VenuePlan) -> None:
    assert isinstance(plan.credentials, GivenCredentials)
    who = {"userName": plan.credentials.username, "apiKey": plan.credentials.api_key}
    reply = await client.post(f"{plan.addresses.rest_url}/api/Auth/loginKey", json=who)
    reply.raise_for_status()
    token = msgspec.json.decode(reply.content).get("token")
    client.headers["Authorization"] = f"Bearer {token}"


def _view(drill: _Drill, run: int) -> DrillView:
    score = drill.score
    return DrillView(
        title=drill.title,
        ask=drill.ask,
        state=drill.state,
        at_s=drill.at_s,
        run=run,
        score=None
        if score is None
        else ScoreView(
            score.total,
            score.grade,
            tuple(CriterionView(c.name, c.weight, c.points, c.text) for c in score.criteria),
        ),
    )
