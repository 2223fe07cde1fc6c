"""Options of the practice venue, for its own command and for the desk that starts one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradedesk.cli import values

if TYPE_CHECKING:
    import argparse


def seed_option(command: argparse.ArgumentParser) -> None:
    """What makes the market."""
    command.add_argument(
        "--seed", type=values.seed, default=7, metavar="N", help="one seed, one market (default 7)"
    )


def market_options(command: argparse.ArgumentParser) -> None:
    """What moves on the practice venue: a generated market or a recorded one."""
    seed_option(command)
    command.add_argument(
        "--replay",
        type=values.file,
        metavar="FILE",
        help="play a recording: .dbn, .dbn.zst, .csv, .parquet or a book stream",
    )
    command.add_argument(
        "--speed",
        type=values.positive,
        default=1.0,
        metavar="X",
        help="venue seconds per real second, 1 as lived",
    )


def venue_options(command: argparse.ArgumentParser) -> None:
    """How the practice venue stands in time, who trades there, and its knobs."""
    command.add_argument(
        "--account",
        action="append",
        metavar="KIND",
        help="practice (the default), combine-50k, express-50k ...; may be given more than once; "
        "KIND:daily-loss turns the daily limit on",
    )
    command.add_argument(
        "--rules",
        type=values.file,
        metavar="FILE",
        help="TOML file with kinds of accounts of your own",
    )
    command.add_argument(
        "--hours",
        choices=("always", "exchange"),
        default="always",
        help="trade around the clock (the default), or in the exchange's hours",
    )
    command.add_argument(
        "--start",
        type=values.moment,
        metavar="TIME",
        help="venue time at the start, such as 2026-11-20T08:25-06:00; the present otherwise",
    )
    command.add_argument(
        "--faults", type=values.file, metavar="FILE", help="TOML file of faults to start with"
    )
    command.add_argument(
        "--drill",
        metavar="NAME",
        help="play a drill, by name or .toml file, and score what is done; `list` names them",
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a knob of docs/practice-venue.md; may be given more than once",
    )


def venue_arguments(chosen: argparse.Namespace) -> tuple[str, ...]:
    """The venue options that were given, as words of a command line again."""
    words: list[str] = []
    for kind in chosen.account or ():
        words += ["--account", kind]
    if chosen.hours != "always":
        words += ["--hours", chosen.hours]
    if chosen.start is not None:
        words += ["--start", chosen.start.isoformat()]
    for option in ("rules", "faults"):
        path = getattr(chosen, option)
        if path is not None:
            words += [f"--{option}", str(path.absolute())]
    if chosen.drill is not None:
        file = chosen.drill.endswith(".toml")
        words += [
            "--drill",
            str(Path(chosen.drill).expanduser().absolute()) if file else chosen.drill,
        ]
    for setting in chosen.set:
        words += ["--set", setting]
    return tuple(words)
