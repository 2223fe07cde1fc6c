"""An independent, slow, obvious way to make bars; and trades to make them of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bar, TradeBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONDAY = datetime(1969, 12, 29, tzinfo=UTC)

Trade = tuple[int, int, int, int]

TIME_TEXTS = (
    *("1s", "5s", "7s", "15s", "1m", "3m", "5m", "15m", "30m", "1h", "4h", "7h"),
    *("1d", "2d", "1w", "2w", "1mo", "3mo", "12mo"),
)
COUNT_TEXTS = ("1t", "2t", "7t", "500t", "1v", "3v", "10v", "1000v")
TIME_SPECS = [BarSpec.parse(text) for text in TIME_TEXTS]
COUNT_SPECS = [BarSpec.parse(text) for text in COUNT_TEXTS]
PRICE_TEXTS = ("2r", "300r", "10000r", "700n", "9999n")
PRICE_SPECS = [BarSpec.parse(text) for text in PRICE_TEXTS]
ALL_SPECS = TIME_SPECS + COUNT_SPECS + PRICE_SPECS


def naive_open(ts_ns: int, spec: BarSpec, session_offset_ns: int = 0) -> int:
    """When the time bar holding `ts_ns` opens, by the calendar of the standard library."""
    unit = str(spec)[len(str(spec.size)) :]
    if unit in ("s", "m", "h"):
        step = spec.size * {"s": SECOND, "m": MINUTE, "h": HOUR}[unit]
        return ts_ns // step * step
    day = EPOCH + timedelta(days=(ts_ns - session_offset_ns) // DAY)
    if unit == "d":
        number = (day - EPOCH).days // spec.size * spec.size
        first = EPOCH + timedelta(days=number)
    elif unit == "w":
        weeks = (day - MONDAY).days // 7 // spec.size * spec.size
        first = MONDAY + timedelta(weeks=weeks)
    else:
        months = (day.year * 12 + day.month - 1) // spec.size * spec.size
        first = datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
    return (first - EPOCH).days * DAY + session_offset_ns


def naive_bars(trades: Sequence[Trade], spec: BarSpec, session_offset_ns: int = 0) -> list[Bar]:
    """Bars of trades, one list of trades per bar."""
    if str(spec).endswith("n"):
        return naive_bricks(trades, spec.size)
    if str(spec).endswith("r"):
        return [bar_of(group) for group in naive_ranges(trades, spec.size)]
    groups: dict[int, list[Trade]] = {}
    volume = 0
    for number, trade in enumerate(trades):
        if spec.is_time:
            key = naive_open(trade[0], spec, session_offset_ns)
        elif str(spec).endswith("t"):
            key = number // spec.size
        else:
            key = volume // spec.size
        volume += trade[2]
        groups.setdefault(key, []).append(trade)
    return [
        bar_of(group)._replace(ts_ns=key if spec.is_time else group[0][0])
        for key, group in groups.items()
    ]


def bar_of(group: Sequence[Trade]) -> Bar:
    """The bar of these trades, opened at the time of the first one."""
    return Bar(
        group[0][0],
        group[0][1],
        max(px for _, px, _, _ in group),
        min(px for _, px, _, _ in group),
        group[-1][1],
        sum(qty for _, _, qty, _ in group),
        sum(buy for _, _, _, buy in group),
        sum(px * qty for _, px, qty, _ in group),
        len(group),
    )


def naive_ranges(trades: Sequence[Trade], size: int) -> list[list[Trade]]:
    """Trades of each range bar."""
    groups: list[list[Trade]] = []
    low = high = 0
    for trade in trades:
        low, high = min(low, trade[1]), max(high, trade[1])
        if groups and high - low <= size:
            groups[-1].append(trade)
        else:
            groups.append([trade])
            low = high = trade[1]
    return groups


def naive_bricks(trades: Sequence[Trade], size: int) -> list[Bar]:
    """Bricks by walking every line that a trade touches or crosses, one after the other.

    A brick lies between two lines touched one after the other. It is a new one if the line
    before these two lies behind it, that is, if the walk did not just turn round.
    """
    touched: list[int] = []
    bars: list[Bar] = []
    waiting: list[Trade] = []
    before: int | None = None
    for trade in trades:
        ts_ns, px, _, _ = trade
        laid: list[tuple[int, int]] = []
        for line in lines_passed(before, px, size):
            if touched and line == touched[-1]:
                continue
            touched = [*touched[-2:], line]
            if len(touched) == 2 or (len(touched) == 3 and touched[0] != line):
                laid.append((touched[-2] * size, line * size))
        before = px
        for number, (opened, closed) in enumerate(laid):
            last = number == len(laid) - 1
            own = [*(waiting if number == 0 else ()), *((trade,) if last else ())]
            bars.append(brick_of(own, ts_ns, opened, closed))
        waiting = [] if laid else [*waiting, trade]
    if waiting:
        opened = bars[-1].close if bars else waiting[0][1]
        bars.append(brick_of(waiting, 0, opened, waiting[-1][1]))
    return bars


def lines_passed(before: int | None, px: int, size: int) -> list[int]:
    """Numbers of the lines from one price to another, in the order of the way, ends included."""
    start = px if before is None else before
    low, high = min(start, px), max(start, px)
    lines = list(range(-(-low // size), high // size + 1))
    return lines if px >= start else lines[::-1]


def brick_of(own: Sequence[Trade], ts_ns: int, opened: int, closed: int) -> Bar:
    """A brick between these prices, of these trades if it has any."""
    bar = bar_of(own) if own else Bar(ts_ns, opened, opened, opened, opened, 0, 0, 0, 0)
    return bar._replace(
        open=opened,
        high=max(bar.high, opened, closed),
        low=min(bar.low, opened, closed),
        close=closed,
    )


def batch_of(trades: Sequence[Trade]) -> TradeBatch:
    """The same trades as columns."""
    if not trades:
        return TradeBatch.empty()
    ts_ns, px, qty, buy = zip(*trades, strict=True)
    return TradeBatch(
        np.array(ts_ns, np.int64),
        np.array(px, np.int32),
        np.array(qty, np.int32),
        np.array(buy, np.int32),
    )


GAPS = st.one_of(
    st.just(0),
    st.integers(0, 3 * SECOND),
    st.integers(0, 3 * MINUTE),
    st.sampled_from([SECOND, MINUTE, HOUR, DAY]),
    st.integers(0, 40 * DAY),
)
QUANTITIES = st.one_of(st.integers(0, 6), st.integers(0, 40_000), st.just(0))


@st.composite
def tapes(
    draw: st.DrawFn, *, min_size: int = 0, max_size: int = 60, gaps: st.SearchStrategy[int] = GAPS
) -> list[Trade]:
    """Trades in the order of time: bursts, gaps, equal times, empty and huge quantities."""
    size = draw(st.integers(min_size, max_size))
    ts_ns = draw(st.integers(-400 * DAY, 20_000 * DAY))
    if draw(st.booleans()):
        ts_ns -= ts_ns % SECOND
    px = draw(st.integers(-100_000, 100_000))
    wide = draw(st.booleans())
    trades = []
    for _ in range(size):
        ts_ns += draw(gaps)
        px += draw(st.integers(-50_000, 50_000) if wide else st.integers(-2, 2))
        qty = draw(QUANTITIES)
        trades.append((ts_ns, px, qty, draw(st.integers(0, qty))))
    return trades


def cuts_of(rows: int) -> st.SearchStrategy[list[int]]:
    """Where a stream of so many trades is cut: ascending rows from 0 to `rows`."""
    return st.lists(st.integers(0, rows), max_size=6).map(lambda inner: sorted({0, rows, *inner}))
