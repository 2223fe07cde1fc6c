"""The practice venue as a process: composes it, announces it on one line, and waits for its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import sys
from typing import TYPE_CHECKING

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.errors import InputError, StartError
from tradedesk.practice.clock import VenueClock
from tradedesk.practice.config import VenueConfig
from tradedesk.practice.faults.script import read_script
from tradedesk.practice.market.recordings import read_recording
from tradedesk.practice.market.replay import ReplayMarket
from tradedesk.practice.market.source import SyntheticMarket
from tradedesk.practice.server import Venue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tradedesk.practice.market.source import Market

log = logging.getLogger(__name__)

LEAD_S = 1.0
"""Real seconds between the first subscription and the first trade of a recording."""
MOST_SPEED = 100_000
EXIT_OK, EXIT_NO_PORT, EXIT_BAD_INPUT, EXIT_FAILED = 0, 1, 2, 3


def main(
    port: int,
    seed: int,
    replay: Path | None,
    speed: float,
    linger_s: float | None = None,
    faults: Path | None = None,
) -> int:
    """Run the venue until SIGTERM, SIGINT or its own end; returns the exit code.

    Parameters
    ----------
    port : int
        Where to listen on loopback; 0 takes any free port.
    seed : int
        Makes the market.
    replay : Path or None
        Recorded trades to play in place of a generated market.
    speed : float
        Replay: venue seconds per real second.
    linger_s : float, optional
        End when nobody has used the venue for so long.
    faults : Path, optional
        TOML file of faults to arm at the start.

    Returns
    -------
    int
        0 after an orderly end, 1 if the port cannot be had, 2 if a file or number is unusable,
        3 if a part of the venue failed while it ran.
    """
    try:
        return asyncio.run(_run(port, seed, replay, speed, linger_s, faults))
    except StartError as error:
        _complain(error)
        return EXIT_NO_PORT
    except InputError as error:
        _complain(error)
        return EXIT_BAD_INPUT


async def _run(
    port: int,
    seed: int,
    replay: Path | None,
    speed: float,
    linger_s: float | None,
    faults: Path | None,
) -> int:
    if seed < 0:
        raise InputError(f"The seed {seed} is below 0: give a whole number from 0.")
    script = None if faults is None else read_script(faults)
    clock, market = _market(seed, replay, speed)
    venue = Venue(VenueConfig(seed=seed, linger_s=linger_s), clock, market, port)
    with _signals() as stop:
        async with venue:
            if script is not None:
                venue.world.faults.load(script)
            sys.stdout.write(json.dumps(venue.description()) + "\n")
            sys.stdout.flush()
            waits = [asyncio.create_task(stop.wait()), asyncio.create_task(venue.ended())]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
    return EXIT_FAILED if venue.failed else EXIT_OK


def _market(seed: int, replay: Path | None, speed: float) -> tuple[VenueClock, Market]:
    """Clock and market: generated, or the recording with a clock that waits for a listener."""
    if not 0 < speed <= MOST_SPEED:
        raise InputError(f"The speed {speed:g} is unusable: give a number from 0 to {MOST_SPEED}.")
    system = SystemClock()
    if replay is None:
        clock = VenueClock(system)
        return clock, SyntheticMarket(seed, clock.origin_ns)
    market = ReplayMarket(read_recording(replay))
    origin_ns = market.first_ns - int(LEAD_S * speed * 1e9)
    return VenueClock(system, origin_ns, speed, running=False), market


@contextlib.contextmanager
def _signals() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set; what they did before is restored."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(number: int, frame: object) -> None:
        loop.call_soon_threadsafe(stop.set)

    wanted = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, ask) for number in wanted]
    try:
        yield stop
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def _complain(error: Exception) -> None:
    sys.stderr.write(f"tradedesk practice: {error}\n")
