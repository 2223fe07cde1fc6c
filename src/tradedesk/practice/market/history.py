"""Bars of a generated market: of its trades for three days back, of its minute marks before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine import Bars, Calendar, aggregate, grid_of, merge, resample, venue_calendar
from tradedesk.practice.market.skeleton import Skeleton, stream

if TYPE_CHECKING:
    from tradedesk.engine.hours.bar_grid import BarGrid
    from tradedesk.practice.market.hours_ground import Ground
    from tradedesk.practice.market.prints import Prints
    from tradedesk.practice.products import Contract

MINUTE_NS: Final = 60_000_000_000
DAY_NS: Final = 86_400_000_000_000
TRADES_BACK_H: Final = 72
MINUTES_BACK_D: Final = 63
BARS_BACK_D: Final = 365
_DAY: Final = BarSpec(1, BarUnit.DAY)
_MINUTE: Final = BarSpec(1, BarUnit.MINUTE)
_HOUR: Final = BarSpec(1, BarUnit.HOUR)
_WICK: Final = 0.4


class HourlyTrades(Protocol):
    """What history is made of: the trades, hour by hour."""

    contract: Contract

    def hour_of(self, ts_ns: int) -> int:
        """Number of the hour in which a time lies."""

    def hour_start(self, number: int) -> int:
        """When an hour begins."""

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades of a window."""


