"""Databento files as arrays: one record, one row; nothing becomes a Python object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import databento_dbn as dbn
import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.history.unpack import unzstd
from tradedesk.history.zstd_frame import MAGIC

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TRADES, BEST, TEN, ORDERS = 0x00, 0x01, 0x0A, 0xA0
SECONDS, MINUTES, HOURS, DAYS = 0x20, 0x21, 0x22, 0x23
TRADED: Final = (TRADES, BEST, TEN, ORDERS)
"""Kinds of records that tell trades, as their headers name them."""
BARS: Final = (SECONDS, MINUTES, HOURS, DAYS)
"""Kinds of records that are bars."""
_CLASSES: Final[dict[int, Any]] = {
    TRADES: dbn.TradeMsg,
    BEST: dbn.MBP1Msg,
    TEN: dbn.MBP10Msg,
    ORDERS: dbn.MBOMsg,
    **dict.fromkeys(BARS, dbn.OHLCVMsg),
}
NAMES: Final = {
    TRADES: "trades",
    BEST: "mbp-1",
    TEN: "mbp-10",
    ORDERS: "mbo",
    SECONDS: "ohlcv-1s",
    MINUTES: "ohlcv-1m",
    HOURS: "ohlcv-1h",
    DAYS: "ohlcv-1d",
    0x13: "definition",
    0x12: "status",
    0x18: "statistics",
    0xC3: "bbo-1s",
    0xC4: "bbo-1m",
}
"""What the vendor calls records of a kind."""
_PREFIX: Final = 8
_WORD: Final = 4
_HEADER: Final = 16


class SymbolRecords(NamedTuple):
    """Records of one symbol in the order of the file; ``rtype`` is their kind."""

    symbol: str
    rtype: int
    rows: NDArray[np.void]


class DbnFile(NamedTuple):
    """A file of records: its symbols by instrument id, and the records of the kinds asked for.

    ``rtype`` is the kind of the records, None if there are none; ``others`` are names of the
    kinds of all other records.
    """

    symbols: dict[int, str]
    rtype: int | None
    records: NDArray[np.void]
    others: list[str]


def read_records(path: Path, raw: bytes) -> list[SymbolRecords]:
    """Read the records of a Databento file that tell trades.

    Parameters
    ----------
    path : Path
        For the sentence.
    raw : bytes
        The file, packed with Zstandard or not.

    Returns
    -------
    list of SymbolRecords
        Of the kinds trades, mbp-1 (tbbo too), mbp-10 and mbo; other kinds are left out.

    Raises
    ------
    InputError
        If the file is none of Databento's, truncated, damaged, or holds several of these kinds.
    """
    file = read_dbn(path, raw, TRADED)
    return [] if file.rtype is None else by_symbol(file)


def read_dbn(path: Path, raw: bytes, kinds: tuple[int, ...]) -> DbnFile:
    """Read the records of some kinds, packed with Zstandard or not.

    Raises
    ------
    InputError
        If the file is none of Databento's, truncated, damaged, or holds several of these kinds.
    """
    plain = unpacked(path, raw)
    start = _PREFIX + int.from_bytes(plain[4:_PREFIX], "little")
    if start > len(plain):
        raise InputError(f"{path} is truncated: fetch it again.")
    symbols = _symbols(decoded(path, plain[:start])[0])
    return DbnFile(symbols, *_table(path, plain, start, kinds))


def by_symbol(file: DbnFile) -> list[SymbolRecords]:
    """Part the records by symbol, each part in the order of the file."""
    rtype, records = file.rtype, file.records
    assert rtype is not None
    found: dict[str, list[int]] = {}
    for number in np.unique(records["instrument_id"]).tolist():
        found.setdefault(file.symbols.get(number, str(number)), []).append(number)
    if len(found) == 1:
        return [SymbolRecords(symbol, rtype, records) for symbol in found]
    return [
        SymbolRecords(symbol, rtype, records[np.isin(records["instrument_id"], numbers)])
        for symbol, numbers in found.items()
    ]


def decoded(path: Path, plain: bytes) -> list[Any]:
    """Records as objects of the library, the metadata first: for few records of many versions.

    Raises
    ------
    InputError
        If they cannot be read.
    """
    decoder = dbn.DBNDecoder()
    try:
        decoder.write(plain)
        records: list[Any] = decoder.decode()
    except (dbn.DBNError, RuntimeError, ValueError) as error:
        raise InputError(f"{path} is not a Databento file: {error}.") from error
    except BaseException as error:
        # The library is native code and ends in a panic of its own kind on some damaged files;
        # the kind is no Exception and cannot be imported.
        if type(error).__name__ == "PanicException":
            raise InputError(f"{path} is damaged: fetch it again.") from None
        raise
    if not records or not isinstance(records[0], dbn.Metadata):
        raise InputError(f"{path} is not a Databento file or is truncated: fetch it again.")
    return records


def unpacked(path: Path, raw: bytes) -> bytes:
    """A Databento file without its packing.

    Raises
    ------
    InputError
        If it is none, or is truncated.
    """
    plain = unzstd(path, raw) if raw.startswith(MAGIC) else raw
    if len(plain) < _PREFIX or not plain.startswith(b"DBN"):
        raise InputError(f"{path} is not a Databento file or is truncated: fetch it again.")
    return plain


def _symbols(metadata: dbn.Metadata) -> dict[int, str]:
    """Symbols by instrument id, whichever of the two the request was made with."""
    found: dict[int, str] = {}
    for asked, intervals in metadata.mappings.items():
        for interval in intervals:
            given = str(interval["symbol"])
            if given.isdecimal():
                found[int(given)] = asked
            elif asked.isdecimal() and given:
                found[int(asked)] = given
    return found


def _table(
    path: Path, plain: bytes, start: int, wanted: tuple[int, ...]
) -> tuple[int | None, NDArray[np.void], list[str]]:
    """The kind of the wanted records, None if there are none; they; and names of the others."""
    data = np.frombuffer(plain, np.uint8)[start:]
    starts = _starts(path, data)
    kinds = data[starts + 1]
    there = [int(kind) for kind in np.unique(kinds)]
    others = [NAMES.get(kind, f"kind {kind}") for kind in there if kind not in wanted]
    known = [kind for kind in there if kind in wanted]
    if len(known) > 1:
        names = " and ".join(NAMES[kind] for kind in known)
        raise InputError(f"{path} mixes {names} records: record one schema to a file.")
    if not known:
        return None, np.empty(0, np.void), others
    (rtype,) = known
    starts = starts[kinds == rtype]
    plain_type = np.dtype(_CLASSES[rtype]._dtypes)
    length = int(data[starts[0]]) * _WORD
    if length < plain_type.itemsize or np.any(data[starts] != data[starts[0]]):
        raise InputError(f"{path} is damaged: its {NAMES[rtype]} records have odd lengths.")
    fields = plain_type.fields or {}
    # records may be longer by the time at which they were sent
    layout = np.dtype(
        {
            "names": list(fields),
            "formats": [fields[name][0] for name in fields],
            "offsets": [fields[name][1] for name in fields],
            "itemsize": length,
        }
    )
    if len(starts) * length == len(data):
        return rtype, data.view(layout), others
    rows = np.lib.stride_tricks.sliding_window_view(data, length)[starts]
    return rtype, rows.reshape(-1).view(layout), others


def _starts(path: Path, data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Offset of each record; all of one length is found without looking at each."""
    if not len(data):
        return np.empty(0, np.int64)
    length = int(data[0]) * _WORD
    if length >= _HEADER and len(data) % length == 0 and (data[::length] == data[0]).all():
        return np.arange(0, len(data), length, dtype=np.int64)
    lengths, starts, at, end = data.tobytes(), [], 0, len(data)
    while at < end:
        starts.append(at)
        length = lengths[at] * _WORD
        if length < _HEADER:
            raise InputError(f"{path} is damaged: fetch it again.")
        at += length
    if at > end:
        raise InputError(f"{path} is truncated: fetch it again.")
    return np.array(starts, np.int64)
