"""``tradedesk history``: files of trades and bars into the archive, and bars out of files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradedesk.cli import values

if TYPE_CHECKING:
    import argparse

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

IMPORT = (
    "Read files of trades or bars (Databento .dbn or .dbn.zst, CSV or .csv.gz, Parquet) and keep "
    "them by contract and day, UTC, in the data folder. What is kept of a day between the first "
    "and the last time that a file has of it is replaced, so importing a file twice is importing "
    "it once. The first file that cannot be read ends it; those before it are kept."
)
BARS = (
    "Make bars of a file of trades, or longer bars of a file of bars, and print them as CSV or "
    "write them to a file. With --hours all bars keep to an exchange's sessions; without it days, "
    "weeks and months begin at midnight UTC."
)


def add_history(commands: Commands) -> None:
    """Add the command to the parser."""
    history = commands.add_parser(
        "history", help="import, list and convert trades and bars on disk", allow_abbrev=False
    )
    kinds = history.add_subparsers(metavar="WHAT", required=True)
    importing = kinds.add_parser(
        "import", help="keep files of trades or bars", description=IMPORT, allow_abbrev=False
    )
    importing.add_argument("files", nargs="+", type=values.file, metavar="FILE")
    _units(importing, "name to keep it under; the one to take where a file has several")
    importing.add_argument("--size", metavar="SIZE", help="size of the bars of a file of bars: 1m")
    importing.add_argument(
        "--closing", action="store_true", help="bars are stamped with the time at which they close"
    )
    importing.set_defaults(command=run_import)
    bars = kinds.add_parser(
        "bars", help="make bars of a file", description=BARS, allow_abbrev=False
    )
    bars.add_argument("file", type=values.file, metavar="FILE")
    bars.add_argument(
        "--size", required=True, metavar="SIZE", help="such as 30s, 5m, 1d, 500t, 1000v, 10r or 8n"
    )
    bars.add_argument(
        "--out", type=Path, metavar="FILE", help="write to a .csv, .csv.gz or .parquet file"
    )
    bars.add_argument(
        "--hours", metavar="NAME",
        help="a product (ES), group of products (equity) or exchange (EUREX) whose hours count",
    )  # fmt: skip
    bars.add_argument("--rth", action="store_true", help="the regular ones of those hours only")
    _units(bars, "the one to take where the file has several")
    bars.set_defaults(command=run_bars)
    listing = kinds.add_parser("list", help="tell what is kept", allow_abbrev=False)
    listing.add_argument("contract", nargs="?", metavar="CONTRACT", help="tell its days one by one")
    listing.set_defaults(command=run_list)


def _units(command: argparse.ArgumentParser, contract_help: str) -> None:
    command.add_argument("--contract", metavar="NAME", help=contract_help)
    command.add_argument(
        "--tick", metavar="PRICE",
        help="tick size; left out, what the file, a definition file beside it or a list of "
        "well-known futures says, or the step in which its prices are written",
    )  # fmt: skip
    command.add_argument(
        "--lot", metavar="SIZE",
        help="unit of quantities; left out, 1, or the step in which parts of one are written",
    )  # fmt: skip


def run_import(chosen: argparse.Namespace) -> int:
    """Import and say what was kept."""
    from tradedesk.app import history_files

    units = history_files.Units(chosen.contract, chosen.tick, chosen.lot)
    for line in history_files.import_files(chosen.files, units, chosen.size, chosen.closing):
        print(line, flush=True)
    return 0


def run_bars(chosen: argparse.Namespace) -> int:
    """Make bars, and write or print them."""
    from tradedesk.app import history_files

    units = history_files.Units(chosen.contract, chosen.tick, chosen.lot)
    hours = history_files.HoursAsked(chosen.hours, chosen.rth)
    for line in history_files.bars_of_file(chosen.file, chosen.size, units, chosen.out, hours):
        print(line)
    return 0


def run_list(chosen: argparse.Namespace) -> int:
    """List what is kept."""
    from tradedesk.app import history_files

    for line in history_files.listing(chosen.contract):
        print(line)
    return 0
