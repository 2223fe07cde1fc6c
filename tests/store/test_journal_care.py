"""A journal that is looked after, cannot be written, or is not ours to write."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.fakes.fake_venue import MNQ
from tests.fakes.sim_desk import SimDesk
from tests.fakes.virtual_time import StillClock, run_virtual
from tests.store.test_journal import crashed_files, intent, lay_out

from tradedesk.domain import commands as cmd
from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import CommandDone, IntentState, Notice
from tradedesk.domain.ids import OrderId
from tradedesk.domain.order import OrderType, Side
from tradedesk.store import journal_sync
from tradedesk.store.journal import Journal
from tradedesk.store.journal_care import DAY_NS, KEEP_NS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "fake.sqlite3"


def soon(holds: Callable[[], object]) -> None:
    """Wait for what a thread does."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.002)


def write_newer(path: Path) -> dict[str, bytes]:
    """A journal of a newer version as a dead process leaves it, with its log not folded in."""
    journal = Journal(path, StillClock())
    journal.append(intent(91, IntentState.UNKNOWN))
    journal.append(intent(92, IntentState.ACCEPTED))
    journal.record("remark", 0, "kill", b"holds")
    assert journal._db is not None
    journal._db.execute("ALTER TABLE event ADD COLUMN more TEXT")
    journal._db.execute("PRAGMA user_version=2")
    files = {name: path.with_name(path.name + name).read_bytes() for name in ("", "-wal")}
    journal.close()
    lay_out(path, files)
    return files


def on_disk(path: Path) -> dict[str, bytes]:
    return {name: path.with_name(path.name + name).read_bytes() for name in ("", "-wal")}


# --- a newer version, another login ---------------------------------------------------------------


def test_a_journal_of_a_newer_version_is_read_and_left_alone(path: Path) -> None:
    before = write_newer(path)
    journal = Journal(path, StillClock())
    assert [i.tag for i in journal.recall(0)] == [intent(91).tag, intent(92).tag]
    assert journal.recorded("remark") == {"kill": b"holds"}
    assert "newer tradedesk (format 2)" in journal.note
    assert "Entries are off; exits still go." in journal.note
    for write in (
        lambda: journal.append(intent(3)),
        lambda: journal.record("lock", 0, "kill", b""),
        journal.reserve,
    ):
        with pytest.raises(StoreError, match="start that version, or move the file away"):
            write()
    journal.close()
    assert on_disk(path) == before


def test_with_a_newer_journal_entries_are_refused_and_exits_go(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_newer(path)
    journal = Journal(path, StillClock())
    monkeypatch.setattr("tests.fakes.sim_desk.MemoryJournal", lambda disk: journal)

    async def play() -> None:
        desk = SimDesk()
        desk.venue._new(Side.BUY, OrderType.MARKET, 1, None, None, None, None)
        desk.venue.fill(OrderId(1))
        await desk.ready()
        entry = desk.place()
        await desk.settle(1)
        assert desk.states(entry) == [IntentState.DENIED]
        assert "newer tradedesk" in desk.intent(entry).reason
        part = desk.place(Side.SELL)
        await desk.settle(5)
        assert desk.states(part)[-1] is IntentState.ACCEPTED
        assert desk.venue.net == 0
        desk.venue._new(Side.BUY, OrderType.MARKET, 1, None, None, None, None)
        desk.venue.fill(OrderId(3))
        await desk.settle(5)
        close = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
        await desk.settle(10)
        assert [e.click_id for e in desk.heard(CommandDone)] == [close]
        assert desk.venue.net == 0
        assert any("newer tradedesk" in e.text for e in desk.heard(Notice))
        await desk.stop()

    run_virtual(play)
    journal.close()


def test_a_journal_of_another_login_is_set_aside_whole(path: Path) -> None:
    journal = Journal(path, StillClock())
    journal.append(intent(1, IntentState.UNKNOWN))
    journal.close()
    before = path.read_bytes()
    mine = path.with_name("mine.sqlite3")
    path.rename(mine)
    journal = Journal(mine, StillClock())
    assert list(journal.recall(0)) == []
    assert "another login (fake)" in journal.note
    journal.append(intent(2))
    journal.close()
    assert path.with_name("mine.sqlite3.of-another-login-1").read_bytes() == before
    again = Journal(mine, StillClock())
    assert again.note == ""
    again.close()


# --- damage ---------------------------------------------------------------------------------------


def test_locks_outlive_a_damaged_file(path: Path) -> None:
    clock = StillClock()
    journal = Journal(path, clock)
    journal.record("lock", 7, "kill", b"holds")
    for number in range(40):
        journal.append(intent(number, IntentState.ACCEPTED))
    journal.record("lock", 7, "time", b"until noon")
    journal.close()
    with sqlite3.connect(path) as damaged:
        damaged.execute("UPDATE event SET payload = x'00' WHERE tag LIKE '%0020'")
    damaged.close()
    for note in ("Look whether your locks still hold", ""):
        journal = Journal(path, clock)
        assert note in journal.note
        assert bool(note) == bool(journal.note)
        assert journal.recorded("lock") == {"kill": b"holds", "time": b"until noon"}
        assert len(journal.recall(0)) == 39
        journal.close()


def test_rows_behind_a_broken_page_are_read_from_the_end(path: Path) -> None:
    journal = Journal(path, StillClock())
    for number in range(60):
        journal.append(intent(number))
    journal.record("lock", 7, "kill", b"holds")
    journal.close()
    whole = bytearray(path.read_bytes())
    page = len(whole) // 2 // 4096 * 4096
    whole[page : page + 4096] = bytes(4096)
    path.write_bytes(bytes(whole))
    journal = Journal(path, StillClock())
    found = {i.tag for i in journal.recall(0)}
    assert {intent(0).tag, intent(59).tag} <= found
    assert len(found) > 30
    assert journal.recorded("lock") == {"kill": b"holds"}
    journal.close()


def test_damage_that_only_the_deep_check_sees_ends_the_writing(path: Path) -> None:
    Journal(path, StillClock()).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE INDEX by_tag ON event (tag)")
        other.execute("PRAGMA writable_schema=ON")
        other.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX by_tag ON event (kind)' "
            "WHERE name = 'by_tag'"
        )
        other.execute("DELETE FROM meta WHERE key = 'cared_ns'")
    journal = Journal(path, StillClock())
    soon(lambda: journal._sync is not None and journal._sync.trouble)
    with pytest.raises(StoreError, match=r"is damaged .* restart the desk"):
        journal.append(intent(1))
    with pytest.raises(StoreError, match="is damaged"):
        journal.reserve()
    journal.close()


