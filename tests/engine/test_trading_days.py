"""What a venue's bars follow: Chicago's trading days, and the clock for shorter bars."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import ALL_SPECS, DAY
from tests.engine.test_trading_hours import EPOCH, at

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import TradingHours, grid_of, venue_calendar

LONG = [BarSpec.parse(text) for text in ("1d", "366d", "53w", "1mo", "119mo", "120mo")]


def test_only_days_weeks_and_months_follow_the_trading_day() -> None:
    days = {"1d", "2d", "1w", "2w", "1mo", "3mo", "12mo"}
    for spec in ALL_SPECS:
        calendar = venue_calendar(spec, at("2026-11-01T12:00"))
        assert isinstance(calendar, TradingHours) == (str(spec) in days)


@pytest.mark.parametrize(
    ("evening", "hour"),
    [("2026-03-07", 23), ("2026-03-08", 22), ("2026-10-31", 22), ("2026-11-01", 23)],
)
def test_a_trading_day_begins_at_17_in_chicago(evening: str, hour: int) -> None:
    spec = BarSpec.parse("1d")
    opening = at(f"{evening}T17:00")
    grid = grid_of(spec, venue_calendar(spec, opening))
    assert grid.floor(opening) == opening == opening // DAY * DAY + hour * DAY // 24
    assert grid.floor(opening - 1) < opening
    assert grid.next(opening - 1) == opening
    calendar = venue_calendar(spec, opening)
    assert isinstance(calendar, TradingHours)
    following = date.fromisoformat(evening) + timedelta(days=1)
    assert calendar.day_of([opening]).tolist() == [(following - EPOCH).days]


@given(
    st.integers(at("1980-06-01T00:00"), at("2200-01-01T00:00")),
    st.integers(-4 * 365, 4 * 365),
    st.sampled_from(LONG),
)
def test_every_moment_of_some_years_belongs_to_the_same_bar_whoever_asks(
    around: int, days: int, spec: BarSpec
) -> None:
    moment = around + days * DAY
    own, other = (grid_of(spec, venue_calendar(spec, each)) for each in (moment, around))
    opens, closes = own.span(moment)
    assert opens <= moment < closes
    if moment >= around:
        assert other.span(moment)[0] == opens


def test_times_at_the_ends_of_the_column_are_answered() -> None:
    for spec in LONG:
        for around in (-(2**63), 0, 2**63 - 1):
            assert isinstance(venue_calendar(spec, around), TradingHours)
    starts = np.array([at("2026-11-02T09:00")])
    calendar = venue_calendar(LONG[0], int(starts[0]))
    assert isinstance(calendar, TradingHours)
    assert calendar.session_starts(starts).tolist() == [0]
