"""Volume spread over the prices of bars, against one contract's share a tick at a time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.orderflow.naive_flow import rows_of
from tests.engine.test_real_data import euro_minutes

from tradedesk.domain.errors import InputError
from tradedesk.engine import Bars
from tradedesk.engine.orderflow.bar_profile import bar_profile

OneBar = tuple[int, int, int, int]


def bars_of(rows: list[OneBar]) -> Bars:
    """Low, how many ticks higher the high is, volume, bought volume."""
    low = [row[0] for row in rows]
    high = [row[0] + row[1] for row in rows]
    volume = [row[2] for row in rows]
    bought = [min(row[3], row[2]) for row in rows]
    return Bars(range(len(rows)), low, high, low, high, volume, bought, None, [1] * len(rows))


def naive(rows: list[OneBar], row_ticks: int) -> dict[int, Fraction]:
    """Volume a row, unrounded."""
    found: dict[int, Fraction] = {}
    for low, wide, volume, _ in rows:
        for price in range(low, low + wide + 1):
            row = price // row_ticks * row_ticks
            found[row] = found.get(row, Fraction(0)) + Fraction(volume, wide + 1)
    return dict(sorted(found.items()))


@given(
    st.lists(
        st.tuples(
            st.integers(-300, 300), st.integers(0, 60), st.integers(0, 5_000), st.integers(0, 5_000)
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 12),
)
def test_every_row_has_its_share_and_no_contract_is_lost(
    rows: list[OneBar], row_ticks: int
) -> None:
    profile = bar_profile(bars_of(rows), row_ticks)
    wanted, found = naive(rows, row_ticks), rows_of(profile)
    assert list(found) == list(wanted)
    # Each row ends where the running sums of both sides are rounded: less than a contract each.
    assert all(abs(found[px][0] - wanted[px]) <= 2 for px in wanted)
    assert profile.volume.sum() == sum(row[2] for row in rows)
    assert profile.buy_volume.sum() == sum(min(row[3], row[2]) for row in rows)
    assert (profile.buy_volume <= profile.volume).all()
    assert (profile.buy_volume >= 0).all()


def test_real_minutes_keep_their_volume_at_any_height_of_row() -> None:
    minutes = euro_minutes()
    for row_ticks in (1, 2, 5, 50):
        profile = bar_profile(minutes, row_ticks)
        assert profile.volume.sum() == minutes.volume.sum()
        assert profile.px_ticks[0] == minutes.low.min() // row_ticks * row_ticks
        assert profile.px_ticks[-1] == minutes.high.max() // row_ticks * row_ticks
        assert not profile.buy_volume.any()


def test_prices_far_apart_are_spread_by_rows() -> None:
    bars = Bars([0, 1], [1, 2**31 - 2], [5, 2**31 - 1], [1, 0], [5, 7], [10, 1_000])
    profile = bar_profile(bars, 1 << 20)
    assert profile.volume.sum() == 1_010
    assert len(profile) == 2**31 >> 20
    assert bar_profile(bars, 1).volume.sum() == 1_010


def test_no_bars_and_rows_that_cannot_be() -> None:
    assert len(bar_profile(Bars.empty(), 4)) == 0
    with pytest.raises(InputError, match="A row of 0 ticks"):
        bar_profile(bars_of([(1, 2, 3, 0)]), 0)


def test_bars_without_volume_leave_empty_rows() -> None:
    profile = bar_profile(bars_of([(10, 3, 0, 0)]))
    assert profile.px_ticks.tolist() == [10, 11, 12, 13]
    assert not np.any(profile.volume)
