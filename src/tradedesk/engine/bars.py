"""Bars as parallel columns."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradedesk.domain.errors import BatchError
from tradedesk.engine.column import INT32, INT64, ascending, int_column, same_length
from tradedesk.engine.flow_figures import FlowFigures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMNS: Final = (
    "ts_ns",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "buy_volume",
    "turnover",
    "count",
)
DTYPES: Final = {
    name: INT32 if name in ("open", "high", "low", "close") else INT64 for name in COLUMNS
}
Columns = tuple[NDArray[Any], ...]


class Bar(NamedTuple):
    """One bar as Python integers: prices in ticks, turnover in ticks times contracts."""

    ts_ns: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    buy_volume: int
    turnover: int
    count: int  # type: ignore[assignment]

    @property
    def flow_known(self) -> bool:
        """Whether `buy_volume`, `turnover` and `count` say anything."""
        return self.count > 0 or self.volume == 0

    @property
    def delta(self) -> int | None:
        """Contracts bought less contracts sold by the aggressor; None if unknown."""
        return 2 * self.buy_volume - self.volume if self.flow_known else None

    @property
    def sell_volume(self) -> int | None:
        """Contracts sold by the aggressor; None if unknown."""
        return self.volume - self.buy_volume if self.flow_known else None

    @property
    def vwap(self) -> float:
        """Average price weighted by contracts, in ticks; NaN if nothing traded or unknown."""
        return self.turnover / self.volume if self.volume and self.flow_known else math.nan


class Bars(FlowFigures):
    """Bars of one contract and one size, oldest first. Not changed after they are made.

    Parameters
    ----------
    ts_ns : array_like of int, shape (n,)
        When each bar opens, UTC nanoseconds; int64. All but time bars may share one.
    open, high, low, close : array_like of int, shape (n,)
        Prices as counts of ticks; int32.
    volume : array_like of int, shape (n,)
        Contracts traded; int64.
    buy_volume, turnover, count : array_like of int, shape (n,), optional
        Contracts bought by the aggressor, sum of price in ticks times contracts, number of
        trades; int64. All 0 when left out, which is how history from a venue comes.

    Raises
    ------
    BatchError
        If columns do not fit together. Names row and value.

    Notes
    -----
    A bar with volume but a `count` of 0 has an unknown order flow: its `buy_volume`, `turnover`
    and `count` are 0 and say nothing. Joining such a bar with another gives an unknown order
    flow again. See `flow_known`.
    """

    __slots__ = COLUMNS

    ts_ns: NDArray[np.int64]
    open: NDArray[np.int32]
    high: NDArray[np.int32]
    low: NDArray[np.int32]
    close: NDArray[np.int32]
    volume: NDArray[np.int64]
    buy_volume: NDArray[np.int64]
    turnover: NDArray[np.int64]
    count: NDArray[np.int64]

    def __init__(
        self,
        ts_ns: ArrayLike,
        open: ArrayLike,
        high: ArrayLike,
        low: ArrayLike,
        close: ArrayLike,
        volume: ArrayLike,
        buy_volume: ArrayLike | None = None,
        turnover: ArrayLike | None = None,
        count: ArrayLike | None = None,
    ) -> None:
        given = (ts_ns, open, high, low, close, volume, buy_volume, turnover, count)
        rows = np.size(np.asarray(ts_ns))
        for name, values in zip(COLUMNS, given, strict=True):
            filled = np.zeros(rows, np.int64) if values is None else values
            setattr(self, name, int_column(name, filled, DTYPES[name]))
        same_length(dict(zip(COLUMNS, self.columns(), strict=True)))
        ascending("ts_ns", self.ts_ns)
        self._refuse_impossible()

    @classmethod
    def unchecked(cls, columns: Columns) -> Bars:
        """Wrap nine columns that are known to be right, without looking at them."""
        bars = cls.__new__(cls)
        (
            bars.ts_ns,
            bars.open,
            bars.high,
            bars.low,
            bars.close,
            bars.volume,
            bars.buy_volume,
            bars.turnover,
            bars.count,
        ) = columns
        return bars

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[int]]) -> Bars:
        """Make bars of rows in the column order of `Bar`, known to be right."""
        table = np.array(rows, np.int64).reshape(len(rows), len(COLUMNS))
        return cls.unchecked(
            tuple(np.ascontiguousarray(table[:, i], DTYPES[name]) for i, name in enumerate(COLUMNS))
        )

    @classmethod
    def empty(cls) -> Bars:
        """Return no bars."""
        return cls.from_rows(())

    @classmethod
    def concat(cls, parts: Sequence[Bars]) -> Bars:
        """Put bars one behind the other, without joining any.

        Raises
        ------
        BatchError
            If a part starts before the one in front of it ends.
        """
        full = [part for part in parts if len(part)]
        for before, after in itertools.pairwise(full):
            _follows(before, after)
        if not full:
            return cls.empty()
        if len(full) == 1:
            return full[0]
        columns = zip(*(part.columns() for part in full), strict=True)
        return cls.unchecked(tuple(np.concatenate(column) for column in columns))

    def columns(self) -> Columns:
        """Return the nine columns in the order of `COLUMNS`."""
        return (
            self.ts_ns,
            self.open,
            self.high,
            self.low,
            self.close,
            self.volume,
            self.buy_volume,
            self.turnover,
            self.count,
        )

    def __len__(self) -> int:
        return len(self.ts_ns)

    @overload
    def __getitem__(self, rows: int) -> Bar: ...

    @overload
    def __getitem__(self, rows: slice) -> Bars: ...

    def __getitem__(self, rows: int | slice) -> Bar | Bars:
        """Return one bar as Python integers, or a slice of bars as views."""
        if isinstance(rows, slice):
            return Bars.unchecked(tuple(column[rows] for column in self.columns()))
        return Bar(*(int(column[rows]) for column in self.columns()))

    def __iter__(self) -> Iterator[Bar]:
        return map(Bar._make, zip(*(column.tolist() for column in self.columns()), strict=True))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Bars):
            return NotImplemented
        pairs = zip(self.columns(), other.columns(), strict=True)
        return all(np.array_equal(mine, theirs) for mine, theirs in pairs)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        if not len(self):
            return "Bars(0 bars)"
        return f"Bars({len(self)} bars, {self.ts_ns[0]} to {self.ts_ns[-1]})"

    def _refuse_impossible(self) -> None:
        rules: tuple[tuple[str, NDArray[Any], str], ...] = (
            ("high", self.high < np.maximum(self.open, self.close), "below open or close"),
            ("low", self.low > np.minimum(self.open, self.close), "above open or close"),
            ("volume", self.volume < 0, "below 0"),
            (
                "buy_volume",
                (self.buy_volume < 0) | (self.buy_volume > self.volume),
                "not between 0 and volume",
            ),
            ("count", self.count < 0, "below 0"),
        )
        for name, bad, what in rules:
            if bad.any():
                row = int(bad.argmax())
                raise BatchError(f"{name} row {row} is {getattr(self, name)[row]}: {what}.")


def join_bars(head: Bar, tail: Bar) -> Bar:
    """Join two parts of the same bar, `head` being the earlier one.

    The order flow is known only if it is known for both parts; otherwise `buy_volume`,
    `turnover` and `count` are 0.
    """
    parts = (head, tail)
    known = all(part.flow_known for part in parts)
    return Bar(
        head.ts_ns,
        head.open,
        max(head.high, tail.high),
        min(head.low, tail.low),
        tail.close,
        head.volume + tail.volume,
        head.buy_volume + tail.buy_volume if known else 0,
        head.turnover + tail.turnover if known else 0,
        head.count + tail.count if known else 0,
    )


def merge(head: Bars, tail: Bars) -> Bars:
    """Put `tail` behind `head`; a bar that both have a part of is joined exactly.

    Parameters
    ----------
    head, tail : Bars
        Time bars of one size. If the last bar of `head` and the first of `tail` open at the same
        time they are taken for two parts of one bar that share no trade.

    Returns
    -------
    Bars
        Where one side of the joined bar has an unknown order flow, so has the joined bar.

    Raises
    ------
    BatchError
        If `tail` starts before `head` ends.
    """
    if not len(head) or not len(tail) or head.ts_ns[-1] != tail.ts_ns[0]:
        return Bars.concat((head, tail))
    joined = Bars.from_rows((join_bars(head[-1], tail[0]),))
    return Bars.concat((head[:-1], joined, tail[1:]))


def _follows(before: Bars, after: Bars) -> None:
    if after.ts_ns[0] < before.ts_ns[-1]:
        raise BatchError(
            f"Bars starting at {after.ts_ns[0]} follow bars ending at {before.ts_ns[-1]}: "
            f"give them in the order of time."
        )
