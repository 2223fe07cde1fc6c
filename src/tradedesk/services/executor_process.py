"""The desk's executor as a process: attach, spawn, restart, and never lose a click silently."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain import commands as cmd
from tradedesk.domain.errors import StartError
from tradedesk.domain.events import AnyEvent, Notice, Phase, SessionChanged, SnapshotTaken
from tradedesk.services.executor_link import (
    ExecutorAddress,
    ExecutorLink,
    NobodyThereError,
    find_executor,
)
from tradedesk.services.executor_pending import PendingCommands, refusal
from tradedesk.services.executor_spawn import COMMAND, SpawnedExecutor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ports import EventSink

log = logging.getLogger(__name__)

SHUTDOWN_S = 8.0
RETRY_S = (0.0, 0.2, 0.5, 1.0, 2.0)
"""Pauses before a start, by how often it died lately; in them nothing guards positions."""
_NAMES = {
    cmd.Flatten: "The flatten",
    cmd.Kill: "The kill switch",
    cmd.LockTrading: "The lock",
}
CALM_NS = 30_000_000_000
"""An executor that ran this long had a fresh start; its end is retried at once."""


class ExecutorProcess:
    """Satisfies ``ExecutorPort`` with a process that is restarted when it dies.

    Parameters
    ----------
    config_line : bytes
        The executor's configuration, one line of JSON; secrets in it go to its standard input.
    runtime_file : Path
        Where a running executor says how it is reached.
    on_event : EventSink
        Called with every event, on the loop of ``start``.
    clock : Clock
        Labels notices and spaces restarts.
    log_file : Path or None
        Where the executor's standard error goes.
    command : sequence of str
        How it is started.
    """

    def __init__(
        self,
        config_line: bytes,
        runtime_file: Path,
        on_event: EventSink,
        clock: Clock,
        *,
        log_file: Path | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._config_line = config_line
        self._runtime_file = runtime_file
        self._on_event = on_event
        self._clock = clock
        self._log_file = log_file
        self._command = command
        self._link: ExecutorLink | None = None
        self._process: SpawnedExecutor | None = None
        self._pending = PendingCommands()
        self._tracked: dict[str, cmd.TrackContract] = {}
        self._session: SessionChanged | None = None
        self._again: list[cmd.AnyCommand] = []
        self._settling = False
        self._closing = False
        self._started_ns = 0
        self._failures = 0
        self._restart: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process of the executor if this desk started it."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Attach to a running executor, or start one.

        Raises
        ------
        StartError
            If neither works; a sentence with the reason.
        """
        if not await self._attach_running():
            await self._spawn()

    def send(self, command: cmd.AnyCommand) -> None:
        """See ``ExecutorPort``. One encoding and one write; the kernel has it when this returns."""
        if isinstance(command, cmd.TrackContract):
            self._tracked[command.symbol] = command
        link = self._link
        if link is not None and link.send(command):
            self._pending.sent(command)
            return
        answer = refusal(command)
        if answer is not None:
            # not from inside the caller's own call
            asyncio.get_running_loop().call_soon(self._on_event, answer)

    async def close(self, *, shutdown: bool) -> None:
        """See ``ExecutorPort``. Without ``shutdown`` the executor guards what is still open."""
        self._closing = True
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.gather(self._restart, return_exceptions=True)
        link, self._link = self._link, None
        if link is not None:
            if shutdown:
                now_ns = self._clock.mono_ns()
                link.send(cmd.Shutdown(click_id=f"shutdown-{now_ns}", press_ns=now_ns))
                await link.until_lost(SHUTDOWN_S)
            await link.close()
        if self._process is not None:
            if shutdown:
                await self._end(self._process, told=link is not None)
            else:
                self._process.leave()
            self._process = None

    # --- inside -----------------------------------------------------------------------------

    async def _end(self, process: SpawnedExecutor, *, told: bool) -> None:
        if not told:
            # given up between its start and the first connection: nobody else would tell it
            process.ask_to_end()
        if await process.reap() is None:
            log.error("the executor (process %d) did not end; killing it", process.pid)
            process.kill()

    async def _attach_running(self) -> bool:
        found = find_executor(self._runtime_file)
        if found is None:
            return False
        try:
            await self._open(*found)
        except NobodyThereError:
            return False
        return True

    async def _spawn(self) -> None:
        self._process, address = await SpawnedExecutor.start(
            self._config_line, self._log_file, self._command
        )
        self._started_ns = self._clock.mono_ns()
        found = find_executor(self._runtime_file)
        if found is None or found[0] != address:
            raise StartError(f"The executor did not leave its address in {self._runtime_file}.")
        await self._open(*found)

    async def _open(self, address: ExecutorAddress, cookie: bytes) -> None:
        self._link = await ExecutorLink.open(address, cookie, self._take, self._lost)
        for command in self._tracked.values():
            self._link.send(command)
        self._ask_again()

    def _take(self, event: AnyEvent) -> None:
        self._pending.heard(event)
        if isinstance(event, SessionChanged):
            self._session = event
        self._on_event(event)
        if self._settling and isinstance(event, SnapshotTaken):
            self._settling = False
            self._settle(event)

    def _settle(self, snapshot: SnapshotTaken) -> None:
        answers, again = self._pending.settle(snapshot)
        for answer in answers:
            self._on_event(answer)
        self._again += again
        self._ask_again()

    def _ask_again(self) -> None:
        if self._link is None:
            return  # the snapshot came with the greeting; the link is ready in a moment
        again, self._again = self._again, []
        for command in again:
            what = _NAMES.get(type(command), "A command")
            self._notice("warning", f"{what} was interrupted; it is being asked for again.")
            self.send(command)

    def _lost(self, reason: str) -> None:
        """The end of the connection is the sign; the process is reaped by the restart."""
        self._link = None
        if self._closing:
            return
        log.info("the executor is gone: %s", reason)
        if self._session is not None:
            gone = msgspec.structs.replace(
                self._session,
                phase=Phase.STOPPED,
                armed=False,
                detail="The executor ended unexpectedly; restarting it.",
            )
            self._session = gone
            self._on_event(gone)
        self._restart = asyncio.get_running_loop().create_task(
            self._run_again(), name="restart executor"
        )

    async def _run_again(self) -> None:
        """Attach or spawn until it works; the first try is made at once."""
        if self._clock.mono_ns() - self._started_ns > CALM_NS:
            self._failures = 0
        while not self._closing:
            pause_s = RETRY_S[min(self._failures, len(RETRY_S) - 1)]
            self._failures += 1
            if pause_s:
                await asyncio.sleep(pause_s)
            self._settling = True
            try:
                await self._revive()
            except StartError as error:
                self._notice("alarm", f"The executor cannot be restarted: {error}")
                continue
            return

    async def _revive(self) -> None:
        old = self._process
        lives = old is None or await old.reap(0.05) is None
        if lives and await self._attach_running():
            self._notice(
                "warning",
                "The connection to the executor broke and is back. Armed is off; arm again when "
                "ready.",
            )
            return
        self._process = None
        await self._spawn()
        self._notice(
            "warning",
            "The executor ended unexpectedly and was restarted. Orders sent before are being "
            "checked with the venue; armed is off, arm again when ready.",
        )

    def _notice(self, level: str, text: str) -> None:
        self._on_event(Notice(level=level, text=text, ts_ns=self._clock.wall_ns()))