def test_it_is_looked_after_once_a_day_at_the_start_and_when_idle(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_sync, "IDLE_S", 0.005)
    clock = StillClock()
    journal = Journal(path, clock)
    assert journal._sync is not None
    sync = journal._sync
    soon(lambda: sync.cared == 1)
    journal.append(intent(1, IntentState.ACCEPTED))
    journal.append(intent(2, IntentState.UNKNOWN))
    journal.record("lock", 7, "kill", b"holds")
    journal.record("lock", 7, "time", b"")
    clock.now_ns += KEEP_NS + DAY_NS
    soon(lambda: sync.cared == 2)
    assert [i.tag for i in journal.recall(0)] == [intent(2).tag]
    assert journal.recorded("lock") == {"kill": b"holds"}
    (rows,) = journal._db.execute("SELECT count(*) FROM event").fetchone()  # type: ignore[union-attr]
    assert rows == 2
    journal.close()
    journal = Journal(path, clock)
    journal.close()
    assert journal._sync is not None
    assert journal._sync.cared == 0


# --- the disk -------------------------------------------------------------------------------------

FULL = """
import pathlib, resource, signal, sys
from tests.store.test_journal import intent
from tests.fakes.fake_venue import MNQ
from tests.fakes.virtual_time import StillClock
from tradedesk.domain.errors import StoreError
from tradedesk.store.journal import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = pathlib.Path(sys.argv[1])
journal = Journal(path, StillClock())
log = path.with_name(path.name + "-wal")
resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 60_000, resource.RLIM_INFINITY))
def refused(write):
    try:
        write()
    except StoreError as error:
        assert "cannot be written" in str(error), error
        return True
    return False
number = 0
while not refused(lambda: journal.append(intent(number))):
    number += 1
assert refused(lambda: journal.record("lock", 1, "kill", b"holds" * 2000))
kept = [i.tag for i in journal.recall(0)]
assert kept == [intent(n).tag for n in range(number)], kept
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.append(intent(number))
journal.close()
sys.stdout.write(str(number + 1))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes are limited by a POSIX call")
def test_a_disk_that_takes_no_more(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])},
    )
    assert done.returncode == 0, done.stderr
    journal = Journal(path, StillClock())
    assert journal.note == ""
    assert len(journal.recall(0)) == int(done.stdout) > 5
    journal.close()


def test_a_disk_that_is_full_at_the_start_leaves_the_exits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(path, StillClock())
    journal.append(intent(1, IntentState.UNKNOWN))
    journal.close()

    def full(*_: object) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("tradedesk.store.journal.is_due", full)
    journal = Journal(path, StillClock())
    assert journal.note == (
        "The order journal cannot be written (database or disk is full). Entries are off until it "
        "can be; exits still go."
    )
    assert [i.tag for i in journal.recall(0)] == [intent(1).tag]
    journal.close()


# --- strict ---------------------------------------------------------------------------------------


def test_a_strict_journal_is_on_the_disk_before_the_order_goes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(path, StillClock(), strict=True)
    assert journal._sync is not None
    before = journal._sync.synced
    journal.append(intent(1))
    assert journal._sync.synced == before + 1

    def broken(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(StoreError, match="could not be put on the disk"):
        journal.append(intent(2))
    monkeypatch.undo()
    journal.close()


def test_every_cut_keeps_locks_or_says_that_they_may_be_gone(path: Path) -> None:
    files = crashed_files(path)
    for cut in range(0, len(files["-wal"]), 211):
        lay_out(path, {**files, "-wal": files["-wal"][:cut]})
        journal = Journal(path, StillClock())
        journal.record("lock", 1, "kill", b"holds")
        journal.close()
        again = Journal(path, StillClock())
        assert again.recorded("lock") == {"kill": b"holds"}
        assert again.note == ""
        again.close()
