"""What other people would write or import to make the bars that the engine makes."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from tradedesk.engine import Bars, TradeBatch

NS = 1_000_000_000
MINUTE = 60 * NS
TICK = 0.25
Row = tuple[int, int, int, int]


def peer(name: str) -> Any:
    """Import a peer, or say that it is left out and return None."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"- {name} is not installed: left out (dependency group `bench`)")
        return None


def make_trades(rows: int, *, per_second: float = 20.0, seed: int = 7) -> dict[str, NDArray[Any]]:
    """Bursty futures-like trades: seven gaps in ten are ten times shorter than the mean."""
    rng = np.random.default_rng(seed)
    gap = rng.exponential(1.0, rows)
    mean = 1.0 / per_second
    gap *= np.where(rng.random(rows) < 0.7, 0.1 * mean, 0.93 / 0.3 * mean)
    qty = rng.geometric(0.4, rows).astype(np.int32)
    return {
        "ts_ns": 1_700_000_000 * NS + (gap.cumsum() * NS).astype(np.int64),
        "px_ticks": (80_000 + rng.integers(-1, 2, rows).cumsum()).astype(np.int32),
        "qty": qty,
        "buy_qty": np.where(rng.random(rows) < 0.5, qty, 0).astype(np.int32),
    }


def make_minutes(rows: int, seed: int = 3) -> dict[str, NDArray[Any]]:
    """Minute bars with the gaps of 23-hour sessions and weekends."""
    rng = np.random.default_rng(seed)
    minute = np.arange(int(rows * 1.8) + 5_000) + 1_700_000_000 // 60
    minute = minute[(minute // 60 % 24 != 22) & ((minute // 1440 + 4) % 7 < 5)][:rows]
    close = 80_000 + rng.integers(-8, 9, rows).cumsum()
    opened = np.concatenate([[80_000], close[:-1]])
    return {
        "ts_ns": minute * MINUTE,
        "open": opened,
        "high": np.maximum(opened, close) + rng.integers(0, 9, rows),
        "low": np.minimum(opened, close) - rng.integers(0, 9, rows),
        "close": close,
        "volume": rng.integers(1, 3_000, rows),
    }


def as_they_come(trades: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The same trades in the columns that trade files and feeds have: price, size, side."""
    return {
        "ts": trades["ts_ns"],
        "price": trades["px_ticks"] * TICK,
        "size": trades["qty"],
        "side": np.where(trades["buy_qty"] > 0, 1, -1).astype(np.int8),
    }


def python_loop(
    rows: Iterable[tuple[int, float, int, int]], period_ns: int
) -> list[tuple[float, ...]]:
    """The best pure Python found: local variables, one comparison with the next edge a trade."""
    out: list[tuple[float, ...]] = []
    edge = -1
    first = high = low = last = turnover = 0.0
    volume = bought = count = 0
    for ts_ns, price, size, side in rows:
        if ts_ns >= edge:
            if count:
                prices = (first, high, low, last)
                out.append((edge - period_ns, *prices, volume, bought, turnover, count))
            edge = ts_ns // period_ns * period_ns + period_ns
            first = high = low = last = price
            volume = size
            turnover = price * size
            bought = size if side > 0 else 0
            count = 1
            continue
        if price > high:
            high = price
        elif price < low:
            low = price
        last = price
        volume += size
        turnover += price * size
        if side > 0:
            bought += size
        count += 1
    out.append((edge - period_ns, first, high, low, last, volume, bought, turnover, count))
    return out


def pandas_trades(pd: Any, trades: dict[str, NDArray[Any]], every: str) -> Callable[[], Any]:
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


def pandas_integers(pd: Any, trades: dict[str, NDArray[Any]], every: str) -> Callable[[], Any]:
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


def polars_trades(pl: Any, trades: dict[str, NDArray[Any]], every: str) -> Callable[[], Any]:
    """Time bars with polars from the columns as they come."""
    come = as_they_come(trades)
    frame = pl.DataFrame({**come, "ts": come["ts"].view("datetime64[ns]")})
    size = pl.col("size")
    flow = [
        size.filter(pl.col("side") > 0).sum().alias("buy_volume"),
        (pl.col("price") * size).sum().alias("turnover"),
    ]
    return _polars_run(pl, frame, every, flow)


def polars_integers(pl: Any, trades: dict[str, NDArray[Any]], every: str) -> Callable[[], Any]:
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
        pl.col("buy").cast(pl.Int64).sum().alias("buy_volume"),
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
        pl.col("size").cast(pl.Int64).sum().alias("volume"),
        *flow,
        pl.len().alias("count"),
    ]
    ready = frame.with_columns(pl.col("ts").set_sorted())
    return lambda: ready.group_by_dynamic("ts", every=every).agg(wanted)


@dataclass
class MinuteBar:
    """A bar as most programs keep it."""

    timestamp: datetime
    open: int
    high: int
    low: int
    close: int
    volume: int


def minute_objects(minutes: dict[str, NDArray[Any]]) -> list[MinuteBar]:
    """The minute bars as objects."""
    columns = zip(*(column.tolist() for column in minutes.values()), strict=True)
    return [
        MinuteBar(datetime.fromtimestamp(ts_ns // NS, tz=UTC), *rest) for ts_ns, *rest in columns
    ]


def python_resample(bars: list[MinuteBar], minutes: int) -> list[MinuteBar]:
    """The usual first version: lists in a dict by floored time, then min, max and sum."""
    groups: dict[datetime, list[MinuteBar]] = {}
    step = minutes * 60
    for bar in bars:
        seconds = bar.timestamp.timestamp()
        key = datetime.fromtimestamp(seconds - seconds % step, tz=UTC)
        groups.setdefault(key, []).append(bar)
    return [
        MinuteBar(
            key,
            group[0].open,
            max(bar.high for bar in group),
            min(bar.low for bar in group),
            group[-1].close,
            sum(bar.volume for bar in group),
        )
        for key, group in sorted(groups.items())
    ]


def pandas_resample(pd: Any, minutes: dict[str, NDArray[Any]], size: int) -> Callable[[], Any]:
    """Longer bars with pandas."""
    how = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}
    frame = pd.DataFrame(
        {name: minutes[name] for name in how}, index=pd.to_datetime(minutes["ts_ns"])
    )
    return lambda: frame.resample(f"{size}min").agg(how).dropna()


def polars_resample(pl: Any, minutes: dict[str, NDArray[Any]], size: int) -> Callable[[], Any]:
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


@dataclass
class LiveBar:
    """A forming bar as most programs keep it."""

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    turnover: int = 0
    buy: int = 0
    count: int = 0


def live_dicts(rows: Iterable[Row], periods: list[int]) -> dict[int, dict[int, LiveBar]]:
    """A dict of dataclasses for each size, the bucket computed for each size at each trade."""
    sizes: dict[int, dict[int, LiveBar]] = {period: {} for period in periods}
    for ts_ns, px, qty, buy in rows:
        for period, bars in sizes.items():
            key = ts_ns - ts_ns % period
            bar = bars.get(key)
            if bar is None:
                bar = bars[key] = LiveBar(key, px, px, px, px)
            bar.high = max(bar.high, px)
            bar.low = min(bar.low, px)
            bar.close = px
            bar.volume += qty
            bar.turnover += px * qty
            bar.buy += buy
            bar.count += 1
    return sizes


@dataclass(slots=True)
class SlotsBar:
    """A forming bar made to be fast."""

    period: int
    end: int = -1
    start: int = 0
    open: int = 0
    high: int = 0
    low: int = 0
    close: int = 0
    volume: int = 0
    turnover: int = 0
    buy: int = 0
    count: int = 0


def live_slots(rows: Iterable[Row], periods: list[int]) -> dict[int, list[tuple[int, ...]]]:
    """One slots object for each size, one comparison with its end a trade."""
    sizes = [SlotsBar(period) for period in periods]
    done: dict[int, list[tuple[int, ...]]] = {period: [] for period in periods}
    for ts_ns, px, qty, buy in rows:
        turnover = px * qty
        for bar in sizes:
            if ts_ns >= bar.end:
                if bar.count:
                    done[bar.period].append(_slots_row(bar))
                bar.start = ts_ns - ts_ns % bar.period
                bar.end = bar.start + bar.period
                bar.open = bar.high = bar.low = px
                bar.volume = bar.turnover = bar.buy = bar.count = 0
            elif px > bar.high:
                bar.high = px
            elif px < bar.low:
                bar.low = px
            bar.close = px
            bar.volume += qty
            bar.turnover += turnover
            bar.buy += buy
            bar.count += 1
    for bar in sizes:
        done[bar.period].append(_slots_row(bar))
    return done


def _slots_row(bar: SlotsBar) -> tuple[int, ...]:
    prices = (bar.start, bar.open, bar.high, bar.low, bar.close)
    return (*prices, bar.volume, bar.buy, bar.turnover, bar.count)


def floor_of(trades: TradeBatch) -> Callable[[], object]:
    """Read every column once, as fast as NumPy can: no way of making bars reads less."""
    columns = (trades.ts_ns, trades.px_ticks, trades.qty, trades.buy_qty)
    return lambda: [column.max() for column in columns]


def same(bars: Bars, rows: list[tuple[int, ...]]) -> bool:
    """Tell whether a peer made the same bars."""
    return [tuple(bar) for bar in bars] == rows


def same_in_prices(bars: Bars, rows: list[tuple[float, ...]]) -> bool:
    """Tell whether a peer that counts in prices instead of ticks made the same bars."""
    return [
        (bar[0], *(px * TICK for px in bar[1:5]), *bar[5:7], bar.turnover * TICK, bar.count)
        for bar in bars
    ] == rows
