"""Who traded at which price inside each bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.hours.calendar import Calendar, inside, sessions_of
from tradedesk.engine.orderflow.bar_cut import bar_cut
from tradedesk.engine.orderflow.delta import delta_extremes
from tradedesk.engine.orderflow.levels import Levels, chain, collapse, group
from tradedesk.engine.orderflow.point_of_control import points_of_control
from tradedesk.engine.orderflow.tally import tally
from tradedesk.engine.orderflow.volume_profile import VolumeProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.batch import TradeBatch


class Footprint:
    """Contracts sold and bought by the aggressor per bar and price. Not changed after it is made.

    The prices of all bars lie one behind the other in flat columns; those of bar ``i`` are the
    rows from ``offsets[i]`` to before ``offsets[i + 1]``, ascending.

    Attributes
    ----------
    ts_ns : ndarray of int64, shape (bars,)
        When each bar opens, UTC nanoseconds.
    offsets : ndarray of intp, shape (bars + 1,)
        Where the prices of each bar begin.
    px_ticks : ndarray of int32, shape (n,)
        Prices at which something traded; of rows higher than a tick the lowest price each.
    volume, ask_volume, bid_volume, count : ndarray of int64, shape (n,)
        Contracts traded, bought by the aggressor (at the ask), sold by it (at the bid), and
        trades.
    max_delta, min_delta : ndarray of int64, shape (bars,)
        Highest and lowest the delta of the bar has been. It begins at 0, so the one is never
        below 0 and the other never above.
    row_ticks : int
        Height of a row in ticks.
    """

    __slots__ = ("levels", "max_delta", "min_delta", "row_ticks", "ts_ns")

    def __init__(
        self,
        ts_ns: NDArray[np.int64],
        levels: Levels,
        max_delta: NDArray[np.int64],
        min_delta: NDArray[np.int64],
        row_ticks: int = 1,
    ) -> None:
        """Wrap columns that are known to be right; outside the engine use `of` or `footprint`."""
        self.ts_ns = ts_ns
        self.levels = levels
        self.max_delta = max_delta
        self.min_delta = min_delta
        self.row_ticks = row_ticks

    @classmethod
    def of(
        cls, trades: TradeBatch, starts: NDArray[np.intp], opens: NDArray[np.int64] | None = None
    ) -> Footprint:
        """Count trades that are cut into bars already, whatever kind of bar it is.

        Parameters
        ----------
        trades : TradeBatch
            Trades of one contract.
        starts : ndarray of intp, shape (bars,)
            Row at which each bar begins: strictly ascending, the first one 0.
        opens : ndarray of int64, shape (bars,), optional
            When each bar opens; the time of its first trade if left out.

        Raises
        ------
        InputError
            If the starts do not cut the trades into bars of one trade at least.
        """
        if not len(trades) and not len(starts):
            return cls.empty()
        _refuse_cut(starts, len(trades))
        ts_ns = trades.ts_ns[starts] if opens is None else opens
        if len(ts_ns) != len(starts):
            raise InputError(f"{len(ts_ns)} opens are given for {len(starts)} bars: give one each.")
        return cls(ts_ns, tally(trades, starts), *delta_extremes(trades, starts))

    @classmethod
    def empty(cls) -> Footprint:
        """Return no bars."""
        nothing = np.empty(0, np.int64)
        return cls(nothing, Levels.empty(), nothing, nothing)

    @classmethod
    def concat(cls, parts: Sequence[Footprint]) -> Footprint:
        """Put bars one behind the other, without joining any.

        Raises
        ------
        InputError
            If their rows differ in height.
        """
        full = [part for part in parts if len(part)]
        if not full:
            return cls.empty()
        if len({part.row_ticks for part in full}) > 1:
            raise InputError("Footprints with rows of different heights cannot be put together.")
        return cls(
            np.concatenate([part.ts_ns for part in full]),
            chain([part.levels for part in full]),
            np.concatenate([part.max_delta for part in full]),
            np.concatenate([part.min_delta for part in full]),
            full[0].row_ticks,
        )

    @property
    def offsets(self) -> NDArray[np.intp]:
        """Where the prices of each bar begin; intp, shape (bars + 1,)."""
        return self.levels.offsets

    @property
    def px_ticks(self) -> NDArray[np.int32]:
        """Prices, ascending within a bar; int32, shape (n,)."""
        return self.levels.px_ticks

    @property
    def volume(self) -> NDArray[np.int64]:
        """Contracts traded; int64, shape (n,)."""
        return self.levels.volume

    @property
    def ask_volume(self) -> NDArray[np.int64]:
        """Contracts bought by the aggressor; int64, shape (n,)."""
        return self.levels.buy_volume

    @property
    def bid_volume(self) -> NDArray[np.int64]:
        """Contracts sold by the aggressor; int64, shape (n,)."""
        return self.levels.volume - self.levels.buy_volume

    @property
    def count(self) -> NDArray[np.int64]:
        """Numbers of trades; int64, shape (n,)."""
        return self.levels.count

    @property
    def delta(self) -> NDArray[np.int64]:
        """Contracts bought less contracts sold by the aggressor, per bar; int64, shape (bars,)."""
        if not len(self):
            return np.empty(0, np.int64)
        difference = 2 * self.levels.buy_volume - self.levels.volume
        return np.add.reduceat(difference, self.offsets[:-1])

    def points_of_control(self) -> NDArray[np.int32]:
        """Return the price of the row with the most volume, per bar; int32, shape (bars,).

        Ties as in `VolumeProfile.point_of_control`.
        """
        return self.px_ticks[points_of_control(self.levels)]

    def unfinished(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell which bars left an auction unfinished at their low, and which at their high.

        Returns
        -------
        lows, highs : ndarray of bool, shape (bars,)
            Whether contracts were both bought and sold by the aggressor in the lowest row, and
            in the highest one.
        """
        both = (self.ask_volume > 0) & (self.bid_volume > 0)
        return both[self.offsets[:-1]], both[self.offsets[1:] - 1]

    def profile(self, start: int = 0, stop: int | None = None) -> VolumeProfile:
        """Return the volume profile of the bars from `start` to before `stop`.

        Raises
        ------
        InputError
            If these are not among the bars.
        """
        bars = self[start : self._stop(start, stop)]
        if not len(bars):
            return VolumeProfile.empty(self.row_ticks)
        return VolumeProfile(collapse(bars.levels), self.row_ticks)

    def grouped(self, row_ticks: int) -> Footprint:
        """Return the same volume in higher rows.

        Parameters
        ----------
        row_ticks : int
            A multiple of the present height. Rows are counted from price 0.

        Raises
        ------
        InputError
            If rows of that height are not possible.
        """
        levels = group(self.levels, row_ticks, self.row_ticks)
        return Footprint(self.ts_ns, levels, self.max_delta, self.min_delta, row_ticks)

    def __len__(self) -> int:
        return len(self.ts_ns)

    def __getitem__(self, bars: slice) -> Footprint:
        """Return the bars of a slice without a step, as views."""
        start, stop, _ = bars.indices(len(self))
        stop = max(start, stop)
        return Footprint(
            self.ts_ns[start:stop],
            self.levels.bars(start, stop),
            self.max_delta[start:stop],
            self.min_delta[start:stop],
            self.row_ticks,
        )

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Return opens, highest and lowest delta, offsets, price, volume, ask volume, count."""
        bars = (self.ts_ns, self.max_delta, self.min_delta)
        return (*bars, self.offsets, *self.levels.columns())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Footprint):
            return NotImplemented
        pairs = zip(self.columns(), other.columns(), strict=True)
        return self.row_ticks == other.row_ticks and all(np.array_equal(a, b) for a, b in pairs)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Footprint({len(self)} bars, {len(self.px_ticks)} rows of {self.row_ticks} ticks)"

    def _stop(self, start: int, stop: int | None) -> int:
        last = len(self) if stop is None else stop
        if not 0 <= start <= last <= len(self):
            raise InputError(f"Bars {start} to {last} are not among the {len(self)} there are.")
        return last


def footprint(trades: TradeBatch, spec: BarSpec, calendar: Calendar = 0) -> Footprint:
    """Make the footprint of trades, with the bars that `tradedesk.engine.aggregate` makes.

    Parameters
    ----------
    trades : TradeBatch
        Trades of one contract.
    spec : BarSpec
        Any but renko.
    calendar : int or TradingHours, default 0
        What the bars follow, as in `tradedesk.engine.aggregate`.

    Raises
    ------
    BarSpecError
        For renko bars.
    """
    cut = bar_cut(spec, calendar)
    trades = inside(trades, calendar)
    if not len(trades):
        return Footprint.empty()
    if spec.is_time:
        return Footprint.of(trades, *cut.batch(trades)[:2])
    parts = []
    for part in sessions_of(trades, calendar):
        cut.restart()
        parts.append(Footprint.of(part, *cut.batch(part)[:2]))
    return Footprint.concat(parts)


def _refuse_cut(starts: NDArray[np.intp], rows: int) -> None:
    if not len(starts) or starts[0] != 0 or starts[-1] >= rows:
        given = f"{starts[0]} to {starts[-1]}" if len(starts) else "none"
        raise InputError(
            f"Starts {given} do not cut {rows} trades: begin with row 0 and end before row {rows}."
        )
    back = starts[1:] <= starts[:-1]
    if back.any():
        bar = int(back.argmax()) + 1
        raise InputError(
            f"starts row {bar} is {starts[bar]}, not behind row {bar - 1} ({starts[bar - 1]}): "
            f"every bar has one trade at least."
        )
