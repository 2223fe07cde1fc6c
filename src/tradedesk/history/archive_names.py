"""Names of folders and files of the archive: contracts, and the days or years of files."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import InputError

DAY_NS: Final = 86_400_000_000_000
ENDING: Final = ".parquet"
_EPOCH: Final = date(1970, 1, 1)
_LONGEST: Final = 120
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_YEARLY: Final = frozenset({BarUnit.DAY, BarUnit.WEEK, BarUnit.MONTH})


def folder_name(contract: str) -> str:
    """Name of a contract's folder; letters, digits, ``-``, ``_`` and ``.`` stand for themselves.

    Everything else is written ``%2F``, and so is a dot at either end or behind a name that
    Windows keeps for devices, which ``CON.F.US.EP.U24`` begins with.

    Raises
    ------
    InputError
        If the contract has no name or a very long one.
    """
    name = quote(contract, safe="").replace("~", "%7E")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if name.endswith("."):
        name = f"{name[:-1]}%2E"
    if found := _RESERVED.match(name):
        end = found.end()
        rest = name[end + 1 :]
        name = f"{name[:end]}%2E{rest}" if name[end:] else f"%{ord(name[0]):02X}{name[1:]}"
    if not name or len(name) > _LONGEST:
        raise InputError(
            f"{contract!r} is no contract's name: give one of 1 to {_LONGEST} characters."
        )
    return name


def contract_name(folder: str) -> str:
    """Contract of a folder."""
    return unquote(folder)


class Period(NamedTuple):
    """A day or a year, UTC, that one file holds."""

    name: str
    start_ns: int
    end_ns: int

    @classmethod
    def of(cls, ts_ns: int, *, yearly: bool) -> Period:
        """The day or year that a time lies in."""
        day = _EPOCH + timedelta(days=ts_ns // DAY_NS)
        if not yearly:
            return cls(day.isoformat(), _start_ns(day), _start_ns(day) + DAY_NS)
        year = day.year
        return cls(f"{year:04d}", _start_ns(date(year, 1, 1)), _start_ns(date(year + 1, 1, 1)))

    @classmethod
    def named(cls, name: str) -> Period | None:
        """The period of a file's name without its ending; None if it is none."""
        if re.fullmatch(r"\d{4}", name) and int(name):
            return cls.of(_start_ns(date(int(name), 1, 1)), yearly=True)
        try:
            day = datetime.strptime(name, "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            return None
        return cls.of(_start_ns(day), yearly=False) if day.isoformat() == name else None


def yearly(spec: BarSpec) -> bool:
    """Whether bars of a size are filed by year; shorter ones are filed by day."""
    return spec.unit in _YEARLY


def _start_ns(day: date) -> int:
    return (day - _EPOCH).days * DAY_NS
