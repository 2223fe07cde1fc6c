"""Engine columns as frames of pandas and polars, for people who work with those.

Neither is needed by anything else here, and neither is installed with the program by itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.history.units import Number, tick_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine import Bars, TradeBatch

_BAR_COLUMNS: Final = (
    *("open", "high", "low", "close"),
    *("volume", "buy_volume", "turnover", "count"),
)
_TRADE_COLUMNS: Final = ("px_ticks", "qty", "buy_qty")
_PRICES: Final = frozenset({"open", "high", "low", "close", "px_ticks"})


def to_pandas(data: Bars | TradeBatch, tick_size: Number | None = None) -> Any:
    """Make a pandas DataFrame of bars or trades.

    Parameters
    ----------
    data : Bars or TradeBatch
        The columns; the index is their time, a DatetimeIndex of nanoseconds UTC.
    tick_size : TickSize, Decimal, str or number, optional
        Left out, prices stay int32 ticks and no column is copied: the frame shows the memory of
        `data` and is read-only, so take a ``copy()`` to write into it. With it the prices become
        float64, each the one nearest to the exact price, and those columns are new; turnover
        stays in ticks times lots.

    Returns
    -------
    pandas.DataFrame
        Columns ``open`` to ``count`` of bars, ``px_ticks`` (``price`` with a tick size), ``qty``
        and ``buy_qty`` of trades.

    Raises
    ------
    InputError
        If pandas is not installed or the tick size is none.
    """
    pandas = _library("pandas")
    index = pandas.DatetimeIndex(data.ts_ns, tz="UTC", copy=False, name="time")
    return pandas.DataFrame(_columns(data, tick_size), index=index, copy=False)


def to_polars(data: Bars | TradeBatch, tick_size: Number | None = None) -> Any:
    """Make a polars DataFrame of bars or trades.

    Parameters
    ----------
    data : Bars or TradeBatch
        The columns; the first column of the frame is ``time``, nanoseconds UTC.
    tick_size : TickSize, Decimal, str or number, optional
        As for `to_pandas`. Without it no column is copied.

    Returns
    -------
    polars.DataFrame

    Raises
    ------
    InputError
        If polars is not installed or the tick size is none.
    """
    polars = _library("polars")
    import pyarrow as pa

    time = pa.array(data.ts_ns.view("datetime64[ns]")).cast(pa.timestamp("ns", "UTC"))
    columns = {name: pa.array(column) for name, column in _columns(data, tick_size).items()}
    return polars.from_arrow(pa.table({"time": time, **columns}))


def _columns(data: Bars | TradeBatch, tick_size: Number | None) -> dict[str, NDArray[Any]]:
    names = _TRADE_COLUMNS if hasattr(data, "px_ticks") else _BAR_COLUMNS
    columns: dict[str, NDArray[Any]] = {name: getattr(data, name) for name in names}
    if tick_size is None:
        return columns
    tick = tick_of(tick_size).size
    up, down = tick.as_integer_ratio()
    return {
        # one rounding: whole numbers below 2**53 divided are the float nearest to the price
        ("price" if name == "px_ticks" else name): (
            column.astype(np.int64) * up / down if name in _PRICES else column
        )
        for name, column in columns.items()
    }


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise InputError(
            f"{name} is not installed here: install it into this environment, or use the NumPy "
            "columns as they are."
        ) from error
