"""A handful of trades from Python lists, looked at as such.

A live feed delivers some trades at a time. Examining them with array calls costs ten times what
the arrays themselves do; Python looks at as few faster.
"""

from __future__ import annotations

from operator import le
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]

FEW: Final = 64
"""From more rows on array calls cost less."""

_INT: Final = frozenset((int,))
_MOST_32: Final = 2**31 - 1
_MOST_64: Final = 2**63 - 1


def few_columns(ts_ns: Any, px_ticks: Any, qty: Any, buy_qty: Any) -> Columns | None:
    """Make read-only columns of a few trades that are plainly right.

    Parameters
    ----------
    ts_ns, px_ticks, qty, buy_qty : any
        As given to `TradeBatch`.

    Returns
    -------
    tuple of ndarray, shape (n,), or None
        int64, int32, int32, int32. None for all but lists of 1 to `FEW` Python integers that keep
        every rule of `TradeBatch`: whoever knows the rules in full decides on those.
    """
    if type(ts_ns) is not list or not 0 < (rows := len(ts_ns)) <= FEW:
        return None
    for values in (ts_ns, px_ticks, qty, buy_qty):
        if type(values) is not list or len(values) != rows:
            return None
        if not _INT.issuperset(map(type, values)):
            return None
    if not _follow_rules(ts_ns, px_ticks, qty, buy_qty):
        return None
    stamps = np.array(ts_ns, np.int64)
    table = np.array((px_ticks, qty, buy_qty), np.int32)
    stamps.flags.writeable = table.flags.writeable = False
    return stamps, table[0], table[1], table[2]


def _follow_rules(
    ts_ns: list[int], px_ticks: list[int], qty: list[int], buy_qty: list[int]
) -> bool:
    """Whether time never goes back, and every figure is one that a trade can have."""
    return (
        ts_ns[0] >= -_MOST_64
        and ts_ns[-1] <= _MOST_64
        and sorted(ts_ns) == ts_ns
        and min(px_ticks) >= -_MOST_32
        and max(px_ticks) <= _MOST_32
        and min(buy_qty) >= 0
        and max(qty) <= _MOST_32
        and all(map(le, buy_qty, qty))
    )
