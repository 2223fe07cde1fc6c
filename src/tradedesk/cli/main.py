"""Argument parser and dispatch.

Every command imports what it needs only when it is called: ``tradedesk doctor`` must run where Qt
does not, and the executor must not load Qt at all.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tradedesk.cli import values
from tradedesk.cli.bench import add_bench
from tradedesk.cli.history import add_history
from tradedesk.cli.practice_options import (
    market_options,
    seed_option,
    venue_arguments,
    venue_options,
)
from tradedesk.domain.errors import InputError, StartError, TradeDeskError
from tradedesk.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DESCRIPTION = "A desktop for click-trading futures on the ProjectX Gateway."
PRACTICE = (
    "Run a venue that speaks the ProjectX Gateway, REST and both hubs, on 127.0.0.1. When it is "
    "ready it prints one JSON line: its addresses, user name, key and accounts. Ctrl-C ends it. "
    "Nothing in it reaches a real venue."
)
PRACTICE_ENDS = (
    "Ends with 0 when asked to or left alone, 1 if the port cannot be had, 2 if a file or a "
    "number is unusable, 3 if a part of it failed. A running venue describes its wire at "
    "GET /practice/openapi.json; docs/practice-venue.md tells the rest."
)
FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str or None
        Arguments without the program's name; ``None`` takes the process's own.

    Returns
    -------
    int
        Exit code: 0 done, 1 failed, 2 bad input, 130 interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in TOP_OPTIONS):
        arguments.insert(0, "run")
    chosen = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = chosen.command
    try:
        return command(chosen)
    except InputError as error:
        return _say(error, BAD_INPUT)
    except TradeDeskError as error:
        return _say(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except ImportError as error:
        if not re.search(r"PySide6|shiboken6|\.so|libGL|libEGL", f"{error.name} {error}"):
            raise
        text = f"Qt could not be loaded ({error}): `tradedesk doctor` tells what is missing."
        return _say(text, FAILED)


def _say(problem: object, code: int) -> int:
    print(f"tradedesk: {problem}", file=sys.stderr)
    return code


TOP_OPTIONS = ("-h", "--help", "--version")


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    top = argparse.ArgumentParser(prog="tradedesk", description=DESCRIPTION, allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"tradedesk {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _add_run(commands)
    _add_demo(commands)
    _add_practice(commands)
    _add_doctor(commands)
    _add_panic(commands)
    add_history(commands)
    add_bench(commands)
    # The desk's own child: its configuration, secrets among it, arrives as one line on stdin,
    # because a command line can be read by everybody on the machine.
    commands.add_parser("executor").set_defaults(command=_executor)
    return top


def _add_run(commands: Commands) -> None:
    run = commands.add_parser("run", help="open the desk (the default)", allow_abbrev=False)
    _venue_option(run)
    run.add_argument("--offscreen", action="store_true", help="draw into memory, open no window")
    market_options(run)
    venue_options(run)
    run.set_defaults(command=_run)


def _add_demo(commands: Commands) -> None:
    demo = commands.add_parser(
        "demo", help="play a scripted session and write pictures and a report", allow_abbrev=False
    )
    demo.add_argument("--out", type=Path, default=Path("demo-out"), metavar="DIR", help="folder")
    seed_option(demo)
    demo.set_defaults(command=_demo)


def _add_practice(commands: Commands) -> None:
    practice = commands.add_parser(
        "practice",
        help="run the practice venue alone",
        allow_abbrev=False,
        description=PRACTICE,
        epilog=PRACTICE_ENDS,
    )
    practice.add_argument(
        "--port", type=values.port, default=0, metavar="N", help="0 (the default) takes a free one"
    )
    market_options(practice)
    venue_options(practice)
    practice.add_argument(
        "--stepped",
        action="store_true",
        help="venue time moves only by the control endpoint's action step",
    )
    practice.add_argument(
        "--script",
        type=values.file,
        metavar="FILE",
        help="play a script of calls in stepped time, print what happened and end",
    )
    practice.add_argument(
        "--linger",
        type=values.positive,
        metavar="S",
        help="end after S seconds without a client; otherwise run until stopped",
    )
    practice.set_defaults(command=_practice)


def _add_doctor(commands: Commands) -> None:
    doctor = commands.add_parser(
        "doctor", help="look for problems and tell their fixes", allow_abbrev=False
    )
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE.zip",
        help="also write what helps support, without secrets",
    )
    _venue_option(doctor)
    doctor.set_defaults(command=_doctor)


def _add_panic(commands: Commands) -> None:
    panic = commands.add_parser(
        "panic",
        help="kill switch: lock entries, cancel all orders, close all positions",
        allow_abbrev=False,
    )
    panic.add_argument(
        "--account", type=values.account, required=True, metavar="ID", help="account id"
    )
    _venue_option(panic)
    panic.set_defaults(command=_panic)


def _venue_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--venue",
        default="practice",
        metavar="NAME",
        help="practice (the default) or a firm, such as topstepx",
    )


def _run(chosen: argparse.Namespace) -> int:
    if chosen.drill == "list":
        return _list_drills()
    if chosen.offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif not _has_display():
        raise StartError(
            "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): use "
            "`tradedesk run --offscreen`, or `tradedesk demo` for pictures of a session."
        )
    from tradedesk.app.gui.desk import run_desk

    return run_desk(chosen, venue_arguments(chosen))


def _demo(chosen: argparse.Namespace) -> int:
    if not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from tradedesk.app.gui.demo import run_demo

    return run_demo(chosen.out, chosen.seed)


def _practice(chosen: argparse.Namespace) -> int:
    if chosen.drill == "list":
        return _list_drills()
    from tradedesk.app import practice_main

    options = practice_main.VenueOptions(
        port=chosen.port,
        seed=chosen.seed,
        replay=chosen.replay,
        speed=chosen.speed,
        start=chosen.start,
        stepped=chosen.stepped,
        hours=chosen.hours,
        accounts=tuple(chosen.account or ("practice",)),
        rules=chosen.rules,
        faults=chosen.faults,
        settings=tuple(chosen.set),
        linger_s=chosen.linger,
        script=chosen.script,
        drill=chosen.drill,
    )
    return practice_main.main(options)


def _list_drills() -> int:
    from tradedesk.app.practice_drill import drill_lines

    print("\n".join(drill_lines()))
    return 0


def _doctor(chosen: argparse.Namespace) -> int:
    from tradedesk.cli import doctor

    return doctor.main(venue=chosen.venue, as_json=chosen.json, bundle=chosen.bundle)


def _panic(chosen: argparse.Namespace) -> int:
    from tradedesk.app import panic

    return panic.main(chosen.account, chosen.venue)


def _executor(_: argparse.Namespace) -> int:
    from tradedesk.app import executor_main

    return executor_main.main()


def _has_display() -> bool:
    """Whether a window can open; on macOS and Windows one always can."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
