"""Highs and lows by overlapping windows against Python's own max and min."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.engine.window_extremes import WindowExtremes, highs_and_lows

INT32 = np.iinfo(np.int32)
MANY = 600
"""More bars than the windows are worth their making for."""


def naive(price: np.ndarray, starts: np.ndarray) -> tuple[list[int], list[int]]:
    rows = price.tolist()
    edges = [*starts.tolist(), len(rows)]
    bars = [rows[first:last] for first, last in itertools.pairwise(edges)]
    return [max(bar) for bar in bars], [min(bar) for bar in bars]


def starts_of(lengths: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], lengths[:-1].cumsum()]).astype(np.intp)


def made(price: np.ndarray, starts: np.ndarray) -> tuple[list[int], list[int]]:
    high, low = highs_and_lows(price, starts)
    assert high.dtype == low.dtype == np.int32
    return high.tolist(), low.tolist()


@st.composite
def columns(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Prices, and the starts of many bars; a few of them long, the first and last ones as well."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    bars = draw(st.integers(MANY - 150, MANY + 150))
    longest = draw(st.sampled_from([1, 2, 3, 7, 8, 31, 33, 63, 64, 65, 70]))
    lengths = rng.integers(1, longest + 1, bars)
    for bar in draw(st.lists(st.sampled_from([0, 1, bars // 2, bars - 2, bars - 1]), max_size=5)):
        lengths[bar] = draw(st.sampled_from([64, 65, 128, 700]))
    span = draw(st.sampled_from([1, 5, 16_000, 32_767, 32_768, 40_000, 1_000_000]))
    base = draw(st.sampled_from([0, -7, 80_000, INT32.min, INT32.max - span]))
    price = base + rng.integers(0, span, lengths.sum(), endpoint=True)
    if draw(st.booleans()):
        price = np.sort(price)[:: draw(st.sampled_from([1, -1]))]
    return price.astype(np.int32), starts_of(lengths)


@given(columns())
def test_every_high_and_low_is_the_bars_own(column: tuple[np.ndarray, np.ndarray]) -> None:
    price, starts = column
    assert made(price, starts) == naive(price, starts)


@pytest.mark.parametrize("length", [*range(1, 66), 127, 128])
def test_bars_of_one_length_with_a_spike_in_each_row_in_turn(length: int) -> None:
    bars = MANY
    price = np.full((bars, length), 100, np.int32)
    row = np.arange(bars) % length
    price[np.arange(bars), row] += np.where(np.arange(bars) % 2, 9, -9)
    starts = np.arange(bars) * length
    assert made(price.ravel(), starts) == naive(price.ravel(), starts)


def test_prices_at_both_ends_of_int32() -> None:
    rng = np.random.default_rng(5)
    for base in (INT32.min, INT32.max - 50):
        price = (base + rng.integers(0, 51, 4_000)).astype(np.int32)
        price[0] = base
        starts = starts_of(np.full(1_000, 4))
        assert made(price, starts) == naive(price, starts)


def test_a_column_of_several_pieces() -> None:
    rng = np.random.default_rng(6)
    lengths = rng.integers(1, 40, 20_000)
    lengths[[3_000, 3_001, 12_345, 19_999]] = [500, 70, 150_000, 300_000]
    price = (80_000 + rng.integers(-2, 3, lengths.sum()).cumsum()).astype(np.int32)
    starts = starts_of(lengths)
    assert made(price, starts) == naive(price, starts)


def test_the_same_room_serves_one_piece_after_the_other() -> None:
    rng = np.random.default_rng(7)
    room = WindowExtremes(40_000)
    for longest in (60, 3, 64, 1):
        lengths = rng.integers(1, longest + 1, MANY)
        price = rng.integers(-900, 900, lengths.sum()).astype(np.int32)
        starts = starts_of(lengths)
        high, low = np.zeros(MANY, np.int32), np.zeros(MANY, np.int32)
        lasts = np.append(starts[1:], len(price)) - 1
        room.fill(price, starts, lasts, high, low)
        assert (high.tolist(), low.tolist()) == naive(price, starts)


def test_short_bars_do_go_by_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests above compare is the windows and not `reduceat` with itself."""
    taken: list[int] = []
    real = WindowExtremes._make_windows

    def seen(self: WindowExtremes, price: np.ndarray, base: int, levels: int) -> None:
        taken.append(levels)
        real(self, price, base, levels)

    monkeypatch.setattr(WindowExtremes, "_make_windows", seen)
    for length in (1, 2, 20, 64):
        highs_and_lows(np.arange(MANY * length, dtype=np.int32) % 50, np.arange(MANY) * length)
    assert taken == [0, 1, 4], "64 rows a bar are left to reduceat"
    lengths = np.full(MANY, 20)
    lengths[-1] = 400
    highs_and_lows(np.zeros(lengths.sum(), np.int32), starts_of(lengths))
    assert taken == [0, 1, 4, 5], "one long bar among short ones changes nothing"
