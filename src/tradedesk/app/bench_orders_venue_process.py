"""Starts the noting venue as a process and asks it what it noted."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import StartError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.app.bench_orders_venue import VenueOptions

END_S = 10.0


class VenueNotes(msgspec.Struct, frozen=True):
    """Monotonic nanoseconds by tag, and how many connections were opened."""

    arrivals: dict[str, int]
    replies: dict[str, int]
    connections: int


class VenueProcess:
    """A running venue.

    Attributes
    ----------
    ports : dict of str to int
        ``http`` and ``hub``.
    """

    def __init__(self, process: subprocess.Popen[bytes], options: VenueOptions) -> None:
        self._process = process
        self.ports: dict[str, int] = msgspec.json.decode(
            self._ask(msgspec.json.encode(options)), type=dict[str, int]
        )

    def noted(self) -> VenueNotes:
        """What arrived so far."""
        return msgspec.json.decode(self._ask(b"noted"), type=VenueNotes)

    def _ask(self, line: bytes) -> bytes:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise StartError("The benchmark's venue ended unexpectedly.")
        return answer


@contextmanager
def venue_process(options: VenueOptions) -> Iterator[VenueProcess]:
    """Run a venue for the length of the block.

    Raises
    ------
    StartError
        If it does not start.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tradedesk.app.bench_orders_venue"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield VenueProcess(process, options)
    finally:
        try:
            process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
