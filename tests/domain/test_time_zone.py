"""Zones worked out by rule against the time zone database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from tradedesk.domain import time_zone as module
from tradedesk.domain.errors import InputError
from tradedesk.domain.time_zone import RuledZone, time_zone

ZONES = sorted(module._RULES)


@pytest.mark.parametrize("name", ZONES)
def test_a_ruled_zone_agrees_with_the_database(name: str) -> None:
    """Every hour of every day of some years, hours that are skipped or come twice included."""
    try:
        known = ZoneInfo(name)
    except ZoneInfoNotFoundError:
        pytest.skip("this system has no time zone database")
    ruled = RuledZone(name)
    for year in (2007, 2026):
        moment = datetime(year, 1, 1)  # noqa: DTZ001 - wall clock, given a zone below
        while moment.year == year:
            assert (
                moment.replace(tzinfo=ruled).utcoffset() == moment.replace(tzinfo=known).utcoffset()
            ), moment
            moment += timedelta(hours=1)


def test_chicago_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(module, "ZoneInfo", nothing)
    chicago = time_zone("America/Chicago")
    assert isinstance(chicago, RuledZone)
    summer = datetime.combine(date(2026, 7, 1), time(17), chicago)
    assert summer.timestamp() == datetime(2026, 7, 1, 22, tzinfo=UTC).timestamp()
    with pytest.raises(InputError, match="'Mars/Olympus' is not known here"):
        time_zone("Mars/Olympus")
    with pytest.raises(InputError, match="2006-12-31 lies before 2007"):
        datetime(2006, 12, 31, tzinfo=chicago).timestamp()


def test_names_that_are_no_zone_are_refused() -> None:
    for name in ("", "../etc/passwd", "America", "Chicago"):
        with pytest.raises(InputError, match="is not known here"):
            time_zone(name)
