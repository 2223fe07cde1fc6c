"""The write-ahead record: what is written stays, and what is broken is said and set aside."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.fakes.virtual_time import WALL_0, StillClock

from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.errors import StartError, StoreError
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.ids import AccountId, ContractId, Tag
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.stamps import Stamps
from tradedesk.store.journal import BLOCK, KEEP_NS, Journal
from tradedesk.store.journal_install import install_id
from tradedesk.store.journal_rows import decode_intent

if TYPE_CHECKING:
    from collections.abc import Iterator


def intent(number: int, state: IntentState = IntentState.ARMED, created_ns: int = WALL_0) -> Intent:
    return Intent(
        tag=Tag(f"td1-abcde-aaaaaaa-{number:04d}"),
        command=PlaceOrder(
            click_id=f"click-{number}",
            press_ns=1,
            account_id=AccountId(5),
            contract_id=ContractId("CON.F.US.MNQ.Z26"),
            side=Side.SELL,
            type=OrderType.STOP_LIMIT,
            size=3,
            limit_ticks=79_990,
            stop_ticks=80_000,
        ),
        state=state,
        stamps=Stamps(press=1, received=2),
        reason="“why” not",
        created_ns=created_ns,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "fake.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path, StillClock())
    yield opened
    opened.close()


def append_many(journal: Journal, count: int) -> None:
    for number in range(count):
        journal.append(intent(number))


def reopened(path: Path) -> tuple[list[Intent], str]:
    journal = Journal(path, StillClock())
    try:
        return list(journal.recall(0)), journal.note
    finally:
        journal.close()


def test_what_was_sent_as_an_exit_comes_back_as_one(journal: Journal, path: Path) -> None:
    left = msgspec.structs.replace(intent(1), is_exit=True)
    journal.append(left)
    journal.append(intent(2))
    journal.append(msgspec.structs.replace(left, state=IntentState.SENT))
    journal.close()
    found, _ = reopened(path)
    assert {one.tag: one.is_exit for one in found} == {intent(1).tag: True, intent(2).tag: False}


def test_a_row_from_before_exits_were_noted_can_be_read() -> None:
    members = msgspec.to_builtins(intent(1))
    del members["is_exit"]
    row = (WALL_0, 1, 5, intent(1).tag, "intent", msgspec.json.encode(members), 0)
    assert decode_intent(row) == intent(1)


def test_the_newest_state_of_each_intent_comes_back(journal: Journal, path: Path) -> None:
    journal.append(intent(1))
    journal.append(intent(2))
    journal.append(intent(1, IntentState.ACCEPTED))
    journal.close()
    assert reopened(path) == ([intent(1, IntentState.ACCEPTED), intent(2)], "")


def test_old_and_ended_intents_are_not_recalled_but_open_ones_are(journal: Journal) -> None:
    journal.append(intent(1, IntentState.ACCEPTED))
    journal.append(intent(2, IntentState.UNKNOWN))
    assert list(journal.recall(WALL_0 + 1)) == [intent(2, IntentState.UNKNOWN)]


def test_rows_of_long_ago_are_dropped_unless_their_order_is_open(path: Path) -> None:
    clock = StillClock()
    journal = Journal(path, clock)
    journal.append(intent(1, IntentState.ACCEPTED))
    journal.append(intent(2, IntentState.UNKNOWN))
    journal.close()
    clock.now_ns += KEEP_NS + 1_000_000_000
    journal = Journal(path, clock)
    assert list(journal.recall(0)) == [intent(2, IntentState.UNKNOWN)]
    journal.close()


def test_tag_counters_never_come_twice(path: Path) -> None:
    seen: set[int] = set()
    for _ in range(5):
        journal = Journal(path, StillClock())
        for _ in range(3):
            first, count = journal.reserve()
            block = {(first + i) % 32**4 for i in range(count)}
            assert count == BLOCK
            assert not block & seen
            seen |= block
        journal.close()


def test_only_its_owner_can_read_it(journal: Journal, path: Path) -> None:
    journal.append(intent(1))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_one_executor_at_a_time(journal: Journal, path: Path) -> None:
    with pytest.raises(StartError, match=f"process {os.getpid()}"):
        Journal(path, StillClock())


def test_a_full_disk_is_said_and_the_next_write_is_tried_again(
    journal: Journal, path: Path
) -> None:
    assert journal._db is not None
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    journal._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="full"):
        append_many(journal, 200)
    kept = len(journal.recall(0))
    journal._db.execute("PRAGMA max_page_count=100000")
    journal.append(intent(500))
    assert len(journal.recall(0)) == kept + 1


def test_rows_are_synced_off_the_click(journal: Journal) -> None:
    journal.append(intent(1))
    journal.close()
    assert journal._sync is not None
    assert journal._sync.synced >= 1


def test_the_log_is_folded_in_when_it_has_grown(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradedesk.store.journal_sync.FOLD_BYTES", 100_000)
    append_many(journal, 300)
    assert journal._sync is not None
    journal._sync.close()
    assert path.stat().st_size > 50_000
    append_many(journal, 10)
    journal.close()
    assert len(reopened(path)[0]) == 300


WRITER = """
import sys, pathlib
from tests.store.test_journal import intent
from tests.fakes.virtual_time import StillClock
from tradedesk.store.journal import Journal
journal = Journal(pathlib.Path(sys.argv[1]), StillClock())
number = 0
while True:
    journal.append(intent(number))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
    number += 1
