"""What one look at the venue can prove, and what it is too old for."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from tests.fakes.fake_venue import ACCOUNT
from tests.trading.test_order_merge import BASE

from tradedesk.domain.ids import ContractId, OrderId
from tradedesk.domain.position import Position
from tradedesk.trading.venue_report import VenueReport


def test_orders_newer_than_the_lists_are_counted_and_listed_or_older_ones_are_not() -> None:
    old, listed, new = (
        msgspec.structs.replace(BASE, order_id=OrderId(number), created_ns=created_ns)
        for number, created_ns in ((1, 999), (2, 1_500), (3, 1_000))
    )
    report = VenueReport(ACCOUNT, 0, (listed,), ())
    assert report.too_new([old, listed, new], 1_000) == 1
    assert report.too_new([old, listed], 1_000) == 0


def test_positions_that_newer_news_told_are_missed() -> None:
    shown, newer = (Position(ACCOUNT, ContractId(name), 1, Decimal(1)) for name in ("A", "B"))
    report = VenueReport(ACCOUNT, 0, (), (shown,))
    assert report.missed([shown, newer], None) == 1
    assert report.missed([shown, newer], ContractId("A")) == 0
    assert report.missed([shown], None) == 0
