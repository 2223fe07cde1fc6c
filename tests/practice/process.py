"""The venue as a process, started the way the command line starts it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAM = """
import sys
from pathlib import Path
from tradedesk.app.practice_main import VenueOptions, main
options = eval(sys.argv[1])
for name in ("replay", "faults"):
    options[name] = options[name] and Path(options[name])
sys.exit(main(VenueOptions(**options)))
"""


class VenueProcess:
    """A running venue and what it said on its first line."""

    def __init__(self, popen: subprocess.Popen[str]) -> None:
        assert popen.stdout is not None
        self.popen = popen
        line = popen.stdout.readline()
        self.ready: dict[str, Any] = json.loads(line) if line else {}

    async def ended(self) -> int:
        """Wait for the end; returns the exit code."""
        return await asyncio.to_thread(self.popen.wait, 15)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.popen.send_signal(number)
        return self.popen.wait(15)


@contextmanager
def venue_process(
    *,
    port: int = 0,
    seed: int = 7,
    replay: str | None = None,
    speed: float = 1.0,
    linger: float | None = None,
    faults: str | None = None,
) -> Iterator[VenueProcess]:
    options = {
        "port": port,
        "seed": seed,
        "replay": replay,
        "speed": speed,
        "linger_s": linger,
        "faults": faults,
    }
    command = [sys.executable, "-c", _PROGRAM, repr(options)]
    popen = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        yield VenueProcess(popen)
    finally:
        if popen.poll() is None:
            popen.kill()
        popen.communicate()
