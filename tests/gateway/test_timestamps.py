"""Time texts against the standard library, and the digits it cannot read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.gateway.timestamps import TimeParser, datetime_ns, ns_datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)


def exact_ns(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000


@given(st.lists(MOMENTS, min_size=1, max_size=5))
def test_isoformat_is_read_exactly_by_one_parser_in_any_order(moments: list[datetime]) -> None:
    parser = TimeParser()
    for moment in moments:
        assert parser.ns(moment.isoformat()) == exact_ns(moment)
        assert datetime_ns(moment) == exact_ns(moment)


@given(MOMENTS, st.integers(1, 9), st.data())
def test_any_number_of_fractional_digits(
    moment: datetime, digits: int, data: st.DataObject
) -> None:
    fraction = data.draw(st.integers(0, 10**digits - 1))
    whole = moment.astimezone(UTC).replace(microsecond=0)
    expected = exact_ns(whole) + fraction * 10 ** (9 - digits)
    stem = f"{whole:%Y-%m-%dT%H:%M:%S}.{fraction:0{digits}d}"
    parser = TimeParser()
    for suffix in ("Z", "+00:00", "-00:00", ""):
        assert parser.ns(stem + suffix) == expected


def test_the_venues_own_forms() -> None:
    parser = TimeParser()
    base = 1_785_421_865_000_000_000
    assert parser.ns("2026-07-30T14:31:05.1234567+00:00") == base + 123_456_700
    assert parser.ns("2026-07-30T14:31:05.123456Z") == base + 123_456_000
    assert parser.ns("2026-07-30T14:31:05Z") == base
    assert parser.ns("2026-07-30T09:31:05.1-05:00") == base + 100_000_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-07-30",
        "2026-07-30T14:31:05.",
        "2026-07-30T14:31:05.1234567890Z",
        "2026-07-30T14:31:05.12x4Z",
        "2026-07-30T24:31:05Z",
        "2026-13-30T14:31:05Z",
        "2026-07-30T14:31:05+0000",
        "2026-07-30T14:31:05Zulu",
        "1753885865",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        TimeParser().ns(text)


@given(st.integers(0, 4_000_000_000_000_000_000))
def test_nanoseconds_to_datetime_rounds_down_to_microseconds(ts_ns: int) -> None:
    assert datetime_ns(ns_datetime(ts_ns)) == ts_ns // 1000 * 1000


def test_a_datetime_without_zone_is_utc() -> None:
    assert datetime_ns(datetime(1970, 1, 2)) == 86_400_000_000_000  # noqa: DTZ001 - that is the case
