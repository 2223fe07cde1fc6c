"""Clocks that part are told once, by how much and which way."""

from __future__ import annotations

from tradedesk.trading.clock_watch import ClockWatch


def test_told_once_when_they_part_and_once_when_they_meet() -> None:
    watch = ClockWatch()
    said = [watch.check(skew) for skew in (None, 400, 990, 1_010, 5_000, 1_010, 900, 790, 100)]
    assert said[3].startswith("This machine's clock is 1.0 s behind the venue's: set it by NTP")
    assert said[7] == "This machine's clock agrees with the venue's again."
    assert [text for text in said if text] == [said[3], said[7]]


def test_the_way_is_named() -> None:
    assert "30.0 s ahead of" in ClockWatch().check(-30_000)
