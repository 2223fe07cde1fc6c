"""Every way an error can get away is caught: each in a process that really has it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

START = """
import asyncio, faulthandler, gc, logging, sys, threading
from pathlib import Path
from tradedesk.app.crash import CrashHandlers
from tradedesk.app.log_setup import LogSetup, register_secret
register_secret("made-up-key-0001")
logs = LogSetup(Path(sys.argv[1]) / "desk.log")
told = []
handlers = CrashHandlers(Path(sys.argv[1]) / "crash.log", told.append)
handlers.install()
"""

WAYS = {
    "main thread": "raise RuntimeError('made-up-key-0001 main')",
    "other thread": (
        "def fail(): raise RuntimeError('made-up-key-0001 thread')\n"
        "t = threading.Thread(target=fail, name='feed'); t.start(); t.join()\n"
        "assert told and 'thread feed' in told[0]"
    ),
    "finaliser": (
        "class Odd:\n    def __del__(self): raise RuntimeError('made-up-key-0001 finaliser')\n"
        "Odd(); gc.collect(); assert told"
    ),
    "forgotten task": (
        "async def fail(): raise RuntimeError('made-up-key-0001 task')\n"
        "async def main():\n"
        "    handlers.watch(asyncio.get_running_loop())\n"
        "    t = asyncio.ensure_future(fail())\n"
        "    await asyncio.wait([t]); del t; gc.collect()\n"
        "asyncio.run(main()); assert told and told[0].startswith('Event loop: Task exception')"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_uncaught_error_reaches_the_log_without_its_secret(way: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START + WAYS[way], str(tmp_path)], capture_output=True, text=True
    )
    written = (tmp_path / "desk.log").read_text("utf-8")
    assert done.returncode == (1 if way == "main thread" else 0), done.stderr
    assert "CRITICAL" in written
    assert "RuntimeError: <hidden>" in written
    assert "made-up-key" not in written + done.stderr


def test_an_error_on_its_way_out_is_logged_before_the_hooks_are_gone(tmp_path: Path) -> None:
    code = START + (
        "try:\n    raise RuntimeError('made-up-key-0001 left')\n"
        "finally:\n    handlers.remove(); logs.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True
    )
    written = (tmp_path / "desk.log").read_text("utf-8")
    assert done.returncode == 1
    for text in (written, done.stderr):
        assert "RuntimeError: <hidden>" in text
        assert "made-up-key" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_what_is_written_is_for_its_owner_only(tmp_path: Path) -> None:
    code = "import os; os.umask(0)\n" + START + "logging.warning('x'); handlers.remove()"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"desk.log": 0o600, "crash.log": 0o600}


@pytest.mark.skipif(sys.platform == "win32", reason="ends by a POSIX signal")
def test_a_dying_interpreter_leaves_its_stacks(tmp_path: Path) -> None:
    code = START + "faulthandler._sigsegv()"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True)
    assert done.returncode < 0
    assert "Segmentation fault" in (tmp_path / "crash.log").read_text()


def test_an_interrupt_is_no_crash(tmp_path: Path) -> None:
    code = START + "raise KeyboardInterrupt"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True)
    assert (tmp_path / "desk.log").read_text() == ""


def test_remove_gives_the_hooks_back(tmp_path: Path) -> None:
    code = (
        START + "handlers.remove(); handlers.remove()\n"
        "assert sys.excepthook is sys.__excepthook__\n"
        "assert threading.excepthook is threading.__excepthook__\n"
        "assert not faulthandler.is_enabled()"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True)
    assert done.returncode == 0, done.stderr
