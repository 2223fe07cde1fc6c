"""The footprint of the bar that is forming, trade by trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.engine.orderflow.footprint import Footprint
from tradedesk.engine.orderflow.levels import Levels

if TYPE_CHECKING:
    from collections.abc import Sequence


class FormingFootprint:
    """Sums per price of one bar."""

    __slots__ = ("_delta", "_highest", "_lowest", "_open_ns", "_rows")

    def __init__(self, open_ns: int) -> None:
        self._open_ns = open_ns
        self._rows: dict[int, list[int]] = {}  # price: volume, buy volume, count
        self._delta = self._highest = self._lowest = 0

    def tick(self, px_ticks: int, qty: int, buy_qty: int) -> None:
        """Take in one trade."""
        row = self._rows.get(px_ticks)
        if row is None:
            self._rows[px_ticks] = [qty, buy_qty, 1]
        else:
            row[0] += qty
            row[1] += buy_qty
            row[2] += 1
        self._delta = delta = self._delta + 2 * buy_qty - qty
        if delta > self._highest:
            self._highest = delta
        elif delta < self._lowest:
            self._lowest = delta

    def add(self, part: Footprint) -> None:
        """Take in a later part of the same bar, made as a bar of its own."""
        rows = self._rows
        columns = (column.tolist() for column in part.levels.columns())
        for px_ticks, *sums in zip(*columns, strict=True):
            row = rows.get(px_ticks)
            rows[px_ticks] = (
                sums if row is None else [a + b for a, b in zip(row, sums, strict=True)]
            )
        before = self._delta
        self._highest = max(self._highest, before + int(part.max_delta[0]))
        self._lowest = min(self._lowest, before + int(part.min_delta[0]))
        self._delta = before + int(part.delta[0])

    def footprint(self) -> Footprint:
        """Return the bar as it is now; at least one trade."""
        prices = sorted(self._rows)
        volume, buy_volume, count = zip(*(self._rows[px] for px in prices), strict=True)
        levels = Levels(
            np.array([0, len(prices)], np.intp),
            np.array(prices, np.int32),
            _sums(volume),
            _sums(buy_volume),
            _sums(count),
        )
        bar = (_sums((value,)) for value in (self._open_ns, self._highest, self._lowest))
        ts_ns, max_delta, min_delta = bar
        return Footprint(ts_ns, levels, max_delta, min_delta)


def _sums(values: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)
