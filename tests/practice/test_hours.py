"""Trading hours against schedules that the exchange published, and against the clock of Chicago."""

from __future__ import annotations

import subprocess
import sys
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradedesk.history.exchange_hours import CALENDARS
from tradedesk.practice.exchange_hours import AlwaysOpen, ExchangeHours
from tradedesk.practice.hours import Hours, Span
from tradedesk.practice.hours_days import day_end_ns, day_start_ns, trading_day
from tradedesk.practice.products import PRODUCTS, Product

CHICAGO = ZoneInfo("America/Chicago")
HOUR = 3_600_000_000_000
MINUTE = HOUR // 60
GROUPS = sorted(CALENDARS)


def product(group: str) -> Product:
    """Some product of a group."""
    return next(p for p in PRODUCTS if p.group == group)


def at(text: str) -> int:
    """UTC nanoseconds of a wall-clock time in Chicago."""
    local = datetime.fromisoformat(text).replace(tzinfo=CHICAGO)
    return int(local.timestamp()) * 1_000_000_000


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


@pytest.fixture(scope="module")
def exchange() -> ExchangeHours:
    return ExchangeHours(at("2026-11-22T12:00"))


def closes(hours: Hours, group: str, day: str) -> list[str]:
    """Opening and closing times of a trading day, in Chicago."""
    of = date.fromisoformat(day)
    return [
        " to ".join(
            datetime.fromtimestamp(ns // 1_000_000_000, CHICAGO).strftime("%a %H:%M") for ns in span
        )
        for span in hours.spans(product(group), day_start_ns(of), day_end_ns(of))
    ]


@pytest.mark.parametrize("group", ["equity", "fx", "rates", "stir", "metal", "energy", "crypto"])
def test_most_products_trade_from_five_to_four(exchange: ExchangeHours, group: str) -> None:
    assert closes(exchange, group, "2026-10-12") == ["Sun 17:00 to Mon 16:00"]
    assert closes(exchange, group, "2026-10-14") == ["Tue 17:00 to Wed 16:00"]
    assert closes(exchange, group, "2026-10-16") == ["Thu 17:00 to Fri 16:00"]
    assert closes(exchange, group, "2026-10-17") == []
    assert closes(exchange, group, "2026-10-18") == []


def test_grains_pause_in_the_morning_and_livestock_trades_by_day(exchange: ExchangeHours) -> None:
    assert closes(exchange, "grain", "2026-10-14") == [
        "Tue 19:00 to Wed 07:45",
        "Wed 08:30 to Wed 13:20",
    ]
    assert closes(exchange, "livestock", "2026-10-14") == ["Wed 08:30 to Wed 13:05"]


PUBLISHED = [
    # day, group, last close of the trading day or None: closed
    ("2024-11-28", "equity", "12:00"), ("2024-11-28", "rates", "12:00"),
    ("2024-11-28", "fx", "16:00"), ("2024-11-28", "energy", "13:30"),
    ("2024-11-28", "metal", "13:30"), ("2024-11-28", "grain", None),
    ("2024-11-28", "livestock", None),
    ("2024-11-29", "equity", "12:15"), ("2024-11-29", "fx", "12:15"),
    ("2024-11-29", "rates", "12:15"), ("2024-11-29", "livestock", "12:05"),
    ("2024-12-24", "equity", "12:15"), ("2024-12-24", "fx", "12:15"),
    ("2024-12-24", "rates", "12:15"), ("2024-12-24", "livestock", "12:05"),
    *(("2024-12-25", group, None) for group in GROUPS),
    *(("2025-01-01", group, None) for group in GROUPS),
    ("2025-01-20", "equity", "12:00"), ("2025-01-20", "energy", "13:30"),
    ("2025-01-20", "fx", "16:00"), ("2025-01-20", "grain", None),
    # Good Friday without the employment report (2024, 2025) and with it (2023, 2026).
    *(("2024-03-29", group, None) for group in GROUPS),
    *(("2025-04-18", group, None) for group in GROUPS),
    ("2023-04-07", "equity", "08:15"), ("2023-04-07", "energy", None),
    ("2026-04-03", "equity", "08:15"), ("2026-04-03", "fx", "10:15"),
    ("2026-04-03", "rates", "10:15"), ("2026-04-03", "energy", None),
    ("2026-04-03", "metal", None), ("2026-04-03", "grain", None),
    ("2026-04-03", "livestock", None),
    ("2025-05-26", "equity", "12:00"), ("2025-05-26", "metal", "13:30"),
    ("2025-06-19", "equity", "12:00"), ("2025-06-19", "rates", "12:00"),
    ("2024-07-03", "equity", "12:15"), ("2024-07-03", "rates", "16:00"),
    ("2024-07-03", "energy", "16:00"), ("2024-07-04", "equity", "12:00"),
    ("2024-07-04", "rates", "12:00"), ("2024-07-04", "energy", "13:30"),
    ("2024-07-04", "metal", "13:30"), ("2024-07-04", "fx", "16:00"),
    ("2024-07-04", "crypto", "16:00"), ("2024-07-04", "grain", None),
    ("2024-07-04", "livestock", None),
    ("2025-07-03", "equity", "12:15"), ("2025-07-04", "equity", "12:00"),
    ("2025-07-04", "fx", "16:00"), ("2025-07-04", "energy", "13:30"),
    ("2026-06-19", "metal", "12:00"), ("2026-09-07", "metal", "13:30"),
    ("2026-11-26", "equity", "12:00"), ("2026-11-27", "equity", "12:15"),
    ("2026-11-27", "energy", "13:45"), ("2026-12-24", "energy", "12:45"),
    *(("2026-12-25", group, None) for group in GROUPS),
]  # fmt: skip
"""What the exchange announced for these days, as far as brokers, news and its notices tell."""


@pytest.mark.parametrize(("day", "group", "close"), PUBLISHED)
def test_holidays_and_early_closes(
    exchange: ExchangeHours, day: str, group: str, close: str | None
) -> None:
    spans = closes(exchange, group, day)
    assert (spans[-1].rpartition(" ")[2] if spans else None) == close


def test_what_the_calendars_are_known_to_get_wrong(exchange: ExchangeHours) -> None:
    """The list in `docs/decisions/0012-calendars.md`: when this fails, the list is shorter."""
    known = {
        ("2025-01-09", "equity"): ["Wed 17:00 to Thu 16:00"],  # 08:30
        ("2025-01-09", "rates"): ["Wed 17:00 to Thu 16:00"],  # 12:15
        ("2025-01-09", "grain"): [],  # 12:15
        ("2024-11-29", "energy"): ["Thu 17:00 to Fri 12:45"],  # 13:45
        ("2024-12-24", "metal"): ["Mon 17:00 to Tue 16:00"],  # 12:45
        ("2025-09-01", "metal"): ["Sun 17:00 to Mon 12:00"],  # 13:30
        ("2024-11-29", "grain"): ["Thu 19:00 to Fri 07:45", "Fri 08:30 to Fri 12:00"],  # 08:30
    }
    assert {key: closes(exchange, key[1], key[0]) for key in known} == known


def test_the_market_opens_at_the_same_hour_of_chicago_when_the_clocks_change(
    exchange: ExchangeHours,
) -> None:
    """8 March 2026 the clocks go forward: Friday's close 22:00 UTC, Sunday's opening 22:00 UTC.

    1 November 2026 they go back: Friday's close 21:00 UTC, Sunday's opening 23:00 UTC.
    """
    es = product("equity")
    for close, opening in (
        ("2026-03-06T22:00", "2026-03-08T22:00"),
        ("2026-10-30T21:00", "2026-11-01T23:00"),
    ):
        assert exchange.is_open(es, utc(close) - 1)
        assert not exchange.is_open(es, utc(close))
        assert exchange.next_open_ns(es, utc(close)) == utc(opening)
        assert not exchange.is_open(es, utc(opening) - 1)
        assert exchange.is_open(es, utc(opening))


def test_spans_are_cut_to_the_window_and_the_break_is_left_out(exchange: ExchangeHours) -> None:
    es = product("equity")
    assert exchange.spans(es, at("2026-10-14T15:00"), at("2026-10-14T18:00")) == [
        Span(at("2026-10-14T15:00"), at("2026-10-14T16:00")),
        Span(at("2026-10-14T17:00"), at("2026-10-14T18:00")),
    ]
    assert exchange.spans(es, at("2026-10-14T16:00"), at("2026-10-14T17:00")) == []
    assert exchange.spans(es, at("2026-10-14T15:00"), at("2026-10-14T15:00")) == []


def test_the_next_opening_after_a_holiday(exchange: ExchangeHours) -> None:
    oil = product("energy")
    assert exchange.next_open_ns(oil, at("2026-04-03T12:00")) == at("2026-04-05T17:00")
    assert exchange.next_open_ns(oil, at("2026-04-02T12:00")) == at("2026-04-02T12:00")
    assert exchange.next_open_ns(product("livestock"), at("2026-12-24T23:00")) == at(
        "2026-12-28T08:30"
    )


@pytest.mark.parametrize(
    ("group", "now", "flat"),
    [
        ("equity", "2026-10-14T09:00", "2026-10-14T15:10"),
        ("equity", "2026-10-14T16:59", "2026-10-14T15:10"),
        ("equity", "2026-10-14T17:00", "2026-10-15T15:10"),
        ("equity", "2026-10-11T18:00", "2026-10-12T15:10"),
        ("equity", "2024-11-28T09:00", "2024-11-28T11:45"),
        ("equity", "2024-11-29T09:00", "2024-11-29T12:00"),
        ("equity", "2025-07-04T09:00", "2025-07-04T11:45"),
        ("equity", "2026-04-03T07:00", "2026-04-03T08:00"),
        ("fx", "2024-11-28T09:00", "2024-11-28T15:10"),
        ("energy", "2025-07-04T09:00", "2025-07-04T13:15"),
        ("grain", "2026-10-13T20:00", "2026-10-14T13:05"),
        ("livestock", "2026-10-14T09:00", "2026-10-14T12:50"),
        ("equity", "2026-10-17T12:00", None),
        ("energy", "2026-04-03T09:00", None),
    ],
)
def test_when_positions_must_be_gone(
    exchange: ExchangeHours, group: str, now: str, flat: str | None
) -> None:
    assert exchange.flat_by_ns(product(group), at(now)) == (at(flat) if flat else None)


def test_an_account_may_have_its_own_flat_time(exchange: ExchangeHours) -> None:
    es, now = product("equity"), at("2026-10-14T09:00")
    assert exchange.flat_by_ns(es, now, time(14)) == at("2026-10-14T14:00")
    assert exchange.flat_by_ns(es, now, time(16, 30)) == at("2026-10-14T15:45")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-03-06T16:59:59", "2026-03-06"),
        ("2026-03-06T17:00", "2026-03-07"),
        ("2026-03-08T16:59:59", "2026-03-08"),
        ("2026-03-08T17:00", "2026-03-09"),
        ("2026-11-01T17:00", "2026-11-02"),
        ("2026-12-31T17:00", "2027-01-01"),
    ],
)
def test_trading_days_begin_at_five(exchange: ExchangeHours, now: str, day: str) -> None:
    hours: list[Hours] = [AlwaysOpen(), exchange]
    for each in hours:
        assert each.trading_day(at(now)) == date.fromisoformat(day)


