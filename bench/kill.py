"""The kill switch: how long until entries are off, and until the first cancel is on the wire.

Run it as ``python bench/kill.py [--quick]``. The executor of the product with its journal on the
disk, over a real socket to the practice venue. What is cancelled was placed by somebody else, and
each round takes a few seconds, so that the executor's own limit of calls holds nothing up.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tradedesk.app.executor_build import build_executor
from tradedesk.app.executor_config import ExecutorConfig, GivenCredentials
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradedesk.domain.events import AnyEvent
    from tradedesk.trading.live.executor import Executor

RESTING = 3
PAUSE_S = 2.5
BLOCKED_US, WIRE_MS = 1_000.0, 5.0
"""Targets: entries off in the worst case, first cancel written in 99 of 100."""


class Ready(msgspec.Struct):
    """What is needed of the venue's ready line."""

    rest: str
    user_hub: str
    market_hub: str
    username: str
    api_key: str


class Venue:
    """Calls of somebody else who is signed in."""

    def __init__(self, ready: Ready) -> None:
        self._rest = ready.rest
        self._token = ""
        login = {"userName": ready.username, "apiKey": ready.api_key}
        self._token = self.call("/api/Auth/loginKey", login)["token"]
        self.call("/practice/control", {"action": "limits", "enabled": False})
        found = self.call("/api/Contract/search", {"searchText": "MNQ", "live": False})
        self._contract_id = found["contracts"][0]["id"]

    def rest_orders(self, account_id: int) -> None:
        """Let some orders rest far from the market."""
        for _ in range(RESTING):
            order = {"accountId": account_id, "contractId": self._contract_id}
            order |= {"type": 1, "side": 0, "size": 1, "limitPrice": 15_000.0}
            answer = self.call("/api/Order/place", order)
            assert answer["success"], answer

    def call(self, path: str, body: Mapping[str, object]) -> Any:
        """POST JSON to the venue."""
        request = urllib.request.Request(
            self._rest + path,
            msgspec.json.encode(body),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            return msgspec.json.decode(reply.read())


class Switch:
    """Lets orders rest, trips the switch, and notes what happened when."""

    def __init__(self, executor: Executor, venue: Venue) -> None:
        self.executor = executor
        self._venue = venue
        self.written_ns = 0
        self.blocked_us: list[float] = []
        self.wire_ms: list[float] = []
        self._clicks = 0
        guard = executor.parts.calls.gateway
        cancel = guard.cancel

        async def noted(**members: object) -> None:
            await cancel(**members, on_written=self._wrote)  # type: ignore[arg-type]

        guard.cancel = noted  # type: ignore[method-assign]

    def _wrote(self) -> None:
        self.written_ns = self.written_ns or time.perf_counter_ns()

    async def once(self) -> None:
        """Let some orders rest, trip, wait for the proof, release."""
        books = self.executor.parts.books
        account_id = next(iter(books.blotter.accounts))
        await asyncio.to_thread(self._venue.rest_orders, account_id)
        await self.until(lambda: len(books.blotter.working()) == RESTING)
        await asyncio.sleep(PAUSE_S)
        self.written_ns = 0
        kill = cmd.Kill(click_id=self._click(), press_ns=time.monotonic_ns(), account_id=account_id)
        started_ns = time.perf_counter_ns()
        self.executor.handle(kill)
        blocked_ns = time.perf_counter_ns()
        assert books.locks.refuse_entry(account_id, time.time_ns())
        await self.until(lambda: not books.conditions.hold)
        self.blocked_us.append((blocked_ns - started_ns) / 1e3)
        self.wire_ms.append((self.written_ns - started_ns) / 1e6)
        self.executor.handle(cmd.ReleaseKill(click_id=self._click(), press_ns=0, word="RELEASE"))

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for what an event brings."""
        assert await self.executor.parts.watchers.until(lambda: bool(holds()), 20)

    def _click(self) -> str:
        self._clicks += 1
        return f"bench-{self._clicks}"


async def measure(ready: Ready, home: Path, times: int) -> Switch:
    """Trip it again and again."""
    venue = await asyncio.to_thread(Venue, ready)
    config = ExecutorConfig(
        home=str(home),
        venue="practice",
        live=False,
        rest_url=ready.rest,
        user_hub_url=ready.user_hub,
        market_hub_url=ready.market_hub,
        credentials=GivenCredentials(ready.username, ready.api_key),
    )
    executor, journal = build_executor(config, SystemClock())
    heard: list[AnyEvent] = []
    executor.attach(heard.append, controller=True)
    executor.parts.owner.start(executor.run(), "run")
    switch = Switch(executor, venue)
    try:
        await switch.until(lambda: executor.parts.books.conditions.phase is Phase.READY)
        for _ in range(times):
            await switch.once()
    finally:
        executor.stop_asked.set()
        await executor.close()
        journal.close()
    return switch


def main() -> int:
    """Run it; 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="bench kill", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    times = 10 if parser.parse_args().quick else 60
    command = [sys.executable, "-m", "tradedesk", "practice", "--port", "0"]
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(command, stdout=subprocess.PIPE) as venue,
    ):
        try:
            assert venue.stdout is not None
            ready = msgspec.json.decode(venue.stdout.readline(), type=Ready)
            switch = asyncio.run(measure(ready, Path(home), times))
        finally:
            venue.terminate()
    blocked, wire = sorted(switch.blocked_us), sorted(switch.wire_ms)
    last = int(len(wire) * 0.99)
    sys.stdout.write(
        f"kill switch, n={times}, {RESTING} orders at work, loopback\n"
        f"  entries off       us  p50 {blocked[times // 2]:7.0f}  p99 {blocked[last]:7.0f}  "
        f"worst {blocked[-1]:7.0f}  target {BLOCKED_US:.0f}\n"
        f"  first cancel out  ms  p50 {wire[times // 2]:7.2f}  p99 {wire[last]:7.2f}  "
        f"worst {wire[-1]:7.2f}  target {WIRE_MS:.0f}\n"
    )
    return int(blocked[-1] > BLOCKED_US or wire[last] > WIRE_MS)


if __name__ == "__main__":
    sys.exit(main())
