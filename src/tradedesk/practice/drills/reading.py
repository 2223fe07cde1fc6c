"""Drills from files: those of the package by name, and a stranger's by path."""

from __future__ import annotations

import math
import string
import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tradedesk.domain.errors import InputError
from tradedesk.practice.drills.model import Drill
from tradedesk.practice.faults.kinds import WrongFaultError
from tradedesk.practice.faults.script import read_fault
from tradedesk.practice.products import PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIX = ".toml"
_FORMATTER = string.Formatter()


def drill_names() -> list[str]:
    """Names of the drills in the package, in alphabetical order."""
    folder = resources.files(__package__) / "catalogue"
    return sorted(
        file.name.removesuffix(_SUFFIX) for file in folder.iterdir() if file.name.endswith(_SUFFIX)
    )


def named_drill(name: str) -> Drill:
    """Read a drill of the package.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in drill_names():
        raise InputError(
            f"There is no drill '{name}': use one of {', '.join(drill_names())}, or a .toml file."
        )
    file = resources.files(__package__) / "catalogue" / f"{name}{_SUFFIX}"
    return read_drill(file.read_bytes(), f"{name}{_SUFFIX}")


def find_drill(wanted: str) -> Drill:
    """Read a drill by its name, or from a file if `wanted` ends in ``.toml``.

    Raises
    ------
    InputError
        If there is no such drill or the file is unusable; one sentence.
    """
    if not wanted.endswith(_SUFFIX):
        return named_drill(wanted)
    path = Path(wanted).expanduser()
    try:
        return read_drill(path.read_bytes(), wanted)
    except OSError as error:
        raise InputError(f"The drill {wanted} cannot be read: {error.strerror}.") from error


def read_drill(data: bytes, name: str) -> Drill:
    """Read and check a drill.

    Raises
    ------
    InputError
        One sentence with the file, the member and the fix.
    """
    try:
        tables = tomllib.loads(data.decode("utf-8"))
        drill = msgspec.convert(tables, Drill)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is no text in UTF-8: save it as such.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{name} is no TOML: {error}.") from error
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at ")
        place = where.strip("`").removeprefix("$.") or "the file"
        raise InputError(f"{name}, {place}: {text[:1].lower()}{text[1:]}.") from error
    for problem in _problems(drill):
        raise InputError(f"{name}, {problem}.")
    return drill


def _problems(drill: Drill) -> Iterator[str]:
    """What is wrong although every member has a good type; the first is told."""
    symbols = [product.symbol for product in PRODUCTS]
    if drill.contract not in symbols:
        yield f"contract: there is no product '{drill.contract}', use a symbol such as MNQ"
    if not any(step.trouble for step in drill.step):
        yield "step: none begins trouble, so nothing is ever measured; give one trouble = true"
    for number, step in enumerate(drill.step, 1):
        if step.when == "trouble" and step.trouble:
            yield f"step {number}: trouble cannot begin after trouble, use another 'when'"
        for members in step.faults:
            yield from _fault_problems(number, members)
    for one in drill.criterion:
        if not (math.isfinite(one.best) and math.isfinite(one.worst)) or one.best >= one.worst:
            yield f"criterion '{one.name}': best must be below worst, less is better"
        for text in (one.well, one.better, one.missed or ""):
            yield from _text_problems(one.name, text)


def _fault_problems(number: int, members: dict[str, Any]) -> Iterator[str]:
    try:
        read_fault(members)
    except WrongFaultError as error:
        yield f"step {number}, fault, '{error.field}': {error.text}"


def _text_problems(name: str, text: str) -> Iterator[str]:
    try:
        fields = [
            (field, spec) for _, field, spec, _ in _FORMATTER.parse(text) if field is not None
        ]
    except ValueError:
        fields = [("", "")]
    if any(field != ("value", "") for field in fields):
        yield f"criterion '{name}': only {{value}} may stand in braces"