"""


def test_kill_9_loses_nothing_that_was_written(path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])},
    )
    assert writer.stdout is not None
    for _ in range(50):
        last = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=10)
    last = int(rest.split()[-1]) if rest.split() else last
    found, note = reopened(path)
    assert note == ""
    assert [i.tag for i in found][: last + 1] == [intent(n).tag for n in range(last + 1)]


def crashed_files(path: Path) -> dict[str, bytes]:
    """Files as a dead process leaves them: the log is not folded in."""
    journal = Journal(path, StillClock())
    for number in range(6):
        journal.append(intent(number))
    journal.append(intent(2, IntentState.ACCEPTED))
    files = {name: path.with_name(path.name + name).read_bytes() for name in ("", "-wal")}
    journal.close()
    shutil.rmtree(path.parent)
    return files


def lay_out(path: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(mode=0o700)
    for name, content in files.items():
        path.with_name(path.name + name).write_bytes(content)


@pytest.mark.parametrize("part", ["", "-wal"])
def test_cut_anywhere_it_opens_and_what_it_tells_is_true(path: Path, part: str) -> None:
    """Every cut of the first page and of the log's frame headers, and a stride through the rest."""
    files = crashed_files(path)
    whole = files[part]
    written = [intent(n) for n in range(6)]
    cuts = sorted({*range(200), *range(0, len(whole), 397), len(whole) - 1})
    for cut in cuts:
        lay_out(path, {**files, part: whole[:cut]})
        found, note = reopened(path)
        for kept in found:
            assert msgspec.structs.replace(kept, state=IntentState.ARMED) in written
        aside = list(path.parent.glob("*.broken-1*"))
        assert bool(note) == bool(aside)
        if part == "-wal" and not note:
            assert [i.tag for i in found] == [i.tag for i in written[: len(found)]]


@pytest.mark.parametrize("step", [97])
def test_a_flipped_byte_is_never_believed(path: Path, step: int) -> None:
    files = crashed_files(path)
    journal = Path(path)
    lay_out(path, files)
    with sqlite3.connect(journal) as folded:
        folded.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folded.close()
    whole = path.read_bytes()
    truth = {*(intent(n) for n in range(6)), intent(2, IntentState.ACCEPTED)}
    for at in range(0, len(whole), step):
        broken = bytearray(whole)
        broken[at] ^= 0x55
        lay_out(path, {"": bytes(broken)})
        found, _ = reopened(path)
        assert set(found) <= truth, at


def test_what_can_be_read_of_a_damaged_journal_is_kept(path: Path) -> None:
    journal = Journal(path, StillClock())
    for number in range(4):
        journal.append(intent(number, IntentState.UNKNOWN))
    journal.close()
    with sqlite3.connect(path) as damaged:
        damaged.execute("UPDATE event SET payload = x'00' WHERE tag LIKE '%0003'")
    damaged.close()
    found, note = reopened(path)
    assert [i.tag for i in found] == [intent(n).tag for n in range(3)]
    assert "checksum" in note
    assert reopened(path) == (found, "")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be used"):
        Journal(tmp_path / "file" / "x.sqlite3", StillClock())


def test_the_install_id_stays_and_a_damaged_one_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "install-id"
    first = install_id(file)
    assert install_id(file) == first
    file.write_text("NOT ONE")
    assert install_id(file) != "NOT ONE"
    assert len(first) == 5


def test_notes_keep_the_newest_of_each_key_and_survive_a_start(path: Path) -> None:
    clock = StillClock()
    journal = Journal(path, clock)
    journal.record("lock", 7, "kill", b"first")
    journal.record("lock", 7, "time", b"until")
    journal.record("lock", 7, "kill", b"second")
    journal.record("lock", 7, "time", b"")
    journal.record("change", 7, "kill", b"another kind")
    journal.close()
    clock.pass_s(KEEP_NS / 1e9 + 1)
    journal = Journal(path, clock)  # drops old rows, but not what holds
    assert journal.recorded("lock") == {"kill": b"second"}
    assert journal.recorded("change") == {"kill": b"another kind"}
    journal.close()
