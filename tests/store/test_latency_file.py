"""Latency of orders on disk: kept across restarts, bounded, and never in the way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tradedesk.domain.errors import StoreError
from tradedesk.domain.ids import AccountId, ContractId
from tradedesk.domain.latency import LatencyRecord
from tradedesk.store import latency_file
from tradedesk.store.latency_file import KEEP_NS, LatencyFile

NOW_NS = 1_793_648_000_000_000_000


class Still:
    """A clock that stands."""

    def wall_ns(self) -> int:
        return NOW_NS

    def mono_ns(self) -> int:
        return 5


def record(key: str = "td1-a", **other: object) -> LatencyRecord:
    given: dict[str, object] = {
        "key": key,
        "wall_ns": NOW_NS,
        "venue": "practice",
        "account_id": AccountId(7),
        "contract_id": ContractId("CON.F.US.MNQ.Z26"),
        "kind": "place",
        "type": "Market",
        "text": "Buy 2 Market",
        "outcome": "accepted",
        "received": 200_000,
        "journaled": 300_000,
        "written": 1_200_000,
        "reply": 92_000_000,
    }
    return LatencyRecord(**(given | other))  # type: ignore[arg-type]


def kept(path: Path) -> list[LatencyRecord]:
    file = LatencyFile(path, Still())
    try:
        return list(file.recall())
    finally:
        file.close()


def test_what_was_appended_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "latency.sqlite3"
    file = LatencyFile(path, Still())
    first, second = record("a", wall_ns=NOW_NS - 1), record("b", kind="cancel", type="", held=4)
    file.append(second)
    file.append(first)
    file.close()
    file.close()
    assert kept(path) == [first, second]
    assert os.name != "posix" or path.stat().st_mode & 0o077 == 0


def test_a_later_word_adds_and_never_takes_away(tmp_path: Path) -> None:
    path = tmp_path / "latency.sqlite3"
    file = LatencyFile(path, Still())
    file.append(record("a", told=93_000_000, shown=99_000_000))
    file.append(record("a", hub_echo=95_000_000, outcome="rejected"))  # told again, after a restart
    file.append(record("a", venue="topstepx"))
    file.close()
    ours = next(one for one in kept(path) if one.venue == "practice")
    assert (ours.told, ours.shown, ours.hub_echo) == (93_000_000, 99_000_000, 95_000_000)
    assert ours.outcome == "rejected"
    assert len(kept(path)) == 2


KILLED = """
import os, sys, time
from collections.abc import Callable
from pathlib import Path
from tests.store.test_latency_file import LatencyFile, Still, record
file = LatencyFile(Path(sys.argv[1]), Still())
for number in range(50):
    file.append(record(f"k{number}"))
while len(file.recall()) < 50:
    time.sleep(0.001)
sys.stdout.write("told"); sys.stdout.flush()
sys.stdin.read()
"""


def test_a_killed_window_loses_nothing_that_its_thread_has_written(tmp_path: Path) -> None:
    path = tmp_path / "latency.sqlite3"
    window = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert window.stdout is not None
    try:
        assert window.stdout.read(4) == b"told"
    finally:
        window.kill()
        window.communicate(timeout=10)
    assert {one.key for one in kept(path)} == {f"k{number}" for number in range(50)}


def test_it_is_bounded_in_days_and_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency_file, "KEEP_ROWS", 3)
    path = tmp_path / "latency.sqlite3"
    file = LatencyFile(path, Still())
    file.append(record("old", wall_ns=NOW_NS - KEEP_NS - 1))
    for number in range(5):
        file.append(record(f"n{number}", wall_ns=NOW_NS - 10 + number))
    file.close()
    assert [one.key for one in kept(path)] == ["n2", "n3", "n4"]


def test_rows_are_as_small_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "latency.sqlite3"
    file = LatencyFile(path, Still())
    for number in range(5_000):
        file.append(
            record(f"td1-abcde-abcdefg-{number:04d}", hub_echo=1, fill=2**34, told=3, shown=4)
        )
    file.close()
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.stat().st_size / 5_000 < 250


@pytest.mark.parametrize("damage", [b"no database at all, but long enough", b""])
def test_a_damaged_file_is_set_aside(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "latency.sqlite3"
    path.write_bytes(damage * 100)
    file = LatencyFile(path, Still())
    file.append(record())
    file.close()
    assert [one.key for one in kept(path)] == ["td1-a"]
    assert bool(file.note) == bool(damage)
    assert (tmp_path / "latency.sqlite3.broken-1").exists() == bool(damage)


def test_a_table_of_another_shape_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "latency.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE latency (key TEXT, wall_ns INTEGER)")
    other.close()
    assert kept(path) == []
    assert (tmp_path / "latency.sqlite3.broken-1").exists()


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "latency.sqlite3"
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version=9")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer tradedesk, format 9"):
        LatencyFile(path, Still())
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_written_holds_nothing_up(
    tmp_path: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("latency of orders cannot be written: no such table")
    path = tmp_path / "latency.sqlite3"
    file = LatencyFile(path, Still())
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("DROP TABLE latency")
    blocker.close()
    file.append(record())
    file.close()
    with pytest.raises(StoreError, match="may be deleted"):
        file.recall()
