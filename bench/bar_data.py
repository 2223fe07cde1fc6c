"""Made-up trades and minute bars, the same in every process that measures them.

Needs NumPy only: peers in environments of their own read this file too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

NS = 1_000_000_000
MINUTE = 60 * NS
TICK = 0.25
_PIECE = 10_000_000

Columns = dict[str, NDArray[Any]]


def make_trades(rows: int, *, per_second: float = 20.0, seed: int = 7) -> Columns:
    """Bursty futures-like trades: seven gaps in ten are ten times shorter than the mean.

    Made in pieces, so that the making takes little more memory than the trades.
    """
    rng = np.random.default_rng(seed)
    mean = 1.0 / per_second
    trades: Columns = {
        "ts_ns": np.empty(rows, np.int64),
        "px_ticks": np.empty(rows, np.int32),
        "qty": np.empty(rows, np.int32),
        "buy_qty": np.empty(rows, np.int32),
    }
    last_ns, last_px = 1_700_000_000 * NS, 80_000
    for start in range(0, rows, _PIECE):
        piece = {name: column[start : start + _PIECE] for name, column in trades.items()}
        some = len(piece["qty"])
        gap = rng.exponential(1.0, some)
        gap *= np.where(rng.random(some) < 0.7, 0.1 * mean, 0.93 / 0.3 * mean)
        piece["qty"][:] = rng.geometric(0.4, some)
        piece["ts_ns"][:] = last_ns + (gap.cumsum() * NS).astype(np.int64)
        piece["px_ticks"][:] = last_px + rng.integers(-1, 2, some).cumsum()
        piece["buy_qty"][:] = np.where(rng.random(some) < 0.5, piece["qty"], 0)
        last_ns, last_px = int(piece["ts_ns"][-1]), int(piece["px_ticks"][-1])
    return trades


def make_minutes(rows: int, seed: int = 3) -> Columns:
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


def as_they_come(trades: Columns) -> Columns:
    """The same trades in the columns that trade files and feeds have: price, size, side."""
    return {
        "ts": trades["ts_ns"],
        "price": trades["px_ticks"] * TICK,
        "size": trades["qty"],
        "side": np.where(trades["buy_qty"] > 0, 1, -1).astype(np.int8),
    }
