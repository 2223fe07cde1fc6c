"""Heikin-Ashi candles: a view of bars made to be looked at.

The close is the mean of a bar's four prices, the open the mean of the open and the close of the
candle before, the first one the mean of its bar's open and close. Nobody traded at these values,
so they are no `Bars`: they are float64, in ticks and parts of ticks, and their columns have names
of their own.

Every open is made of all candles before it, ``(open + close) / 2``, each time rounded as float64
does it. However candles are made, all at once, in pieces or bar by bar, these very operations are
what counts, so the results are the same to the last bit. Long columns are cut into lanes that are
worked through side by side. What a lane begins with is found by a run-up: a halving at each bar
soon makes up for a wrong beginning. Where it was not made up for in time, the lane is done again.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple, overload

import numpy as np

from tradedesk.domain.errors import BatchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bars

_LONG_COLUMN: Final = 16_384
_LANES: Final = 1_024
_SHORTEST_LANE: Final = 256
_RUN_UP: Final = 80
"""Bars: more than the bits that a wrong beginning and the true one can differ in, usually."""


class HeikinAshiCandle(NamedTuple):
    """One candle; averages in ticks, not prices."""

    ts_ns: int
    ha_open: float
    ha_high: float
    ha_low: float
    ha_close: float


class HeikinAshi:
    """Heikin-Ashi candles, oldest first. Averages to look at, not prices to trade at.

    Attributes
    ----------
    ts_ns : ndarray of int64, shape (n,)
        When each bar opens, UTC nanoseconds.
    ha_open, ha_high, ha_low, ha_close : ndarray of float64, shape (n,)
        In ticks and parts of ticks.
    """

    __slots__ = HeikinAshiCandle._fields

    def __init__(
        self,
        ts_ns: NDArray[np.int64],
        ha_open: NDArray[np.float64],
        ha_high: NDArray[np.float64],
        ha_low: NDArray[np.float64],
        ha_close: NDArray[np.float64],
    ) -> None:
        self.ts_ns = ts_ns
        self.ha_open = ha_open
        self.ha_high = ha_high
        self.ha_low = ha_low
        self.ha_close = ha_close

    def __len__(self) -> int:
        return len(self.ts_ns)

    @overload
    def __getitem__(self, rows: int) -> HeikinAshiCandle: ...

    @overload
    def __getitem__(self, rows: slice) -> HeikinAshi: ...

    def __getitem__(self, rows: int | slice) -> HeikinAshiCandle | HeikinAshi:
        """Return one candle, or a slice of candles as views."""
        if isinstance(rows, slice):
            return HeikinAshi(
                self.ts_ns[rows],
                self.ha_open[rows],
                self.ha_high[rows],
                self.ha_low[rows],
                self.ha_close[rows],
            )
        return HeikinAshiCandle(
            int(self.ts_ns[rows]),
            float(self.ha_open[rows]),
            float(self.ha_high[rows]),
            float(self.ha_low[rows]),
            float(self.ha_close[rows]),
        )

    def __iter__(self) -> Iterator[HeikinAshiCandle]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, HeikinAshi):
            return NotImplemented
        return all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"HeikinAshi({len(self)} candles)"


class HeikinAshiFollower:
    """Candles of a growing series, for the cost of what changed.

    Gives the candles that `heikin_ashi` makes of the whole series, bit for bit.
    """

    __slots__ = ("_close", "_open", "_row")

    def __init__(self) -> None:
        self._row = -1
        self._open = self._close = 0.0

    def follow(self, bars: Bars, at: int) -> HeikinAshi:
        """Take in new and changed bars; returns their candles.

        Parameters
        ----------
        bars : Bars
            All bars from row `at` on.
        at : int
            0 to begin anew, otherwise the row of the newest bar known or the one behind it: the
            rows that `LiveBars.absorb` and `BarSeries.apply_tail` name.

        Raises
        ------
        BatchError
            If `at` is another row. Nothing changes.
        """
        if at and not self._row <= at <= self._row + 1:
            raise BatchError(
                f"Row {at} is not at the tail of {self._row + 1} candles: follow from row "
                f"{max(self._row, 0)} or {self._row + 1}, or from 0 to begin anew."
            )
        if not len(bars):
            return heikin_ashi(bars)
        first = None
        if at:
            first = self._open if at == self._row else (self._open + self._close) / 2
        candles = _candles(bars, first)
        self._row = at + len(bars) - 1
        self._open, self._close = float(candles.ha_open[-1]), float(candles.ha_close[-1])
        return candles


def heikin_ashi(bars: Bars) -> HeikinAshi:
    """Make Heikin-Ashi candles of bars, one for each.

    Parameters
    ----------
    bars : Bars
        Bars of any kind, from the first one that counts on.
    """
    return _candles(bars, None)


def _candles(bars: Bars, first: float | None) -> HeikinAshi:
    """Candles of bars, the first of which opens at `first` if anything lies before it."""
    total = np.add(bars.open, bars.high, dtype=np.int64)
    total += bars.low
    total += bars.close
    closes = total / 4
    if not len(bars):
        opens = closes.copy()
    else:
        if first is None:
            first = (int(bars.open[0]) + int(bars.close[0])) / 2
        long = len(bars) > _LONG_COLUMN
        opens = _opens_in_lanes(first, closes) if long else _opens_in_turn(first, closes)
    highs, lows = np.maximum(opens, closes), np.minimum(opens, closes)
    np.maximum(highs, bars.high, out=highs)
    np.minimum(lows, bars.low, out=lows)
    return HeikinAshi(bars.ts_ns, opens, highs, lows, closes)


def _opens_in_turn(first: float, closes: NDArray[np.float64]) -> NDArray[np.float64]:
    before = closes[:-1].tolist()
    return np.array(list(accumulate(before, lambda o, c: (o + c) / 2, initial=first)))


def _opens_in_lanes(first: float, closes: NDArray[np.float64]) -> NDArray[np.float64]:
    before = closes[:-1]
    rows = len(before)
    length = max(_SHORTEST_LANE, -(-rows // _LANES))
    lanes = -(-rows // length)
    padded = np.full(lanes * length, before[-1])
    padded[:rows] = before
    steps = np.ascontiguousarray(padded.reshape(lanes, length).T)
    begins = steps[-_RUN_UP:][0].copy()
    for step in steps[-_RUN_UP:]:
        begins += step
        begins *= 0.5
    begins[1:] = begins[:-1]
    begins[0] = first
    found = np.empty_like(steps)
    last = begins
    for step, now in zip(steps, found, strict=True):
        np.add(last, step, out=now)
        now *= 0.5
        last = now
    opens = np.empty(lanes * length + 1)
    opens[0] = first
    opens[1:].reshape(lanes, length)[:] = found.T
    wrong = np.flatnonzero(begins[1:] != last[:-1])
    for lane in wrong.tolist():
        _mend(opens, closes, (lane + 1) * length)
    return opens[: rows + 1]


def _mend(opens: NDArray[np.float64], closes: NDArray[np.float64], row: int) -> None:
    """Do the opens behind `row` again, up to the first one that was right."""
    value = float(opens[row])
    while row + 1 < len(closes):
        value = (value + float(closes[row])) / 2
        row += 1
        if opens[row] == value:
            return
        opens[row] = value
