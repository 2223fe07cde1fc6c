"""Reads recorded markets: Databento files, CSV and Parquet of trades, recorded book streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import InputError, OtherKindError
from tradedesk.history import dbn_file
from tradedesk.history.trade_table import csv_trades, parquet_trades
from tradedesk.history.unpack import gunzip
from tradedesk.practice.market.recorded.book_stream import is_stream, read_stream
from tradedesk.practice.market.recorded.dbn_levels import read_levels, read_trades
from tradedesk.practice.market.recorded.dbn_orders import read_orders
from tradedesk.practice.market.recorded.raw import Recorded
from tradedesk.practice.market.recorded.table_trades import recorded_trades

if TYPE_CHECKING:
    from pathlib import Path

Recording = dict[str, Recorded]
"""What a file holds, by symbol."""

_FORMS: Final = (
    ".dbn, .dbn.zst, .csv, .csv.gz or .parquet file, or a recorded stream of lines (.txt, .txt.gz)"
)
_STREAMS: Final = (".txt", ".txt.gz", ".jsonl", ".jsonl.gz")


def read_recording(path: Path) -> Recording:
    """Read a recorded market.

    Parameters
    ----------
    path : Path
        ``*.dbn``, ``*.dbn.zst``, ``*.csv``, ``*.csv.gz``, ``*.parquet``, or a recorded stream
        ``*.txt``, ``*.txt.gz``.

    Returns
    -------
    dict of str to Recorded
        By symbol; none of them is without anything to replay.

    Raises
    ------
    InputError
        One sentence: the file, what is wrong with it, and what would do.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        found = _read(path, raw)
    except OtherKindError as error:
        raise InputError(
            f"{path} holds bars, which cannot be replayed: give a file of trades."
        ) from error
    recording = {symbol: one for symbol, one in found.items() if one.tells}
    if not recording:
        raise InputError(
            f"{path} holds no trades and no book: record the trades, tbbo, mbp-1, mbp-10 or mbo "
            f"schema."
        )
    return recording


def _read(path: Path, raw: bytes) -> Recording:
    name = path.name.lower()
    if ".dbn" in name:
        records = dbn_file.read_records(path, raw)
        return {one.symbol: _of_records(path, one) for one in records}
    if ".csv" in name:
        return {path.name.split(".")[0]: recorded_trades(csv_trades(path, raw))}
    if name.endswith((".parquet", ".pq")):
        return {path.name.split(".")[0]: recorded_trades(parquet_trades(path, raw))}
    if name.endswith(_STREAMS):
        text = gunzip(path, raw) if name.endswith(".gz") else raw
        if is_stream(text):
            return dict(read_stream(path, text))
    raise InputError(f"{path} cannot be replayed: give a {_FORMS}.")


def _of_records(path: Path, one: dbn_file.SymbolRecords) -> Recorded:
    if one.rtype == dbn_file.ORDERS:
        return read_orders(path, one.rows)
    if one.rtype == dbn_file.TRADES:
        return read_trades(path, one.rows)
    return read_levels(path, one.rows, 10 if one.rtype == dbn_file.TEN else 1)
