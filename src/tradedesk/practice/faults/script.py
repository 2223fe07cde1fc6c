"""Faults from a TOML file: a seed and a list of ``[[fault]]`` tables."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec

from tradedesk.domain.errors import InputError
from tradedesk.practice.faults.delays import Law
from tradedesk.practice.faults.kinds import WrongFaultError, check
from tradedesk.practice.faults.model import Data, Event, Fault

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_SEED = 2**63 - 1
_CHOICES: Final = {
    "event": get_args(Event),
    "data": get_args(Data),
    "delay.law": get_args(Law),
}


class Script(msgspec.Struct, frozen=True):
    """What a file asks for.

    Parameters
    ----------
    faults : list of Fault
        In the order in which they are armed.
    seed : int or None
        Makes the chances; None leaves it to the seed of the venue.
    """

    faults: list[Fault]
    seed: int | None = None


def read_script(path: Path) -> Script:
    """Read and check a file of faults.

    Raises
    ------
    InputError
        If the file cannot be read or a fault in it cannot be armed: one sentence that names
        file, fault, member and fix.
    """
    try:
        tables = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no text in UTF-8: save it as such.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{path} is no TOML: {error}.") from error
    if unknown := sorted(tables.keys() - {"seed", "fault"}):
        raise InputError(
            f"{path}: there is no member '{unknown[0]}'; use 'seed' and [[fault]] tables."
        )
    seed = tables.get("seed")
    if seed is not None and not (type(seed) is int and 0 <= seed <= LARGEST_SEED):
        raise InputError(f"{path}: 'seed': {seed!r} is no whole number from 0; give one.")
    listed = tables.get("fault", [])
    if not isinstance(listed, list):
        raise InputError(f"{path}: 'fault' is no list; write [[fault]] with two brackets.")
    faults = [_checked(path, number, table) for number, table in enumerate(listed, 1)]
    ids = [fault.id for fault in faults if fault.id]
    for number, fault in enumerate(faults, 1):
        if fault.id and ids.count(fault.id) > 1:
            raise InputError(f"{path}: fault {number}, 'id': '{fault.id}' is taken; use another.")
    return Script(faults, seed)


def read_fault(members: Any) -> Fault:
    """Make a fault of plain members, as they come from a file or from the control endpoint.

    Raises
    ------
    WrongFaultError
        Names the member and the fix.
    """
    if not isinstance(members, dict):
        raise WrongFaultError("fault", "it is no table; write [[fault]] and its members below")
    known = Fault.__struct_fields__
    if unknown := sorted(members.keys() - set(known)):
        raise WrongFaultError(unknown[0], f"there is no such member; use {', '.join(known)}")
    if missing := [name for name in ("on", "kind") if name not in members]:
        raise WrongFaultError(missing[0], "it is missing; add it")
    try:
        fault = msgspec.convert(members, Fault)
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at ")
        field = path.strip("`$.") or "fault"
        choices = _CHOICES.get(field)
        fix = "correct it" if choices is None else f"use one of {', '.join(choices)}"
        raise WrongFaultError(field, f"{text[:1].lower()}{text[1:]}; {fix}") from error
    check(fault)
    return fault


def _checked(path: Path, number: int, table: Any) -> Fault:
    try:
        return read_fault(table)
    except WrongFaultError as error:
        raise InputError(f"{path}: fault {number}, '{error.field}': {error.text}.") from error
