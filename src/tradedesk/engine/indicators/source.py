"""Which price of a bar an indicator looks at.

Means of several prices are kept as their sum, a whole number of ticks, until the very end: sums
over windows stay exact that way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.engine.indicators.parameter import choice

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars

SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "close": ("close",),
    "open": ("open",),
    "high": ("high",),
    "low": ("low",),
    "hl2": ("high", "low"),
    "hlc3": ("high", "low", "close"),
    "ohlc4": ("open", "high", "low", "close"),
}
"""Names of sources with the prices that each is the mean of."""

_READERS: Final[dict[str, Callable[[Bar], int]]] = {
    "close": lambda bar: bar.close,
    "open": lambda bar: bar.open,
    "high": lambda bar: bar.high,
    "low": lambda bar: bar.low,
    "hl2": lambda bar: bar.high + bar.low,
    "hlc3": lambda bar: bar.high + bar.low + bar.close,
    "ohlc4": lambda bar: bar.open + bar.high + bar.low + bar.close,
}


def source_field(default: str = "close") -> Any:
    """Make the dataclass field of an indicator that says which price it looks at."""
    return choice(default, SOURCES)


def scale_of(source: str) -> int:
    """Return by what the sums of this source are divided to give ticks."""
    return len(SOURCES[source])


def sums_of(bars: Bars, source: str) -> NDArray[np.int64]:
    """Return the source of all bars in ticks times `scale_of`; int64, shape (n,)."""
    first, *more = SOURCES[source]
    column: NDArray[np.int64] = getattr(bars, first).astype(np.int64)
    for name in more:
        column += getattr(bars, name)
    return column


def ticks_of(bars: Bars, source: str) -> NDArray[np.float64]:
    """Return the source of all bars in ticks; float64, shape (n,)."""
    if scale_of(source) == 1:
        ticks: NDArray[np.float64] = getattr(bars, source).astype(np.float64)
        return ticks
    return sums_of(bars, source) / scale_of(source)


def reader_of(source: str) -> Callable[[Bar], int]:
    """Return what reads the source of one bar, in ticks times `scale_of`."""
    return _READERS[source]
