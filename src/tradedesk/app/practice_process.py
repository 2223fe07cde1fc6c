"""Starts the practice venue for a desk, or finds the one that an earlier desk left running.

The venue is a process in a session of its own: a desk that is killed does not take its orders
along. It ends by itself when nobody has used it for a while, and at once when a desk quits in an
orderly way.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import msgspec

from tradedesk.domain.errors import StartError
from tradedesk.store.atomic import write_atomic
from tradedesk.store.file_lock import lock_owner
from tradedesk.store.journal_tidy import forget_journals

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

START_DEADLINE_S = 20.0
STOP_DEADLINE_S = 4.0
LINGER_S = 20.0
PROBE_DEADLINE_S = 3.0
"""For a venue that is there but busy; one that is gone refuses at once."""
PRACTICE_JOURNALS = "practice"


class PracticeOptions(msgspec.Struct, frozen=True):
    """How the venue is started.

    Parameters
    ----------
    seed : int
        One seed, one market.
    replay : str or None
        File of recorded trades to play instead of the synthetic market.
    speed : float
        Venue seconds per real second.
    arguments : tuple of str
        Further words of the command line of ``tradedesk practice``.
    """

    seed: int = 7
    replay: str | None = None
    speed: float = 1.0
    arguments: tuple[str, ...] = ()


class PracticeReady(msgspec.Struct, frozen=True):
    """The line that the venue prints when it is ready, and the options it was started with."""

    rest: str
    user_hub: str
    market_hub: str
    username: str
    api_key: str
    pid: int
    options: PracticeOptions = PracticeOptions()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class PracticeProcess:
    """One practice venue, found or started.

    Parameters
    ----------
    runtime_file : Path
        Where the ready line is kept for the next desk.
    journals : Path
        Folder of the order journals; those of practice venues that are gone are removed.
    log_file : Path
        Where the venue's own messages go.
    """

    def __init__(self, runtime_file: Path, journals: Path, log_file: Path) -> None:
        self._runtime_file = runtime_file
        self._journals = journals
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: PracticeReady | None = None

    @property
    def is_ours(self) -> bool:
        """Whether this desk started it; otherwise an earlier one did."""
        return self._process is not None

    async def start(self, options: PracticeOptions) -> PracticeReady:
        """Attach to a running venue, or start one.

        A running venue that an executor still guards is used whatever its options, because orders
        or positions of a killed desk live there. Otherwise it must be the market that is wanted.

        Raises
        ------
        StartError
            If it does not come up in time; the sentence carries what it said.
        """
        found = self._ready = await self._find()
        guards = self._guards()
        if found is not None and (guards or found.options == options):
            log.info("using the practice venue that is already running (pid %d)", found.pid)
            return found
        if found is not None:
            await self.stop()
        self._forget_former_worlds(guards)
        self._ready = await self._spawn(options)
        write_atomic(self._runtime_file, msgspec.json.encode(self._ready))
        return self._ready

    async def stop(self) -> None:
        """End the venue; safe to call twice."""
        ready, self._ready = self._ready, None
        self._runtime_file.unlink(missing_ok=True)
        if ready is not None:
            await self._end(ready.pid)
        elif self._process is not None:
            await self._end(self._process.pid)  # we were called off while it was starting

    async def _end(self, pid: int) -> None:
        _signal(pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_DEADLINE_S):
                # Of a process that is not our child nothing can be awaited, so it is looked at.
                while not self._ended(pid):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        except TimeoutError:
            log.error(  # noqa: TRY400 - the time-out itself says nothing more
                "the practice venue (pid %d) did not end in time; killing it", pid
            )
            _signal(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            if self._process is not None:
                self._process.wait(STOP_DEADLINE_S)
        self._process = None

    @property
    def is_gone(self) -> bool:
        """Whether the venue ended without us; on Windows known only if we started it."""
        return self._ready is not None and self._ended(self._ready.pid)

    def leave(self) -> None:
        """Let it go on without us; it ends when nobody has used it for a while."""
        if self._process is not None and self._process.poll() is None:
            # Otherwise subprocess warns that a child was forgotten; it was left on purpose.
            self._process.returncode = 0
        self._process = self._ready = None

    def _guards(self) -> list[int]:
        """Executors of earlier desks that still run for a practice venue."""
        locks = self._journals.glob(f"{PRACTICE_JOURNALS}-*.lock")
        return [pid for lock in locks if (pid := lock_owner(lock)) is not None]

    def _forget_former_worlds(self, guards: list[int]) -> None:
        """A new venue is a new world: executors and journals of former ones are of no use."""
        for pid in guards:
            _signal(pid, signal.SIGTERM)
        forget_journals(self._journals, PRACTICE_JOURNALS)
        for trace in self._runtime_file.parent.glob(f"executor-{PRACTICE_JOURNALS}-*"):
            login = trace.stem.removeprefix("executor-")
            if not (self._journals / f"{login}.sqlite3.lock").exists():
                trace.unlink(missing_ok=True)

    def _ended(self, pid: int) -> bool:
        if self._process is not None:
            return self._process.poll() is not None
        return not _alive(pid)

    async def _find(self) -> PracticeReady | None:
        try:
            found = msgspec.json.decode(self._runtime_file.read_bytes(), type=PracticeReady)
        except (OSError, msgspec.DecodeError):
            return None
        if not _alive(found.pid):
            return None
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=PROBE_DEADLINE_S) as client:
                answer = await client.get(f"{found.rest}/api/Status/ping")
        except httpx.HTTPError:
            return None
        return found if answer.status_code == httpx.codes.OK else None

    async def _spawn(self, options: PracticeOptions) -> PracticeReady:
        command = [
            *(sys.executable, "-m", "tradedesk", "practice", "--port", "0"),
            *("--seed", str(options.seed), "--speed", str(options.speed)),
            *("--linger", str(LINGER_S), *options.arguments),
        ]
        if options.replay is not None:
            command += ["--replay", options.replay]
        self._process = process = self._popen(command)
        try:
            async with asyncio.timeout(START_DEADLINE_S):
                line = await asyncio.to_thread(_first_line, process)
        except TimeoutError:
            process.kill()
            process.wait(STOP_DEADLINE_S)
            raise StartError(
                f"The practice venue did not start within {START_DEADLINE_S:.0f} s; "
                f"its messages are in {self._log_file}."
            ) from None
        if not line:
            code = process.wait(STOP_DEADLINE_S)
            raise StartError(
                f"The practice venue ended at once with code {code}: {self._last_words()}"
            )
        try:
            ready = msgspec.json.decode(line, type=PracticeReady)
        except msgspec.DecodeError as error:
            process.kill()
            process.wait(STOP_DEADLINE_S)
            raise StartError(f"The practice venue said something unreadable ({error}).") from None
        return msgspec.structs.replace(ready, options=options)

    def _popen(self, command: list[str]) -> subprocess.Popen[bytes]:
        windows = sys.platform == "win32"
        try:
            with open(self._log_file, "ab", opener=_private) as log_stream:
                return subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log_stream,
                    start_new_session=not windows,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
        except OSError as error:
            what = error.filename or sys.executable
            raise StartError(
                f"The practice venue cannot be started: {what} cannot be used ({error.strerror})."
            ) from error

    def _last_words(self) -> str:
        try:
            lines = self._log_file.read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else f"see {self._log_file}."


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    with process.stdout as stream:
        return stream.readline()


def _alive(pid: int) -> bool:
    if sys.platform == "win32":
        # There a pid cannot be asked without ending it; the probe over HTTP decides.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        log.debug("process %d is gone already", pid)
