"""What leaves the machine helps support and tells no secret, no name and no account."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tradedesk.app import log_setup
from tradedesk.app.bundle import Bundle
from tradedesk.app.redaction import Redactor
from tradedesk.cli.main import main
from tradedesk.domain.errors import StoreError
from tradedesk.store.credentials import Credentials
from tradedesk.store.paths import Paths, home_paths

MINE = Credentials("SimTrader", "made-up-key-0001-of-the-bundle")
SOMEBODY = "/".join(("", "home", "somebody"))
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRlc3Q"


@pytest.fixture
def paths(monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A desk that has worked, with everything in its files that must not leave."""
    monkeypatch.setattr(log_setup, "_redactor", Redactor())
    paths = home_paths().create()
    paths.log_file("desk").write_text(
        f"signed in as simtrader with {MINE.api_key}, got {TOKEN}\n"
        "account PRAC-V2-70001-10000001 (50012345) and 50KTC-V2-12-3 selected\n"
        f"{SOMEBODY}/tradedesk order td1-abcde-0000001-0001 filled\n"
    )
    (paths.logs / "desk.log.1").write_text("older\n")
    paths.crash_file("executor").write_text("Traceback\n")
    paths.settings_file.write_text("stop_ticks = 20\n")
    with sqlite3.connect(paths.journals / "topstepx-1.sqlite3") as db:
        db.execute("CREATE TABLE event (t_wall INTEGER, kind TEXT, account INTEGER, payload BLOB)")
        day = 20_000 * 86_400 * 10**9
        rows = [(day, "sent", 50012345, b"secret order")] * 3 + [(day + day, "lock", 0, b"")]
        db.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", rows)
    db.close()
    return paths


def parts_of(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_it_holds_what_helps_and_nothing_else(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "help.zip"
    named = Bundle(paths, [MINE]).write(file, b'{"problems": 0}')
    parts = parts_of(file)
    assert tuple(parts) == named
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(parts) == {
        "READ-ME.txt", "findings.json", "journal.json", "latency.json", "settings.toml",
        "logs/desk.log", "logs/desk.log.1", "logs/executor.crash.log",
    }  # fmt: skip
    everything = "\n".join(parts.values())
    hidden = (MINE.api_key, TOKEN, "simtrader", "SimTrader", "50012345", "70001", "50KTC-V2")
    for text in (*hidden, "secret order", SOMEBODY):
        assert text not in everything, text
    assert "order td1-abcde-0000001-0001 filled" in parts["logs/desk.log"]
    journal = json.loads(parts["journal.json"])["topstepx-1.sqlite3"]
    assert journal["rows by day since 1970 and kind"] == {
        "20000": {"sent": 3},
        "40000": {"lock": 1},
    }
    assert journal["check"] == "ok"


def test_a_damaged_journal_is_told_and_stops_nothing(paths: Paths, tmp_path: Path) -> None:
    (paths.journals / "topstepx-1.sqlite3").write_bytes(b"no database at all, but some text" * 99)
    (paths.journals / "x.sqlite3.broken-1").write_bytes(b"aside")
    Bundle(paths).write(tmp_path / "help.zip", b"{}")
    journals = json.loads(parts_of(tmp_path / "help.zip")["journal.json"])
    assert "trouble" in journals["topstepx-1.sqlite3"]
    assert journals["x.sqlite3.broken-1"] == {"bytes": 5}


def test_a_file_that_cannot_be_written_is_one_sentence(paths: Paths, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        Bundle(paths).write(tmp_path / "none" / "help.zip", b"{}")


def test_the_doctor_says_what_goes_in_and_writes_it(
    paths: Paths,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRADEDESK_USERNAME", MINE.username)
    monkeypatch.setenv("TRADEDESK_API_KEY", MINE.api_key)
    main(["doctor", "--bundle", str(tmp_path / "help.zip")])
    said = capsys.readouterr().err
    assert said.index("What does not: keys, tokens") < said.index("Written to")
    parts = parts_of(tmp_path / "help.zip")
    assert MINE.api_key not in "".join(parts.values())
    assert "simtrader" not in "".join(parts.values()).lower()
    assert json.loads(parts["findings.json"])["findings"]
