"""Bars as pandas, polars, duckdb and numba make them.

Needs NumPy and the library that is handed in, nothing of tradedesk: one of these libraries is
measured in an environment of its own as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from bench.bar_data import NS, TICK, Columns, as_they_come

if TYPE_CHECKING:
    from collections.abc import Callable


def pandas_trades(pd: Any, trades: Columns, every: str) -> Callable[[], Any]:
    """Time bars with pandas; turnover and buy columns made beforehand."""
    come = as_they_come(trades)
    frame = pd.DataFrame(
        {
            "price": come["price"],
            "size": come["size"],
            "turnover": come["price"] * come["size"],
            "buy": trades["buy_qty"],
        },
        index=pd.to_datetime(come["ts"]),
    )
    return _pandas_run(frame, every)


def pandas_integers(pd: Any, trades: Columns, every: str) -> Callable[[], Any]:
    """The same from our integer columns."""
    frame = pd.DataFrame(
        {
            "price": trades["px_ticks"],
            "size": trades["qty"],
            "turnover": np.multiply(trades["px_ticks"], trades["qty"], dtype=np.int64),
            "buy": trades["buy_qty"],
        },
        index=pd.to_datetime(trades["ts_ns"]),
    )
    return _pandas_run(frame, every)


def _pandas_run(frame: Any, every: str) -> Callable[[], Any]:
    def run() -> Any:
        groups = frame.resample({"1s": "1s", "1m": "1min"}[every])
        bars = groups["price"].ohlc().join(groups[["size", "buy", "turnover"]].sum())
        bars["count"] = groups["size"].count()
        return bars[bars["count"] > 0]

    return run


def polars_trades(pl: Any, trades: Columns, every: str) -> Callable[[], Any]:
    """Time bars with polars from the columns as they come."""
    come = as_they_come(trades)
    frame = pl.DataFrame({**come, "ts": come["ts"].view("datetime64[ns]")})
    size = pl.col("size")
    flow = [
        size.filter(pl.col("side") > 0).cast(pl.Int64).sum().alias("buy"),
        (pl.col("price") * size).sum().alias("turnover"),
    ]
    return _polars_run(pl, frame, every, flow)


def polars_integers(pl: Any, trades: Columns, every: str) -> Callable[[], Any]:
    """The same from our integer columns."""
    frame = pl.DataFrame(
        {
            "ts": trades["ts_ns"].view("datetime64[ns]"),
            "price": trades["px_ticks"],
            "size": trades["qty"],
            "buy": trades["buy_qty"],
        }
    )
    flow = [
        pl.col("buy").cast(pl.Int64).sum().alias("buy"),
        (pl.col("price").cast(pl.Int64) * pl.col("size")).sum().alias("turnover"),
    ]
    return _polars_run(pl, frame, every, flow)


def _polars_run(pl: Any, frame: Any, every: str, flow: list[Any]) -> Callable[[], Any]:
    price = pl.col("price")
    wanted = [
        price.first().alias("open"),
        price.max().alias("high"),
        price.min().alias("low"),
        price.last().alias("close"),
        pl.col("size").cast(pl.Int64).sum().alias("size"),
        *flow,
        pl.len().alias("count"),
    ]
    ready = frame.with_columns(pl.col("ts").set_sorted())
    return lambda: ready.group_by_dynamic("ts", every=every).agg(wanted)


def duckdb_trades(duckdb: Any, pa: Any, trades: Columns, every: str) -> Callable[[], Any]:
    """Time bars with duckdb from our integer columns, in a table of its own."""
    number = np.arange(len(trades["qty"]))
    source = pa.table({**trades, "number": number})
    connection = duckdb.connect()
    connection.register("source", source)
    connection.execute("create table trades as select * from source")
    connection.unregister("source")
    period = {"1s": NS, "1m": 60 * NS}[every]
    query = f"""
        select ts_ns // {period} * {period} as open_ns,
            arg_min(px_ticks, number) as open, max(px_ticks) as high, min(px_ticks) as low,
            arg_max(px_ticks, number) as close, sum(qty) as size, sum(buy_qty) as buy,
            sum(px_ticks::bigint * qty) as turnover, count(*) as count
        from trades group by open_ns order by open_ns"""
    return lambda: connection.execute(query).fetchnumpy()


def pandas_resample(pd: Any, minutes: Columns, size: int) -> Callable[[], Any]:
    """Longer bars with pandas."""
    how = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}
    frame = pd.DataFrame(
        {name: minutes[name] for name in how}, index=pd.to_datetime(minutes["ts_ns"])
    )
    return lambda: frame.resample(f"{size}min").agg(how).dropna()


def polars_resample(pl: Any, minutes: Columns, size: int) -> Callable[[], Any]:
    """Longer bars with polars."""
    columns = {name: column for name, column in minutes.items() if name != "ts_ns"}
    frame = pl.DataFrame({"ts": minutes["ts_ns"].view("datetime64[ns]"), **columns})
    frame = frame.with_columns(pl.col("ts").set_sorted())
    wanted = [
        pl.col("open").first(),
        pl.col("high").max(),
        pl.col("low").min(),
        pl.col("close").last(),
        pl.col("volume").sum(),
    ]
    return lambda: frame.group_by_dynamic("ts", every=f"{size}m").agg(wanted)


CHECKED = ("open", "high", "low", "close", "size", "buy", "turnover", "count")


def digest(bars: Any, *, in_prices: bool) -> list[float]:
    """The number of a peer's bars and the sum of each column, exact: in ticks.

    Parameters
    ----------
    bars : mapping of str to array_like
        A frame, or arrays by name.
    in_prices : bool
        Whether the prices are prices and not ticks.
    """
    sums = [float(np.asarray(bars[name], dtype=np.float64).sum()) for name in CHECKED]
    scale = TICK if in_prices else 1.0
    priced = {"open", "high", "low", "close", "turnover"}
    ticks = [
        value / scale if name in priced else value
        for name, value in zip(CHECKED, sums, strict=True)
    ]
    return [float(len(bars["open"])), *ticks]
