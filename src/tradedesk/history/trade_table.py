"""Trades as a file tells them, before anybody has decided on a tick size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradedesk.history.aggressor import UNKNOWN_SIDE, sides
from tradedesk.history.csv_file import read_csv
from tradedesk.history.decimals import NANO_DIGITS, Exact, exact
from tradedesk.history.facts import NOTHING, Facts, facts_in
from tradedesk.history.headers import COLUMNS_HELP, trade_columns
from tradedesk.history.instants import instants
from tradedesk.history.parquet_file import read_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tradedesk.history.columns import Columns
    from tradedesk.history.row_names import RowNames


@dataclass(frozen=True, slots=True)
class TradeTable:
    """Trades of one contract, oldest first; columns of one length.

    Parameters
    ----------
    rows : RowNames
        Names of the rows.
    contract : str or None
        What the file calls it.
    ts_ns : ndarray of int64
        Nanoseconds UTC, ascending.
    price, size : Exact
        As the file has them.
    side : ndarray of int8
        ``BUY``, ``SELL`` or ``UNKNOWN_SIDE``.
    bought : Exact or None
        The part that buyers began, where the file has it instead of a side.
    ids : ndarray of int64 or None
        The venue's ids.
    facts : Facts
        What the file says about itself.
    """

    rows: RowNames
    contract: str | None
    ts_ns: NDArray[np.int64]
    price: Exact
    size: Exact
    side: NDArray[np.int8]
    bought: Exact | None = None
    ids: NDArray[np.int64] | None = None
    facts: Facts = NOTHING

    def __len__(self) -> int:
        return len(self.ts_ns)


def csv_trades(path: Path, raw: bytes, contract: str | None = None) -> TradeTable:
    """Read a CSV of trades, packed with gzip or not; see `headers` for its columns.

    Raises
    ------
    InputError
        Names the line and what is wrong with it.
    """
    return _table(read_csv(path, raw, trade_columns, COLUMNS_HELP), contract)


def parquet_trades(path: Path, raw: bytes, contract: str | None = None) -> TradeTable:
    """Read a Parquet file of trades; see `headers` for its columns.

    Raises
    ------
    InputError
        Names the row and what is wrong with it.
    """
    return _table(read_parquet(path, raw, trade_columns, COLUMNS_HELP), contract)


def _table(columns: Columns, contract: str | None) -> TradeTable:
    if "vendor" in columns.arrays:
        columns.pick("action", "T")
    name = columns.only(contract)
    rows, arrays = columns.rows, columns.arrays
    facts = facts_in(rows.path, columns.facts or {})
    price = exact(arrays["price"], "price", rows)
    size = exact(arrays["size"], "size", rows)
    bought = exact(arrays["bought"], "bought size", rows) if "bought" in arrays else None
    if facts.counts and facts.tick and facts.lot:
        price = Exact.of_units(price.steps, facts.tick.size)
        size = Exact.of_units(size.steps, facts.lot)
        bought = Exact.of_units(bought.steps, facts.lot) if bought else None
    elif counts_nanos(columns, "price"):
        price = Exact(price.steps, NANO_DIGITS)
    side = arrays.get("side")
    return TradeTable(
        rows,
        name or facts.contract,
        instants(arrays["time"], columns.names["time"], rows),
        price,
        size,
        np.full(columns.count, UNKNOWN_SIDE, np.int8) if side is None else sides(side),
        bought,
        _ids(arrays.get("id")),
        facts,
    )


def counts_nanos(columns: Columns, role: str) -> bool:
    """Whether prices are whole numbers of 1e-9: Databento's tables, when not made pretty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if "vendor" not in columns.arrays:
        return False
    column = columns.arrays[role]
    if pa.types.is_dictionary(column.type):
        column = column.dictionary
    if not pa.types.is_string(column.type):
        return bool(pa.types.is_integer(column.type))
    return not pc.any(pc.match_substring(column, ".")).as_py()


def _ids(column: Any) -> NDArray[np.int64] | None:
    """Ids that are whole numbers; others are left out."""
    import pyarrow as pa

    if column is None or column.null_count:
        return None
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        ids: NDArray[np.int64] = column.cast(pa.int64()).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return ids
