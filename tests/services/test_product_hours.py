"""Hours of products at once, against the calendars of the exchanges."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from tradedesk.engine import TradingHours
from tradedesk.history.exchange_hours import PRODUCTS, REGULAR, exchange_hours
from tradedesk.services.product_hours import product_hours

WEEK = date(2025, 10, 6), date(2025, 10, 10)
"""Without a holiday."""


def ns(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) * 1_000_000_000


def sessions(hours: TradingHours) -> list[tuple[int, int, int]]:
    """Sessions of the week, those that touch joined."""
    epoch = date(1970, 1, 1)
    wanted = range((WEEK[0] - epoch).days, (WEEK[1] - epoch).days + 1)
    found: list[tuple[int, int, int]] = []
    for row in range(len(hours)):
        opens, closes, day = hours[row]
        if day in wanted:
            if found and found[-1][1] == opens:
                opens = found.pop()[0]
            found.append((opens, closes, day))
    return found


@pytest.mark.parametrize("group", [group for group in PRODUCTS if group in REGULAR])
def test_a_usual_week_is_that_of_the_exchange(group: str) -> None:
    symbol = PRODUCTS[group].split()[0]
    found = product_hours(symbol, ns(2025, 10, 7), ns(2025, 10, 8))
    assert found.regular is not None
    assert sessions(found.regular) == sessions(exchange_hours(symbol, *WEEK, rth=True))
    assert sessions(found.every) == sessions(exchange_hours(symbol, *WEEK))


def test_the_clock_of_chicago_decides() -> None:
    found = product_hours("MNQ", ns(2025, 3, 1), ns(2025, 12, 1))
    assert found.regular is not None
    winter, summer = ns(2025, 3, 7, 14, 30), ns(2025, 3, 10, 13, 30)
    at = found.regular.opens_ns.searchsorted(winter)
    assert found.regular.opens_ns[at : at + 2].tolist() == [winter, summer]


def test_a_product_that_nobody_knows_has_the_venue_s_days_alone() -> None:
    found = product_hours("XYZ", ns(2025, 10, 7), ns(2025, 10, 8))
    assert found.regular is None
    assert not found.known
    assert found.every.is_open(np.array([ns(2025, 10, 7, 21, 30), ns(2025, 10, 11, 12)])).all()
    evening = found.every.session_at(ns(2025, 10, 7, 22, 30))
    assert evening is not None
    assert evening.opens_ns == ns(2025, 10, 7, 22)


def test_years_at_both_ends_are_there() -> None:
    found = product_hours("ES", ns(2019, 1, 1), ns(2025, 12, 31, 23))
    assert found.every.is_open([ns(2019, 1, 2, 15), ns(2025, 12, 31, 15)]).all()
    assert found is product_hours("NQ", ns(2019, 5, 1), ns(2025, 2, 3)), "made once for a group"
