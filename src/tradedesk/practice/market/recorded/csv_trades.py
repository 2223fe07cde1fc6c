"""Trades as CSV, in two forms."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tradedesk.domain.errors import InputError
from tradedesk.practice.market.recorded.trade_rows import (
    CSV_HELP,
    aggressor,
    checked,
    form_of,
    recorded_trades,
)
from tradedesk.practice.market.recorded.unpack import gunzip
from tradedesk.practice.stamps import nanoseconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tradedesk.practice.market.recorded.raw import Recorded


def read_csv(path: Path, raw: bytes) -> Recorded:
    """Read a CSV of trades, packed with gzip or not.

    Raises
    ------
    InputError
        Names the line and what is wrong with it.
    """
    try:
        text = (gunzip(path, raw) if path.name.lower().endswith(".gz") else raw).decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is truncated or no text: {error}.") from error
    rows = csv.reader(io.StringIO(text))
    try:
        return _read(path, rows)
    except csv.Error as error:
        raise InputError(f"{path} line {rows.line_num} cannot be read: {error}.") from error


def _read(path: Path, rows: Any) -> Recorded:
    columns: list[str] = next(rows, [])
    time, size = form_of(path, set(columns), "CSV")
    read_time: Callable[[str], int] = _milliseconds if time == "time_ms" else _any_time
    places = [columns.index(name) for name in (time, "price", size, "side")]
    last = max(places)
    times: list[int] = []
    prices: list[Decimal] = []
    sizes: list[int] = []
    sides: list[int] = []
    before = 0
    for row in rows:
        if not row:
            continue
        if len(row) <= last:
            row += [""] * (last + 1 - len(row))
        when, price_text, amount_text, side = (row[place] for place in places)
        where = f"{path} line {rows.line_num}"
        try:
            ts_ns, price, amount = read_time(when), Decimal(price_text), Decimal(amount_text)
            contracts = checked(where, ts_ns, price, amount, CSV_HELP)
        except InputError:
            raise
        except (ValueError, InvalidOperation, OverflowError) as error:
            raise InputError(f"{where} cannot be read: {CSV_HELP}.") from error
        if ts_ns < before:
            raise InputError(f"{where} goes back in time: {CSV_HELP}.")
        before = ts_ns
        times.append(ts_ns)
        prices.append(price)
        sizes.append(contracts)
        sides.append(aggressor(side))
    return recorded_trades(path, times, prices, sizes, sides)


def _milliseconds(text: str) -> int:
    return int(text) * 1_000_000


def _any_time(text: str) -> int:
    return int(text) if text.isdecimal() else nanoseconds(datetime.fromisoformat(text))
