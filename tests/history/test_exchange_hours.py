"""Hours of exchanges and products, against published ones and against hours made by rule."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tradedesk.domain.errors import InputError
from tradedesk.engine import TradingHours
from tradedesk.history.exchange_hours import CALENDARS, PRODUCTS, REGULAR, exchange_hours

EPOCH = date(1970, 1, 1)
CHICAGO = "America/Chicago"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def told(hours: TradingHours, zone: str = CHICAGO) -> dict[date, list[str]]:
    """Sessions of each trading day on the exchange's own clock."""
    found: dict[date, list[str]] = {}
    for row in range(len(hours)):
        session = hours[row]
        opens, closes = (
            datetime.fromtimestamp(ns // 10**9, UTC).astimezone(ZoneInfo(zone)).strftime("%a %H:%M")
            for ns in session[:2]
        )
        found.setdefault(EPOCH + timedelta(days=session.day), []).append(f"{opens} to {closes}")
    return found


def test_index_futures_in_the_weeks_of_holidays() -> None:
    every = told(exchange_hours("ES", *YEAR))
    regular = told(exchange_hours("ES", *YEAR, rth=True))
    for day, all_hours, rth in (
        (date(2026, 3, 6), "Thu 17:00 to Fri 16:00", "Fri 08:30 to Fri 15:00"),
        (date(2026, 3, 9), "Sun 17:00 to Mon 16:00", "Mon 08:30 to Mon 15:00"),
        (date(2026, 11, 2), "Sun 17:00 to Mon 16:00", "Mon 08:30 to Mon 15:00"),
        (date(2026, 11, 26), "Wed 17:00 to Thu 12:00", "Thu 08:30 to Thu 12:00"),
        (date(2026, 11, 27), "Thu 17:00 to Fri 12:15", "Fri 08:30 to Fri 12:15"),
        (date(2026, 12, 24), "Wed 17:00 to Thu 12:15", "Thu 08:30 to Thu 12:15"),
    ):
        assert (every[day], regular[day]) == ([all_hours], [rth]), day
    # the short morning of Good Friday ends before regular hours, or with them
    assert every[date(2026, 4, 3)] == ["Thu 17:00 to Fri 08:15"]
    assert date(2026, 4, 3) not in regular
    assert date(2026, 12, 25) not in every
    assert date(2025, 4, 18) not in told(exchange_hours("ES", date(2025, 4, 1), date(2025, 5, 1)))


@pytest.mark.parametrize("rth", [False, True])
def test_usual_days_are_those_of_the_rule_through_every_clock_change(rth: bool) -> None:
    """The library has its own time zones; days on which it has other times are given."""
    first, last = date(2022, 1, 3), date(2026, 12, 31)
    known = exchange_hours("NQ", first, last, rth=rth)
    usual = TradingHours.cme_equity(first, last, rth=rth)
    lists = told(known)
    closes = time(15) if rth else time(16)
    early = {day: time.fromisoformat(one[-5:]) for day, (one,) in lists.items()}
    early = {day: at for day, at in early.items() if at != closes}
    closed = [day for day in told(usual) if day not in lists]
    assert 35 < len(early) < 60
    assert len(closed) < 20
    made = TradingHours.cme_equity(first, last, rth=rth, holidays=closed, early_closes=early)
    assert made == known


def test_a_break_makes_two_sessions_of_a_day() -> None:
    corn = told(exchange_hours("ZC", date(2026, 6, 15), date(2026, 6, 16)))
    assert corn[date(2026, 6, 16)] == ["Mon 19:00 to Tue 07:45", "Tue 08:30 to Tue 13:20"]
    regular = told(exchange_hours("ZC", date(2026, 6, 15), date(2026, 6, 16), rth=True))
    assert regular[date(2026, 6, 16)] == ["Tue 08:30 to Tue 13:20"]
    tokyo = told(exchange_hours("XTKS", date(2026, 6, 15), date(2026, 6, 16)), "Asia/Tokyo")
    assert tokyo[date(2026, 6, 15)] == ["Mon 09:00 to Mon 11:30", "Mon 12:30 to Mon 15:30"]
    eurex = told(exchange_hours("EUREX", date(2026, 6, 15), date(2026, 6, 15)), "Europe/Berlin")
    assert eurex == {date(2026, 6, 15): ["Mon 08:00 to Mon 22:00"]}


@pytest.mark.parametrize("group", sorted(CALENDARS))
def test_a_product_its_group_and_its_calendar_have_the_same_hours(group: str) -> None:
    symbol = PRODUCTS[group].split()[0]
    hours = exchange_hours(symbol, *YEAR)
    assert hours == exchange_hours(group, *YEAR) == exchange_hours(CALENDARS[group], *YEAR)
    if group in REGULAR:
        regular = exchange_hours(symbol, *YEAR, rth=True)
        assert hours.is_open(regular.opens_ns).all()
        assert hours.day_of(regular.opens_ns).tolist() == regular.day.tolist()
        assert set(hours.day.tolist()) >= set(regular.day.tolist())


def test_what_nobody_knows_is_said() -> None:
    with pytest.raises(InputError, match="Nobody knows the hours of 'SPX'"):
        exchange_hours("SPX", *YEAR)
    for name in ("BTC", "EUREX"):
        with pytest.raises(InputError, match=f"'{name}' has no regular hours"):
            exchange_hours(name, *YEAR, rth=True)
    with pytest.raises(InputError, match="from 2026-12-31 to 2026-01-01: give dates in order"):
        exchange_hours("ES", *reversed(YEAR))
    with pytest.raises(InputError, match="from 1969-01-01 to 2026"):
        exchange_hours("ES", date(1969, 1, 1), YEAR[1])
    with pytest.raises(InputError, match="no trading day from 2026-11-28 to 2026-11-29"):
        exchange_hours("ES", date(2026, 11, 28), date(2026, 11, 29))
    with pytest.raises(InputError, match="cannot tell the hours of ASEX"):
        exchange_hours("ASEX", *YEAR)


def test_pandas_is_not_loaded_before_hours_are_asked_for() -> None:
    code = (
        "import sys, tradedesk.history.exchange_hours\n"
        "sys.exit(' '.join({'pandas', 'pandas_market_calendars'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
