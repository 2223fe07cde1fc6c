"""Bars in plain Python: what most people write first, and the best that was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.bar_data import NS, TICK, Columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.engine import Bars

Row = tuple[int, int, int, int]


def python_loop(
    rows: Iterable[tuple[int, float, int, int]], period_ns: int
) -> list[tuple[float, ...]]:
    """The best pure Python found: local variables, one comparison with the next edge a trade."""
    out: list[tuple[float, ...]] = []
    edge = -1
    first = high = low = last = turnover = 0.0
    volume = bought = count = 0
    for ts_ns, price, size, side in rows:
        if ts_ns >= edge:
            if count:
                prices = (first, high, low, last)
                out.append((edge - period_ns, *prices, volume, bought, turnover, count))
            edge = ts_ns // period_ns * period_ns + period_ns
            first = high = low = last = price
            volume = size
            turnover = price * size
            bought = size if side > 0 else 0
            count = 1
            continue
        if price > high:
            high = price
        elif price < low:
            low = price
        last = price
        volume += size
        turnover += price * size
        if side > 0:
            bought += size
        count += 1
    out.append((edge - period_ns, first, high, low, last, volume, bought, turnover, count))
    return out


@dataclass
class MinuteBar:
    """A bar as most programs keep it."""

    timestamp: datetime
    open: int
    high: int
    low: int
    close: int
    volume: int


def minute_objects(minutes: Columns) -> list[MinuteBar]:
    """The minute bars as objects."""
    columns = zip(*(column.tolist() for column in minutes.values()), strict=True)
    return [
        MinuteBar(datetime.fromtimestamp(ts_ns // NS, tz=UTC), *rest) for ts_ns, *rest in columns
    ]


def python_resample(bars: list[MinuteBar], minutes: int) -> list[MinuteBar]:
    """The usual first version: lists in a dict by floored time, then min, max and sum."""
    groups: dict[datetime, list[MinuteBar]] = {}
    step = minutes * 60
    for bar in bars:
        seconds = bar.timestamp.timestamp()
        key = datetime.fromtimestamp(seconds - seconds % step, tz=UTC)
        groups.setdefault(key, []).append(bar)
    return [
        MinuteBar(
            key,
            group[0].open,
            max(bar.high for bar in group),
            min(bar.low for bar in group),
            group[-1].close,
            sum(bar.volume for bar in group),
        )
        for key, group in sorted(groups.items())
    ]


@dataclass
class LiveBar:
    """A forming bar as most programs keep it."""

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    turnover: int = 0
    buy: int = 0
    count: int = 0


def live_dicts(rows: Iterable[Row], periods: list[int]) -> dict[int, dict[int, LiveBar]]:
    """A dict of dataclasses for each size, the bucket computed for each size at each trade."""
    sizes: dict[int, dict[int, LiveBar]] = {period: {} for period in periods}
    for ts_ns, px, qty, buy in rows:
        for period, bars in sizes.items():
            key = ts_ns - ts_ns % period
            bar = bars.get(key)
            if bar is None:
                bar = bars[key] = LiveBar(key, px, px, px, px)
            bar.high = max(bar.high, px)
            bar.low = min(bar.low, px)
            bar.close = px
            bar.volume += qty
            bar.turnover += px * qty
            bar.buy += buy
            bar.count += 1
    return sizes


@dataclass(slots=True)
class SlotsBar:
    """A forming bar made to be fast."""

    period: int
    end: int = -1
    start: int = 0
    open: int = 0
    high: int = 0
    low: int = 0
    close: int = 0
    volume: int = 0
    turnover: int = 0
    buy: int = 0
    count: int = 0


def live_slots(rows: Iterable[Row], periods: list[int]) -> dict[int, list[tuple[int, ...]]]:
    """One slots object for each size, one comparison with its end a trade."""
    sizes = [SlotsBar(period) for period in periods]
    done: dict[int, list[tuple[int, ...]]] = {period: [] for period in periods}
    for ts_ns, px, qty, buy in rows:
        turnover = px * qty
        for bar in sizes:
            if ts_ns >= bar.end:
                if bar.count:
                    done[bar.period].append(_slots_row(bar))
                bar.start = ts_ns - ts_ns % bar.period
                bar.end = bar.start + bar.period
                bar.open = bar.high = bar.low = px
                bar.volume = bar.turnover = bar.buy = bar.count = 0
            elif px > bar.high:
                bar.high = px
            elif px < bar.low:
                bar.low = px
            bar.close = px
            bar.volume += qty
            bar.turnover += turnover
            bar.buy += buy
            bar.count += 1
    for bar in sizes:
        done[bar.period].append(_slots_row(bar))
    return done


def _slots_row(bar: SlotsBar) -> tuple[int, ...]:
    prices = (bar.start, bar.open, bar.high, bar.low, bar.close)
    return (*prices, bar.volume, bar.buy, bar.turnover, bar.count)


def same(bars: Bars, rows: list[tuple[int, ...]]) -> bool:
    """Tell whether a peer made the same bars."""
    return [tuple(bar) for bar in bars] == rows


def same_in_prices(bars: Bars, rows: list[tuple[float, ...]]) -> bool:
    """Tell whether a peer that counts in prices instead of ticks made the same bars."""
    return [
        (bar[0], *(px * TICK for px in bar[1:5]), *bar[5:7], bar.turnover * TICK, bar.count)
        for bar in bars
    ] == rows
