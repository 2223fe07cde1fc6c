"""Bars for indicators: walks, flat stretches, jumps; order flow known, unknown, and both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st
from tests.engine.naive import DAY, HOUR, MINUTE

from tradedesk.engine import Bars

if TYPE_CHECKING:
    from numpy.typing import NDArray

STYLES = ("walk", "flat", "wide", "quiet", "far below 0")
FLOWS = ("known", "unknown", "mixed")
_MOVES = {"walk": 4, "flat": 1, "wide": 1_000_000, "quiet": 1, "far below 0": 30}


def made_bars(rows: int, seed: int, style: str = "walk", flow: str = "known") -> Bars:
    """Minute bars with holes; the same for the same arguments."""
    rng = np.random.default_rng(seed)
    moves = rng.integers(-_MOVES[style], _MOVES[style] + 1, rows)
    if style in ("flat", "quiet"):
        moves[rng.random(rows) < 0.9] = 0
    level = -5_000 if style == "far below 0" else 20_000
    close = level + np.cumsum(moves)
    reach = 0 if style == "flat" else max(_MOVES[style] // 2, 1)
    opened = close + rng.integers(-reach, reach + 1, rows)
    high = np.maximum(opened, close) + rng.integers(0, reach + 1, rows)
    low = np.minimum(opened, close) - rng.integers(0, reach + 1, rows)
    gaps = np.where(rng.random(rows) < 0.05, rng.integers(1, 2 * DAY // HOUR, rows) * HOUR, MINUTE)
    volume = np.where(rng.random(rows) < 0.1, 0, rng.integers(1, 1_000, rows))
    bought = rng.integers(0, volume + 1)
    mean = rng.integers(low, high + 1)
    count = np.minimum(volume, 3)
    hidden = _hidden(rng, rows, flow)
    for column in (bought, count):
        column[hidden] = 0
    turnover = np.where(hidden, 0, mean * volume)
    first = 1_700_000_000 * 1_000_000_000
    return Bars(first + np.cumsum(gaps), opened, high, low, close, volume, bought, turnover, count)


def _hidden(rng: np.random.Generator, rows: int, flow: str) -> NDArray[np.bool_]:
    if flow == "mixed":
        hidden: NDArray[np.bool_] = rng.random(rows) < 0.1
        return hidden
    return np.full(rows, flow == "unknown")


def bars_to_try(min_size: int = 0, max_size: int = 120) -> st.SearchStrategy[Bars]:
    """Bars of all styles."""
    return st.builds(
        made_bars,
        st.integers(min_size, max_size),
        st.integers(0, 2**32),
        st.sampled_from(STYLES),
        st.sampled_from(FLOWS),
    )


def assert_close(found: object, wanted: object, bars: Bars, rtol: float = 1e-9) -> None:
    """Same NaN, and same values to `rtol` or to 1e-12 of the largest price."""
    largest = int(np.abs(bars.high.astype(np.int64)).max()) if len(bars) else 0
    np.testing.assert_allclose(
        np.asarray(found, np.float64),
        np.asarray(wanted, np.float64),
        rtol=rtol,
        atol=1e-9 + 1e-12 * largest,
    )
