"""Trading hours: what they refuse, what they answer, and both clock changes of a year."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import DAY, HOUR, MINUTE, SECOND
from tests.engine.naive_hours import (
    ALL_HOURS,
    CHICAGO,
    EARLY,
    ENDLESS,
    FIRST,
    HOLIDAYS,
    HOURS,
    LAST,
    LUNCH,
    RTH,
    naive_session,
    sessions_of,
)

from tradedesk.domain import time_zone as time_zone_module
from tradedesk.domain.errors import BatchError, InputError
from tradedesk.engine import NO_DAY, TradingHours

EPOCH = date(1970, 1, 1)
ZONE = ZoneInfo(CHICAGO)


def at(text: str, zone: str = CHICAGO) -> int:
    """UTC nanoseconds of a wall-clock time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


def days_of(hours: TradingHours) -> list[date]:
    return [EPOCH + timedelta(days=day) for day in hours.day.tolist()]


@given(st.data(), HOURS)
def test_answers_equal_a_look_at_every_session(data: st.DataObject, hours: TradingHours) -> None:
    sessions = sessions_of(hours)
    edges = [edge + beside for one in sessions[:40] for edge in one[:2] for beside in (-1, 0, 1)]
    inner = st.integers(sessions[0][0] - DAY, sessions[-1][1] + DAY)
    times = sorted(data.draw(st.lists(st.one_of(st.sampled_from(edges), inner), max_size=30)))
    held = [naive_session(ts_ns, sessions) for ts_ns in times]
    rows = [-1 if one is None else sessions.index(one) for one in held]
    days = [NO_DAY if one is None else one[2] for one in held]
    column = np.array(times, np.int64)
    assert hours.session_of(column).tolist() == rows
    assert hours.is_open(column).tolist() == [row >= 0 for row in rows]
    assert hours.day_of(column).tolist() == days
    for starts, group, none in (
        (hours.session_starts(column), rows, -1),
        (hours.day_starts(column), days, NO_DAY),
    ):
        begins = [
            row
            for row, value in enumerate(group)
            if value != none and (row == 0 or group[row - 1] != value)
        ]
        assert starts.tolist() == begins
    for ts_ns, one in zip(times, held, strict=True):
        assert hours.session_at(ts_ns) == one
        later = [each for each in sessions if each[0] > ts_ns]
        earlier = [each for each in sessions if each[1] <= ts_ns]
        assert hours.next_session(ts_ns) == (later[0] if later else None)
        assert hours.previous_session(ts_ns) == (earlier[-1] if earlier else None)


