"""The files of one contract and one kind, a day or a year each; says what may be put among them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import BatchError, InputError, StoreError
from tradedesk.history.archive_file import (
    ArchiveFile,
    Label,
    Table,
    open_file,
    write_file,
)
from tradedesk.history.archive_names import ENDING, Period
from tradedesk.history.folder_lock import writing
from tradedesk.history.replacing import TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEGIN_NS: Final = -(2**63)
END_NS: Final = 2**63 - 1


class Entry(NamedTuple):
    """One file: ``problem`` is empty, or says why it cannot be read."""

    name: str
    path: Path
    rows: int
    first_ns: int
    last_ns: int
    bytes: int
    problem: str = ""


class Shelf:
    """Files of one contract and one kind.

    Parameters
    ----------
    folder : Path
        Where they are.
    kind, contract : str
        What each of them must be.
    yearly : bool
        Whether a file holds a year; otherwise it holds a day, UTC.
    """

    def __init__(self, folder: Path, kind: str, contract: str, *, yearly: bool = False) -> None:
        self._folder = folder
        self._kind = kind
        self._contract = contract
        self._yearly = yearly

    def put(self, columns: Table, label: Label) -> list[Entry]:
        """Replace what lies between the first and the last time of the rows of each file.

        To put the same rows twice is to put them once, and a file that none of the rows belongs
        to stays as it is. Each file is replaced whole or not at all, one after another.

        Raises
        ------
        InputError
            If a file that stays in part counts in another tick or lot size or has other columns.
        StoreError
            If a file cannot be read or written; it stands as it stood.
        """
        if not len(columns["ts_ns"]):
            return []
        with writing(self._folder):
            self._sweep()
            return [self._merge(period, part, label) for period, part in self._parts(columns)]

    def append(self, columns: Table, label: Label) -> list[Entry]:
        """Add rows behind the last one; the file of the newest day is written anew.

        Raises
        ------
        BatchError
            If the first row is older than the last one kept; nothing changes.
        InputError, StoreError
            As for `put`.
        """
        if not len(columns["ts_ns"]):
            return []
        with writing(self._folder):
            self._sweep()
            last_ns = self._last_ns()
            first_ns = int(columns["ts_ns"][0])
            if last_ns is not None and first_ns < last_ns:
                raise BatchError(
                    f"{self._kind} starting at {first_ns} are older than the last of "
                    f"{self._contract} that are kept ({last_ns}): put them instead of appending, "
                    f"which replaces what lies between their first and last time."
                )
            return [
                self._merge(period, part, label, behind=True)
                for period, part in self._parts(columns)
            ]

    def read(
        self, start_ns: int, end_ns: int, wanted: tuple[str, ...], more: tuple[str, ...] = ()
    ) -> Iterator[tuple[Label, Table]]:
        """Give the rows of a time range, oldest first, in parts that need no copy.

        Parameters
        ----------
        start_ns, end_ns : int
            First nanosecond, and the one behind the last.
        wanted : tuple of str
            Columns that every file must have.
        more : tuple of str
            Columns that are read where they are.

        Raises
        ------
        InputError
            If the files of the range count in different tick or lot sizes.
        StoreError
            If a file of the range cannot be read.
        """
        label: Label | None = None
        for period, path in self._periods():
            if period.end_ns <= start_ns or period.start_ns >= end_ns:
                continue
            file = open_file(path, self._kind, self._contract)
            _same_units(label or file.label, file.label, path)
            label = label or file.label
            columns = [*wanted, *(name for name in more if name in file.names())]
            for group in file.groups(start_ns, end_ns, columns):
                yield file.label, group

    def label(self) -> Label | None:
        """What the oldest file says of itself; None if there is none.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        for _period, path in self._periods():
            return self._peek(path).label
        return None

    def entries(self) -> list[Entry]:
        """Every file, oldest first, those that cannot be read among them."""
        found = []
        for period, path in self._periods():
            try:
                found.append(self._entry(period, self._peek(path)))
            except StoreError as error:
                size = path.stat().st_size if path.exists() else 0
                found.append(Entry(period.name, path, 0, 0, 0, size, str(error)))
        return found

    def missing(self) -> list[date]:
        """Days, UTC, between the first and the last file that have none; weekends among them."""
        if self._yearly:
            return []
        days = [date.fromisoformat(period.name) for period, _ in self._periods()]
        if not days:
            return []
        every = (days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days))
        there = set(days)
        return [day for day in every if day not in there]

    def _periods(self) -> list[tuple[Period, Path]]:
        if not self._folder.is_dir():
            return []
        found = []
        for path in self._folder.glob(f"*{ENDING}"):
            period = Period.named(path.name.removesuffix(ENDING))
            if period is not None and not path.name.startswith("."):
                found.append((period, path))
        return sorted(found)

    def _parts(self, columns: Table) -> Iterator[tuple[Period, Table]]:
        ts_ns, row = columns["ts_ns"], 0
        while row < len(ts_ns):
            period = Period.of(int(ts_ns[row]), yearly=self._yearly)
            stop = int(ts_ns.searchsorted(period.end_ns))
            yield period, {name: column[row:stop] for name, column in columns.items()}
            row = stop

    def _merge(self, period: Period, part: Table, label: Label, *, behind: bool = False) -> Entry:
        path = self._folder / f"{period.name}{ENDING}"
        if path.exists():
            file = open_file(path, self._kind, self._contract)
            first_ns, last_ns = int(part["ts_ns"][0]), int(part["ts_ns"][-1])
            # appended rows may share their first time with the last row that is kept
            head_ends, tail_starts = (END_NS, END_NS) if behind else (first_ns, last_ns + 1)
            head = self._kept(file, BEGIN_NS, head_ends, part, label)
            tail = self._kept(file, tail_starts, END_NS, part, label)
            if head or tail:
                label = label.with_source(file.label.source)
            part = _joined([*head, part, *tail])
        write_file(path, part, label)
        return self._entry(period, self._peek(path))

    def _kept(
        self, file: ArchiveFile, start_ns: int, end_ns: int, part: Table, label: Label
    ) -> list[Table]:
        """Rows of a file that stay beside new ones."""
        rows = [
            group for group in file.groups(start_ns, end_ns, file.names()) if len(group["ts_ns"])
        ]
        if rows:
            _same_units(file.label, label, file.path)
            if set(file.names()) != set(part):
                raise InputError(
                    f"{file.path} has the columns {', '.join(file.names())}, what is to be added "
                    f"has {', '.join(part)}: put the whole {'year' if self._yearly else 'day'}."
                )
        return rows

    def _last_ns(self) -> int | None:
        periods = self._periods()
        if not periods:
            return None
        return self._peek(periods[-1][1]).last_ns

    def _peek(self, path: Path) -> ArchiveFile:
        return open_file(path, self._kind, self._contract, whole=False)

    def _sweep(self) -> None:
        """Remove what a process that died while it wrote has left; nobody else writes now."""
        for path in self._folder.glob(f".*{TEMPORARY}"):
            path.unlink(missing_ok=True)

    @staticmethod
    def _entry(period: Period, file: ArchiveFile) -> Entry:
        size = file.path.stat().st_size
        return Entry(period.name, file.path, file.rows, file.first_ns, file.last_ns, size)


def _joined(parts: list[Table]) -> Table:
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _same_units(kept: Label, other: Label, path: Path) -> None:
    for what, mine, theirs in (
        ("tick", kept.tick.size, other.tick.size),
        ("lot", kept.lot, other.lot),
    ):
        if mine != theirs:
            raise InputError(
                f"{path}: a {what} size of {theirs} meets one of {mine} in {kept.contract}: "
                f"use one {what} size for all of a contract, or ask for one part of the time."
            )
