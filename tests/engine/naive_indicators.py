"""Indicators the slow, obvious way: lists, one row at a time, straight from their definitions."""

from __future__ import annotations

from itertools import pairwise
from math import fsum, isqrt, nan, sqrt
from typing import TYPE_CHECKING, Any

from tests.engine.naive import DAY, MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.engine import Bar

Line = list[float]


def price(bar: Bar, source: str) -> float:
    return {
        "close": bar.close,
        "open": bar.open,
        "high": bar.high,
        "low": bar.low,
        "hl2": (bar.high + bar.low) / 2,
        "hlc3": (bar.high + bar.low + bar.close) / 3,
        "ohlc4": (bar.open + bar.high + bar.low + bar.close) / 4,
    }[source]


def over_windows(values: Sequence[Any], length: int, figure: Callable[[Any], float]) -> Line:
    return [
        nan if row + 1 < length else figure(values[row + 1 - length : row + 1])
        for row in range(len(values))
    ]


def mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def weighted(values: Sequence[float]) -> float:
    total = fsum((place + 1) * value for place, value in enumerate(values))
    return total / sum(range(1, len(values) + 1))


def deviation(values: Sequence[float]) -> float:
    middle = mean(values)
    return sqrt(fsum((value - middle) ** 2 for value in values) / len(values))


def smoothed(values: Sequence[float], length: int, alpha: float) -> Line:
    """Begun with the mean of the first `length` values that are there; NaN before."""
    line: Line = []
    seen: Line = []
    for value in values:
        if value == value:
            seen.append(value)
        if len(seen) < length or value != value:
            line.append(nan)
        elif len(seen) == length:
            line.append(mean(seen))
        else:
            line.append(line[-1] * (1 - alpha) + alpha * value)
    return line


def ema_of(values: Sequence[float], length: int) -> Line:
    return smoothed(values, length, 2 / (length + 1))


def ranges(bars: Sequence[Bar]) -> Line:
    pairs = pairwise(bars)
    later = [max(b.high - b.low, abs(b.high - a.close), abs(b.low - a.close)) for a, b in pairs]
    return [nan, *later][: len(bars)]


