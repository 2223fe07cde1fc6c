"""Files that are damaged, missing or in the way: one clear sentence, nothing lost, still a desk."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.e2e.processes import family_of
from tests.e2e.windows import nothing_left, told_window
from tests.helpers.venue_process import running_venue
from tests.helpers.waiting import until

import tradedesk
from tradedesk.app.executor_config import ExecutorConfig, GivenCredentials
from tradedesk.app.practice_process import PracticeOptions, PracticeProcess
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.errors import StartError
from tradedesk.domain.order import Side
from tradedesk.services.executor_process import ExecutorProcess
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE_S = 30
GARBAGE = bytes(range(255, 0, -1)) * 20


@pytest.fixture(autouse=True)
def no_hour_of_going_flat() -> None:
    """Each test here lays its own files, or none."""


def shell(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``tradedesk`` in a shell's way."""
    return subprocess.run(
        [sys.executable, "-m", "tradedesk", *arguments],
        env={**os.environ, "TRADEDESK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def in_the_way(path: Path) -> None:
    """Put a folder where a file belongs: even root cannot write there."""
    path.mkdir(parents=True)


async def test_damaged_files_are_told_in_the_window_and_kept(desk_home: Path) -> None:
    paths = home_paths(desk_home).create()
    paths.settings_file.write_bytes(GARBAGE)
    paths.layout_file.write_bytes(GARBAGE)
    async with told_window(desk_home) as window:
        told = await window.notice("settings file was damaged")
        assert "defaults are in use" in told
        assert "kept as layout.json.broken-1" in await window.notice("layout.json was unreadable")
        await window.phase("ready")
        window.say("quit")
        assert await window.ended() == 0
    assert (paths.config / "settings.toml.broken-1").read_bytes() == GARBAGE
    assert (paths.data / "layout.json.broken-1").read_bytes() == GARBAGE
    await nothing_left(desk_home)


async def test_every_wrong_setting_is_told_and_the_file_stays(desk_home: Path) -> None:
    paths = home_paths(desk_home).create()
    wrong = 'symbol = 5\nfrobnicate = 1\nmax_order_size = "x"\norder_size = -4\n'
    paths.settings_file.write_text(wrong)
    paths.layout_file.write_text('{"symbol": "NOPE", "size": 3}')
    async with told_window(desk_home) as window:
        for name in ("symbol", "frobnicate", "max_order_size", "order_size"):
            assert "settings.toml" in await window.notice(name)
        await window.phase("ready")
        window.say("quit")
        assert await window.ended() == 0
    assert paths.settings_file.read_text() == wrong
    await nothing_left(desk_home)


@pytest.mark.parametrize("name", ["data", "logs", "data/run", "data/journal", "config", "cache"])
def test_a_file_where_a_folder_belongs_is_named(desk_home: Path, name: str) -> None:
    blocked = desk_home / name
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("mine")
    done = shell(desk_home, "run", "--offscreen")
    assert done.returncode == 1
    assert done.stderr.startswith(f"tradedesk: The folder {blocked}")
    assert done.stderr.count("\n") == 1
    assert blocked.read_text() == "mine"


@pytest.mark.parametrize("name", ["config/settings.toml", "data/desk.lock", "logs/desk.log"])
def test_a_folder_where_a_file_belongs_is_named(desk_home: Path, name: str) -> None:
    in_the_way(desk_home / name)
    done = shell(desk_home, "run", "--offscreen")
    assert done.returncode == 1
    assert done.stderr.startswith("tradedesk: ")
    assert str(desk_home / name) in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["logs/practice.log", "logs/executor.log", "logs/executor.crash.log", "data/install-id"]
)
async def test_a_desk_that_cannot_start_its_parts_says_why_and_closes(
    desk_home: Path, name: str
) -> None:
    in_the_way(desk_home / name)
    async with told_window(desk_home) as window:
        line = await window.phase("stopped")
        assert str(desk_home / name) in line["detail"]
        assert await window.notice(str(desk_home / name)) == line["detail"]
        window.say("quit")
        assert await window.ended() == 0
    await nothing_left(desk_home)


@pytest.mark.parametrize("damage", ["garbage", "empty", "folder"])
async def test_a_damaged_order_journal(desk_home: Path, damage: str) -> None:
    """The venue is the same, as after a killed desk, so the journal is wanted again."""
    paths = home_paths(desk_home).create()
    with running_venue("--seed", "5") as venue:
        config = ExecutorConfig(
            home=str(paths.data),
            venue="practice",
            live=False,
            rest_url=venue.rest,
            user_hub_url=venue.user_hub,
            market_hub_url=venue.market_hub,
            credentials=GivenCredentials(venue.username, venue.api_key),
        )
        journal = config.journal_file
        if damage == "folder":
            journal.mkdir()
        else:
            journal.write_bytes(GARBAGE if damage == "garbage" else b"")
        told: list[object] = []
        port = executor(config, told)
        await port.start()
        await until(lambda: any("set aside" in getattr(one, "text", "") for one in told))
        kept = journal.with_name(f"{journal.name}.broken-1")
        assert kept.exists()
        if damage == "garbage":
            assert kept.read_bytes() == GARBAGE
        await port.close(shutdown=True)


def executor(config: ExecutorConfig, told: list[object]) -> ExecutorProcess:
    return ExecutorProcess(
        msgspec.json.encode(config), config.runtime_file, told.append, SystemClock()
    )


async def test_old_practice_journals_are_in_nobodys_way(desk_home: Path) -> None:
    paths = home_paths(desk_home).create()
    (paths.journals / "practice-0123456789.sqlite3").write_bytes(GARBAGE)
    (paths.journals / "topstepx-0123456789.sqlite3").write_bytes(GARBAGE)
    (paths.run / "practice.json").write_bytes(GARBAGE)
    # What a killed desk leaves behind; its process id may be a stranger's by now.
    (paths.run / "executor-practice-0123456789.json").write_text(f'{{"pid": {os.getpid()}}}')
    async with tradedesk.connect(home=desk_home) as desk:
        await desk.place_market_order("MNQ", Side.BUY, 1)
        await desk.flatten()
        names = {path.name for path in paths.journals.iterdir()}
        assert not any("0123456789" in name for name in names if name.startswith("practice"))
        assert "topstepx-0123456789.sqlite3" in names
    await nothing_left(desk_home)


def test_a_port_in_use_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "tradedesk", "practice", "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use" in done.stderr
    assert done.stdout == ""


BAD_RECORDINGS = {
    "missing.csv": None,
    "empty.csv": b"",
    "garbage.dbn": GARBAGE,
    "garbage.dbn.zst": GARBAGE,
    "garbage.csv.gz": GARBAGE,
    "ESU4.csv": b"ts,price,size,side\n1719800000000000000,5000.13,1,B\n",
    "picture.png": GARBAGE,
}


@pytest.mark.parametrize("name", BAD_RECORDINGS)
async def test_a_recording_that_cannot_be_played_is_named(desk_home: Path, name: str) -> None:
    paths = home_paths(desk_home).create()
    recording = desk_home / name
    content = BAD_RECORDINGS[name]
    if content is not None:
        recording.write_bytes(content)
    venue = PracticeProcess(paths.run / "practice.json", paths.journals, paths.log_file("practice"))
    with pytest.raises(StartError, match=r"ended at once with code 2.*") as refused:
        await venue.start(PracticeOptions(replay=str(recording)))
    assert name in str(refused.value) or name.split(".")[0] in str(refused.value)
    await venue.stop()
    assert not family_of(desk_home)
