"""The trading day against the time zone database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tradedesk.domain.session import session_offset_ns, session_start_ns

NS = 1_000_000_000

try:
    CHICAGO = ZoneInfo("America/Chicago")
except ZoneInfoNotFoundError:
    pytest.skip("this system has no time zone database", allow_module_level=True)


@given(st.datetimes(datetime(2007, 4, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - UTC below
@example(datetime(2026, 3, 8, 21, 59, 59))  # noqa: DTZ001
@example(datetime(2026, 3, 8, 22))  # noqa: DTZ001
@example(datetime(2026, 11, 1, 22, 59, 59))  # noqa: DTZ001
@example(datetime(2026, 11, 1, 23))  # noqa: DTZ001
def test_a_trading_day_starts_at_17_in_chicago(moment: datetime) -> None:
    utc = moment.replace(microsecond=0, tzinfo=UTC)
    local = utc.astimezone(CHICAGO)
    start = local.replace(hour=17, minute=0, second=0)
    if local.hour < 17:
        start = (local - timedelta(days=1)).replace(hour=17, minute=0, second=0)
    start_ns = session_start_ns(int(utc.timestamp()) * NS + 5)
    assert start_ns == int(start.timestamp()) * NS
    day = datetime.fromtimestamp(start_ns // NS, UTC).date() + timedelta(days=1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert start_ns == int(midnight.timestamp()) * NS + session_offset_ns(day)
