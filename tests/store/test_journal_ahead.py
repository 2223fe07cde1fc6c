"""The first row of an order stands beside the database until the next one is written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tests.fakes.virtual_time import StillClock
from tests.store.test_journal import intent, lay_out, reopened

from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import IntentState
from tradedesk.store.journal import Journal
from tradedesk.store.journal_ahead import PLACE, read_ahead

S = IntentState
PARTS = ("", "-wal", "-ahead")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "fake.sqlite3"


def as_left_by_a_dead_process(path: Path, *, known: int = 2) -> dict[str, bytes]:
    """Files of a process that ended while order ``known`` was about to be sent."""
    journal = Journal(path, StillClock())
    for number in range(known):
        journal.append(intent(number))
        journal.append(intent(number, S.SENT))
    journal.append(intent(known))
    files = {part: path.with_name(path.name + part).read_bytes() for part in PARTS}
    journal.close()
    shutil.rmtree(path.parent)
    return files


def rows(path: Path) -> list[tuple[str, str]]:
    """Tag and state of every row of an order, as the database has them."""
    with closing(sqlite3.connect(path)) as look:
        found = look.execute("SELECT tag, payload FROM event WHERE kind = 'intent' ORDER BY seq")
        return [(tag, msgspec.json.decode(payload)["state"]) for tag, payload in found]


def test_the_first_row_is_out_of_the_database_until_the_next_one(path: Path) -> None:
    journal = Journal(path, StillClock())
    journal.append(intent(1))
    assert rows(path) == []
    assert journal.recall(0) == [intent(1)]
    journal.append(intent(1, S.SENT))
    assert rows(path) == [(intent(1).tag, "armed"), (intent(1).tag, "sent")]
    journal.close()


@pytest.mark.parametrize("write", ["another order", "a note"])
def test_it_goes_along_with_whatever_is_written_next(path: Path, write: str) -> None:
    journal = Journal(path, StillClock())
    journal.append(intent(1))
    if write == "a note":
        journal.record("lock", 5, "kill", b"holds")
    else:
        journal.append(intent(2))
    assert rows(path)[0] == (intent(1).tag, "armed")
    journal.close()
    assert read_ahead(path) is None
    shown = [intent(1)] if write == "a note" else [intent(1), intent(2)]
    assert reopened(path) == (shown, "")


def test_what_only_stands_beside_is_taken_over_once(path: Path) -> None:
    lay_out(path, as_left_by_a_dead_process(path))
    for _ in range(2):  # the second time as if the first had died at once
        journal = Journal(path, StillClock())
        assert journal.recall(0)[-1] == intent(2)
        assert rows(path)[-1] == (intent(2).tag, "armed")
        files = {part: path.with_name(path.name + part).read_bytes() for part in PARTS}
        journal.close()
        lay_out(path, files)
    assert [row for row in rows(path) if row[0] == intent(2).tag] == [(intent(2).tag, "armed")]


def test_a_row_that_the_database_has_is_not_believed_to_be_newer(path: Path) -> None:
    journal = Journal(path, StillClock())
    journal.append(intent(1))
    journal.append(intent(1, S.ACCEPTED))
    assert read_ahead(path) is not None
    files = {part: path.with_name(path.name + part).read_bytes() for part in PARTS}
    journal.close()
    lay_out(path, files)
    assert reopened(path) == ([intent(1, S.ACCEPTED)], "")


@pytest.mark.parametrize("how", ["cut", "flipped"])
def test_a_damaged_one_is_never_believed(path: Path, how: str) -> None:
    files = as_left_by_a_dead_process(path)
    whole = files["-ahead"]
    length = len(whole.rstrip(b"\0"))
    for at in range(length):
        broken = bytearray(whole[:at] if how == "cut" else whole)
        if how == "flipped":
            broken[at] ^= 0x55
        path.parent.mkdir(exist_ok=True)
        path.with_name(path.name + "-ahead").write_bytes(broken)
        row = read_ahead(path)
        # the three moments and the account are labels; order and tag are under the checksum
        assert row is None or (how == "flipped" and 8 <= at < 32), at
    lay_out(path, {**files, "-ahead": whole[: length // 2]})
    assert reopened(path) == ([intent(0, S.SENT), intent(1, S.SENT)], "")


def test_it_outlives_a_damaged_database(path: Path) -> None:
    files = as_left_by_a_dead_process(path)
    lay_out(path, {**files, "": b"no database", "-wal": b""})
    found, note = reopened(path)
    assert found == [intent(2)]
    assert "set aside" in note
    assert path.with_name(f"{path.name}.broken-1-ahead").exists()
    assert reopened(path) == ([intent(2)], "")


def test_that_of_another_login_is_set_aside_with_its_journal(path: Path) -> None:
    stranger = path.with_name("other.sqlite3")
    files = as_left_by_a_dead_process(stranger)
    lay_out(path, files)
    found, note = reopened(path)
    assert found == []
    assert "another login" in note


def test_that_of_a_newer_version_is_read_and_left(path: Path) -> None:
    files = as_left_by_a_dead_process(path)
    lay_out(path, files)
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version=2")
    newer.close()
    found, note = reopened(path)
    assert found[-1] == intent(2)
    assert "newer" in note
    assert path.with_name(f"{path.name}-ahead").read_bytes() == files["-ahead"]


def test_while_the_database_takes_nothing_no_second_order_goes(path: Path) -> None:
    journal = Journal(path, StillClock())
    assert journal._db is not None
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    while True:  # fill the page that is there
        try:
            journal._db.execute(f"PRAGMA max_page_count={pages}")
            journal.record("note", 5, "key", b"x" * 300)
        except StoreError:
            break
    before = len(rows(path))
    journal.append(intent(1))
    with pytest.raises(StoreError, match="full"):
        journal.append(intent(1, S.SENT))
    with pytest.raises(StoreError, match="full"):
        journal.append(intent(2))
    assert [i.tag for i in journal.recall(0)] == [intent(1).tag]
    journal._db.execute("PRAGMA max_page_count=100000")
    journal.append(intent(1, S.ACCEPTED))
    assert len(rows(path)) == before + 2
    journal.close()
    assert reopened(path) == ([intent(1, S.ACCEPTED)], "")


def test_one_that_is_too_long_goes_into_the_database(path: Path) -> None:
    journal = Journal(path, StillClock())
    long = msgspec.structs.replace(intent(1), reason="x" * PLACE)
    journal.append(long)
    assert rows(path) == [(long.tag, "armed")]
    journal.close()


@pytest.mark.parametrize("trouble", ["a folder in its place", "a write that fails"])
def test_without_it_every_row_goes_into_the_database(
    path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = path.with_name(f"{path.name}-ahead")
    path.parent.mkdir(mode=0o700)
    if trouble == "a folder in its place":
        ahead.mkdir()
    journal = Journal(path, StillClock())
    if trouble == "a write that fails":

        def broken(*_: object) -> int:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr("tradedesk.store.journal_ahead._write_at", broken)
    journal.append(intent(1))
    assert rows(path) == [(intent(1).tag, "armed")]
    journal.close()


def test_a_strict_journal_has_it_in_the_database_at_once(path: Path) -> None:
    journal = Journal(path, StillClock(), strict=True)
    journal.append(intent(1))
    assert rows(path) == [(intent(1).tag, "armed")]
    journal.close()


@pytest.mark.skipif(os.name != "posix", reason="rights of a file are those of POSIX")
def test_only_its_owner_can_read_it(path: Path) -> None:
    journal = Journal(path, StillClock())
    mode = path.with_name(f"{path.name}-ahead").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    journal.close()
