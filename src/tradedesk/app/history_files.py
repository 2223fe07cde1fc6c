"""What ``tradedesk history`` does: the archive in the data folder, fed from files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import InputError, StoreError
from tradedesk.engine import aggregate, resample
from tradedesk.history import (
    Archive,
    BarHistory,
    TradeHistory,
    bar_lines,
    read_history,
    write_bars,
)
from tradedesk.history.exchange_hours import exchange_hours
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine import Calendar
    from tradedesk.history import Entry

_YEAR = timedelta(days=366)
_WEEK = timedelta(days=7)
_MOST_GAPS = 12


class Units(NamedTuple):
    """What the caller says of a file; None leaves it to the file."""

    contract: str | None = None
    tick: str | None = None
    lot: str | None = None


class HoursAsked(NamedTuple):
    """Whose trading hours bars keep to; None for none."""

    name: str | None = None
    rth: bool = False


NO_HOURS = HoursAsked()


def archive() -> Archive:
    """The archive of this desk."""
    return Archive(home_paths().history)


def import_files(
    files: Sequence[Path], units: Units, size: str | None, closing: bool = False
) -> Iterator[str]:
    """Keep files in the archive; gives a line for each.

    `closing` says that bars are stamped with the time at which they close.

    Raises
    ------
    InputError
        If a file cannot be used, or holds bars and no size of them is given.
    StoreError
        If the archive cannot be written.
    """
    kept = archive()
    spec = None if size is None else BarSpec.parse(size)
    for file in files:
        found = read_history(
            file,
            units.tick,
            contract=units.contract,
            lot_size=units.lot,
            stamped_at_close=spec if closing else None,
        )
        if isinstance(found, TradeHistory):
            entries, what = kept.put_trades(found, file.name), "trades"
        elif spec is None:
            raise InputError(f"{file} holds bars: give their size with --size, such as 1m.")
        else:
            entries, what = kept.put_bars(found, spec, file.name), f"{spec} bars"
        tick = f"tick {found.tick_size.size:f} (from {found.tick_from})"
        yield f"{file}: {len(found)} {what} of {found.contract}, {tick}, {_files(entries)}"


def bars_of_file(
    file: Path,
    size: str,
    units: Units,
    out: Path | None,
    hours: HoursAsked = NO_HOURS,
) -> Iterator[str]:
    """Make bars of a file; gives them as lines of CSV, or one line that says what was written.

    Raises
    ------
    InputError
        If the file, the size or the hours cannot be used.
    StoreError
        If `out` cannot be written.
    """
    spec = BarSpec.parse(size)
    found = read_history(file, units.tick, contract=units.contract, lot_size=units.lot)
    if isinstance(found, BarHistory):
        bars = resample(found.bars, spec, _calendar(hours, found.bars.ts_ns))
    else:
        bars = aggregate(found.batch, spec, _calendar(hours, found.batch.ts_ns))
    if out is None:
        yield from bar_lines(bars, found.tick_size, lot_size=found.lot_size)
        return
    write_bars(out, bars, found.tick_size, contract=found.contract, lot_size=found.lot_size)
    yield f"{out}: {len(bars)} {spec} bars of {found.contract}"


def listing(contract: str | None) -> Iterator[str]:
    """Say what the archive has: a line for each contract and kind, or for each file of one.

    Raises
    ------
    StoreError
        If nothing is kept of the contract that is asked for.
    """
    kept = archive()
    if contract is not None and contract not in kept.contracts():
        raise StoreError(f"Nothing of {contract} is kept in {kept.root}: import a file of it.")
    for name in kept.contracts() if contract is None else [contract]:
        kinds = [("trades", kept.trade_files(name))]
        kinds += [(f"{spec} bars", kept.bar_files(name, spec)) for spec in kept.bar_specs(name)]
        for what, entries in kinds:
            if not entries:
                continue
            rows = sum(entry.rows for entry in entries)
            yield f"{name}: {rows} {what}, {_files(entries)}"
            if contract is not None:
                yield from (_entry(entry) for entry in entries)
            yield from (f"  {entry.problem}" for entry in entries if entry.problem)
        gaps = [day.isoformat() for day in kept.missing_days(name)]
        if gaps:
            more = f" and {len(gaps) - _MOST_GAPS} more" if len(gaps) > _MOST_GAPS else ""
            shown = ", ".join(gaps[:_MOST_GAPS])
            yield f"  no trades on {shown}{more} (weekends and holidays among them)"


def _calendar(hours: HoursAsked, ts_ns: NDArray[np.int64]) -> Calendar:
    """The sessions around some times; a bar of months may have begun long before the first."""
    if hours.name is None:
        if hours.rth:
            raise InputError("--rth needs to know whose hours: add --hours with a product.")
        return 0
    if not len(ts_ns):
        return 0
    first, last = (datetime.fromtimestamp(int(ts_ns[row]) // NS_PER_S, UTC) for row in (0, -1))
    begin, end = (first - _YEAR).date(), (last + _WEEK).date()
    return exchange_hours(hours.name, begin, end, rth=hours.rth)


def _files(entries: Sequence[Entry]) -> str:
    if not entries:
        return "nothing to keep"
    first, last = entries[0].name, entries[-1].name
    return first if first == last else f"{first} to {last} ({len(entries)} files)"


def _entry(entry: Entry) -> str:
    if entry.problem:
        return f"  {entry.name}  cannot be read"
    return f"  {entry.name}  {entry.rows} rows, {entry.bytes} bytes"
