"""Figures of a day: the running one's, and the last one's while the market is closed."""

from __future__ import annotations

from datetime import UTC, datetime

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import grid_of, venue_calendar
from tradedesk.practice.exchange_hours import ExchangeHours
from tradedesk.practice.market.session import Session
from tradedesk.practice.market.source import SyntheticMarket

DAY = BarSpec.parse("1d")
HOUR_NS = 3_600 * 10**9
SUNDAY_NOON = int(datetime(2026, 11, 22, 18, tzinfo=UTC).timestamp()) * 10**9
OPENING = int(datetime(2026, 11, 22, 23, tzinfo=UTC).timestamp()) * 10**9


def test_a_weekend_shows_the_last_day_until_the_next_one_trades() -> None:
    market = SyntheticMarket(5, SUNDAY_NOON, 1.0, ExchangeHours(SUNDAY_NOON))
    tape = market.tape(market.active()[0])
    grid = grid_of(DAY, venue_calendar(DAY, SUNDAY_NOON))
    days = tape.bars(DAY, SUNDAY_NOON - 96 * HOUR_NS, SUNDAY_NOON, 2, SUNDAY_NOON)
    thursday, friday = days
    session = Session(days, grid, SUNDAY_NOON)
    session.absorb(tape.prints(SUNDAY_NOON, OPENING - 1))  # nothing trades
    assert (session.open, session.high, session.low, session.close, session.volume) == friday[1:6]
    assert session.previous_close == thursday.close
    monday = tape.prints(OPENING - 1, OPENING + HOUR_NS)
    session.absorb(monday)
    assert session.open == monday.px[0]
    assert session.volume == monday.qty.sum()
    assert session.previous_close == friday.close
