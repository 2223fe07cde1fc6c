"""How values are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.order import Side
from tradedesk.ui import words


@pytest.mark.parametrize(
    ("value", "signed", "plain"),
    [
        ("7", "+$7.00", "$7.00"),
        ("-20", "−$20.00", "−$20.00"),
        ("0", "$0.00", "$0.00"),
        ("-0.001", "$0.00", "$0.00"),
        ("150212.4", "+$150,212.40", "$150,212.40"),
    ],
)
def test_money(value: str, signed: str, plain: str) -> None:
    assert words.money(Decimal(value)) == signed
    assert words.money(Decimal(value), signed=False) == plain


@given(st.integers(-(10**7), 10**7))
def test_ticks_read_back(count: int) -> None:
    text = words.ticks(count).removesuffix(" t").replace(",", "").replace("−", "-")
    assert int(text) == count


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (38, "38 ms"), (400, "0.4 s"), (9_990, "10.0 s"), (12_300, "12 s"),
     (180_000, "3 min")],
)  # fmt: skip
def test_age(value: float | None, text: str) -> None:
    assert words.age(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.4, "0 ms"), (16.2, "16 ms"), (999.4, "999 ms"), (1_520, "1.5 s"), (22_057, "22 s")],
)
def test_took(value: float, text: str) -> None:
    assert words.took(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00"), (41, "00:41"), (3_723, "1:02:03"), (-5, "00:00")]
)
def test_duration(seconds: int, text: str) -> None:
    assert words.duration(seconds * 1_000_000_000) == text


def test_sides_have_a_shape_as_well_as_a_colour() -> None:
    assert words.side(Side.BUY) == "▲ Buy"
    assert words.side(Side.SELL) == "▼ Sell"


def test_the_clock_is_the_exchanges() -> None:
    noon_utc = 1_767_960_000 * 1_000_000_000  # 2026-01-09 12:00 UTC
    assert words.clock(noon_utc) == "06:00:00 CT"
    assert words.clock_ms(noon_utc + 123_456_789) == "06:00:00.123"
