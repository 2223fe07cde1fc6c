"""Types of arguments: from a word of the command line to a value, or one sentence why not."""

from __future__ import annotations

import argparse
import math
import re
from datetime import datetime
from pathlib import Path

LARGEST_SEED = 2**63 - 1
_YEARS = range(1990, 2101)


def moment(text: str) -> datetime:
    """Read a time in ISO 8601."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: give one such as 2026-11-20T08:25-06:00 (UTC without a zone)"
        )
    return found


def whole(text: str, low: int, high: int, what: str) -> int:
    """Read a whole number of a range; `what` names it in the sentence."""
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is no {what}: give a number {low} to {high}")
    return int(text)


def port(text: str) -> int:
    """Read a port number."""
    return whole(text, 0, 65_535, "port")


def seed(text: str) -> int:
    """Read a seed."""
    return whole(text, 0, LARGEST_SEED, "seed")


def account(text: str) -> int:
    """Read an account id."""
    return whole(text, 1, LARGEST_SEED, "account id")


def positive(text: str) -> float:
    """Read a number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f"{text!r} cannot be used: give a number above 0")
    return number


def milliseconds(text: str) -> float:
    """Read a time of 0 to 10,000 milliseconds."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: give milliseconds, 0 to 10000")
    return number


def clicks(text: str) -> int:
    """Read a number of clicks."""
    return whole(text, 1, 100_000, "number of clicks")


def file(text: str) -> Path:
    """Read the path of a file that exists."""
    path = Path(text).expanduser()
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text!r}")
    return path
