"""Drills of a venue process: the story and the report on its output, and its exit code."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = [sys.executable, "-m", "tradedesk", "practice"]
DEADLINE_S = 20


@contextmanager
def playing(drill: str) -> Iterator[subprocess.Popen[str]]:
    """A venue process with a drill; it does not outlive the test."""
    popen = subprocess.Popen([*COMMAND, "--drill", drill], stdout=subprocess.PIPE, text=True)
    try:
        yield popen
    finally:
        if popen.poll() is None:
            popen.kill()
        popen.communicate() if popen.stdout and not popen.stdout.closed else popen.wait()


def post(ready: dict[str, Any], path: str, token: str = "", **body: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(trust_env=False, timeout=DEADLINE_S) as client:
        answer: dict[str, Any] = client.post(
            ready["rest"] + path, json=body, headers=headers
        ).json()
    return answer


def logged_in(ready: dict[str, Any]) -> str:
    who = {"userName": ready["username"], "apiKey": ready["api_key"]}
    token: str = post(ready, "/api/Auth/loginKey", **who)["token"]
    return token


def asked(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )


async def test_the_story_is_printed_line_by_line_and_then_the_report() -> None:
    with playing("double-click") as venue:
        assert venue.stdout is not None
        ready = json.loads(venue.stdout.readline())
        token, account = logged_in(ready), ready["accounts"][0]["id"]
        found = post(ready, "/api/Contract/search", token, searchText="MNQ", live=False)
        contract = next(row["id"] for row in found["contracts"] if row["name"][:3] == "MNQ")
        mine = {"accountId": account, "contractId": contract}
        try:
            post(ready, "/api/Order/place", token, **mine, type=2, side=0, size=1)
            raise AssertionError("the answer came")
        except httpx.TransportError:
            """As the drill has it."""
        assert post(ready, "/api/Position/closeContract", token, **mine)["success"]
        await until(
            lambda: (
                post(ready, "/practice/control", token, action="drill")["drill"]["state"]
                == "success"
            )
        )
        venue.send_signal(signal.SIGTERM)
        out, _ = venue.communicate(timeout=DEADLINE_S)
    assert venue.returncode == 0
    lines = out.splitlines()
    end = next(at for at, line in enumerate(lines) if not line.startswith("{"))
    story = [json.loads(line) for line in lines[:end]]
    assert {line["drill"] for line in story} == {"double-click"}
    assert [line["event"] for line in story if line["event"] in ("asked", "trouble", "ended")] == [
        "asked",
        "trouble",
        "ended",
    ]
    assert story[-1]["state"] == "success"
    report = lines[end:]
    assert report[0] == "Drill double-click: The answer to your order is lost"
    assert report[2] == "Score: 100 of 100, grade A"
    assert "100  Sent once (weight 40): You sent the order once and waited for the truth." in report


def test_a_venue_that_is_ended_reports_an_unfinished_drill() -> None:
    with playing("feed-frozen") as venue:
        assert venue.stdout is not None
        venue.stdout.readline()
        venue.send_signal(signal.SIGTERM)
        out, _ = venue.communicate(timeout=DEADLINE_S)
    assert venue.returncode == 0
    assert out.splitlines()[-2:] == [
        "Outcome: unfinished",
        "Score: none, because trouble never began.",
    ]


def test_nobody_has_to_read_the_story() -> None:
    with playing("feed-frozen") as venue:
        assert venue.stdout is not None
        ready = json.loads(venue.stdout.readline())
        venue.stdout.close()
        token = logged_in(ready)
        post(ready, "/practice/control", token, action="drill_stop")
        told = post(ready, "/practice/control", token, action="drill_start", drill="lost-fill")
        assert told["drill"]["state"] == "waiting"
        venue.send_signal(signal.SIGTERM)
        assert venue.wait(DEADLINE_S) == 0


def test_the_list_and_what_cannot_be_played(tmp_path: Path) -> None:
    listed = asked("--drill", "list")
    assert listed.returncode == 0
    assert any(line.startswith("feed-frozen  ") for line in listed.stdout.splitlines())
    unknown = asked("--drill", "nope")
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("tradedesk practice: There is no drill 'nope': use one of ")
    assert unknown.stderr.count("\n") == 1
    trades = tmp_path / "MNQ.csv"
    trades.write_text("ts,price,size,side\n2026-01-05T15:00:00Z,21000.25,1,B\n")
    replay = asked("--drill", "feed-frozen", "--replay", str(trades))
    assert replay.returncode == 2
    assert "leave --replay out" in replay.stderr
