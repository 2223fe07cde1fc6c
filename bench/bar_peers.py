"""What the bars are measured against: which peers are here, and whether they make the same bars."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench import bar_frames as frames
from bench.bar_compiled import one_pass
from bench.bar_data import NS
from bench.foreign import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.bar_data import Columns

    from tradedesk.engine import Bars, TradeBatch

FLOOR, RAW, STORE = "memory floor", "ours, raw trades", "ours, from the store"
LOOP, DICTS = "best Python loop", "dict and dataclass"
NUMBA, POLARS, DUCKDB, PANDAS, PANDAS_2 = (
    "numba, one pass",
    "polars",
    "duckdb",
    "pandas 3",
    "pandas 2",
)
PERIODS = {"1s": NS, "1m": 60 * NS}


def peer(name: str) -> Any:
    """Import a peer, or say that it is left out and return None."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"- {name} is not installed: left out (dependency group `bench`)")
        return None


@dataclass(frozen=True)
class Peers:
    """The libraries of this environment, and the interpreters of the others; None where absent."""

    pandas: Any
    polars: Any
    duckdb: Any
    numba: Any
    arrow: Any
    nautilus: Path | None
    project_x: Path | None

    @classmethod
    def found(cls) -> Peers:
        """Look for all of them; says which are left out."""
        return cls(
            peer("pandas"),
            peer("polars"),
            peer("duckdb"),
            peer("numba"),
            peer("pyarrow"),
            environment("nautilus_trader"),
            environment("project-x-py"),
        )

    def versions(self) -> str:
        """Name and version of each library of this environment."""
        here = [self.pandas, self.polars, self.duckdb, self.numba]
        return ", ".join(f"{one.__name__} {one.__version__}" for one in here if one is not None)


def trade_peers(
    found: Peers, trades: Columns, every: str, ours: Bars
) -> dict[str, Callable[[], object]]:
    """The libraries of this environment on one table of trades, each checked against `ours`."""
    candidates: dict[str, Callable[[], object]] = {}
    if found.numba is not None:
        loop = one_pass(found.numba)
        candidates[NUMBA] = lambda: loop(trades, PERIODS[every])
        if loop(trades, PERIODS[every]).tolist() != [list(bar) for bar in ours]:
            raise AssertionError("numba makes other bars than the engine")
    if found.polars is not None:
        candidates[POLARS] = frames.polars_trades(found.polars, trades, every)
        check(POLARS, frames.digest(candidates[POLARS](), in_prices=True), ours)
        candidates[f"{POLARS}, our columns"] = frames.polars_integers(found.polars, trades, every)
    if found.duckdb is not None and found.arrow is not None:
        run = frames.duckdb_trades(found.duckdb, found.arrow, trades, every)
        check(DUCKDB, frames.digest(run(), in_prices=False), ours)
        candidates[f"{DUCKDB}, our columns"] = run
    if found.pandas is not None:
        candidates[PANDAS] = frames.pandas_trades(found.pandas, trades, every)
        check(PANDAS, frames.digest(candidates[PANDAS](), in_prices=True), ours)
        candidates[f"{PANDAS}, our columns"] = frames.pandas_integers(found.pandas, trades, every)
    return candidates


def check(name: str, found: list[float], bars: Bars) -> None:
    """Compare a peer's bars with ours, by their number and the sum of each column.

    Raises
    ------
    AssertionError
        If they differ.
    """
    ours = frames.digest(
        {
            "open": bars.open,
            "high": bars.high,
            "low": bars.low,
            "close": bars.close,
            "size": bars.volume,
            "buy": bars.buy_volume,
            "turnover": bars.turnover,
            "count": bars.count,
        },
        in_prices=False,
    )
    if found != ours:
        raise AssertionError(f"{name} makes other bars than the engine: {found} and {ours}")


def floor_of(trades: TradeBatch) -> Callable[[], object]:
    """Read every column once, as fast as NumPy can: no way of making bars reads less."""
    columns = (trades.ts_ns, trades.px_ticks, trades.qty, trades.buy_qty)
    return lambda: [column.max() for column in columns]
