"""Files of faults: read, refused with one sentence, and replayed strike for strike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.practice.clients import Rest
from tests.practice.faults.arming import ORDER, armed, strikes

from tradedesk.domain.errors import InputError
from tradedesk.practice.faults import Faults
from tradedesk.practice.faults.script import Script, read_script

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.practice.clients import Trader

    from tradedesk.practice.server import Venue

SCRIPT = """
seed = 11

[[fault]]
id = "net"
on = "any"
kind = "latency"
times = 0
delay = { law = "lognormal", p50 = 0.001, p99 = 0.005 }

[[fault]]
id = "flaky"
on = "accounts"
kind = "503_before"
times = 0
chance = 0.3

[[fault]]
on = "open_orders"
kind = "429"
after = 2
times = 2
retry_after = 3

[[fault]]
on = "exit"
kind = "reject"
contract = "MNQ"
at = 3600
"""


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    """Write a file of faults."""

    def write(text: str) -> Path:
        path = tmp_path / "trouble.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_file_gives_seed_and_faults_in_order(script: Callable[[str], Path]) -> None:
    read = read_script(script(SCRIPT))
    assert read.seed == 11
    assert [fault.kind for fault in read.faults] == ["latency", "503_before", "429", "reject"]
    assert read_script(script("")) == Script([], None)


FAULT = '[[fault]]\non = "place"\nkind = "cut"\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("seed = [", "is no TOML"),
        ("fault = 3", "'fault' is no list; write [[fault]] with two brackets"),
        ("speed = 3", "there is no member 'speed'; use 'seed' and [[fault]] tables"),
        ("seed = -1", "'seed': -1 is no whole number from 0"),
        ("seed = true", "'seed': True is no whole number"),
        ('[[fault]]\non = "place"', "fault 1, 'kind': it is missing; add it"),
        (FAULT + FAULT + "kid = 1", "fault 2, 'kid': there is no such member; use on, kind, id"),
        (FAULT + 'times = "two"', "fault 1, 'times': expected `int`, got `str`; correct it"),
        (FAULT + "times = -1", "fault 1, 'times': -1 is out of range; use a number from 0"),
        (
            FAULT + "chance = 1.5",
            "fault 1, 'chance': 1.5 is out of range; use a number from 0 to 1",
        ),
        (
            '[[fault]]\non = "any"\nkind = "html_before"\nstatus = 204',
            "fault 1, 'status': 204 has no body; use another",
        ),
        (FAULT + "chance = nan", "fault 1, 'chance': nan is out of range"),
        (FAULT + "seconds = inf", "fault 1, 'seconds': inf is out of range"),
        (FAULT + "at = 5\nuntil = 5", "fault 1, 'until': 5 is not after 'at', 5; make it later"),
        (FAULT + "ticks = 3", "fault 1, 'ticks': 'cut' does not take it; leave it out"),
        (FAULT + 'id = "a"\n' + FAULT + 'id = "a"', "fault 1, 'id': 'a' is taken; use another"),
        (
            FAULT + 'seconds = 1\ndelay = { law = "constant", seconds = 1 }',
            "fault 1, 'delay': 'seconds' is given too; leave one of them out",
        ),
        (
            FAULT + 'delay = { law = "normal" }',
            "fault 1, 'delay.law': invalid enum value 'normal'; use one of constant, uniform, ",
        ),
        (
            '[[fault]]\non = "user_hub"\nkind = "lose"\nevent = "fill"',
            "fault 1, 'event': invalid enum value 'fill'; use one of any, order, trade, position, ",
        ),
        *(
            (
                f'[[fault]]\non = "{on}"\nkind = "{kind}"',
                f"fault 1, 'seconds': '{kind}' needs it, or 'delay'; add one of them",
            )
            for on, kind in (("any", "latency"), ("place", "hold_reply"), ("user_hub", "slow"))
        ),
        (
            FAULT + 'delay = { law = "uniform", low = 1 }',
            "fault 1, 'delay': a uniform delay needs low and high, and nothing else",
        ),
        (
            FAULT + 'delay = { law = "uniform", low = 2, high = 1 }',
            "fault 1, 'delay': low must not be above high",
        ),
        (
            FAULT + 'delay = { law = "lognormal", p50 = 0, p99 = 1 }',
            "fault 1, 'delay': p50 must be above 0",
        ),
        (
            '[[fault]]\non = "placing"\nkind = "cut"',
            "fault 1, 'on': there is no place 'placing'; use a path or one of place, modify",
        ),
        (
            '[[fault]]\non = "market_hub"\nkind = "lose"',
            "fault 1, 'kind': 'lose' is not possible on 'market_hub'; use one of crossed, drop",
        ),
        ('[[fault]]\non = "any"\nkind = "cut_at"', "fault 1, 'bytes': 'cut_at' needs it; add it"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(
    script: Callable[[str], Path], text: str, complaint: str
) -> None:
    path = script(text)
    with pytest.raises(InputError) as refused:
        read_script(path)
    said = str(refused.value)
    assert complaint in said
    assert said.startswith(str(path))
    assert said.endswith(".")
    assert "\n" not in said


def test_a_file_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_script(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is no text in UTF-8"):
        read_script(path)


async def session(
    start_venue: Callable[..., Awaitable[Venue]], read: Script
) -> list[dict[str, Any]]:
    """One venue, one script, always the same calls; returns the strikes without their times."""
    venue = await start_venue(seed=4)
    venue.world.faults.load(read)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        account = venue.world.config.account_id
        for _ in range(20):
            await rest.http.post("/api/Account/search", json={"onlyActiveAccounts": True})
            await rest.http.post("/api/Order/searchOpen", json={"accountId": account})
        listed = await strikes(rest)
    assert all(strike["atS"] >= 0 for strike in listed)
    return [{name: strike[name] for name in strike if name != "atS"} for strike in listed]


async def test_the_same_script_and_calls_give_the_same_strikes(
    start_venue: Callable[..., Awaitable[Venue]], script: Callable[[str], Path]
) -> None:
    read = read_script(script(SCRIPT))
    first = await session(start_venue, read)
    second = await session(start_venue, read)
    other = await session(start_venue, Script(read.faults, 12))
    assert [strike["number"] for strike in first] == list(range(1, len(first) + 1))
    kinds = {kind: [s for s in first if s["kind"] == kind] for kind in ("latency", "503_before")}
    assert len(kinds["latency"]) == 41
    assert 1 <= len(kinds["503_before"]) <= 15
    assert first == second
    assert first != other


async def test_the_list_tells_what_is_armed_and_what_was_seen(trader: Trader) -> None:
    contract = await trader.contract()
    fault = {"id": "x", "on": "place", "kind": "refuse", "times": 2, "after": 1}
    await trader.rest.control("fault", **fault)
    for _ in range(2):
        await trader.place(contract, **ORDER)
    assert await armed(trader.rest) == [{**fault, "seen": 2, "struck": 1}]
    (strike,) = await strikes(trader.rest)
    assert (strike["number"], strike["fault"], strike["on"], strike["kind"], strike["struck"]) == (
        *(1, "x", "place", "refuse", "/api/Order/place"),
    )
    again = await trader.rest.post("/practice/control", {"action": "fault", **fault})
    assert "'id': 'x' is taken" in again["errorMessage"]
    await trader.place(contract, **ORDER)
    assert await armed(trader.rest) == []


def test_a_clock_that_jumps_back_arms_nothing_twice() -> None:
    now = [0]
    faults = Faults(seed=1, now_ns=lambda: now[0])
    faults.load(Script([_fault(at=10.0, until=20.0)]))
    struck = []
    for second in (5, 15, 5, 15, 25, 15):
        now[0] = second * 10**9
        struck.append(faults.call("/api/Order/place", _no_facts).hit is not None)
    assert struck == [False, True, False, True, False, False]


def _no_facts() -> Any:
    raise AssertionError("nobody asks what this call is about")


def _fault(**members: Any) -> Any:
    from tradedesk.practice.faults.model import Fault

    return Fault(on="place", kind="cut", times=0, **members)
