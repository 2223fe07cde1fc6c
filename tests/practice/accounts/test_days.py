"""Ends of days, daylight saving, flat times and closed markets."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.practice.accounts.desk import CONTRACTS, ES, MES, MemoryDesk, chicago

from tradedesk.domain.order import Side
from tradedesk.practice.exchange_hours import ExchangeHours

BUY, SELL = Side.BUY, Side.SELL
MINUTE = 60_000_000_000


@pytest.fixture(scope="module")
def exchange() -> ExchangeHours:
    return ExchangeHours(chicago(2026, 10, 5))


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        # 1 November 2026: the clocks go back, 17:00 moves from 22:00 to 23:00 UTC.
        ((10, 30), ["2026-10-30T22:00", "2026-10-31T22:00", "2026-11-01T23:00"]),
        # 14 March 2027: forward, from 23:00 to 22:00 UTC.
        ((3, 12), ["2027-03-12T23:00", "2027-03-13T23:00", "2027-03-14T22:00"]),
    ],
)
def test_days_end_at_five_in_chicago_when_the_clocks_change(
    days: tuple[int, int], ends: list[str]
) -> None:
    """Each day earns 10 ticks of one ES: 125.00 − 2.80; the floor follows at the very second."""
    year = int(ends[0][:4])
    desk = MemoryDesk("combine-50k", start_ns=chicago(year, *days, 9, 0))
    floor = Decimal(48_000)
    for end in ends:
        desk.trade(ES, BUY, 1, 20_000)
        desk.trade(ES, SELL, 1, 20_010)
        desk.advance(utc(end) - 1)
        assert desk.floor == floor
        desk.advance(utc(end))
        floor += Decimal("122.20")
        assert desk.floor == floor


@pytest.mark.parametrize(
    ("month", "day", "utc_flat"),
    [(10, 30, "2026-10-30T20:10"), (11, 2, "2026-11-02T21:10")],
)
def test_positions_are_closed_and_orders_cancelled_at_ten_past_three(
    exchange: ExchangeHours, month: int, day: int, utc_flat: str
) -> None:
    desk = MemoryDesk("combine-50k", hours=exchange, start_ns=chicago(2026, month, day, 9, 0))
    assert desk.trade(ES, BUY, 2) is None
    assert desk.rest(ES, SELL, 2) is None
    assert desk.rest(MES, BUY, 1) is None
    desk.advance(utc(utc_flat) - 1)
    assert (desk.net(ES), len(desk.working(desk.id))) == (2, 2)
    desk.advance(utc(utc_flat))
    assert (desk.net(ES), desk.working(desk.id)) == (0, [])
    assert desk.rules.can_trade(desk.id)
    refusal = desk.trade(ES, BUY, 1)
    assert refusal is not None
    assert refusal.code == 5
    assert "outside of trading hours" in str(refusal.message)


def test_trading_goes_on_at_five(exchange: ExchangeHours) -> None:
    desk = MemoryDesk("combine-50k", hours=exchange, start_ns=chicago(2026, 10, 5, 15, 9))
    assert desk.trade(ES, BUY, 1) is None
    for minute in (10, 30, 59):
        desk.advance(2026, 10, 5, 15, minute)
        assert desk.trade(ES, BUY, 1) is not None
    desk.advance(2026, 10, 5, 16, 30)  # the market itself is closed
    assert desk.trade(ES, BUY, 1) is not None
    desk.advance(2026, 10, 5, 17, 0)
    assert desk.trade(ES, BUY, 1) is None
    desk.advance(2026, 10, 6, 15, 10)
    assert desk.net(ES) == 0


def test_an_early_close_moves_the_flat_time(exchange: ExchangeHours) -> None:
    """Thanksgiving 2026: stock index products close at 12:00 and open again at 17:00."""
    desk = MemoryDesk("combine-50k", hours=exchange, start_ns=chicago(2026, 11, 26, 9, 0))
    desk.trade(ES, BUY, 1)
    desk.advance(chicago(2026, 11, 26, 11, 45) - 1)
    assert desk.net(ES) == 1
    desk.advance(2026, 11, 26, 11, 45)
    assert desk.net(ES) == 0
    assert desk.trade(ES, BUY, 1) is not None
    desk.advance(2026, 11, 26, 17, 0)
    assert desk.trade(ES, BUY, 1) is None


def test_products_that_close_early_are_closed_alone(exchange: ExchangeHours) -> None:
    """Crude oil closes at 13:30 on Thanksgiving, stock indices at 12:00."""
    oil = CONTRACTS["CL"]
    desk = MemoryDesk("combine-50k", hours=exchange, start_ns=chicago(2026, 11, 26, 9, 0))
    desk.trade(ES, BUY, 1)
    desk.trade(oil, BUY, 1)
    desk.advance(2026, 11, 26, 11, 45)
    assert (desk.net(ES), desk.net(oil)) == (0, 1)
    desk.advance(2026, 11, 26, 13, 15)
    assert desk.net(oil) == 0


@pytest.mark.parametrize("kind", ["practice", "combine-50k"])
@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_closed_market_takes_no_order_of_any_account(
    exchange: ExchangeHours, kind: str, side: Side
) -> None:
    """Saturday noon, and the hour from four to five: exits as well."""
    desk = MemoryDesk(kind, hours=exchange, start_ns=chicago(2026, 10, 9, 9, 0))
    if kind == "practice":
        assert desk.trade(ES, BUY, 1) is None  # it need not be flat over the weekend
    for when in ((9, 16, 0), (9, 16, 59), (9, 17, 0), (10, 12, 0), (11, 16, 59)):
        desk.advance(2026, 10, *when)
        refusal = desk.rules.refusal(desk.id, ES, side, 1)
        assert refusal is not None
        assert (refusal.code, "outside of trading hours" in str(refusal.message)) == (5, True)
    desk.advance(2026, 10, 11, 17, 0)
    assert desk.rules.refusal(desk.id, ES, side, 1) is None
    assert desk.net(ES) == (kind == "practice")


def test_around_the_clock_nobody_has_to_be_flat_but_days_end() -> None:
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 1, 20_000)
    desk.advance(2026, 10, 5, 16, 30)
    assert desk.trade(MES, BUY, 1) is None
    desk.advance(2026, 10, 12, 12, 0)
    assert (desk.net(ES), desk.net(MES)) == (1, 1)


def test_setting_venue_time_back_begins_the_day_again(exchange: ExchangeHours) -> None:
    desk = MemoryDesk("combine-50k", hours=exchange, start_ns=chicago(2026, 10, 6, 9, 0))
    desk.trade(ES, BUY, 1, 20_000)
    desk.trade(ES, SELL, 1, 20_010)
    desk.set_back(chicago(2026, 10, 5, 14, 0))
    desk.trade(ES, BUY, 1)
    desk.advance(chicago(2026, 10, 5, 15, 10))
    assert desk.net(ES) == 0
    desk.advance(2026, 10, 5, 17, 0)
    assert desk.floor == Decimal(48_000) + Decimal("122.20") - Decimal("2.80")
    desk.advance(2026, 10, 6, 17, 0)
    assert desk.rules.standing(desk.id).day_profit == 0
