"""Two desks never share a home, and a dead one never keeps its lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tradedesk.app.instance_lock import InstanceLock
from tradedesk.domain.errors import StartError, StoreError

HOLD = """
import sys
from pathlib import Path
from tradedesk.app.instance_lock import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_is_named_and_its_death_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "desk.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().strip() == b"held"
        with pytest.raises(StartError, match=rf"already running .*process {owner.pid}\)"):
            InstanceLock(path).acquire()
        owner.kill()
        owner.wait()
        with InstanceLock(path):
            assert path.exists()


def test_the_same_process_cannot_take_it_twice(tmp_path: Path) -> None:
    path = tmp_path / "desk.lock"
    with InstanceLock(path), pytest.raises(StartError, match="already running"):
        InstanceLock(path).acquire()
    second = InstanceLock(path)
    second.acquire()
    second.release()
    second.release()


def test_an_old_file_with_anything_in_it_is_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "desk.lock"
    path.write_bytes(b"99999\nrest of a longer text that an older version left behind")
    with InstanceLock(path):
        assert path.read_bytes().count(b"\n") == 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="lock file"):
        InstanceLock(tmp_path / "none" / "desk.lock").acquire()
