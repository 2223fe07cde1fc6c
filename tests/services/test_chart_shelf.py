"""Bars that nobody looks at any more end after a while; promised ones never do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.services.test_market_desk import MNQ, StoppedClock

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.services.chart_shelf import IDLE_CHARTS
from tradedesk.services.market_desk import MarketDesk

if TYPE_CHECKING:
    from tradedesk.services.chart_feed import ChartFeed

SPECS = [BarSpec.parse(f"{minutes}m") for minutes in range(1, IDLE_CHARTS + 4)]


@pytest.fixture
def desk() -> MarketDesk:
    return MarketDesk(StoppedClock())


def looked_at(desk: MarketDesk, spec: BarSpec) -> ChartFeed:
    """Open bars and close them at once."""
    feed = desk.open_chart(MNQ, spec)
    desk.close_chart(feed)
    return feed


def test_bars_just_left_are_still_there_and_others_are_let_go(desk: MarketDesk) -> None:
    feeds = [looked_at(desk, spec) for spec in SPECS]
    assert list(desk._charts.feeds.values()) == feeds[-IDLE_CHARTS:]
    assert desk.open_chart(MNQ, SPECS[-1]) is feeds[-1]
    assert desk.open_chart(MNQ, SPECS[0]) is not feeds[0]


def test_bars_stay_as_long_as_anybody_looks(desk: MarketDesk) -> None:
    feed = desk.open_chart(MNQ, SPECS[0])
    assert desk.open_chart(MNQ, SPECS[0]) is feed
    desk.close_chart(feed)
    for spec in SPECS[1:]:
        looked_at(desk, spec)
    assert desk.open_chart(MNQ, SPECS[0]) is feed


def test_bars_of_a_script_stay_for_good(desk: MarketDesk) -> None:
    feed = desk.chart(MNQ, SPECS[0])
    for spec in SPECS:
        looked_at(desk, spec)
    assert desk.chart(MNQ, SPECS[0]) is feed


def test_going_back_in_time_begins_the_wait_anew(desk: MarketDesk) -> None:
    first = looked_at(desk, SPECS[0])
    for spec in SPECS[1:IDLE_CHARTS]:
        looked_at(desk, spec)
    assert looked_at(desk, SPECS[0]) is first
    looked_at(desk, SPECS[IDLE_CHARTS])
    assert desk.open_chart(MNQ, SPECS[0]) is first


def test_bars_that_are_gone_are_closed_without_a_word(desk: MarketDesk) -> None:
    feed = looked_at(desk, SPECS[0])
    desk.close_chart(feed)
    for spec in SPECS[1:]:
        looked_at(desk, spec)
    again = desk.open_chart(MNQ, SPECS[0])
    desk.close_chart(feed)
    desk.close_chart(again)
    assert desk.open_chart(MNQ, SPECS[0]) is again


def test_bars_that_nobody_would_come_back_to_end_at_once(desk: MarketDesk) -> None:
    idle = [looked_at(desk, spec) for spec in SPECS[:IDLE_CHARTS]]
    lent = desk.open_chart(MNQ, SPECS[-1])
    desk.close_chart(lent, keep=False)
    assert list(desk._charts.feeds.values()) == idle
    assert desk.open_chart(MNQ, SPECS[-1]) is not lent


def test_bars_end_at_once_only_where_nobody_else_looks(desk: MarketDesk) -> None:
    feed = desk.open_chart(MNQ, SPECS[0])
    assert desk.open_chart(MNQ, SPECS[0]) is feed
    desk.close_chart(feed, keep=False)
    assert desk.chart(MNQ, SPECS[0]) is feed
    desk.close_chart(feed, keep=False)
    assert desk.chart(MNQ, SPECS[0]) is feed, "a script was promised them"
