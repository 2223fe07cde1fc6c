"""The executor process: ``python -m tradedesk.app.executor_main`` with its configuration on stdin.

Prints one JSON line when it listens (or why it cannot), then nothing more.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tradedesk.app.cores import take_executor_cores
from tradedesk.app.crash import CrashHandlers
from tradedesk.app.executor_build import BuiltExecutor, build_executor
from tradedesk.app.executor_config import ExecutorConfig
from tradedesk.app.executor_life import ExecutorLife
from tradedesk.app.executor_server import ExecutorServer
from tradedesk.app.log_setup import LogSetup
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.clock import Clock
from tradedesk.domain.errors import TradeDeskError

if TYPE_CHECKING:
    from tradedesk.services.executor_link import ExecutorAddress

log = logging.getLogger(__name__)

Build = Callable[[ExecutorConfig, Clock], BuiltExecutor]


async def serve(
    config: ExecutorConfig,
    announce: Callable[[ExecutorAddress], None],
    build: Build = build_executor,
) -> None:
    """Run one executor until it is told to end, or is no longer needed.

    Raises
    ------
    TradeDeskError
        If it cannot start.
    """
    clock = SystemClock()
    executor, journal = build(config, clock)
    # after the journal's own thread was started, which may run anywhere
    take_executor_cores(config.cores)
    try:
        life = ExecutorLife(executor, clock, live=config.live)
        server = ExecutorServer(executor, config, life.changed)
        try:
            address = await server.start()
            _end_on_signals(executor.stop_asked)
            _settle_memory()
            announce(address)
            executor.parts.owner.start(life.watch(server), "executor life")
            await executor.run()
        finally:
            await executor.close()
            await server.close()
    finally:
        journal.close()


def main(build: Build = build_executor) -> int:
    """Entry point; the exit code is 0 after an orderly end."""
    try:
        config = msgspec.json.decode(sys.stdin.buffer.readline(), type=ExecutorConfig)
    except msgspec.DecodeError as error:
        _say({"error": f"The executor's configuration cannot be read: {error}"})
        return 2
    setup = crash = None
    try:
        if config.log_file:
            log_file = Path(config.log_file)
            setup = LogSetup(log_file)
            crash = CrashHandlers(log_file.with_suffix(".crash.log"))
            crash.install()
        asyncio.run(_watched(config, build, crash))
    except TradeDeskError as error:
        log.exception("the executor cannot run")
        _say({"error": str(error)})
        return 1
    finally:
        if crash is not None:
            crash.remove()
        if setup is not None:
            setup.close()
    return 0


async def _watched(config: ExecutorConfig, build: Build, crash: CrashHandlers | None) -> None:
    if crash is not None:
        crash.watch(asyncio.get_running_loop())
    await serve(config, _announce, build)


def _announce(address: ExecutorAddress) -> None:
    _say({"address": msgspec.to_builtins(address)})
    # Whoever reads the line closes the pipe; a later word must not end in a broken one.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _say(words: dict[str, object]) -> None:
    try:
        sys.stdout.write(msgspec.json.encode(words).decode() + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        pass  # nobody listens any more; the log has it


def _end_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(stop.set))
        return
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # Ctrl-C in the desk's terminal is the desk's; it asks for an orderly end itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # a desk that died is noticed by its socket
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def _settle_memory() -> None:
    """What exists now lives as long as the process: keep it out of every later collection."""
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
