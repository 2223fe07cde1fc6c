"""The window killed while an order is on its way; executor and venue live on and must agree."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec

import tradedesk
from tradedesk.domain.events import IntentState
from tradedesk.domain.roles import TAG_PREFIX

LONGEST_S = 0.8
"""Windows are killed up to so long after they said that they click."""
_LEGS = ("-SL", "-TP")
_ROOM_S = 90.0
_START = "2000-01-01T00:00:00Z"


class WindowResult(NamedTuple):
    """What came of all windows."""

    kills: int
    orders: int
    duplicates: int
    wrong: list[str]


def run(kills: int, seed: int = 7) -> WindowResult:
    """Kill so many windows, one after the other, on one home."""
    with tempfile.TemporaryDirectory(prefix="window-kills-") as home:
        return asyncio.run(_run(Path(home), kills, random.Random(seed)))


async def _run(home: Path, kills: int, chance: random.Random) -> WindowResult:
    wrong: list[str] = []
    for nth in range(kills):
        try:
            await _kill_one(home, chance.uniform(0, LONGEST_S))
        except (TimeoutError, RuntimeError) as error:
            return WindowResult(nth, 0, 0, [*wrong, f"window {nth}: {error!r}"])
        await _close_position(home)
    orders = await _orders(home)
    tags = Counter(order["customTag"] for order in orders)
    duplicates = sum(tags.values()) - len(tags) + max(len(orders) - kills, 0)
    wrong += await _compare(home, set(tags))
    return WindowResult(kills, len(orders), duplicates, wrong)


async def _kill_one(home: Path, after_s: float) -> None:
    window = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "reliability.doomed_window", str(home)),
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert window.stdout is not None
    assert window.stderr is not None
    try:
        async with asyncio.timeout(60):
            line = await window.stdout.readline()
        if line != b"clicking\n":
            said = (await window.stderr.read()).decode(errors="replace").splitlines()[-3:]
            raise RuntimeError(f"it ended before its click: {' '.join(said)}")
        await asyncio.sleep(after_s)
    finally:
        if window.returncode is None:
            window.send_signal(signal.SIGKILL)
        await window.wait()


async def _compare(home: Path, tags: set[str]) -> list[str]:
    """Attach a desk without a window to what was left and compare what it is told."""
    async with tradedesk.connect(home=home) as desk:
        known = {str(intent.tag): intent for intent in desk.state.intents.values()}
        found = [f"{tag} is forgotten" for tag in tags if tag not in known]
        found += [
            f"{tag} is at the venue, believed {known[tag].state}"
            for tag in tags
            if tag in known and known[tag].state is not IntentState.ACCEPTED
        ]
        await desk.flatten()
    return found


async def _close_position(home: Path) -> None:
    """At the venue itself, once nothing is on its way any more."""
    deadline = time.monotonic() + 10
    seen = -1
    while len(orders := await _orders(home)) != seen and time.monotonic() < deadline:
        seen = len(orders)
        await asyncio.sleep(0.15)
    positions = (await _call(home, "/api/Position/searchOpen", {}))["positions"]
    for position in positions:
        await _call(home, "/api/Position/closeContract", {"contractId": position["contractId"]})
    for order in (await _call(home, "/api/Order/searchOpen", {}))["orders"]:
        await _call(home, "/api/Order/cancel", {"orderId": order["id"]})


async def _orders(home: Path) -> list[dict[str, Any]]:
    found = (await _call(home, "/api/Order/search", {"startTimestamp": _START}))["orders"]
    return [
        order
        for order in found
        if (order["customTag"] or "").startswith(TAG_PREFIX)
        and not order["customTag"].endswith(_LEGS)
    ]


async def _call(home: Path, path: str, body: dict[str, object]) -> dict[str, Any]:
    said = msgspec.json.decode((home / "data" / "run" / "practice.json").read_bytes())
    async with httpx.AsyncClient(base_url=said["rest"], trust_env=False) as client:
        login = {"userName": said["username"], "apiKey": said["api_key"]}
        token = (await _patiently(client, "/api/Auth/loginKey", login, {}))["token"]
        headers = {"Authorization": f"Bearer {token}"}
        account = said.get("accounts", [{"id": 50_012_345}])[0]["id"]
        return await _patiently(client, path, {"accountId": account, **body}, headers)


async def _patiently(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], headers: dict[str, str]
) -> dict[str, Any]:
    """Ask until there is room in the venue's limits, which the windows before have used up."""
    async with asyncio.timeout(_ROOM_S):
        answer = await client.post(path, json=body, headers=headers)
        while answer.status_code == 429:
            await asyncio.sleep(1.0)
            answer = await client.post(path, json=body, headers=headers)
    found: dict[str, Any] = answer.json()
    return found