def test_every_session_of_a_year_keeps_chicagos_clock() -> None:
    """Holidays, early closes, and both changes of the clocks."""
    expected = [
        FIRST + timedelta(days=row)
        for row in range((LAST - FIRST).days + 1)
        if (FIRST + timedelta(days=row)).weekday() < 5
        and FIRST + timedelta(days=row) not in HOLIDAYS
    ]
    for hours, opens_at, closes_at, before in (
        (ALL_HOURS, time(17), time(16), 1),
        (RTH, time(8, 30), time(15), 0),
    ):
        assert days_of(hours) == expected
        for (opens, closes, _), day in zip(sessions_of(hours), expected, strict=True):
            local = datetime.fromtimestamp(opens // SECOND, ZONE)
            assert local.replace(tzinfo=None) == datetime.combine(
                day - timedelta(days=before), opens_at
            )
            local = datetime.fromtimestamp(closes // SECOND, ZONE)
            assert local.replace(tzinfo=None) == datetime.combine(day, EARLY.get(day, closes_at))
    lengths = {length // HOUR for length in (ALL_HOURS.closes_ns - ALL_HOURS.opens_ns).tolist()}
    assert lengths == {23, 19}
    assert set((ENDLESS.closes_ns - ENDLESS.opens_ns).tolist()) == {23 * HOUR, DAY, 25 * HOUR}


def test_hours_are_the_same_without_a_time_zone_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(time_zone_module, "ZoneInfo", nothing)
    assert isinstance(time_zone_module.time_zone(CHICAGO), time_zone_module.RuledZone)
    made = TradingHours.cme_equity(FIRST, LAST, holidays=HOLIDAYS, early_closes=EARLY)
    assert made == ALL_HOURS
    assert made.within(CHICAGO, (time(8, 30), time(15))) == RTH
    assert TradingHours.always(CHICAGO, time(17), FIRST, LAST) == ENDLESS


def test_rth_is_all_hours_restricted() -> None:
    assert ALL_HOURS.within(CHICAGO, (time(8, 30), time(15))) == RTH
    overnight = ALL_HOURS.within(CHICAGO, (time(17), time(8, 30)))
    assert overnight.opens_ns.tolist() == ALL_HOURS.opens_ns.tolist()
    assert overnight.closes_ns.tolist() == RTH.opens_ns.tolist()
    with pytest.raises(InputError, match=r"No session of .* between 16:10:00 and 16:40:00"):
        ALL_HOURS.within(CHICAGO, (time(16, 10), time(16, 40)))


def test_the_day_before_and_after_a_break() -> None:
    monday = ALL_HOURS.session_at(at("2026-03-08T17:00"))
    assert monday is not None
    assert monday.day == (date(2026, 3, 9) - EPOCH).days
    assert ALL_HOURS.session_at(at("2026-03-09T16:00")) is None
    assert ALL_HOURS.session_at(at("2026-03-06T16:30")) is None
    following = ALL_HOURS.next_session(at("2026-03-09T16:00"))
    assert following is not None
    assert following.opens_ns - monday.closes_ns == HOUR
    # no trading on Thanksgiving, so its evening before is quiet as well
    assert ALL_HOURS.session_at(at("2026-11-25T18:00")) is None
    assert ALL_HOURS.session_at(at("2026-11-26T18:00")) is not None
    assert ALL_HOURS.session_at(at("2026-11-27T12:15")) is None
    assert len(LUNCH) == 2 * len(set(LUNCH.day.tolist()))


def test_endless_hours_begin_in_the_evening_or_in_the_morning() -> None:
    day = date(2024, 5, 6)
    for begins, opens in ((time(0), "06T00:00"), (time(8), "06T08:00"), (time(17), "05T17:00")):
        hours = TradingHours.always("UTC", begins, day, day)
        assert sessions_of(hours) == [
            (at(f"2024-05-{opens}", "UTC"), at(f"2024-05-{opens}", "UTC") + DAY, (day - EPOCH).days)
        ]
        assert TradingHours.weekly("UTC", [(begins, begins)], day, day) == hours or begins == time(
            8
        )


GOOD = ([0, 2 * HOUR], [HOUR, 3 * HOUR], [0, 0])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([], [], []), "There are no sessions"),
        (([0, 2], [1], [0, 0]), "opens_ns 2, closes_ns 1, day 2"),
        (([0.5], [1], [0]), "opens_ns is float64 .row 0 is .*0.5"),
        (([0, 7], [5, 7], [0, 0]), "closes_ns row 1 is 7: not behind the opening"),
        (([0, 4], [5, 9], [0, 0]), "opens_ns row 1 is 4: before the session in front of it closes"),
        (([0, 5], [5, 9], [1, 0]), "day row 1 is 0: an earlier day"),
        (([0, 5], [5, 9], [0, 9]), "day row 1 is 9: more than a week"),
        (([0], [5], [1_700_000_000]), "day row 0 is 1700000000: more than a week"),
        (([0], [5], [2**62]), f"day row 0 is {2**62}: more than a week"),
    ],
)
def test_impossible_sessions_name_row_and_value(
    columns: tuple[list[int], list[int], list[int]], message: str
) -> None:
    with pytest.raises(BatchError, match=message):
        TradingHours(*columns)


def test_impossible_rules_say_what_is_wrong() -> None:
    window = [(time(9), time(17))]
    with pytest.raises(InputError, match="'Mars' is not known"):
        TradingHours.weekly("Mars", window, FIRST, LAST)
    with pytest.raises(InputError, match="from 2026-12-23 to 2026-01-05 are 0"):
        TradingHours.weekly("UTC", window, LAST, FIRST)
    with pytest.raises(InputError, match="at least one pair"):
        TradingHours.weekly("UTC", [], FIRST, LAST)
    with pytest.raises(InputError, match="Weekday 7 does not exist"):
        TradingHours.weekly("UTC", window, FIRST, LAST, weekdays=[0, 7])
    with pytest.raises(InputError, match="No trading day is left"):
        TradingHours.weekly("UTC", window, FIRST, FIRST, holidays=[FIRST])
    with pytest.raises(BatchError, match="opens_ns row 1"):
        TradingHours.weekly("UTC", [*window, (time(16), time(18))], FIRST, LAST)
    with pytest.raises(InputError, match="less than 150 years"):
        TradingHours.always("UTC", time(0), date(1800, 1, 1), LAST)


def test_hours_are_values() -> None:
    hours = TradingHours(*GOOD)
    assert hours == TradingHours(*map(np.array, GOOD))
    assert hash(hours) == hash(TradingHours(*GOOD))
    assert hours != RTH
    assert hours != 0
    assert repr(hours) == "TradingHours(2 sessions, 1970-01-01 to 1970-01-01)"
    opens = np.array(GOOD[0])
    kept = TradingHours(opens, *GOOD[1:])
    opens[0] = 5 * MINUTE
    assert kept == hours
    with pytest.raises(ValueError, match="read-only"):
        kept.opens_ns[0] = 1
