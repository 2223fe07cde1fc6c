"""Trades as parallel columns, the form in which they cross every layer."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.column import (
    CHECK_ROWS,
    INT32,
    INT64,
    ascending,
    int_column,
    same_length,
)
from tradedesk.engine.few_trades import few_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

_EMPTY_I64: Final = np.empty(0, np.int64)
_EMPTY_I32: Final = np.empty(0, np.int32)


class TradeBatch:
    """Trades of one contract in the order they happened. Not changed after it is made.

    Parameters
    ----------
    ts_ns : array_like of int, shape (n,)
        UTC nanoseconds, never going back; equal neighbours are normal. Kept as int64.
    px_ticks : array_like of int, shape (n,)
        Prices as counts of ticks. Kept as int32.
    qty : array_like of int, shape (n,)
        Contracts traded, 0 or more. Kept as int32.
    buy_qty : array_like of int, shape (n,)
        The part of `qty` where the buyer was the aggressor, 0 to `qty`. Kept as int32.

    Raises
    ------
    BatchError
        If a column holds anything but whole numbers in range, lengths differ, time goes back, or
        a quantity is impossible. Names row and value; nothing is kept.

    Notes
    -----
    Arrays that already have the right type are not copied: the batch holds read-only views of
    them. All sums of quantity times price must stay below 2**63.
    """

    __slots__ = ("buy_qty", "px_ticks", "qty", "ts_ns")

    ts_ns: NDArray[np.int64]
    px_ticks: NDArray[np.int32]
    qty: NDArray[np.int32]
    buy_qty: NDArray[np.int32]

    def __init__(
        self, ts_ns: ArrayLike, px_ticks: ArrayLike, qty: ArrayLike, buy_qty: ArrayLike
    ) -> None:
        few = few_columns(ts_ns, px_ticks, qty, buy_qty)
        if few is not None:
            self.ts_ns, self.px_ticks, self.qty, self.buy_qty = few
            return
        self.ts_ns = int_column("ts_ns", ts_ns, INT64)
        self.px_ticks = int_column("px_ticks", px_ticks, INT32)
        self.qty = int_column("qty", qty, INT32)
        self.buy_qty = int_column("buy_qty", buy_qty, INT32)
        same_length({name: getattr(self, name) for name in ("ts_ns", "px_ticks", "qty", "buy_qty")})
        ascending("ts_ns", self.ts_ns)
        possible_quantities(self.qty, self.buy_qty)

    @classmethod
    def unchecked(
        cls,
        ts_ns: NDArray[np.int64],
        px_ticks: NDArray[np.int32],
        qty: NDArray[np.int32],
        buy_qty: NDArray[np.int32],
    ) -> TradeBatch:
        """Wrap columns that are known to be right, without looking at them.

        For slices and columns made by the engine itself; everything from outside goes through
        the constructor.
        """
        batch = cls.__new__(cls)
        batch.ts_ns = ts_ns
        batch.px_ticks = px_ticks
        batch.qty = qty
        batch.buy_qty = buy_qty
        return batch

    @classmethod
    def empty(cls) -> TradeBatch:
        """Return a batch without trades."""
        return cls.unchecked(_EMPTY_I64, _EMPTY_I32, _EMPTY_I32, _EMPTY_I32)

    @classmethod
    def concat(cls, batches: Sequence[TradeBatch]) -> TradeBatch:
        """Join batches that follow one another.

        Raises
        ------
        BatchError
            If a batch starts before the one in front of it ends.
        """
        full = [batch for batch in batches if len(batch)]
        for before, after in itertools.pairwise(full):
            if after.ts_ns[0] < before.ts_ns[-1]:
                raise BatchError(
                    f"A batch starting at {after.ts_ns[0]} follows one ending at "
                    f"{before.ts_ns[-1]}: give the batches in the order of time."
                )
        if not full:
            return cls.empty()
        return cls.unchecked(
            np.concatenate([batch.ts_ns for batch in full]),
            np.concatenate([batch.px_ticks for batch in full]),
            np.concatenate([batch.qty for batch in full]),
            np.concatenate([batch.buy_qty for batch in full]),
        )

    def __len__(self) -> int:
        return len(self.ts_ns)

    def __getitem__(self, rows: slice) -> TradeBatch:
        """Return the trades of a forward slice as views.

        Raises
        ------
        BatchError
            If the slice runs backwards.
        """
        if rows.step is not None and rows.step < 1:
            raise BatchError(f"A slice with step {rows.step} would turn time round: use 1 or more.")
        return TradeBatch.unchecked(
            self.ts_ns[rows], self.px_ticks[rows], self.qty[rows], self.buy_qty[rows]
        )

    def rows(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield ``(ts_ns, px_ticks, qty, buy_qty)`` of each trade as Python integers."""
        return zip(
            self.ts_ns.tolist(),
            self.px_ticks.tolist(),
            self.qty.tolist(),
            self.buy_qty.tolist(),
            strict=True,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TradeBatch):
            return NotImplemented
        return all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        if not len(self):
            return "TradeBatch(0 trades)"
        return f"TradeBatch({len(self)} trades, {self.ts_ns[0]} to {self.ts_ns[-1]})"


def possible_quantities(qty: NDArray[np.int32], buy_qty: NDArray[np.int32]) -> None:
    """Refuse contracts below 0 and more bought than traded.

    Raises
    ------
    BatchError
        Naming column, row and value.
    """
    for start in range(0, len(qty), CHECK_ROWS):
        traded = qty[start : start + CHECK_ROWS]
        bought = buy_qty[start : start + CHECK_ROWS]
        if traded.min() < 0:
            _refuse(start, traded < 0, "qty", qty, "a trade has 0 contracts or more")
        if bought.min() < 0:
            _refuse(start, bought < 0, "buy_qty", buy_qty, "it lies between 0 and qty")
        if (bought > traded).any():
            row = start + int((bought > traded).argmax())
            raise BatchError(
                f"buy_qty row {row} is {buy_qty[row]}, more than the qty {qty[row]} of that trade."
            )


def _refuse(start: int, bad: NDArray[Any], name: str, column: NDArray[Any], rule: str) -> None:
    row = start + int(bad.argmax())
    raise BatchError(f"{name} row {row} is {column[row]}: {rule}.")
