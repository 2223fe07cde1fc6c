"""Journals of practice venues that are long gone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.fakes.virtual_time import StillClock

from tradedesk.store.journal import Journal
from tradedesk.store.journal_tidy import KEEP_S, forget_journals

if TYPE_CHECKING:
    from pathlib import Path


def test_only_old_unused_journals_of_the_same_venue_go(tmp_path: Path) -> None:
    clock = StillClock()
    old_s = clock.wall_ns() / 1e9 - KEEP_S - 10
    names = ("practice-old", "practice-new", "practice-held", "topstepx-old", "practice-now")
    files = {name: tmp_path / f"{name}.sqlite3" for name in names}
    for name, file in files.items():
        Journal(file, clock).close()
        at_s = clock.wall_ns() / 1e9 if name == "practice-new" else old_s
        os.utime(file, (at_s, at_s))
    held = Journal(files["practice-held"], clock)
    os.utime(files["practice-held"], (old_s, old_s))
    assert forget_journals(files["practice-now"], clock) == 1
    held.close()
    assert not list(tmp_path.glob("practice-old*"))
    assert all(file.exists() for name, file in files.items() if name != "practice-old")
