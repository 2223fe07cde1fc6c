"""Reads recorded trades: Databento files and two kinds of CSV."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import databento_dbn as dbn

from tradedesk.domain.errors import InputError
from tradedesk.practice.market.zstd_frame import MAGIC, is_whole
from tradedesk.practice.stamps import nanoseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CSV_HELP: Final = (
    "a CSV needs the columns time_ms,side,price,amount (Unix milliseconds) or ts,price,size,side "
    "(Unix nanoseconds or ISO 8601, UTC), oldest first"
)
_BUYS: Final = frozenset({"buy", "b", "bid", "0"})
_SELLS: Final = frozenset({"sell", "s", "a", "ask", "1"})
_NANO: Final = Decimal("1e-9")


class RecordedTrade(NamedTuple):
    """One trade as recorded; ``buy`` is None where the aggressor is not known."""

    ts_ns: int
    price: Decimal
    size: int
    buy: bool | None


Recording = dict[str, list[RecordedTrade]]
"""Trades by symbol, oldest first."""

LARGEST_SIZE = 2**31 - 1
LAST_NS = 7_258_118_400 * 1_000_000_000
"""The year 2200; stamps beyond it are damage, and some cannot be dates at all."""


def read_recording(path: Path) -> Recording:
    """Read a file of trades.

    Parameters
    ----------
    path : Path
        ``*.dbn``, ``*.dbn.zst``, ``*.csv`` or ``*.csv.gz``.

    Raises
    ------
    InputError
        One sentence: the file, what is wrong with it, and what would do.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    names = path.name.lower()
    if ".dbn" in names:
        recording = _read_dbn(path, raw)
    elif ".csv" in names:
        recording = {path.name.split(".")[0]: list(_read_csv(path, raw))}
    else:
        raise InputError(f"{path} cannot be replayed: give a .dbn, .dbn.zst, .csv or .csv.gz file.")
    recording = {symbol: trades for symbol, trades in recording.items() if trades}
    if not recording:
        raise InputError(f"{path} holds no trades: record the trades, tbbo, mbp-1 or mbo schema.")
    return recording


def _read_dbn(path: Path, raw: bytes) -> Recording:
    zipped = raw.startswith(MAGIC)
    if zipped and not is_whole(raw):
        raise InputError(f"{path} is truncated: fetch it again.")
    # The library's stubs call the members strings; they are members.
    kind: Any = dbn.Compression.ZSTD if zipped else dbn.Compression.NONE
    decoder = dbn.DBNDecoder(compression=kind)
    try:
        decoder.write(raw)
        records = decoder.decode()
    except (dbn.DBNError, RuntimeError, ValueError) as error:
        raise InputError(f"{path} is not a Databento file: {error}.") from error
    except BaseException as error:
        # The library is native code and ends in a panic of its own kind on some damaged files;
        # the kind is no Exception and cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(f"{path} is damaged: fetch it again.") from None
    if not records or not isinstance(records[0], dbn.Metadata):
        raise InputError(f"{path} is not a Databento file or is truncated: fetch it again.")
    if decoder.buffer():
        raise InputError(f"{path} is truncated: fetch it again.")
    symbols = _symbols(records[0])
    found: Recording = {}
    for record in records[1:]:
        if isinstance(record, dbn.TradeMsg | dbn.MBP1Msg | dbn.MBOMsg | dbn.MBP10Msg) and (
            record.action == dbn.Action.TRADE
        ):
            symbol = symbols.get(record.instrument_id, str(record.instrument_id))
            price = (record.price * _NANO).normalize()
            trade = RecordedTrade(record.ts_recv, price, record.size, _buyer(record.side))
            found.setdefault(symbol, []).append(trade)
    return found


def _symbols(metadata: dbn.Metadata) -> dict[int, str]:
    mappings = metadata.mappings.items()
    return {
        int(interval["symbol"]): symbol
        for symbol, intervals in mappings
        for interval in intervals
        if str(interval["symbol"]).isdecimal()
    }


def _buyer(side: object) -> bool | None:
    if side == dbn.Side.BID:
        return True
    return False if side == dbn.Side.ASK else None


def _read_csv(path: Path, raw: bytes) -> Iterator[RecordedTrade]:
    try:
        text = (gzip.decompress(raw) if path.name.lower().endswith(".gz") else raw).decode()
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise InputError(f"{path} is truncated or no text: {error}.") from error
    rows = csv.DictReader(io.StringIO(text))
    try:
        yield from _csv_rows(path, rows)
    except csv.Error as error:
        raise InputError(f"{path} line {rows.line_num} cannot be read: {error}.") from error


def _csv_rows(path: Path, rows: csv.DictReader[str]) -> Iterator[RecordedTrade]:
    columns = set(rows.fieldnames or ())
    if {"time_ms", "side", "price", "amount"} <= columns:
        time, size, read_time = "time_ms", "amount", _milliseconds
    elif {"ts", "price", "size", "side"} <= columns:
        time, size, read_time = "ts", "size", _any_time
    else:
        raise InputError(f"{path} has the columns {', '.join(sorted(columns))}: {CSV_HELP}.")
    before = 0
    for row in rows:
        trade = _csv_trade(path, rows.line_num, (row[time], row["price"], row[size], row["side"]),
                           read_time)  # fmt: skip
        if trade.ts_ns < before:
            raise InputError(f"{path} line {rows.line_num} goes back in time: {CSV_HELP}.")
        before = trade.ts_ns
        yield trade


def _csv_trade(
    path: Path, line: int, fields: tuple[str | None, ...], read_time: Callable[[str], int]
) -> RecordedTrade:
    time, price, size, side = (field or "" for field in fields)
    try:
        amount = Decimal(size)
        trade = RecordedTrade(
            read_time(time), Decimal(price), max(1, round(amount)), _csv_buyer(side)
        )
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise InputError(f"{path} line {line} cannot be read: {CSV_HELP}.") from error
    if not trade.price.is_finite() or trade.price <= 0 or amount <= 0:
        raise InputError(f"{path} line {line} has no positive price and size: {CSV_HELP}.")
    if amount > LARGEST_SIZE:
        raise InputError(f"{path} line {line} has the size {amount}, more than a trade can have.")
    if not 0 <= trade.ts_ns <= LAST_NS:
        raise InputError(f"{path} line {line} lies beyond the year 2200: {CSV_HELP}.")
    return trade


def _csv_buyer(side: str) -> bool | None:
    word = side.strip().lower()
    if word in _BUYS:
        return True
    return False if word in _SELLS else None


def _milliseconds(text: str) -> int:
    return int(text) * 1_000_000


def _any_time(text: str) -> int:
    return int(text) if text.isdecimal() else nanoseconds(datetime.fromisoformat(text))
