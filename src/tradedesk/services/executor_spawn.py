"""Starts an executor process and reads its first words."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from tradedesk.domain.errors import StartError
from tradedesk.services.executor_link import ExecutorAddress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COMMAND = (sys.executable, "-m", "tradedesk.app.executor_main")
START_S = 15.0
REAP_S = 2.0


class _FirstWords(msgspec.Struct):
    error: str = ""
    address: ExecutorAddress | None = None


class SpawnedExecutor:
    """A child process of the desk, in a session of its own: it outlives a killed desk."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @classmethod
    async def start(
        cls, config_line: bytes, log_file: Path | None, command: Sequence[str] = COMMAND
    ) -> tuple[SpawnedExecutor, ExecutorAddress]:
        """Start it and wait until it listens.

        Raises
        ------
        StartError
            If it does not come up; its own sentence if it said one.
        """
        process = _popen(command, log_file)
        spawned = cls(process)
        try:
            async with asyncio.timeout(START_S):
                words = await asyncio.to_thread(_talk, process, config_line)
        except TimeoutError:
            spawned.kill()
            raise StartError(f"The executor did not start within {START_S:.0f} s.") from None
        except asyncio.CancelledError:
            spawned.kill()
            raise
        if words.address is None:
            code = await spawned.reap()
            raise StartError(words.error or f"The executor ended at once with code {code}.")
        return spawned, words.address

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    async def reap(self, deadline_s: float = REAP_S) -> int | None:
        """Wait for its end; the exit code, or None if it still runs."""
        try:
            return await asyncio.to_thread(self._process.wait, deadline_s)
        except subprocess.TimeoutExpired:
            return None

    def ask_to_end(self) -> None:
        """For a process that has no connection over which it could be told."""
        self._process.terminate()

    def kill(self) -> None:
        """End it at once and take its exit code."""
        self._process.kill()
        self._process.wait(REAP_S)

    def leave(self) -> None:
        """Let it go on without us."""
        # Otherwise subprocess warns that a child was forgotten; it was left on purpose.
        if self._process.poll() is None:
            self._process.returncode = 0


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _popen(command: Sequence[str], log_file: Path | None) -> subprocess.Popen[bytes]:
    try:
        with open(os.devnull if log_file is None else log_file, "ab", opener=_private) as messages:
            return subprocess.Popen(  # noqa: S603 - our own program
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=messages,
                **_own_session(),
            )
    except OSError as error:
        what = error.filename or command[0]
        raise StartError(
            f"The executor cannot be started: {what} cannot be used ({error.strerror})."
        ) from error


def _talk(process: subprocess.Popen[bytes], config_line: bytes) -> _FirstWords:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with process.stdin as stream:
            stream.write(config_line + b"\n")
    except BrokenPipeError:
        pass  # it ended already; what it said is read next
    with process.stdout as stream:
        line = stream.readline()
    try:
        return msgspec.json.decode(line, type=_FirstWords)
    except msgspec.DecodeError:
        return _FirstWords()


def _own_session() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
