"""Averages that never quite forget: exponential and Wilder's, as columns and value by value.

Both follow ``y = keep * y + x``. Done row by row in Python that costs a hundred nanoseconds a
row. Here rows are cut into blocks; inside a block the recursion from 0 is one product with a
triangular matrix of powers of `keep`, and what comes in from the block before is added times a
power of `keep`. The blocks' ends are a shorter recursion of the same form. All terms of a product
have the sign of the input, so the result differs from the plain recursion by some 1e-15 of the
largest input, whatever the length of the column.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, log
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.engine.indicators.core import NAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK: Final = 32
_PIECE: Final = 256
"""Blocks multiplied at a time: stays in cache, and below the size at which BLAS starts threads."""
_FORGOTTEN: Final = 64.0
"""An input that came in times exp(-64) is 1.6e-28 of itself: even of 2**31 ticks nothing shows."""

NOTHING: Final = 1e-300
"""An average that has faded to this counts as 0: below it, ratios of averages lose their digits.

TA-Lib goes on until both are 0.
"""


def decayed(inputs: NDArray[np.float64], keep: float, start: float) -> NDArray[np.float64]:
    """Return ``y[i] = keep * y[i - 1] + inputs[i]`` with ``y[-1] = start``; shape (n,).

    Parameters
    ----------
    inputs : ndarray of float64, shape (n,)
        Without NaN: one would spread over its block.
    keep : float
        At least 0, below 1.
    start : float
        What the recursion begins with.
    """
    blocks, rest = divmod(len(inputs), _BLOCK)
    triangle, powers = _matrix(keep)
    out = np.empty(len(inputs))
    cut = blocks * _BLOCK
    if blocks:
        body = out[:cut].reshape(blocks, _BLOCK)
        given = inputs[:cut].reshape(blocks, _BLOCK)
        for piece in range(0, blocks, _PIECE):
            np.matmul(given[piece : piece + _PIECE], triangle, out=body[piece : piece + _PIECE])
        carried = _carried(body[:, -1], keep**_BLOCK, start)
        for piece in range(0, blocks, _PIECE):
            part = body[piece : piece + _PIECE]
            part += np.multiply.outer(carried[piece : piece + len(part)], powers)
        start = float(carried[-1])
    if rest:
        out[cut:] = inputs[cut:] @ triangle[:rest, :rest]
        out[cut:] += start * powers[:rest]
    return out


def _carried(ends: NDArray[np.float64], keep: float, start: float) -> NDArray[np.float64]:
    """Return what comes into each block, and what goes out of the last; plainly if few."""
    if len(ends) > _BLOCK * _BLOCK:
        later = decayed(np.ascontiguousarray(ends), keep, start)
        return np.concatenate(([start], later))
    carried = [start]
    for value in ends.tolist():
        start = keep * start + value
        carried.append(start)
    return np.array(carried)


@lru_cache(maxsize=64)
def _matrix(keep: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Powers of `keep` above the diagonal, so that a row times it is the recursion from 0."""
    powers = keep ** np.arange(_BLOCK + 1, dtype=np.float64)
    lag = np.arange(_BLOCK) - np.arange(_BLOCK)[:, None]
    triangle = np.where(lag >= 0, powers[np.maximum(lag, 0)], 0.0)
    return triangle, powers[1:]


def smoothed(values: NDArray[np.float64], length: int, alpha: float) -> NDArray[np.float64]:
    """Return ``y += alpha * (x - y)`` begun with the mean of the first `length` values.

    Returns
    -------
    ndarray of float64, shape (n - length + 1,)
        Row 0 is that mean; empty when there are too few values.
    """
    if len(values) < length:
        return np.empty(0)
    first = values[:length].sum() / length
    return np.concatenate(([first], decayed(values[length:] * alpha, 1.0 - alpha, first)))


def ema_column(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return the exponential average from row ``length - 1`` on; see `smoothed`."""
    return smoothed(values, length, 2.0 / (length + 1))


def wilder_column(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return Wilder's average from row ``length - 1`` on; see `smoothed`."""
    return smoothed(values, length, 1.0 / length)


def ema_memory(length: int) -> int:
    """Bars after which an exponential average has forgotten how it began."""
    return length + _forgetting(1.0 - 2.0 / (length + 1))


def wilder_memory(length: int) -> int:
    """Bars after which Wilder's average has forgotten how it began."""
    return length + _forgetting(1.0 - 1.0 / length)


def _forgetting(keep: float) -> int:
    return 1 if keep <= 0.0 else ceil(_FORGOTTEN / -log(keep))


class Smoothing:
    """An average ``y += alpha * (x - y)`` that begins with the mean of its first values."""

    __slots__ = ("_seen", "_sum", "_value", "alpha", "length")

    def __init__(self, length: int, alpha: float) -> None:
        self.length = length
        self.alpha = alpha
        self._seen = 0
        self._sum = 0.0
        self._value = NAN

    def step(self, value: float, keep: bool) -> float:
        """Return the average with `value` as the newest; NaN while there are too few."""
        if self._seen >= self.length:
            result = self._value + self.alpha * (value - self._value)
            if keep:
                self._value = result
            return result
        total = self._sum + value
        result = total / self.length if self._seen == self.length - 1 else NAN
        if keep:
            self._seen += 1
            self._sum = total
            self._value = result
        return result


def ema(length: int) -> Smoothing:
    """Return an exponential average."""
    return Smoothing(length, 2.0 / (length + 1))


def wilder(length: int) -> Smoothing:
    """Return Wilder's average."""
    return Smoothing(length, 1.0 / length)
