"""Round prices and round times."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.ui.chart.price_scale import price_step, price_steps, round_prices
from tradedesk.ui.chart.time_scale import TimeMark, moment_text, time_marks
from tradedesk.ui.chart.time_zone import NS, LocalTime

UTC_ZONE = LocalTime("UTC")


@pytest.mark.parametrize(
    ("tick", "least", "price"),
    [
        ("0.25", 1, "0.25"),
        ("0.25", 3, "1"),
        ("0.25", 9, "2.5"),
        ("0.25", 11, "5"),
        ("0.01", 1.5, "0.02"),
        ("0.00005", 3, "0.0002"),
        ("0.03125", 3, "0.125"),
        ("0.03125", 17, "1"),
        ("0.1", 7, "1"),
        ("10", 3, "50"),
    ],
)
def test_steps_are_round_prices_on_the_grid(tick: str, least: float, price: str) -> None:
    size = Decimal(tick)
    assert price_step(size, least) * size == Decimal(price)


@given(st.sampled_from(["0.25", "0.01", "0.03125", "0.0000005", "5"]), st.floats(0.1, 1e9))
def test_steps_never_jump_far(tick: str, least: float) -> None:
    steps = price_steps(Decimal(tick))
    found = price_step(Decimal(tick), least)
    assert found >= min(least, steps[-1])
    assert found <= max(1, 2.6 * least)


def test_round_prices_cover_the_range_and_no_more() -> None:
    assert list(round_prices(-7, 11, 5)) == [-5, 0, 5, 10]
    assert list(round_prices(1, 4, 5)) == []


# --- time ---------------------------------------------------------------------------------------


def at(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * NS


def minutes(start: str, count: int, zone: str = "UTC") -> np.ndarray:
    return at(start, zone) + np.arange(count, dtype=np.int64) * 60 * NS


def texts(marks: list[TimeMark]) -> list[str]:
    return [mark.text for mark in marks]


def test_minutes_are_labelled_at_round_times_and_on_into_the_future() -> None:
    ts = minutes("2026-12-09 12:21", 120)
    marks = time_marks(ts, (0, 139), 12, 60 * NS, UTC_ZONE)
    assert texts(marks) == ["12:30", "12:45", "13:00", "13:15", "13:30", "13:45", "14:00",
                            "14:15", "14:30"]  # fmt: skip
    assert [mark.bar for mark in marks] == [9 + 15 * i for i in range(9)]


def test_labels_stay_where_they_are_while_panning() -> None:
    ts = minutes("2026-12-09 12:21", 2_000)
    seen: dict[str, float] = {}
    for start in range(0, 600, 7):
        for mark in time_marks(ts, (start, start + 300), 12, 60 * NS, UTC_ZONE):
            assert seen.setdefault(f"{mark.text} {int(mark.bar) // 720}", mark.bar) == mark.bar


def test_a_new_day_stands_out() -> None:
    ts = minutes("2026-12-09 22:10", 240)
    marks = time_marks(ts, (0, 239), 25, 60 * NS, UTC_ZONE)
    assert [(m.text, m.strong) for m in marks if m.strong] == [("10 Dec", True)]


def test_a_pause_gives_one_label_with_the_day_behind_it() -> None:
    friday = minutes("2026-12-11 15:00", 60)
    sunday = minutes("2026-12-13 17:00", 60)
    ts = np.concatenate((friday, sunday))
    marks = time_marks(ts, (0, 119), 25, 60 * NS, UTC_ZONE)
    assert texts(marks) == ["15:30", "13 Dec", "17:30"]
    assert marks[1].bar == 60


def test_chicago_days_begin_at_chicago_midnight() -> None:
    ts = minutes("2026-07-01 22:00", 240, "America/Chicago")
    marks = time_marks(ts, (0, 239), 100, 60 * NS, LocalTime("America/Chicago"))
    assert [m.bar for m in marks if m.text == "2 Jul"] == [120]


@pytest.mark.parametrize(
    ("step", "least", "expected"),
    [
        (NS, 20, ["12:00:30", "12:01:00"]),
        (86_400 * NS, 20, ["Jan", "Feb", "Mar"]),
        (7 * 86_400 * NS, 30, ["2027"]),
    ],
)
def test_other_sizes(step: int, least: float, expected: list[str]) -> None:
    ts = at("2026-12-09 12:00") + np.arange(95, dtype=np.int64) * step
    marks = texts(time_marks(ts, (0, 94), least, step, UTC_ZONE))
    assert marks[: len(expected)] == [e.replace("Jan", "2027") for e in expected]


def test_bars_of_no_fixed_length() -> None:
    rng = np.random.default_rng(4)
    ts = at("2026-12-09 12:00") + np.cumsum(rng.integers(1, 9 * NS, 800))
    marks = time_marks(ts, (100, 900), 90, None, UTC_ZONE)
    assert len(marks) >= 4
    for mark in marks:
        assert mark.bar <= 799
        shown = datetime.fromtimestamp(int(ts[int(mark.bar)]) / 1e9, UTC)
        assert f"{shown:%H:%M}" >= mark.text


@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=60),
    st.floats(0.5, 60),
    st.sampled_from([None, NS, 60 * NS]),
)
def test_labels_keep_their_distance(gaps: list[int], least: float, period: int | None) -> None:
    ts = at("2026-03-01 00:00") + np.cumsum(np.array(gaps, np.int64)) * NS
    marks = time_marks(ts, (0.0, len(ts) + 5.0), least, period, UTC_ZONE)
    assert all(b.bar - a.bar >= least * 0.75 for a, b in itertools.pairwise(marks))
    assert all(0 <= mark.bar <= len(ts) + 5 for mark in marks)


@pytest.mark.parametrize("name", ["America/Chicago", "Europe/Berlin", "Asia/Kolkata", "UTC"])
def test_local_time_is_that_of_the_zone(name: str) -> None:
    zone, expected = LocalTime(name), ZoneInfo(name)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(hours=7 * i) for i in range(2_600)]
    utc = np.array([int(m.timestamp()) for m in moments], np.int64) * NS
    local = zone.to_local(utc)
    for moment, got in zip(moments, local.tolist(), strict=True):
        offset = moment.astimezone(expected).utcoffset()
        assert offset is not None
        assert got == int((moment + offset).timestamp()) * NS
    assert (zone.to_utc(local) - utc).max() <= 3_600 * NS
    assert (zone.to_utc(local) == utc).mean() > 0.99


def test_moments_in_words() -> None:
    noon = at("2026-12-09 12:03:04")
    assert moment_text(UTC_ZONE, noon, 60 * NS) == "Wed 9 Dec 12:03"
    assert moment_text(UTC_ZONE, noon, 5 * NS) == "Wed 9 Dec 12:03:04"
    assert moment_text(UTC_ZONE, noon, None) == "Wed 9 Dec 12:03:04"
    assert moment_text(UTC_ZONE, noon, 86_400 * NS) == "Wed 9 Dec 2026"
