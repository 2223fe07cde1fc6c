"""The desk's window as a process of its own, read and told line by line."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from tests.e2e.processes import ROOT, family_of
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

DEADLINE_S = 30.0
STORY_S = 60.0


class ToldWindow:
    """One running ``tests.e2e.told_window``."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []

    @property
    def pid(self) -> int:
        """The window's process."""
        return self.process.pid

    def say(self, word: str) -> None:
        """Tell it to do something."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n".encode())

    async def until(
        self, holds: Callable[[dict[str, Any]], object], deadline_s: float = DEADLINE_S
    ) -> dict[str, Any]:
        """Give the first line that holds, whether it was said already or comes."""
        for line in self.lines:
            if holds(line):
                return line
        assert self.process.stdout is not None
        async with asyncio.timeout(deadline_s):
            while True:
                raw = await self.process.stdout.readline()
                assert raw, f"the window ended after {self.lines}"
                self.lines.append(msgspec.json.decode(raw))
                if holds(self.lines[-1]):
                    return self.lines[-1]

    async def phase(self, name: str) -> dict[str, Any]:
        """Wait until the session is in a phase."""
        return await self.until(lambda line: line.get("phase") == name)

    async def notice(self, words: str) -> str:
        """Wait for a notice with these words; its text."""
        line = await self.until(lambda line: words in line.get("text", ""))
        return str(line["text"])

    async def ended(self) -> int:
        """Its exit code; what it still said is thrown away."""
        async with asyncio.timeout(DEADLINE_S):
            await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def told_window(home: Path) -> AsyncIterator[ToldWindow]:
    """Open a window on a home; at the end nothing of it runs any more."""
    with (home / "window.err").open("ab") as complaint:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.e2e.told_window", str(home)),
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaint,
        )
    window = ToldWindow(process)
    try:
        yield window
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            await window.ended()


async def nothing_left(home: Path, deadline_s: float = 10.0) -> None:
    """Wait until no process of this home runs and its traces are gone."""
    await until(lambda: not family_of(home), deadline_s)
    assert sorted(path.name for path in (home / "data" / "run").iterdir()) == []


async def told_by(window: str, *words: str, deadline_s: float = STORY_S) -> str:
    """What ``tests.e2e`` window printed that plays its story alone and ends well."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", f"tests.e2e.{window}", *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=deadline_s,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
