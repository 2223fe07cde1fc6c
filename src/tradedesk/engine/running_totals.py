"""Running totals of a stream of trades, and the bars cut out of them.

A forming bar keeps no volume of its own. Volume, turnover and counts are running totals of the
whole stream; a bar remembers what they were when it opened, and its own value is the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.engine.bars import Bar, Bars, join_bars

if TYPE_CHECKING:
    from tradedesk.engine.bar_columns import ClosedBars
    from tradedesk.engine.batch import TradeBatch

BEFORE_ALL_TIME: Final = -(2**63)
AFTER_ALL_TIME: Final = 2**63 - 1


class Totals(NamedTuple):
    """Running sums over a stream of trades, in the order of the last columns of `Bars`."""

    volume: int = 0
    buy_volume: int = 0
    turnover: int = 0
    count: int = 0  # type: ignore[assignment]

    def plus(self, bars: Bars) -> Totals:
        """Return the totals after the trades of these bars."""
        sums = (bars.volume, bars.buy_volume, bars.turnover, bars.count)
        return Totals(*(old + int(column.sum()) for old, column in zip(self, sums, strict=True)))


def totals_of(trades: TradeBatch) -> Totals:
    """Return the sums over some trades."""
    return Totals(
        int(trades.qty.sum(dtype=np.int64)),
        int(trades.buy_qty.sum(dtype=np.int64)),
        int(np.multiply(trades.px_ticks, trades.qty, dtype=np.int64).sum()),
        len(trades),
    )


def close_all_but_last(closed: ClosedBars, forming: Bar | None, bars: Bars, continues: bool) -> Bar:
    """Move every bar but the newest to the closed ones; returns the newest.

    Parameters
    ----------
    closed : ClosedBars
        Where closed bars go.
    forming : Bar or None
        The bar that was forming before `bars`.
    bars : Bars
        At least one bar, of the new trades alone.
    continues : bool
        Whether the first of `bars` is a further part of `forming`.
    """
    first = bars[0]
    if forming is not None and continues:
        first = join_bars(forming, first)
    elif forming is not None:
        closed.add(forming)
    if len(bars) == 1:
        return first
    closed.add(first)
    closed.extend(bars[1:-1])
    return bars[-1]


def base_of(totals: Totals, bar: Bar) -> Totals:
    """Return what the totals were when `bar`, the newest one, opened."""
    own = (bar.volume, bar.buy_volume, bar.turnover, bar.count)
    return Totals(*(now - part for now, part in zip(totals, own, strict=True)))
