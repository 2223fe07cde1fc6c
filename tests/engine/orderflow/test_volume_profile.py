"""Volume profiles: counted as one would count by hand, with their control point and value area."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import Trade, batch_of, cuts_of, tapes
from tests.engine.orderflow.naive_flow import naive_area, naive_poc, naive_rows, rows_of

from tradedesk.domain.errors import InputError
from tradedesk.engine import ProfileIndex, TradeBatch, TradeStore, VolumeProfile, volume_nodes
from tradedesk.engine.orderflow import profile_index, tally

SHARES = st.one_of(
    st.sampled_from([Fraction(7, 10), Fraction(1), Fraction(1, 1000)]),
    st.fractions(Fraction(1, 100), 1, max_denominator=100),
)
FEW_PRICES = st.lists(
    st.tuples(st.integers(-12, 12), st.integers(0, 4)), min_size=1, max_size=25
).map(lambda pairs: [(0, px, qty, qty // 2) for px, qty in pairs])


def profile_of(*volumes: int, low: int = 100) -> VolumeProfile:
    """A profile with these volumes from `low` up; None where nothing traded is given as -1."""
    return VolumeProfile.of(
        batch_of([(0, low + n, qty, 0) for n, qty in enumerate(volumes) if qty >= 0])
    )


@given(tapes(max_size=80), st.integers(1, 9), st.sampled_from([1, 7, tally.PIECE]))
def test_a_profile_is_what_one_counts_by_hand(trades: list[Trade], ticks: int, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "PIECE", piece)
        profile = VolumeProfile.of(batch_of(trades))
        rows = VolumeProfile.of(batch_of(trades), ticks)
    assert rows_of(profile) == naive_rows(trades)
    assert rows_of(rows) == naive_rows(trades, ticks)
    assert profile.grouped(ticks) == rows
    assert rows.grouped(3 * ticks) == profile.grouped(3 * ticks)
    assert profile.delta.sum() == sum(2 * buy - qty for _, _, qty, buy in trades)
    types = [column.dtype for column in (profile.px_ticks, profile.volume, profile.count)]
    assert types == [np.int32, np.int64, np.int64]


@given(st.one_of(tapes(min_size=1, max_size=40), FEW_PRICES), st.integers(1, 3), SHARES)
def test_control_point_and_value_area(trades: list[Trade], ticks: int, share: Fraction) -> None:
    wide = max(px for _, px, _, _ in trades) - min(px for _, px, _, _ in trades) > 20_000
    profile = VolumeProfile.of(batch_of(trades), ticks)
    rows = naive_rows(trades, ticks)
    assert profile.point_of_control() == naive_poc(rows)
    if not wide:  # the naive ladder has a rung for every tick
        assert profile.value_area(share) == naive_area(rows, ticks, share)


def test_the_value_area_grows_by_the_larger_pair() -> None:
    profile = profile_of(1, 2, 3, 10, 4, 4, 30, 5, 5, 1, 1)
    assert profile.point_of_control() == 106
    # 30, then 5 + 5 above against 4 + 4 below, then 4 + 4 against 1 + 1
    assert profile.value_area(Fraction(40, 66)) == (106, 108, 40)
    assert profile.value_area(Fraction(41, 66)) == (104, 108, 48)
    assert profile.value_area(Fraction(49, 66)) == (102, 108, 61)
    assert profile.value_area(1) == (100, 110, 66)


def test_of_two_equal_pairs_the_upper_one_joins() -> None:
    assert profile_of(2, 2, 9, 3, 1).value_area(0.7) == (102, 104, 13)


def test_holes_are_rows_and_borders_have_traded() -> None:
    # above: nothing in 103 and 104, then 8; below: 1 at 101
    profile = profile_of(-1, 1, 9, -1, -1, 8)
    assert profile.value_area(Fraction(10, 18)) == (101, 102, 10)
    assert profile.value_area(Fraction(11, 18)) == (101, 105, 18)


@given(FEW_PRICES, st.integers(1, 2), st.integers(1, 4))
def test_nodes_stand_out_from_the_rows_around_them(
    trades: list[Trade], ticks: int, reach: int
) -> None:
    rows = naive_rows(trades, ticks)
    ladder = range(min(rows), max(rows) + 1, ticks)
    volume = [rows.get(px, (0,))[0] for px in ladder]
    high, low = [], []
    for row, own in enumerate(volume):
        below, above = volume[max(row - reach, 0) : row], volume[row + 1 : row + 1 + reach]
        if own and all(v < own for v in below) and all(v <= own for v in above):
            high.append(ladder[row])
        inside = 0 < row < len(volume) - 1
        if inside and all(v > own for v in below) and all(v >= own for v in above):
            low.append(ladder[row])
    found = volume_nodes(VolumeProfile.of(batch_of(trades), ticks), reach)
    assert (found.high.tolist(), found.low.tolist()) == (high, low)


def test_nodes_by_hand() -> None:
    found = volume_nodes(profile_of(3, 9, 4, -1, 2, 7, 7, 1), reach=2)
    assert (found.high.tolist(), found.low.tolist()) == ([101, 105], [103])
    assert [len(line) for line in volume_nodes(VolumeProfile.empty())] == [0, 0]


def test_ties_of_the_control_point() -> None:
    assert profile_of(5, 1, 5, 1, 1, 1).point_of_control() == 102
    assert profile_of(5, 1, 1, 5).point_of_control() == 103
    assert profile_of(5, 1, 5).point_of_control() == 102
    assert profile_of(0, 0, 0).point_of_control() == 101
    assert profile_of(0, 0, 0).value_area() == (101, 101, 0)


def test_nothing_traded() -> None:
    for profile in (VolumeProfile.empty(), VolumeProfile.of(TradeBatch.empty(), 4)):
        assert len(profile) == 0
        assert profile.point_of_control() is None
        assert profile.value_area() is None
        assert len(profile.grouped(8)) == 0
    assert repr(VolumeProfile.empty()) == "VolumeProfile(no trades)"
    assert repr(profile_of(1, 2)) == "VolumeProfile(3 contracts, 100 to 101, rows of 1)"


def test_prices_at_both_ends_of_int32_and_quantities_beyond_a_packed_sum() -> None:
    most = 2**31 - 1
    trades = [(0, -(2**31), most, most), (0, most, most, 0), (0, -(2**31), most, 1)] * 3
    profile = VolumeProfile.of(batch_of(trades))
    assert rows_of(profile) == naive_rows(trades)
    assert profile.point_of_control() == -(2**31)
    assert profile.value_area() == (-(2**31), most, 9 * most)
    near = [(0, 7, most, most), (0, 8, most, 0)] * 5
    assert rows_of(VolumeProfile.of(batch_of(near))) == naive_rows(near)


@pytest.mark.parametrize("qty", [1, 1_023, 1_024])
def test_a_piece_at_one_price_fills_its_packed_sums(qty: int) -> None:
    """16,384 trades of 1,023 contracts are the most that is packed."""
    trades = [(0, 7, qty, qty)] * (2 * tally.PIECE + 1)
    assert rows_of(VolumeProfile.of(batch_of(trades))) == naive_rows(trades)


@given(tapes(max_size=60), st.data())
def test_joined_profiles_are_the_profile_of_all(trades: list[Trade], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(trades)))
    parts = [VolumeProfile.of(batch_of(part)) for part in (trades[:cut], trades[cut:])]
    assert VolumeProfile.join(parts) == VolumeProfile.of(batch_of(trades))
    assert VolumeProfile.join([]) == VolumeProfile.empty()


@given(tapes(max_size=90), st.data(), st.integers(1, 4))
def test_any_range_of_a_growing_store(trades: list[Trade], data: st.DataObject, ticks: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profile_index, "TIERS", (12, 4))
        store = TradeStore()
        index = ProfileIndex(store)
        cuts = data.draw(cuts_of(len(trades)))
        for begin, end in itertools.pairwise(cuts):
            store.append(batch_of(trades[begin:end]))
            start = data.draw(st.integers(0, end))
            stop = data.draw(st.integers(start, end))
            assert index.profile(start, stop, ticks) == VolumeProfile.of(
                batch_of(trades[start:stop]), ticks
            )
            assert index.profile() == VolumeProfile.of(batch_of(trades[:end]))
            index.forget(data.draw(st.integers(0, end)))
            first, last = trades[begin][0], trades[end - 1][0]
            assert index.between(-(2**70), 2**70) == index.profile()
            between = [trade for trade in trades[:end] if first <= trade[0] < last]
            assert index.between(first, last) == VolumeProfile.of(batch_of(between))


class ChangedStore:
    """A store whose past is put right, as after a busted trade."""

    def __init__(self, trades: list[Trade]) -> None:
        self.trades = batch_of(trades)


@pytest.mark.parametrize("row", [0, 3, 4, 8, 11, 12, 23, 24, 29])
def test_a_past_that_changed_is_counted_anew_from_there(
    row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_index, "TIERS", (12, 4))
    trades = [(n, n % 5, 1, 0) for n in range(30)]
    store: Any = ChangedStore(trades)
    index = ProfileIndex(store)
    index.profile()
    trades[row] = (row, 9, 5, 5)
    store.trades = batch_of(trades)
    index.forget(row)
    assert index.profile() == VolumeProfile.of(batch_of(trades))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda profile: profile.grouped(0), "A row of 0 ticks"),
        (lambda profile: profile.grouped(2.0), "A row of 2.0 ticks"),
        (lambda profile: profile.grouped(2).grouped(3), "Rows of 2 ticks .* into rows of 3"),
        (lambda _: VolumeProfile.empty(0), "A row of 0 ticks"),
        (lambda profile: profile.value_area(0), "A value area of 0 of the volume"),
        (lambda profile: profile.value_area(1.01), "A value area of 1.01"),
        (lambda profile: profile.value_area(float("nan")), "A value area of nan"),
        (lambda profile: profile.value_area(float("inf")), "A value area of inf"),
        (lambda profile: VolumeProfile.join([profile, profile.grouped(2)]), r"\[1, 2\] ticks"),
        (lambda profile: volume_nodes(profile, 0), "A node among 0 rows"),
        (lambda _: volume_nodes(profile_of(1, *[-1] * 1_000_000, 1)), "1000002 rows is too wide"),
        (lambda _: profile_of(1, low=-(2**31)).grouped(3), "price -2147483648 begins below"),
        (lambda _: ProfileIndex(TradeStore()).profile(0, 1), "Rows 0 to 1 are not among the 0"),
        (lambda _: ProfileIndex(TradeStore()).profile(-1), "Rows -1 to 0"),
        (lambda _: ProfileIndex(TradeStore()).between(5, 4), "from 5 to 4 runs backwards"),
    ],
)
def test_refusals_say_what_and_why(call: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call(profile_of(1, 2, 3))
