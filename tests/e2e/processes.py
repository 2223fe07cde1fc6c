"""What a desk with a home of its own has running, and whether it still runs."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from tests.helpers.venue_process import RunningVenue

ROOT = Path(__file__).resolve().parents[2]
LONG_AGO = "2000-01-01T00:00:00Z"


def running(pid: int) -> bool:
    """Whether a process lives; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def pids_of(home: Path) -> dict[str, int]:
    """Process ids of what a desk with this home has started, by runtime file."""
    found = {}
    for file in (home / "data" / "run").glob("*.json"):
        found[file.name.split("-")[0].removesuffix(".json")] = msgspec.json.decode(
            file.read_bytes()
        )["pid"]
    return found


def family_of(home: Path) -> set[int]:
    """Every running process that writes into this home, found without our own runtime files."""
    logs = str(home / "logs")
    found = set()
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        try:
            files = [os.readlink(handle) for handle in (process / "fd").iterdir()]
        except OSError:
            continue  # ended meanwhile, or not ours to look into
        if any(file.startswith(logs) for file in files) and running(int(process.name)):
            found.add(int(process.name))
    return found


def venue_of(home: Path) -> RunningVenue:
    """Find the practice venue that a desk with this home has started."""
    found = msgspec.json.decode((home / "data" / "run" / "practice.json").read_bytes())
    return msgspec.convert({"accounts": ({"id": 50012345},), **found}, RunningVenue)


def rows(venue: RunningVenue, path: str, key: str) -> list[dict[str, object]]:
    """Everything the venue has of one kind for its first account."""
    answer = venue.call(path, {"accountId": venue.account_id, "startTimestamp": LONG_AGO})[key]
    assert isinstance(answer, list)
    return answer


def orders_at(venue: RunningVenue) -> list[dict[str, object]]:
    """Every order that the venue ever took."""
    return rows(venue, "/api/Order/search", "orders")


def trades_at(venue: RunningVenue) -> list[dict[str, object]]:
    """Every fill that the venue ever made."""
    return rows(venue, "/api/Trade/search", "trades")


def tags_at(venue: RunningVenue) -> list[object]:
    """Our tags at the venue; twice the same would be an order placed twice."""
    return [order["customTag"] for order in orders_at(venue) if order["customTag"]]
