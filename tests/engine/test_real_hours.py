"""Real bars and trades grouped by trading hours."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np
import pytest
from tests.engine.market_files import bars_of, csv_rows, iso_ns, whole
from tests.engine.naive import HOUR, MINUTE, SECOND
from tests.engine.naive_hours import CHICAGO, naive_hour_bars
from tests.engine.test_real_data import es_trades, euro_minutes

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, LiveBars, TradeStore, TradingHours, aggregate, resample

EPOCH = date(1970, 1, 1)


def one_week_more(first: date, last: date, *, rth: bool = False) -> TradingHours:
    return TradingHours.cme_equity(first - timedelta(days=7), last + timedelta(days=7), rth=rth)


def test_euro_minutes_make_22_trading_days_and_the_first_hour_of_one_more() -> None:
    """In weeks without a holiday currencies keep the hours of index products."""
    minutes = euro_minutes()
    hours = one_week_more(date(2024, 1, 2), date(2024, 2, 1))
    assert hours.is_open(minutes.ts_ns).all()
    bars = minutes
    for text in ("5m", "15m", "1h", "4h", "1d"):
        spec = BarSpec.parse(text)
        direct = resample(minutes, spec, hours)
        bars = resample(bars, spec, hours)
        assert bars == direct
    assert len(bars) == 23
    days = [EPOCH + timedelta(days=day) for day in hours.day_of(bars.ts_ns).tolist()]
    weekdays = [date(2024, 1, 1) + timedelta(days=row) for row in range(1, 32)]
    assert days == [day for day in weekdays if day.weekday() < 5]
    starts = hours.session_starts(minutes.ts_ns)
    assert len(starts) == 23
    for begin, end in zip(starts.tolist(), [*starts[1:].tolist(), len(minutes)], strict=True):
        session = hours.session_at(int(minutes.ts_ns[begin]))
        assert session is not None
        opens_ns, closes_ns, _ = session
        assert (opens_ns // HOUR % 24, closes_ns // HOUR % 24) == (23, 22)
        assert opens_ns <= minutes.ts_ns[begin] < opens_ns + 5 * MINUTE
        last_ns = closes_ns - MINUTE if end < len(minutes) else opens_ns + 59 * MINUTE
        assert last_ns - 5 * MINUTE < minutes.ts_ns[end - 1] <= last_ns
        assert bars.volume[starts.tolist().index(begin)] == minutes.volume[begin:end].sum()


def test_euro_four_hour_bars_count_from_17_in_chicago() -> None:
    minutes = euro_minutes()
    hours = one_week_more(date(2024, 1, 2), date(2024, 2, 1))
    bars = resample(minutes, BarSpec.parse("4h"), hours)
    assert {ts_ns // HOUR % 24 for ts_ns in bars.ts_ns.tolist()} == {23, 3, 7, 11, 15, 19}
    assert len(bars) == 22 * 6 + 1
    regular = hours.within(CHICAGO, (time(7, 20), time(14)))
    floor = resample(minutes, BarSpec.parse("1d"), regular)
    assert len(floor) == 22
    inside = regular.is_open(minutes.ts_ns)
    assert floor.volume.sum() == minutes.volume[inside].sum() < minutes.volume.sum()


@pytest.mark.parametrize(("name", "text", "count"), [("week", "1w", 52), ("month", "1mo", 12)])
def test_index_days_make_the_published_weeks_and_months(name: str, text: str, count: int) -> None:
    """As sessions of Frankfurt, in summer and in winter time, without the days of no trading."""
    rows = csv_rows("eurostoxx50_2006_day.csv")
    traded = [date.fromisoformat(row["date"][:10]) for row in rows]
    first, last = date(2006, 1, 1), date(2006, 12, 31)
    weekdays = [first + timedelta(days=row) for row in range(365)]
    hours = TradingHours.weekly(
        "Europe/Berlin",
        [(time(9), time(17, 30))],
        first,
        last,
        holidays=[day for day in weekdays if day not in traded],
    )
    assert len(hours) == len(traded) == 255
    plain = bars_of([iso_ns(row["date"]) for row in rows], rows, "0.01", "1")
    days = Bars(hours.opens_ns, *plain.columns()[1:6])
    assert set((days.ts_ns // HOUR % 24).tolist()) == {7, 8}
    bars = resample(days, BarSpec.parse(text), hours)
    published = csv_rows(f"eurostoxx50_2006_{name}.csv")
    assert len(bars) == count
    assert [bar[1:5] for bar in bars] == [
        tuple(whole(row[column], "0.01") for column in ("open", "high", "low", "close"))
        for row in published
    ]


@pytest.mark.parametrize("text", ["1s", "1m", "4h", "1d", "50t", "20v"])
def test_es_trades_in_hours_live_and_stored(text: str) -> None:
    """Two minutes either side of midnight UTC: open all through, and outside of regular hours."""
    spec = BarSpec.parse(text)
    batch = es_trades()
    hours = one_week_more(date(2024, 7, 2), date(2024, 7, 2))
    assert (
        hours.day_of(batch.ts_ns).tolist() == np.full(120, (date(2024, 7, 2) - EPOCH).days).tolist()
    )
    live = LiveBars([spec], hours)
    for trade in batch.rows():
        live.tick(*trade)
    store = TradeStore()
    store.append(batch)
    expected = naive_hour_bars(list(batch.rows()), spec, hours)
    assert list(live.bars(spec)) == expected
    assert store.bars(spec, hours) == aggregate(batch, spec, hours) == live.bars(spec)
    regular = one_week_more(date(2024, 7, 2), date(2024, 7, 2), rth=True)
    live = LiveBars([spec], regular)
    live.absorb(batch)
    assert live.bars(spec) == aggregate(batch, spec, regular) == Bars.empty()
    assert live.left_out.volume == batch.qty.sum() == 253
    assert batch.ts_ns[-1] - batch.ts_ns[0] < 5 * 60 * SECOND
