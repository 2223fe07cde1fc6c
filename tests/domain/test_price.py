"""Prices and ticks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.errors import InputError, OffGridError
from tradedesk.domain.price import MAX_TICKS, TickSize

SIZES = ["0.25", "0.1", "0.01", "0.00005", "0.0000005", "0.0078125", "0.015625", "5", "1"]
ticks = st.integers(-MAX_TICKS, MAX_TICKS)


@given(st.sampled_from(SIZES), ticks)
def test_every_tick_count_survives_each_way_of_writing_its_price(size: str, count: int) -> None:
    grid = TickSize(Decimal(size))
    assert grid.to_ticks(grid.price(count)) == count
    assert grid.parse(grid.text(count)) == count
    assert grid.nearest(grid.price(count)) == count


@given(st.sampled_from(SIZES), st.integers(-10_000_000, 10_000_000))
def test_a_json_number_finds_its_tick(size: str, count: int) -> None:
    grid = TickSize(Decimal(size))
    assert grid.nearest_lossy(grid.price_lossy(count)) == count


def test_an_off_grid_price_names_both_neighbours() -> None:
    with pytest.raises(OffGridError, match=r"21470\.30 .* use 21470\.25 or 21470\.50"):
        TickSize(Decimal("0.25")).to_ticks(Decimal("21470.30"))


def test_negative_off_grid_prices_name_both_neighbours() -> None:
    with pytest.raises(OffGridError, match=r"use -37\.64 or -37\.63"):
        TickSize(Decimal("0.01")).to_ticks(Decimal("-37.635"))


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "NaN", "inf", "-inf", "１２x"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        TickSize(Decimal("0.25")).parse(text)


def test_a_price_too_large_for_a_column_is_refused() -> None:
    with pytest.raises(InputError, match="too large"):
        TickSize(Decimal("0.25")).to_ticks(Decimal(MAX_TICKS))


@pytest.mark.parametrize("px", [float("nan"), float("inf"), -float("inf"), 1e12])
def test_a_number_that_is_no_price_is_refused(px: float) -> None:
    with pytest.raises(InputError, match="not a price"):
        TickSize(Decimal("0.25")).nearest_lossy(px)


@pytest.mark.parametrize("size", ["0", "-1", "NaN", "Infinity"])
def test_a_tick_size_must_be_positive(size: str) -> None:
    with pytest.raises(InputError):
        TickSize(Decimal(size))


def test_digits_are_those_of_the_grid() -> None:
    assert [TickSize(Decimal(s)).digits for s in ("0.25", "0.10", "5", "0.0078125")] == [2, 1, 0, 7]
