"""Trades as a feed or a file delivers them: in order of arrival, with an id where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import BatchError
from tradedesk.engine.batch import possible_quantities
from tradedesk.engine.column import INT32, INT64, int_column, same_length

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from tradedesk.engine.batch import TradeBatch

NO_ID: Final = -1
"""What stands in the column of ids for a trade that has none."""


class Arrivals:
    """Trades of one contract in the order in which they arrived. Not changed after it is made.

    Parameters
    ----------
    ts_ns : array_like of int, shape (n,)
        UTC nanoseconds, which may step back. Kept as int64.
    px_ticks, qty, buy_qty : array_like of int, shape (n,)
        As in `TradeBatch`. Kept as int32.
    ids : array_like of int, shape (n,), optional
        What the venue calls each trade, 0 or more, or -1 for a trade without a name. Kept as
        int64; left out when no trade has one.

    Raises
    ------
    BatchError
        As for `TradeBatch`, save that time may go back; and for an id below -1. Names row and
        value; nothing is kept.
    """

    __slots__ = ("buy_qty", "ids", "px_ticks", "qty", "ts_ns")

    def __init__(
        self,
        ts_ns: ArrayLike,
        px_ticks: ArrayLike,
        qty: ArrayLike,
        buy_qty: ArrayLike,
        ids: ArrayLike | None = None,
    ) -> None:
        self.ts_ns: NDArray[np.int64] = int_column("ts_ns", ts_ns, INT64)
        self.px_ticks: NDArray[np.int32] = int_column("px_ticks", px_ticks, INT32)
        self.qty: NDArray[np.int32] = int_column("qty", qty, INT32)
        self.buy_qty: NDArray[np.int32] = int_column("buy_qty", buy_qty, INT32)
        self.ids = None if ids is None else _id_column(ids)
        columns = {name: getattr(self, name) for name in ("ts_ns", "px_ticks", "qty", "buy_qty")}
        same_length(columns if self.ids is None else columns | {"ids": self.ids})
        possible_quantities(self.qty, self.buy_qty)

    @classmethod
    def of(cls, batch: TradeBatch, ids: ArrayLike | None = None) -> Arrivals:
        """Take trades that are known to be right, with their ids if they have any.

        Raises
        ------
        BatchError
            If the ids are not whole numbers from -1 on, one for each trade.
        """
        arrivals = cls.__new__(cls)
        arrivals.ts_ns, arrivals.px_ticks = batch.ts_ns, batch.px_ticks
        arrivals.qty, arrivals.buy_qty = batch.qty, batch.buy_qty
        arrivals.ids = None if ids is None else _id_column(ids)
        if arrivals.ids is not None:
            same_length({"ts_ns": arrivals.ts_ns, "ids": arrivals.ids})
        return arrivals

    def __len__(self) -> int:
        return len(self.ts_ns)

    def __repr__(self) -> str:
        return f"Arrivals({len(self)} trades{'' if self.ids is None else ' with ids'})"


def _id_column(ids: ArrayLike) -> NDArray[np.int64]:
    column: NDArray[np.int64] = int_column("ids", ids, INT64)
    if len(column) and column.min() < NO_ID:
        row = int((column < NO_ID).argmax())
        raise BatchError(
            f"ids row {row} is {column[row]}: an id is 0 or more, or -1 for a trade without one."
        )
    return column
