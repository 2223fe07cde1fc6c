"""The practice venue as a process: composes it, announces it on one line, and waits for its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tradedesk.app.practice_drill import DrillTeller, wanted_drill
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.errors import InputError, StartError
from tradedesk.practice.clock import VenueClock
from tradedesk.practice.config import VenueConfig, listed, parse
from tradedesk.practice.exchange_hours import AlwaysOpen, ExchangeHours
from tradedesk.practice.faults.script import read_script
from tradedesk.practice.market.replay import open_recording
from tradedesk.practice.market.source import SyntheticMarket
from tradedesk.practice.script import read_client_script
from tradedesk.practice.script_run import play
from tradedesk.practice.server import Venue
from tradedesk.practice.stamps import nanoseconds
from tradedesk.practice.world import the_accounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.practice.hours import Hours
    from tradedesk.practice.market.source import Market

log = logging.getLogger(__name__)

LEAD_S = 1.0
"""Real seconds between the first subscription and the first trade of a recording."""
MOST_SPEED = 100_000
EXIT_OK, EXIT_NO_PORT, EXIT_BAD_INPUT, EXIT_FAILED = 0, 1, 2, 3


class VenueOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a venue is started with.

    Parameters
    ----------
    port : int
        Where to listen on loopback; 0 takes any free port.
    seed : int
        Makes the market, and all other chance.
    replay : Path or None
        A recording to play in place of a generated market.
    speed : float
        Venue seconds per real second.
    start : datetime or None
        Venue time at the start; None is the present, or the beginning of the recording. Without
        a zone it is UTC.
    stepped : bool
        Venue time moves only when the control endpoint says so.
    hours : str
        ``always`` or ``exchange``.
    accounts : tuple of str
        Kinds of accounts to open.
    rules : Path or None
        Kinds of accounts of one's own.
    faults : Path or None
        TOML file of faults to arm at the start.
    settings : tuple of str
        Knobs as ``NAME=VALUE``.
    linger_s : float or None
        End when nobody has used it for so long.
    script : Path or None
        Play this script in stepped time, print its transcript and end; nothing listens.
    drill : str or None
        Drill to begin with, by name or TOML file; its story is printed.
    """

    port: int = 0
    seed: int = 7
    replay: Path | None = None
    speed: float = 1.0
    start: datetime | None = None
    stepped: bool = False
    hours: str = "always"
    accounts: tuple[str, ...] = ("practice",)
    rules: Path | None = None
    faults: Path | None = None
    settings: tuple[str, ...] = ()
    linger_s: float | None = None
    script: Path | None = None
    drill: str | None = None


def main(options: VenueOptions) -> int:
    """Run the venue until SIGTERM, SIGINT or its own end.

    Returns
    -------
    int
        0 after an orderly end, 1 if the port cannot be had, 2 if a file or number is unusable,
        3 if a part of the venue failed while it ran.
    """
    try:
        if options.script is not None:
            return asyncio.run(_play(options, options.script))
        return asyncio.run(_run(options))
    except StartError as error:
        _complain(error)
        return EXIT_NO_PORT
    except InputError as error:
        _complain(error)
        return EXIT_BAD_INPUT


def knobs() -> str:
    """Every knob of ``--set`` with its default and the values it takes, a line each."""
    return listed()


def make_venue(options: VenueOptions) -> Venue:
    """Put a venue together; it listens once it is entered.

    Raises
    ------
    InputError
        If a file or a number is unusable.
    """
    if options.seed < 0:
        raise InputError(f"The seed {options.seed} is below 0: give a whole number from 0.")
    if not 0 < options.speed <= MOST_SPEED:
        raise InputError(
            f"The speed {options.speed:g} is unusable: "
            f"give a number above 0, at most {MOST_SPEED:,}."
        )
    _refuse_what_would_be_ignored(options)
    base = VenueConfig(seed=options.seed, linger_s=options.linger_s)
    config = parse(options.settings, base)
    accounts = the_accounts(options.accounts, options.rules, config)
    clock, market, hours = _market(options, config)
    return Venue(config, clock, market, options.port, accounts, hours)


def _refuse_what_would_be_ignored(options: VenueOptions) -> None:
    """Two options of which one could only be passed over are a mistake of who gave them."""
    if options.replay is not None and options.hours != "always":
        raise InputError("A recording is always open: leave --hours out with --replay.")
    if options.speed != 1 and (options.stepped or options.script is not None):
        raise InputError("Stepped time has no speed: leave --speed out.")
    if options.script is not None and options.start is not None:
        raise InputError("A script says itself when it begins: write 'start' in it, not --start.")
    if options.script is not None and options.drill is not None:
        raise InputError("A script and a drill are two things: give --script or --drill.")


async def _run(options: VenueOptions) -> int:
    script = None if options.faults is None else read_script(options.faults)
    drill = None if options.drill is None else wanted_drill(options.drill, options.replay)
    venue = make_venue(options)
    with _signals() as stop:
        async with venue:
            if script is not None:
                venue.world.faults.load(script)
            sys.stdout.write(json.dumps(venue.description()) + "\n")
            sys.stdout.flush()
            teller = DrillTeller(venue.world.drills, sys.stdout)
            if drill is not None:
                teller.begin(drill)
            waits = [asyncio.create_task(stop.wait()), asyncio.create_task(venue.ended())]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            teller.end()
    return EXIT_FAILED if venue.failed else EXIT_OK


async def _play(options: VenueOptions, path: Path) -> int:
    script = read_client_script(path)
    faults = None if options.faults is None else read_script(options.faults)
    _refuse_what_would_be_ignored(options)
    start = None if options.replay is not None else script.start
    plain = msgspec.structs.replace(options, stepped=True, start=start, script=None)
    venue = make_venue(plain)
    async with venue.unlistened() as world:
        if faults is not None:
            world.faults.load(faults)
        for line in await play(world, script):
            sys.stdout.write(line.decode() + "\n")
    return EXIT_OK


def _market(options: VenueOptions, config: VenueConfig) -> tuple[VenueClock, Market, Hours]:
    """Clock, market and hours: generated, or the recording with a clock that waits."""
    system, rate, stepped = SystemClock(), options.speed, options.stepped
    start_ns = None if options.start is None else nanoseconds(options.start)
    if options.replay is not None:
        recorded = open_recording(options.replay)
        if start_ns is None:
            start_ns = recorded.first_ns
        elif not recorded.first_ns <= start_ns <= recorded.last_ns:
            first, last = (
                datetime.fromtimestamp(ns // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                for ns in (recorded.first_ns, recorded.last_ns)
            )
            raise InputError(
                f"{options.replay} reaches from {first} to {last}: give a --start in between."
            )
        origin_ns = start_ns - int(LEAD_S * rate * 1e9)
        clock = VenueClock(system, origin_ns, rate, running=False, stepped=stepped)
        return clock, recorded, AlwaysOpen()
    clock = VenueClock(system, start_ns, rate, stepped=stepped)
    hours = ExchangeHours(clock.origin_ns) if options.hours == "exchange" else AlwaysOpen()
    market = SyntheticMarket(config.seed, clock.origin_ns, config.pace, hours)
    return clock, market, hours


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