@given(st.integers(utc("2000-01-01T00:00"), utc("2099-12-31T00:00")))
def test_days_follow_each_other_without_a_gap(at_ns: int) -> None:
    day = trading_day(at_ns)
    start, end = day_start_ns(day), day_end_ns(day)
    assert start <= at_ns < end
    assert (end - start) // HOUR in (23, 24, 25)
    assert day_start_ns(day + timedelta(days=1)) == end
    assert (trading_day(start), trading_day(end - 1)) == (day, day)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(GROUPS),
    st.integers(utc("2015-01-01T00:00"), utc("2034-12-31T00:00")),
    st.integers(1, 20 * 24 * 60),
)
def test_the_three_questions_agree(group: str, start_ns: int, minutes: int) -> None:
    """Spans are sorted and apart, and the other answers are what the spans say."""
    hours, of = SHARED, product(group)
    end_ns = start_ns + minutes * MINUTE
    spans = hours.spans(of, start_ns, end_ns)
    edges = [ns for span in spans for ns in span]
    assert edges == sorted(set(edges))
    assert all(start_ns <= ns <= end_ns for ns in edges)
    for moment in (start_ns, end_ns - 1, (start_ns + end_ns) // 2):
        is_open = bisect_right(edges, moment) % 2 == 1
        assert hours.is_open(of, moment) == is_open
        assert (hours.next_open_ns(of, moment) == moment) == is_open
    opening = hours.next_open_ns(of, start_ns)
    assert opening is not None
    assert hours.is_open(of, opening)
    assert not spans or spans[0].start_ns == opening


SHARED = ExchangeHours(at("2026-11-22T12:00"))


def test_years_may_be_asked_for_in_any_order() -> None:
    hours, fresh = ExchangeHours(at("2026-06-01T12:00")), ExchangeHours(at("2019-06-01T12:00"))
    es = product("equity")
    windows = [(at(f"{y}-12-20T00:00"), at(f"{y + 1}-01-10T00:00")) for y in (2031, 2014, 2022)]
    assert [hours.spans(es, *w) for w in windows] == [fresh.spans(es, *w) for w in windows]


def test_nothing_is_known_outside_the_calendars_years(exchange: ExchangeHours) -> None:
    es = product("equity")
    assert exchange.spans(es, 0, at("1980-01-01T00:00")) == []
    assert not exchange.is_open(es, at("2150-06-01T12:00"))
    assert exchange.next_open_ns(es, at("2150-06-01T12:00")) is None
    assert exchange.next_open_ns(es, 2**63 - 1) is None


def test_around_the_clock() -> None:
    hours: Hours = AlwaysOpen()
    es, now = product("equity"), at("2026-10-17T12:00")
    assert hours.is_open(es, now)
    assert hours.spans(es, now, now + HOUR) == [Span(now, now + HOUR)]
    assert hours.spans(es, now, now) == []
    assert hours.next_open_ns(es, now) == now
    assert hours.flat_by_ns(es, now) is None


def test_pandas_is_not_loaded_before_a_calendar_is_asked_for() -> None:
    code = (
        "import sys, tradedesk.practice.exchange_hours as hours\n"
        "hours.AlwaysOpen()\n"
        "sys.exit(' '.join({'pandas', 'pandas_market_calendars'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
