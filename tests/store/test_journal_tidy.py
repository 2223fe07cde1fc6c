"""Journals of practice venues that are gone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.fakes.virtual_time import StillClock

from tradedesk.store.file_lock import lock_owner
from tradedesk.store.journal import Journal
from tradedesk.store.journal_tidy import forget_journals

if TYPE_CHECKING:
    from pathlib import Path


def test_only_unused_journals_of_the_same_venue_go(tmp_path: Path) -> None:
    clock = StillClock()
    for name in ("practice-old", "practice-older", "topstepx-old"):
        Journal(tmp_path / f"{name}.sqlite3", clock).close()
    (tmp_path / "practice-old.sqlite3.broken-1").write_bytes(b"set aside")
    (tmp_path / "practice-odd.sqlite3").write_bytes(b"garbage without a lock")
    held = Journal(tmp_path / "practice-held.sqlite3", clock)
    before = {path.name for path in tmp_path.iterdir()}
    assert forget_journals(tmp_path, "practice") == 3
    held.close()
    after = {path.name for path in tmp_path.iterdir()}
    assert {name.split(".")[0] for name in after} == {"practice-held", "topstepx-old"}
    assert {name for name in before if name.startswith("topstepx")} <= after


def test_what_cannot_be_removed_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "practice-odd.sqlite3").mkdir()
    assert forget_journals(tmp_path, "practice") == 1
    assert (tmp_path / "practice-odd.sqlite3").is_dir()


def test_a_lock_names_its_owner_while_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "practice-x.sqlite3"
    lock = path.with_name(f"{path.name}.lock")
    assert lock_owner(lock) is None
    journal = Journal(path, StillClock())
    assert lock_owner(lock) == os.getpid()
    journal.close()
    assert lock_owner(lock) is None
    assert lock.exists()


def test_a_process_id_left_behind_is_nobodys(tmp_path: Path) -> None:
    lock = tmp_path / "practice-x.sqlite3.lock"
    lock.write_text("1\n")
    assert lock_owner(lock) is None


@pytest.mark.parametrize("kind", ["folder", "missing"])
def test_a_lock_that_cannot_be_opened_is_nobodys(tmp_path: Path, kind: str) -> None:
    lock = tmp_path / "practice-x.sqlite3.lock"
    if kind == "folder":
        lock.mkdir()
    assert lock_owner(lock) is None
