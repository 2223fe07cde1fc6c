"""Databento files as arrays: one record, one row; nothing becomes a Python object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import databento_dbn as dbn
import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.practice.market.recorded.unpack import unzstd
from tradedesk.practice.market.zstd_frame import MAGIC

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TRADES, BEST, TEN, ORDERS = 0x00, 0x01, 0x0A, 0xA0
"""Kinds of records that can be replayed, as their headers name them."""
_CLASSES: Final[dict[int, Any]] = {
    TRADES: dbn.TradeMsg,
    BEST: dbn.MBP1Msg,
    TEN: dbn.MBP10Msg,
    ORDERS: dbn.MBOMsg,
}
_NAMES: Final = {TRADES: "trades", BEST: "mbp-1", TEN: "mbp-10", ORDERS: "mbo"}
_PREFIX: Final = 8
_WORD: Final = 4
_HEADER: Final = 16


class SymbolRecords(NamedTuple):
    """Records of one symbol in the order of the file; ``rtype`` is their kind."""

    symbol: str
    rtype: int
    rows: NDArray[np.void]


def read_records(path: Path, raw: bytes) -> list[SymbolRecords]:
    """Read a Databento file.

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
    plain = unzstd(path, raw) if raw.startswith(MAGIC) else raw
    if len(plain) < _PREFIX or not plain.startswith(b"DBN"):
        raise InputError(f"{path} is not a Databento file or is truncated: fetch it again.")
    start = _PREFIX + int.from_bytes(plain[4:_PREFIX], "little")
    if start > len(plain):
        raise InputError(f"{path} is truncated: fetch it again.")
    symbols = _symbols(_metadata(path, plain[:start]))
    rtype, records = _table(path, plain, start)
    if rtype is None:
        return []
    found: dict[str, list[int]] = {}
    for number in np.unique(records["instrument_id"]).tolist():
        found.setdefault(symbols.get(number, str(number)), []).append(number)
    if len(found) == 1:
        return [SymbolRecords(symbol, rtype, records) for symbol in found]
    return [
        SymbolRecords(symbol, rtype, records[np.isin(records["instrument_id"], numbers)])
        for symbol, numbers in found.items()
    ]


def _metadata(path: Path, head: bytes) -> dbn.Metadata:
    decoder = dbn.DBNDecoder()
    try:
        decoder.write(head)
        records = decoder.decode()
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
    return records[0]


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


def _table(path: Path, plain: bytes, start: int) -> tuple[int | None, NDArray[np.void]]:
    """The records that can be replayed, and their kind; None if there are none."""
    data = np.frombuffer(plain, np.uint8)[start:]
    starts = _starts(path, data)
    kinds = data[starts + 1]
    known = [int(kind) for kind in np.unique(kinds) if int(kind) in _CLASSES]
    if len(known) > 1:
        names = " and ".join(_NAMES[kind] for kind in known)
        raise InputError(f"{path} mixes {names} records: record one schema to a file.")
    if not known:
        return None, np.empty(0, np.void)
    (rtype,) = known
    starts = starts[kinds == rtype]
    plain_type = np.dtype(_CLASSES[rtype]._dtypes)
    length = int(data[starts[0]]) * _WORD
    if length < plain_type.itemsize or np.any(data[starts] != data[starts[0]]):
        raise InputError(f"{path} is damaged: its {_NAMES[rtype]} records have odd lengths.")
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
        return rtype, data.view(layout)
    rows = np.lib.stride_tricks.sliding_window_view(data, length)[starts]
    return rtype, rows.reshape(-1).view(layout)


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
