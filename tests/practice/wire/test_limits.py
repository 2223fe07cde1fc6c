"""Call limits at their edges, per login; and what is answered above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.practice.clients import Rest

from tradedesk.practice.limits import GENERAL, HISTORY, Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.practice.server import Venue

ACCOUNTS = "/api/Account/search"
BARS = "/api/History/retrieveBars"
ALL = {"onlyActiveAccounts": True}


async def codes(rest: Rest, calls: int, path: str = ACCOUNTS) -> list[int]:
    return [(await rest.http.post(path, json=ALL)).status_code for _ in range(calls)]


@pytest.mark.parametrize(("history", "rate"), [(True, (50, 30.0)), (False, (200, 60.0))])
def test_the_window_slides(history: bool, rate: tuple[int, float]) -> None:
    most, window_s = rate
    assert (HISTORY if history else GENERAL) == rate
    limits = Limits(enabled=True)
    assert all(limits.admit("me", history, 100 + call / most) for call in range(most))
    assert not limits.admit("me", history, 101)
    assert limits.wait_s("me", history, 101) == pytest.approx(window_s - 1)
    assert not limits.admit("me", history, 100 + window_s - 1e-6)
    assert limits.admit("me", history, 100 + window_s)
    assert not limits.admit("me", history, 100 + window_s)
    assert limits.admit("me", history, 100 + window_s + 1 / most)


def test_windows_do_not_know_each_other() -> None:
    limits = Limits(enabled=True)
    assert all(limits.admit("me", False, 0) for _ in range(200))
    assert all(limits.admit("me", True, 0) for _ in range(50))
    assert not limits.admit("me", True, 0)
    assert not limits.admit("me", False, 0)
    assert limits.admit("you", False, 0)
    assert limits.wait_s("you", False, 0) == 0


def test_callers_that_are_gone_are_forgotten() -> None:
    limits = Limits(enabled=True)
    for second in range(100_000):
        limits.admit(f"caller {second}", False, second)
    assert len(limits._calls) < 1_000


async def test_200_calls_a_minute_log_ins_included_whatever_the_token(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue()
    base = venue.description()["rest"]
    async with Rest(base) as one, Rest(base) as two:
        await one.login(venue)
        await two.login(venue)
        assert await codes(one, 150) == [200] * 150
        validated = await two.http.post("/api/Auth/validate")
        assert validated.status_code == 200
        assert await codes(two, 48) == [200] * 47 + [429]
        refused = await one.http.post(ACCOUNTS, json=ALL)
        assert (refused.status_code, refused.content) == (429, b"")
        assert "retry-after" not in refused.headers
        login = {"userName": "Practice", "apiKey": "practice-key-0000"}
        assert (await one.http.post("/api/Auth/loginKey", json=login)).status_code == 429
        assert (await one.http.post("/api/Auth/validate")).status_code == 429
        assert (await one.http.post("/api/Auth/logout")).status_code == 429
        # History has a window of its own, and who shows no token is told that first.
        assert await codes(one, 1, BARS) == [400]
        del one.http.headers["Authorization"]
        assert await codes(one, 1) == [401]
        assert (await one.http.get("/api/Status/ping")).status_code == 200


async def test_50_history_calls_in_half_a_minute(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue()
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        assert await codes(rest, 51, BARS) == [400] * 50 + [429]
        assert await codes(rest, 1) == [200]


async def test_control_and_strangers_do_not_use_up_the_user(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue()
    async with Rest(venue.description()["rest"]) as rest:
        guess = {"userName": "somebody", "apiKey": "x"}
        answers = [
            (await rest.http.post("/api/Auth/loginKey", json={**guess, "userName": f"u{n}"}))
            for n in range(201)
        ]
        assert [answer.status_code for answer in answers] == [200] * 200 + [429]
        await rest.login(venue)
        for _ in range(201):
            await rest.control("clear_faults")
        assert await codes(rest, 1) == [200]


async def test_knobs(start_venue: Callable[..., Awaitable[Venue]]) -> None:
    venue = await start_venue(limits_per="token", retry_after=True)
    base = venue.description()["rest"]
    async with Rest(base) as one, Rest(base) as two:
        await one.login(venue)
        await two.login(venue)
        assert await codes(one, 201) == [200] * 200 + [429]
        refused = await one.http.post(ACCOUNTS, json=ALL)
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert await codes(two, 1) == [200]
        await two.control("limits", enabled=False)
        assert await codes(one, 1) == [200]
    free = await start_venue(limits=False)
    async with Rest(free.description()["rest"]) as rest:
        await rest.login(free)
        assert await codes(rest, 250) == [200] * 250