class History:
    """Bars of one generated contract. Keeps the minute bars of finished hours.

    Parameters
    ----------
    tape : HourlyTrades
        The trades.
    skeleton : Skeleton
        Where the price stood at every minute.
    ground : Ground
        Venue time of minute 0, and when the market is open.
    """

    def __init__(self, tape: HourlyTrades, skeleton: Skeleton, ground: Ground) -> None:
        self._tape = tape
        self._skeleton = skeleton
        self._start_ns = ground.start_ns
        self._times = ground.times
        # A busier market has as many trades in fewer hours; all of them are made to be counted.
        self._first_hour = -max(1, round(TRADES_BACK_H / max(ground.pace, 1.0)))
        self._hours: dict[int, Bars] = {}
        self._old_minutes: Bars | None = None
        self._old_hours: Bars | None = None

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, now_ns: int) -> Bars:
        """Bars that open in a window, oldest first, the last `limit` of them, none after now."""
        grid = grid_of(spec, self._calendar(spec))
        end_ns = min(end_ns, now_ns)
        longest_ns = grid.period_ns or spec.size * 31 * DAY_NS
        earliest_ns = max(start_ns, now_ns - 400 * DAY_NS)
        found = Bars.empty()
        reach_ns = (limit + 2) * longest_ns
        while end_ns >= earliest_ns:
            first_ns = max(earliest_ns, end_ns - reach_ns)
            found = self._window(spec, grid, first_ns, end_ns, now_ns)
            if len(found) >= limit or first_ns == earliest_ns:
                break
            reach_ns *= 4  # there were seconds without a trade
        return found[-limit:]

    def _window(
        self, spec: BarSpec, grid: BarGrid, start_ns: int, end_ns: int, now_ns: int
    ) -> Bars:
        from_ns = grid.floor(start_ns)
        until_ns = min(grid.next(end_ns) - 1, now_ns)
        if spec.unit is BarUnit.SECOND:
            from_ns = max(from_ns, self._tape.hour_start(self._first_hour))
            found = aggregate(self._tape.prints(from_ns - 1, until_ns).batch(), spec)
        else:
            base = self._base(spec, from_ns, until_ns, now_ns)
            found = resample(base, spec, self._calendar(spec))
        first, last = np.searchsorted(found.ts_ns, (start_ns, end_ns + 1))
        return found[int(first) : int(last)]

    def _calendar(self, spec: BarSpec) -> Calendar:
        return venue_calendar(spec, self._start_ns)

    def _base(self, spec: BarSpec, from_ns: int, until_ns: int, now_ns: int) -> Bars:
        """Minute bars of a window, with hour bars in front where nothing finer is kept."""
        recent_ns = self._tape.hour_start(self._first_hour)
        base = Bars.empty()
        if from_ns < recent_ns:
            base = self._older(spec, from_ns, until_ns)
        first = max(self._tape.hour_of(from_ns), self._first_hour)
        for number in range(first, self._tape.hour_of(until_ns) + 1):
            base = merge(base, self._minutes(number, now_ns))
        rows = np.searchsorted(base.ts_ns, (from_ns, until_ns + 1))
        return base[int(rows[0]) : int(rows[1])]

    def _minutes(self, number: int, now_ns: int) -> Bars:
        """Minute bars of one hour since the start, which need not begin on a full minute."""
        begin, end = self._tape.hour_start(number), self._tape.hour_start(number + 1)
        if number in self._hours and end <= now_ns:  # not so if venue time was set back into it
            return self._hours[number]
        bars = aggregate(self._tape.prints(begin - 1, min(end - 1, now_ns)).batch(), _MINUTE)
        if end <= now_ns:
            self._hours[number] = bars
        return bars

    def _older(self, spec: BarSpec, from_ns: int, until_ns: int) -> Bars:
        minutes = self._minutes_of_marks()
        if spec.unit is BarUnit.MINUTE:
            return minutes
        if from_ns >= int(minutes.ts_ns[0]):
            return minutes
        if self._old_hours is None:
            first = int(minutes.ts_ns[0])
            marks = self._from_marks(first - (BARS_BACK_D - MINUTES_BACK_D) * DAY_NS, first, 1)
            self._old_hours = resample(marks, _HOUR)
        return merge(self._old_hours, minutes)

    def _minutes_of_marks(self) -> Bars:
        if self._old_minutes is None:
            end_ns = self._tape.hour_start(self._first_hour)
            grid = grid_of(_DAY, self._calendar(_DAY))
            begin_ns = grid.floor(self._start_ns - MINUTES_BACK_D * DAY_NS)
            self._old_minutes = self._from_marks(begin_ns, end_ns, 0)
        return self._old_minutes

    def _from_marks(self, begin_ns: int, end_ns: int, part: int) -> Bars:
        """Minute bars from `begin_ns` to `end_ns`, invented between the minute marks."""
        begin = (begin_ns - self._start_ns) // MINUTE_NS
        count = -(-(end_ns - begin_ns) // MINUTE_NS)
        marks, activity, flow = self._skeleton.minutes(begin, count + 1)
        late = ((begin_ns - self._start_ns) % MINUTE_NS) / MINUTE_NS
        price = marks[:-1] + late * np.diff(marks)
        product = self._tape.contract.product
        random = stream(self._skeleton.base, product.symbol, "wicks", part)
        num, den = product.ratio
        size = self._skeleton.minute_ticks * activity[:count] * den / num
        wicks = np.abs(random.standard_normal((2, count))) * size * _WICK
        edges = np.rint(price * den / num).astype(np.int64)
        first, last = edges[:-1], edges[1:]
        volume = self._mean_volume() * flow[:count] * random.lognormal(-0.08, 0.4, count)
        ts_ns = begin_ns + np.arange(count) * MINUTE_NS
        traded = self._times.touches(ts_ns, MINUTE_NS)
        return Bars(
            ts_ns=ts_ns[traded],
            open=first[traded],
            high=(np.maximum(first, last) + wicks[0].astype(np.int64))[traded],
            low=(np.minimum(first, last) - wicks[1].astype(np.int64))[traded],
            close=last[traded],
            volume=np.maximum(volume, 1).astype(np.int64)[traded],
        )

    def _mean_volume(self) -> float:
        """Contracts a minute of mid-session, from the oldest hour that has trades."""
        for number in range(self._first_hour, 0):
            bars = self._minutes(number, self._start_ns)
            flow = float(self._skeleton.minutes(number * 60, 60).flow.sum())
            if len(bars) and flow:
                return float(bars.volume.sum()) / flow
        product = self._tape.contract.product  # a holiday of three days
        return 60.0 * (product.trades_per_s + product.underlying.moves_per_s) * (1 + product.lots)
