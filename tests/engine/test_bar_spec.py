"""The grammar of bar sizes."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import DAY, HOUR, MINUTE, SECOND

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError

LARGEST = {"s": 86_400, "m": 10_080, "h": 744, "d": 366, "w": 53, "mo": 120}
LARGEST |= {"t": 10_000_000, "v": 10_000_000, "r": 10_000, "n": 10_000}


@given(st.sampled_from(BarUnit), st.data())
def test_text_round_trips(unit: BarUnit, data: st.DataObject) -> None:
    spec = BarSpec(data.draw(st.integers(1, LARGEST[unit.value])), unit)
    assert BarSpec.parse(str(spec)) == spec
    assert BarSpec.parse(spec.label) == spec
    assert hash(BarSpec.parse(str(spec))) == hash(spec)
    assert msgspec.json.decode(msgspec.json.encode(spec), type=BarSpec) == spec


@given(st.text(max_size=8))
def test_any_other_text_is_refused(text: str) -> None:
    try:
        spec = BarSpec.parse(text)
    except BarSpecError:
        return
    assert BarSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("1D", "1d"), ("1d", "1d"), ("4H", "4h"), ("30S", "30s"), ("1W", "1w"), ("1MO", "1mo")),
        *(("500T", "500t"), ("1000V", "1000v"), ("8R", "8r"), ("4N", "4n"), (" 5m ", "5m")),
        *(("05m", "5m"), ("1Mo", "1mo")),
    ],
)
def test_case_and_blanks(text: str, expected: str) -> None:
    assert str(BarSpec.parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0m", r"'0m' is empty: the number must be 1 or more"),
        ("7q", r"'7q' has the unknown unit 'q': use one of s m h d w mo"),
        ("1000000000t", r"'1000000000t' is too large"),
        ("10000001t", r"'10000001t' is too large: use 10000000t or less"),
        ("", r"empty: write a number and a unit, such as '5m'"),
        ("   ", r"empty"),
        ("m5", r"'m5' cannot be read: write the number first"),
        ("5", r"'5' cannot be read"),
        ("5 m", r"'5 m' cannot be read"),
        ("-5m", r"'-5m' cannot be read"),
        ("1.5h", r"'1.5h' cannot be read"),
        ("\u0665m", r"cannot be read"),
        ("1M", r"'1M' could mean minutes or months: write '1m' for minutes or '1mo'"),
    ],
)
def test_messages_name_the_text_and_the_fix(text: str, said: str) -> None:
    with pytest.raises(BarSpecError, match=said):
        BarSpec.parse(text)


@pytest.mark.parametrize("unit", LARGEST)
def test_bounds_hold_however_a_spec_is_made(unit: str) -> None:
    largest = LARGEST[unit]
    assert BarSpec.parse(f"{largest}{unit}").size == largest
    with pytest.raises(BarSpecError, match=f"use {largest}{unit} or less"):
        BarSpec(largest + 1, BarUnit(unit))
    with pytest.raises(BarSpecError, match="1 or more"):
        BarSpec(-1, BarUnit(unit))


def test_a_spec_cannot_be_changed() -> None:
    spec = BarSpec.parse("5m")
    with pytest.raises(AttributeError):
        spec.size = 6  # type: ignore[misc]


def test_periods_and_kinds() -> None:
    periods = {"7s": 7 * SECOND, "5m": 5 * MINUTE, "4h": 4 * HOUR, "2d": 2 * DAY, "1w": 7 * DAY}
    for text, period_ns in periods.items():
        spec = BarSpec.parse(text)
        assert (spec.period_ns, spec.is_time, spec.is_count) == (period_ns, True, False)
    assert (BarSpec.parse("1mo").period_ns, BarSpec.parse("1mo").is_time) == (None, True)
    for text in ("5t", "5v"):
        spec = BarSpec.parse(text)
        assert (spec.period_ns, spec.is_time, spec.is_count) == (None, False, True)
    for text in ("5r", "5n"):
        spec = BarSpec.parse(text)
        assert (spec.period_ns, spec.is_time, spec.is_count) == (None, False, False)
    assert [BarSpec.parse(text).label for text in ("5m", "1d", "1w", "1mo", "500t")] == [
        *("5m", "1D", "1W", "1Mo", "500T")
    ]
