"""Bars as a file tells them, before anybody has decided on a tick size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.history.csv_file import read_csv
from tradedesk.history.decimals import NANO_DIGITS, Exact, exact
from tradedesk.history.facts import NOTHING, Facts, facts_in
from tradedesk.history.headers import BAR_COLUMNS_HELP, bar_columns
from tradedesk.history.instants import instants
from tradedesk.history.parquet_file import read_parquet
from tradedesk.history.trade_table import counts_nanos

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tradedesk.history.columns import Columns
    from tradedesk.history.row_names import RowNames

PRICES: Final = ("open", "high", "low", "close")
FLOW: Final = ("buy_volume", "turnover", "count")


@dataclass(frozen=True, slots=True)
class BarTable:
    """Bars of one contract, oldest first; columns of one length.

    Parameters
    ----------
    rows : RowNames
        Names of the rows.
    contract : str or None
        What the file calls it.
    ts_ns : ndarray of int64
        Stamps as the file has them, nanoseconds UTC, ascending.
    prices : tuple of Exact
        Open, high, low, close.
    volume : Exact
        Zeros where the file has none.
    flow : tuple of Exact or None
        Buy volume, turnover (price times size) and count, where the file has all three; zeros
        in rows that leave all three empty.
    facts : Facts
        What the file says about itself.
    """

    rows: RowNames
    contract: str | None
    ts_ns: NDArray[np.int64]
    prices: tuple[Exact, ...]
    volume: Exact
    flow: tuple[Exact, ...] | None = None
    facts: Facts = NOTHING

    def __len__(self) -> int:
        return len(self.ts_ns)


def csv_bars(path: Path, raw: bytes, contract: str | None = None) -> BarTable:
    """Read a CSV of bars, packed with gzip or not; see `headers` for its columns.

    Raises
    ------
    InputError
        Names the line and what is wrong with it.
    """
    return _table(read_csv(path, raw, bar_columns, BAR_COLUMNS_HELP), contract)


def parquet_bars(path: Path, raw: bytes, contract: str | None = None) -> BarTable:
    """Read a Parquet file of bars; see `headers` for its columns.

    Raises
    ------
    InputError
        Names the row and what is wrong with it.
    """
    return _table(read_parquet(path, raw, bar_columns, BAR_COLUMNS_HELP), contract)


def _table(columns: Columns, contract: str | None) -> BarTable:
    name = columns.only(contract)
    rows, arrays = columns.rows, columns.arrays
    facts = facts_in(rows.path, columns.facts or {})
    prices = [exact(arrays[price], price, rows) for price in PRICES]
    volume = Exact(np.zeros(columns.count, np.int64), 0)
    if "volume" in arrays:
        volume = exact(arrays["volume"], "volume", rows)
    flow = None
    if all(part in arrays for part in FLOW):
        told = _without_blanks([arrays[part] for part in FLOW])
        flow = tuple(exact(part, name, rows) for part, name in zip(told, FLOW, strict=True))
    if facts.counts and facts.tick and facts.lot:
        tick, lot = facts.tick.size, facts.lot
        prices = [Exact.of_units(price.steps, tick) for price in prices]
        volume = Exact.of_units(volume.steps, lot)
        if flow:
            bought, turnover, count = flow
            turnover = Exact.of_units(turnover.steps, tick * lot)
            flow = (Exact.of_units(bought.steps, lot), turnover, count)
    elif all(counts_nanos(columns, price) for price in PRICES):
        prices = [Exact(price.steps, NANO_DIGITS) for price in prices]
    return BarTable(
        rows,
        name or facts.contract,
        instants(arrays["time"], columns.names["time"], rows),
        tuple(prices),
        volume,
        flow,
        facts,
    )


def _without_blanks(flow: list[Any]) -> list[Any]:
    """Put zeros, which say that the flow is unknown, where all columns are empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    unknown = np.logical_and.reduce([_blank(column) for column in flow])
    if not unknown.any():
        return flow
    rows = pa.array(unknown)
    return [pc.if_else(rows, "0", column.cast(pa.string())) for column in flow]


def _blank(column: Any) -> NDArray[np.bool_]:
    """Rows in which nothing stands."""
    import pyarrow as pa
    import pyarrow.compute as pc

    blank: NDArray[np.bool_] = pc.is_null(column).to_numpy(zero_copy_only=False)
    if pa.types.is_dictionary(column.type):
        words = pc.utf8_trim_whitespace(column.dictionary.cast(pa.string()))
        empty = np.flatnonzero(pc.equal(words, "").to_numpy(zero_copy_only=False))
        if len(empty):
            blank = blank | np.isin(column.indices.to_numpy(zero_copy_only=False), empty)
    return blank
