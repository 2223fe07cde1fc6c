"""Options of the practice venue, for its own command and for the desk that starts one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradedesk.cli import values

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Setting(argparse.Action):
    """Collects knobs; ``list`` prints all of them and ends."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Take one word."""
        if values == "list":
            from tradedesk.app.practice_main import knobs

            sys.stdout.write(knobs())
            parser.exit()
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), values])


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
        help="venue seconds per real second, 1 (as lived) to 100000",
    )


def venue_options(command: argparse.ArgumentParser) -> None:
    """How the practice venue stands in time, who trades there, and its knobs."""
    command.add_argument(
        "--account",
        action="append",
        metavar="KIND",
        help="practice (the default), combine-50k, combine-100k, combine-150k, express-50k, "
        "express-100k, express-150k, or a kind of --rules; may be given more than once; "
        "KIND:daily-loss turns the daily limit on, KIND:daily-loss=750 sets it",
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
        help="venue time at the start, such as 2026-11-20T08:25-06:00, in a recording too; "
        "otherwise the present, or its beginning",
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
        action=_Setting,
        default=[],
        metavar="NAME=VALUE",
        help="set a knob; may be given more than once; `list` names them with their defaults",
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
