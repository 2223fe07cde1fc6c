"""The easy door: a file in, engine columns out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError, InputError, OtherKindError
from tradedesk.engine import Bars, TradeBatch
from tradedesk.history.aggressor import BUY
from tradedesk.history.bar_table import PRICES, BarTable, csv_bars, parquet_bars
from tradedesk.history.dbn_tables import dbn_bars, dbn_trades
from tradedesk.history.grid import INT32_MOST, lots, rescaled, ticks
from tradedesk.history.loaded import BarHistory, TradeHistory
from tradedesk.history.trade_table import TradeTable, csv_trades, parquet_trades
from tradedesk.history.units import Number, chosen_lot, chosen_tick

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from numpy.typing import NDArray

    from tradedesk.domain.price import TickSize

FORMS: Final = ".dbn, .dbn.zst, .csv, .csv.gz or .parquet"
_INT64_MOST: Final = 2**63 - 1


def read_trades(
    path: str | Path,
    tick_size: Number | None = None,
    *,
    contract: str | None = None,
    lot_size: Number | None = None,
) -> TradeHistory:
    """Read the trades of a file.

    Parameters
    ----------
    path : str or Path
        Databento (trades, tbbo, mbp-1, mbp-10, mbo), CSV, packed with gzip or not, or Parquet.
        Tables need a time, a price and a size; names and units of columns are those of
        Databento, Binance, this program, or the plain ``time,price,size,side``.
    tick_size : TickSize, Decimal, str or number, optional
        Price step. Left out, it is what the file says, what a Databento definition file beside
        it says, that of a well-known future, or the step in which the prices are written.
    contract : str, optional
        Which one, where the file has several; otherwise a name for what it has.
    lot_size : Decimal, str or number, optional
        Unit of quantities. Left out, it is 1, or the step in which parts of one are written.

    Returns
    -------
    TradeHistory
        In the file's order. Trades whose aggressor is not known have a `buy_qty` of 0.

    Raises
    ------
    InputError
        One sentence that names the file, the row and what is wrong: a price off the grid or
        beyond int32 ticks, a size below 0, a time that goes back, a truncated file.
    """
    path, raw = _opened(path)
    form = _form(path, dbn_trades, csv_trades, parquet_trades)
    table: TradeTable = form(path, raw, contract)
    name = table.contract or _stem(path)
    tick, source = chosen_tick(path, tick_size, table.facts, name, [table.price])
    lot = chosen_lot(lot_size, table.facts, table.size)
    return TradeHistory(_batch(table, tick, lot), tick, name, lot, table.ids, source)


def read_bars(
    path: str | Path,
    tick_size: Number | None = None,
    *,
    contract: str | None = None,
    lot_size: Number | None = None,
    stamped_at_close: BarSpec | str | None = None,
) -> BarHistory:
    """Read the bars of a file; see `read_trades` for what is not told here.

    Parameters
    ----------
    path : str or Path
        Databento (an ohlcv schema), CSV or Parquet. Tables need a time and four prices.
    tick_size, contract, lot_size
        As for `read_trades`.
    stamped_at_close : BarSpec or str, optional
        Size of the bars, such as ``"1m"``, if the file stamps them when they close. They are
        moved to when they open, which is how bars are stamped everywhere here.

    Returns
    -------
    BarHistory
        The order flow is known where the file has ``buy_volume``, ``turnover`` and ``count``,
        and the turnover is a whole number of ticks times lots; not in rows that leave all three
        empty.

    Raises
    ------
    InputError
        One sentence that names the file, the row and what is wrong.
    BarSpecError
        If `stamped_at_close` has no fixed length, such as a month.
    """
    path, raw = _opened(path)
    form = _form(path, dbn_bars, csv_bars, parquet_bars)
    table: BarTable = form(path, raw, contract)
    name = table.contract or _stem(path)
    tick, source = chosen_tick(path, tick_size, table.facts, name, table.prices)
    lot = chosen_lot(lot_size, table.facts, table.volume)
    shift_ns = _length_ns(stamped_at_close)
    return BarHistory(_bars(table, tick, lot, shift_ns), tick, name, lot, source)


def read_history(
    path: str | Path,
    tick_size: Number | None = None,
    *,
    contract: str | None = None,
    lot_size: Number | None = None,
    stamped_at_close: BarSpec | str | None = None,
) -> TradeHistory | BarHistory:
    """Read a file of trades or of bars, whichever it is; see `read_trades` and `read_bars`.

    Raises
    ------
    InputError
        One sentence that names the file, the row and what is wrong.
    """
    try:
        return read_trades(path, tick_size, contract=contract, lot_size=lot_size)
    except OtherKindError:
        return read_bars(
            path,
            tick_size,
            contract=contract,
            lot_size=lot_size,
            stamped_at_close=stamped_at_close,
        )


def _opened(path: str | Path) -> tuple[Path, bytes]:
    path = Path(path)
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _form(path: Path, dbn: Any, table: Any, parquet: Any) -> Callable[..., Any]:
    name = path.name.lower()
    for reads, endings in (
        (dbn, (".dbn", ".dbn.zst")),
        (table, (".csv", ".csv.gz")),
        (parquet, (".parquet", ".pq")),
    ):
        if name.endswith(endings):
            found: Callable[..., Any] = reads
            return found
    raise InputError(f"{path} has no ending that is known: give a file of {FORMS}.")


def _stem(path: Path) -> str:
    return path.name.split(".")[0]


def _batch(table: TradeTable, tick: TickSize, lot: Decimal) -> TradeBatch:
    names = table.rows
    qty = lots(table.size, "size", lot, names, INT32_MOST).astype(np.int32)
    if table.bought is None:
        bought: NDArray[np.int32] = qty * (table.side == BUY)
    else:
        bought = lots(table.bought, "bought size", lot, names, INT32_MOST).astype(np.int32)
        more = bought > qty
        if more.any():
            row = int(more.argmax())
            raise InputError(
                f"{names.where(row)} has the bought size {bought[row]}, more than its size "
                f"{qty[row]}."
            )
    return TradeBatch(table.ts_ns, ticks(table.price, "price", tick, names), qty, bought)


def _bars(table: BarTable, tick: TickSize, lot: Decimal, shift_ns: int) -> Bars:
    names = table.rows
    first, high, low, last = (
        ticks(price, what, tick, names) for price, what in zip(table.prices, PRICES, strict=True)
    )
    _possible(table, first, high, low, last)
    volume = lots(table.volume, "volume", lot, names, _INT64_MOST)
    ts_ns = table.ts_ns - shift_ns if shift_ns else table.ts_ns
    flow = _flow(table, tick, lot, volume)
    return Bars(ts_ns, first, high, low, last, volume, *flow)


def _possible(
    table: BarTable,
    first: NDArray[np.int32],
    high: NDArray[np.int32],
    low: NDArray[np.int32],
    last: NDArray[np.int32],
) -> None:
    wrong = (high < np.maximum(first, last)) | (low > np.minimum(first, last)) | (high < low)
    if wrong.any():
        row = int(wrong.argmax())
        told = ", ".join(
            f"{what} {price.value(row).normalize():f}"
            for what, price in zip(PRICES, table.prices, strict=True)
        )
        raise InputError(f"{table.rows.where(row)} is no bar ({told}): high or low is not.")


def _flow(
    table: BarTable, tick: TickSize, lot: Decimal, volume: NDArray[np.int64]
) -> tuple[NDArray[np.int64], ...]:
    """Buy volume, turnover and count; nothing where one of them is not as the engine has it."""
    if table.flow is None:
        return ()
    bought, turnover, count = table.flow
    parts = (
        rescaled(bought.steps, bought.step, lot, _INT64_MOST),
        rescaled(turnover.steps, turnover.step, tick.size * lot, _INT64_MOST),
        rescaled(count.steps, count.step, count.step**0, _INT64_MOST),
    )
    if any(part.off is not None or part.large is not None for part in parts):
        return ()
    buys, sums, counts = (part.values for part in parts)
    if ((buys < 0) | (buys > volume) | (counts < 0)).any():
        row = int(((buys < 0) | (buys > volume) | (counts < 0)).argmax())
        raise InputError(
            f"{table.rows.where(row)} has the buy volume {bought.value(row)} and the count "
            f"{count.value(row)}: neither is below 0, and the volume is {volume[row] * lot}."
        )
    return buys, sums, counts


def _length_ns(spec: BarSpec | str | None) -> int:
    if spec is None:
        return 0
    size = BarSpec.parse(spec) if isinstance(spec, str) else spec
    if size.period_ns is None:
        raise BarSpecError(
            f"'{size}' bars have no fixed length: stamped_at_close takes seconds to weeks."
        )
    return size.period_ns
