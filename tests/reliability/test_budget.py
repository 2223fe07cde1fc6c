"""The venue's limit is never run into by our own doing, and an exit always finds a call left."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from reliability.virtual_time import VirtualClock, run_virtual

from reliability import budget, budget_desk
from tradedesk.gateway.rest.limiter import Lane, Limiter
from tradedesk.gateway.rest.window import Slot

HOURS = 2.0


def test_hours_of_bursts_meet_no_429_and_hold_no_exit_back() -> None:
    result = budget.run(HOURS, seed=4)
    assert result.refused == 0
    assert result.exits_refused == 0
    assert result.venue.most[0] <= 200
    # the desk was not just idle
    assert result.desk.seen["exits asked for"] > 300
    assert result.desk.seen["flattens not done in 30 s"] == 0
    assert result.desk.seen["entries refused for what is open"] > 0
    assert max(result.venue.most) > 150


@pytest.mark.parametrize("rule", ["room for exits", "looks of a flatten first"])
def test_the_run_fails_without_either_rule(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if rule == "room for exits":
        monkeypatch.setattr(Limiter, "keep_exits", lambda self, calls: None)
    else:
        monkeypatch.setattr(budget_desk, "on_the_way_out", lambda: None)
    result = budget.run(HOURS, seed=4)
    assert result.exits_refused + result.desk.seen["flattens not done in 30 s"] > 0


async def greedy(limit: int) -> int:
    """Ask as fast as the limiter lets, over a line of very uneven speed.

    Returns the most calls that arrived in any minute.
    """
    chance, arrived = random.Random(3), []
    limiter = Limiter(VirtualClock(), asyncio.sleep, general=limit, reserves={})
    loop = asyncio.get_running_loop()

    async def ask() -> None:
        for _ in range(60):
            slot = await limiter.wait(Lane.READ, 10**18)
            there_s, back_s = chance.choice((0.01, 5.0)) * chance.random(), chance.random()
            await asyncio.sleep(there_s)
            arrived.append(loop.time())
            await asyncio.sleep(back_s)
            slot.end()

    await asyncio.gather(*(ask() for _ in range(40)))
    arrived.sort()
    return max(sum(a <= b < a + 60 for b in arrived[i : i + 300]) for i, a in enumerate(arrived))


def test_calls_that_bunch_up_on_the_way_do_not_exceed_the_venues_window() -> None:
    assert run_virtual(lambda: greedy(100)) == 100


def test_counting_calls_when_they_are_sent_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slot, "end", lambda self, **_: None)
    assert run_virtual(lambda: greedy(100)) > 100


def test_the_command_prints_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[Any] = []
    assert budget.main(["--hours", "0.5", "--seed", "2"], said.append) == 0
    assert "HTTP 429" in said[0]
    assert "exits refused, held 10 s or met by 429" in said[0]