def sma(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    return [over_windows([price(b, source) for b in bars], length, mean)]


def ema(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    return [ema_of([price(b, source) for b in bars], length)]


def wma(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    return [over_windows([price(b, source) for b in bars], length, weighted)]


def hma(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    values = [price(b, source) for b in bars]
    short = over_windows(values, length // 2, weighted)
    long = over_windows(values, length, weighted)
    raw = [2 * a - b for a, b in zip(short, long, strict=True)]
    return [over_windows(raw, isqrt(length), weighted)]


def rsi(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    values = [price(b, source) for b in bars]
    moves = [b - a for a, b in pairwise(values)]
    rises = smoothed([max(m, 0) for m in moves], length, 1 / length)
    falls = smoothed([max(-m, 0) for m in moves], length, 1 / length)
    line = [
        100 * u / (u + d) if u + d > 1e-300 or u != u else 0.0
        for u, d in zip(rises, falls, strict=True)
    ]
    return [[nan, *line][: len(bars)]]


def roc(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    values = [price(b, source) for b in bars]
    return [
        over_windows(values, length + 1, lambda w: 100 * (w[-1] - w[0]) / w[0] if w[0] else 0.0)
    ]


def macd(bars: Sequence[Bar], fast: int, slow: int, signal: int, source: str) -> list[Line]:
    values = [price(b, source) for b in bars]
    quick = ema_of([nan] * (slow - fast) + values[slow - fast :], fast)[: len(bars)]
    line = [a - b for a, b in zip(quick, ema_of(values, slow), strict=True)]
    average = ema_of(line, signal)
    return [line, average, [a - b for a, b in zip(line, average, strict=True)]]


def cci(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    def figure(values: Sequence[float]) -> float:
        middle = mean(values)
        spread = mean([abs(value - middle) for value in values])
        return (values[-1] - middle) / (0.015 * spread) if max(values) > min(values) else 0.0

    return [over_windows([price(b, source) for b in bars], length, figure)]


def stochastic(bars: Sequence[Bar], length: int, smooth: int, signal: int) -> list[Line]:
    def figure(window: Sequence[Bar]) -> float:
        low, high = min(b.low for b in window), max(b.high for b in window)
        return 100 * (window[-1].close - low) / (high - low) if high > low else 0.0

    k = over_windows(over_windows(bars, length, figure), smooth, mean)
    return [k, over_windows(k, signal, mean)]


def fast_stochastic(bars: Sequence[Bar], length: int, signal: int) -> list[Line]:
    return stochastic(bars, length, 1, signal)


def atr(bars: Sequence[Bar], length: int) -> list[Line]:
    return [smoothed(ranges(bars), length, 1 / length)]


def stddev(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    return [over_windows([price(b, source) for b in bars], length, deviation)]


def bands(middle: Line, half: Line, width: float) -> list[Line]:
    return [
        [m + width * h for m, h in zip(middle, half, strict=True)],
        middle,
        [m - width * h for m, h in zip(middle, half, strict=True)],
    ]


def bollinger(bars: Sequence[Bar], length: int, width: float, source: str) -> list[Line]:
    return bands(sma(bars, length, source)[0], stddev(bars, length, source)[0], width)


def keltner(
    bars: Sequence[Bar], length: int, atr_length: int, width: float, source: str
) -> list[Line]:
    return bands(ema(bars, length, source)[0], atr(bars, atr_length)[0], width)


def middles(bars: Sequence[Bar], length: int) -> Line:
    return over_windows(
        bars, length, lambda w: (max(b.high for b in w) + min(b.low for b in w)) / 2
    )


def donchian(bars: Sequence[Bar], length: int) -> list[Line]:
    return [
        over_windows([b.high for b in bars], length, max),
        middles(bars, length),
        over_windows([b.low for b in bars], length, min),
    ]


def linreg(bars: Sequence[Bar], length: int, source: str) -> list[Line]:
    centre = (length - 1) / 2
    squares = sum((x - centre) ** 2 for x in range(length))

    def slope(values: Sequence[float]) -> float:
        middle = mean(values)
        return fsum((x - centre) * (y - middle) for x, y in enumerate(values)) / squares

    values = [price(b, source) for b in bars]
    slopes = over_windows(values, length, slope)
    means = over_windows(values, length, mean)
    return [[m + s * centre for m, s in zip(means, slopes, strict=True)], slopes]


def adx(bars: Sequence[Bar], length: int) -> list[Line]:
    average = nan
    up_sum = down_sum = range_sum = 0.0
    first: Line = []
    rows = []
    widths = ranges(bars)
    for row, bar in enumerate(bars):
        if row:
            up, down = bar.high - bars[row - 1].high, bars[row - 1].low - bar.low
            fade = 1 - 1 / length if row >= length else 1.0
            up_sum = up_sum * fade + (up if up > down and up > 0 else 0)
            down_sum = down_sum * fade + (down if down > up and down > 0 else 0)
            range_sum = range_sum * fade + widths[row]
        if row < length:
            rows.append((nan, nan, nan))
            continue
        plus = 100 * up_sum / range_sum if range_sum > 1e-300 else 0.0
        minus = 100 * down_sum / range_sum if range_sum > 1e-300 else 0.0
        moved = plus + minus > 1e-300
        apart = 100 * abs(plus - minus) / (plus + minus) if moved else 0.0
        if row < 2 * length:
            first.append(apart)
            average = mean(first) if row == 2 * length - 1 else nan
        elif moved:
            average = (average * (length - 1) + apart) / length
        rows.append((average, plus, minus))
    return [list(line) for line in zip(*rows, strict=True)] or [[], [], []]


def obv(bars: Sequence[Bar]) -> list[Line]:
    line: Line = []
    for row, bar in enumerate(bars):
        if not row:
            line.append(bar.volume)
        else:
            before = bars[row - 1].close
            sign = (bar.close > before) - (bar.close < before)
            line.append(line[-1] + sign * bar.volume)
    return [line]


def mfi(bars: Sequence[Bar], length: int) -> list[Line]:
    typical = [bar.high + bar.low + bar.close for bar in bars]

    def figure(pairs: Sequence[tuple[int, int, int]]) -> float:
        rises = sum(now * volume for before, now, volume in pairs if now > before)
        both = sum(now * volume for before, now, volume in pairs if now != before)
        return 100 * rises / both if both > 0 else 0.0

    pairs = list(zip(typical, typical[1:], (b.volume for b in bars[1:]), strict=False))
    return [[nan, *over_windows(pairs, length, figure)][: len(bars)]]


def sessions_of(bars: Sequence[Bar], offset_ns: int) -> list[list[Bar]]:
    """For every bar the bars of its session up to and with it."""
    so_far: list[list[Bar]] = []
    for row, bar in enumerate(bars):
        day = (bar.ts_ns - offset_ns) // DAY
        same = row and (bars[row - 1].ts_ns - offset_ns) // DAY == day
        so_far.append([*so_far[-1], bar] if same else [bar])
    return so_far


def hidden(bar: Bar) -> bool:
    return bar.volume > 0 and bar.count == 0


def vwap_of(bars: Sequence[Bar], width: float, without_flow: str) -> tuple[float, float, float]:
    traded = [bar for bar in bars if bar.volume]
    if not traded or (without_flow == "nan" and any(map(hidden, traded))):
        return (nan, nan, nan)
    prices = [price(bar, "hlc3") if hidden(bar) else bar.turnover / bar.volume for bar in traded]
    volume = sum(bar.volume for bar in traded)
    middle = fsum(p * b.volume for p, b in zip(prices, traded, strict=True)) / volume
    spread = fsum((p - middle) ** 2 * b.volume for p, b in zip(prices, traded, strict=True))
    band = width * sqrt(spread / volume)
    return (middle, middle + band, middle - band)


def vwap(bars: Sequence[Bar], width: float, without_flow: str, offset_ns: int) -> list[Line]:
    rows = [vwap_of(so_far, width, without_flow) for so_far in sessions_of(bars, offset_ns)]
    return [list(line) for line in zip(*rows, strict=True)] or [[], [], []]


def anchored_vwap(
    bars: Sequence[Bar], anchor_ns: int, width: float, without_flow: str
) -> list[Line]:
    rows = [
        vwap_of([b for b in bars[: row + 1] if b.ts_ns >= anchor_ns], width, without_flow)
        for row in range(len(bars))
    ]
    return [list(line) for line in zip(*rows, strict=True)] or [[], [], []]


def delta(bars: Sequence[Bar]) -> list[Line]:
    return [[nan if b.volume and not b.count else 2.0 * b.buy_volume - b.volume for b in bars]]


def cumulative_delta(bars: Sequence[Bar], per: str, offset_ns: int) -> list[Line]:
    if per == "session":
        parts = sessions_of(bars, offset_ns)
        return [
            [
                nan if any(map(hidden, part)) else sum(2 * b.buy_volume - b.volume for b in part)
                for part in parts
            ]
        ]
    line: Line = []
    total = 0
    for bar in bars:
        total = 0 if hidden(bar) else total + 2 * bar.buy_volume - bar.volume
        line.append(nan if hidden(bar) else total)
    return [line]


def supertrend(bars: Sequence[Bar], length: int, width: float) -> list[Line]:
    averages = atr(bars, length)[0]
    line, side = [nan] * len(bars), [nan] * len(bars)
    upper = lower = nan
    for row in range(length, len(bars)):
        bar, before = bars[row], bars[row - 1].close
        high = price(bar, "hl2") + width * averages[row]
        low = price(bar, "hl2") - width * averages[row]
        if row == length:
            upper, lower, side[row] = high, low, 1.0
        else:
            upper = min(high, upper) if before <= upper else high
            lower = max(low, lower) if before >= lower else low
            if side[row - 1] > 0:
                side[row] = -1.0 if bar.close < lower else 1.0
            else:
                side[row] = 1.0 if bar.close > upper else -1.0
        line[row] = lower if side[row] > 0 else upper
    return [line, side]


def sar(bars: Sequence[Bar], step: float, most: float) -> list[Line]:
    """Every reversal and limit written out; `side` is 1 when long, and mirrored when short."""
    line: Line = [nan] * len(bars)
    if len(bars) < 2:
        return [line]
    fall, rise = bars[0].low - bars[1].low, bars[1].high - bars[0].high
    side = -1 if fall > 0 and fall > rise else 1
    stop = float(side * bars[0].low if side > 0 else side * bars[0].high)
    best = side * (bars[1].high if side > 0 else bars[1].low)
    speed = min(step, most)
    for row in range(1, len(bars)):
        recent = (bars[max(row - 1, 1)], bars[row])
        near = [side * (b.low if side > 0 else b.high) for b in recent]
        far = [side * (b.high if side > 0 else b.low) for b in recent]
        if near[1] <= stop:
            side, speed = -side, min(step, most)
            turned = max(best, *far)
            line[row] = -side * turned
            best = -near[1]
            stop = min(-turned + speed * (best + turned), *(-f for f in far))
        else:
            line[row] = side * stop
            if far[1] > best:
                best, speed = far[1], min(speed + min(step, most), most)
            stop = min(stop + speed * (best - stop), *near)
    return [line]


def ichimoku(
    bars: Sequence[Bar], conversion: int, base: int, span: int, displacement: int
) -> list[Line]:
    tenkan, kijun = middles(bars, conversion), middles(bars, base)
    ahead = [(a + b) / 2 for a, b in zip(tenkan, kijun, strict=True)]
    return [tenkan, kijun, ahead, middles(bars, span), [b.close for b in bars]]


def pivots(bars: Sequence[Bar], kind: str, offset_ns: int) -> list[Line]:
    rows = []
    session: list[Bar] = []
    before: list[Bar] = []
    for so_far in sessions_of(bars, offset_ns):
        if len(so_far) == 1:
            before = session
        session = so_far
        rows.append(pivots_of(before, kind) if before else [nan] * 7)
    return [list(line) for line in zip(*rows, strict=True)] or [[] for _ in range(7)]


def pivots_of(session: Sequence[Bar], kind: str) -> list[float]:
    h, low, c = max(b.high for b in session), min(b.low for b in session), session[-1].close
    p = (h + low + c) / 3
    if kind == "classic":
        return [
            *(p, 2 * p - low, p + h - low, h + 2 * (p - low)),
            *(2 * p - h, p - h + low, low - 2 * (h - p)),
        ]
    centre, steps = (
        (p, (0.382, 0.618, 1)) if kind == "fibonacci" else (c, (11 / 120, 11 / 60, 0.275))
    )
    return [p, *(centre + s * (h - low) for s in steps), *(centre - s * (h - low) for s in steps)]


def opening_range(bars: Sequence[Bar], minutes: int, offset_ns: int) -> list[Line]:
    lines: list[Line] = [[], [], []]
    for so_far in sessions_of(bars, offset_ns):
        early = [b for b in so_far if b.ts_ns < so_far[0].ts_ns + minutes * MINUTE]
        high, low = max(b.high for b in early), min(b.low for b in early)
        for line, value in zip(lines, (high, low, (high + low) / 2), strict=True):
            line.append(value)
    return lines


NAIVE: dict[str, Callable[..., list[Line]]] = {
    each.__name__: each
    for each in (
        *(sma, ema, wma, hma, rsi, roc, macd, cci, stochastic, fast_stochastic, atr, stddev),
        *(bollinger, keltner, donchian, linreg, adx, obv, mfi, vwap, anchored_vwap),
        *(delta, cumulative_delta, supertrend, sar, ichimoku, pivots, opening_range),
    )
}
