"""The trades of one product over the path of its underlying.

Each move of the touch is made by trades that eat the level in front of it; others trade at the
bid or at the ask without moving anything. Buyers and sellers come in runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.practice.market.path import HOUR_S, Path, burst_times
from tradedesk.practice.market.prints import Prints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.practice.products import Product

    Ints = NDArray[np.int64]

_SWEEP: Final = 5
_RUN_TAIL: Final = 1.5
_LONGEST_RUN: Final = 200
_TAIL: Final = 2.3
_LARGEST: Final = 180


def trades_of_hour(
    random: np.random.Generator, product: Product, path: Path, per_minute: NDArray[np.float64]
) -> Prints:
    """Make the trades of one hour.

    Parameters
    ----------
    random : numpy.random.Generator
        Where chance comes from.
    product : Product
        Whose lot sizes and lag to use.
    path : Path
        Moves of the underlying.
    per_minute : ndarray of float, shape (60,)
        Mean number of trades that move nothing.

    Returns
    -------
    Prints
        ``ts_ns`` counts from the start of the hour.
    """
    sweep_at, *sweep = _sweeps(path, _late(path, product))
    quiet_at = burst_times(random, per_minute)
    buys = _runs(random, len(quiet_at))
    index = np.searchsorted(_late(path, product), quiet_at, side="right")
    bid = np.concatenate(([path.before_bid], path.bid))[index]
    ask = bid + np.concatenate(([path.before_spread], path.spread))[index]
    quiet = (np.where(buys, ask, bid), buys, bid, ask)

    at_us = np.concatenate((sweep_at, quiet_at))
    order = np.argsort(at_us, kind="stable")
    px, is_buy, bids, asks = (
        np.concatenate(pair)[order] for pair in zip(sweep, quiet, strict=True)
    )
    qty = _sizes(random, product.lots, len(order))
    return Prints(
        at_us[order] * 1_000,
        px.astype(np.int32),
        qty,
        np.where(is_buy, qty, 0).astype(np.int32),
        bids.astype(np.int32),
        asks.astype(np.int32),
    )


def _late(path: Path, product: Product) -> Ints:
    """When this product follows each move; never later than the hour."""
    return np.minimum(path.at_us + product.lag_us, HOUR_S * 1_000_000 - 1)


def _sweeps(path: Path, at_us: Ints) -> tuple[Ints, Ints, NDArray[np.bool_], Ints, Ints]:
    """Trades that move the touch: time, price, side, and the touch after each."""
    before_bid = np.concatenate(([path.before_bid], path.bid[:-1]))
    before_spread = np.concatenate(([path.before_spread], path.spread[:-1]))
    moved = path.bid - before_bid
    count = np.minimum(np.abs(moved), _SWEEP)
    row = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    up = moved[row] > 0
    px = np.where(up, before_bid[row] + before_spread[row] + step, before_bid[row] - step)
    last = step == count[row] - 1
    bid = np.where(last, path.bid[row], np.where(up, px, px - 1))
    ask = np.where(last, path.bid[row] + path.spread[row], np.where(up, px + 1, px))
    return at_us[row], px, up, bid, ask


def _runs(random: np.random.Generator, count: int) -> NDArray[np.bool_]:
    """Sides of trades: True for buys. Most runs are short, a few are very long."""
    lengths = np.minimum(random.random(count) ** (-1.0 / _RUN_TAIL), _LONGEST_RUN).astype(np.int64)
    return np.repeat(random.random(count) < 0.5, lengths)[:count]


def _sizes(random: np.random.Generator, lots: float, count: int) -> NDArray[np.int32]:
    tail = random.random(count) ** (-1.0 / _TAIL) - 1.0
    return np.minimum(1 + (lots * tail).astype(np.int64), _LARGEST).astype(np.int32)
