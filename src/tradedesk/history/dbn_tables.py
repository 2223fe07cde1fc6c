"""Trades, bars and tick sizes out of Databento files, as whole arrays."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import InputError, OtherKindError
from tradedesk.domain.price import TickSize
from tradedesk.history.aggressor import BUY, SELL, UNKNOWN_SIDE
from tradedesk.history.bar_table import BarTable
from tradedesk.history.decimals import NANO_DIGITS, Exact
from tradedesk.history.instants import LAST_NS, in_order
from tradedesk.history.row_names import RowNames
from tradedesk.history.trade_table import TradeTable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tradedesk.history.dbn_file import DbnFile

UNDEF_PRICE: Final = 2**63 - 1
_HELP: Final = "fetch it again"
_TRADES_HELP: Final = "give a file of the trades, tbbo, mbp-1, mbp-10 or mbo schema"
_BARS_HELP: Final = "give a file of an ohlcv schema, or read trades and make bars of them"


def dbn_trades(path: Path, raw: bytes, contract: str | None = None) -> TradeTable:
    """Take the trades of one symbol out of trades, tbbo, mbp-1, mbp-10 or mbo records.

    Parameters
    ----------
    path : Path
        For sentences.
    raw : bytes
        The file, packed or not.
    contract : str, optional
        Which symbol; needed only where the file has several.

    Returns
    -------
    TradeTable
        At receive times, which never go back in a whole file. Fills are not taken: each stands
        beside the trade that it belongs to.

    Raises
    ------
    InputError
        If the file has no trades, is damaged, or a record of it cannot be.
    """
    from tradedesk.history.dbn_file import TRADED, read_dbn

    symbol, rows = _of_one(path, read_dbn(path, raw, TRADED), contract, "trades", _TRADES_HELP)
    traded = rows["action"] == b"T"
    names = RowNames(path, "record", _HELP)
    if not traded.all():
        places = np.flatnonzero(traded)
        names, rows = names.of(places), rows[places]
    price = _prices(rows["price"], "price", names)
    return TradeTable(
        names,
        symbol,
        in_order(_times(rows["ts_recv"], names), names),
        price,
        Exact(rows["size"].astype(np.int64), 0),
        sides_of(rows["side"]),
    )


def dbn_bars(path: Path, raw: bytes, contract: str | None = None) -> BarTable:
    """Take the bars of one symbol out of ohlcv records; see `dbn_trades`.

    Raises
    ------
    InputError
        If the file has no bars, is damaged, or a record of it cannot be.
    """
    from tradedesk.history.dbn_file import BARS, read_dbn

    symbol, rows = _of_one(path, read_dbn(path, raw, BARS), contract, "bars", _BARS_HELP)
    names = RowNames(path, "record", _HELP)
    volume = rows["volume"]
    if len(volume) and int(volume.max()) >= 2**63:
        row = int(volume.argmax())
        raise InputError(f"{names.where(row)} has the volume {volume[row]}, which is too large.")
    return BarTable(
        names,
        symbol,
        in_order(_times(rows["ts_event"], names), names),
        tuple(_prices(rows[name], name, names) for name in ("open", "high", "low", "close")),
        Exact(volume.astype(np.int64), 0),
    )


def tick_sizes(path: Path, raw: bytes) -> dict[str, TickSize]:
    """Read the tick size of each symbol of a file of definitions; none for other files.

    Raises
    ------
    InputError
        If it is no Databento file or is damaged.
    """
    from tradedesk.history.dbn_file import decoded, unpacked

    found: dict[str, TickSize] = {}
    for record in decoded(path, unpacked(path, raw))[1:]:
        symbol = getattr(record, "raw_symbol", None)
        step = getattr(record, "min_price_increment", 0)
        if symbol and 0 < step < UNDEF_PRICE:
            found[symbol] = TickSize(Decimal(step).scaleb(-NANO_DIGITS).normalize())
    return found


def sides_of(letters: NDArray[np.bytes_]) -> NDArray[np.int8]:
    """Aggressors of trades: ``BUY``, ``SELL`` or ``UNKNOWN_SIDE``."""
    # letters of records stand apart in memory; they are one byte each and compared as numbers
    codes = np.ascontiguousarray(letters).view(np.uint8)
    return _SIDES[codes]


_SIDES: Final = np.full(256, UNKNOWN_SIDE, np.int8)
_SIDES[ord("B")], _SIDES[ord("A")] = BUY, SELL


def _of_one(
    path: Path, file: DbnFile, contract: str | None, what: str, help_text: str
) -> tuple[str, NDArray[np.void]]:
    from tradedesk.history.dbn_file import BARS, NAMES, TRADED, by_symbol

    if file.rtype is None:
        other = TRADED if what == "bars" else BARS
        if any(NAMES[kind] in file.others for kind in other):
            kind = "trades" if what == "bars" else "bars"
            raise OtherKindError(f"{path} holds {kind}, not {what}: read it with read_{kind}.")
        holds = f"{' and '.join(file.others)} records" if file.others else "no records"
        raise InputError(f"{path} holds {holds} and no {what}: {help_text}.")
    parts = {part.symbol: part.rows for part in by_symbol(file)}
    if len(parts) == 1:
        ((symbol, rows),) = parts.items()
        return contract or symbol, rows
    if contract not in parts:
        shown = ", ".join(sorted(parts)[:12])
        raise InputError(f"{path} holds {shown}: give the name of one as contract.")
    return contract, parts[contract]


def _times(ts_ns: NDArray[np.uint64], names: RowNames) -> NDArray[np.int64]:
    if len(ts_ns) and int(ts_ns.max()) > LAST_NS:
        row = int(ts_ns.argmax())
        raise InputError(
            f"{names.where(row)} lies beyond the year 2200 ({ts_ns[row]}): it is damaged, "
            f"fetch it again."
        )
    return ts_ns.astype(np.int64)


def _prices(prices: NDArray[np.int64], what: str, names: RowNames) -> Exact:
    column = np.ascontiguousarray(prices)
    if len(column) and int(column.max()) == UNDEF_PRICE:
        raise InputError(f"{names.where(int(column.argmax()))} has no {what}: fetch it again.")
    return Exact(column, NANO_DIGITS)
