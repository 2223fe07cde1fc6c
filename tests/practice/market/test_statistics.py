"""Figures of the generated market within the ranges that real futures show.

Bounds hold for every seed tried, and a plain random walk with Poisson arrivals falls outside of
them: the last test puts one through the same checks.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from tradedesk.practice.exchange_hours import ExchangeHours
from tradedesk.practice.market.source import SyntheticMarket

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.practice.market.prints import Prints
    from tradedesk.practice.market.tape import Tape

    Floats = NDArray[np.float64]

START_NS = 1_795_350_017_123_456_000
MIDNIGHT_NS = int(datetime(2026, 11, 23, 6, tzinfo=UTC).timestamp()) * 10**9
"""Monday, Chicago."""
SECOND, MINUTE, HOUR = 10**9, 60 * 10**9, 3_600 * 10**9
SEEDS = [1, 2, 3, 4, 5]
HOURS = 24


class Sample(NamedTuple):
    """A day of one contract: returns in ticks, trades a second, sides, sizes, spreads."""

    minutes: Floats
    tens: Floats
    counts: Floats
    gaps: Floats
    buys: Floats
    sizes: Floats
    spreads: Floats


def returns(prints: Prints, begin: int, end: int, step: int) -> Floats:
    edges = np.arange(begin + MINUTE, end, step)
    row = np.searchsorted(prints.ts_ns, edges, side="right") - 1
    return np.diff(prints.px[row].astype(np.float64))


def sample(seed: int, symbol: str) -> Sample:
    market = SyntheticMarket(seed, START_NS)
    tape = next(market.tape(one) for one in market.active() if one.product.symbol == symbol)
    end = START_NS + HOURS * HOUR
    prints = tape.prints(START_NS, end)
    return Sample(
        returns(prints, START_NS, end, MINUTE),
        returns(prints, START_NS, end, 10 * SECOND),
        np.bincount((prints.ts_ns - START_NS) // SECOND, minlength=HOURS * 3_600).astype(float),
        np.diff(prints.ts_ns) / 1e9,
        (prints.buy_qty > 0).astype(float),
        prints.qty.astype(float),
        (prints.ask - prints.bid).astype(float),
    )


@pytest.fixture(scope="module", params=[(s, p) for p in ("ES", "MNQ", "CL") for s in SEEDS])
def day(request: pytest.FixtureRequest) -> Sample:
    return sample(*request.param)


def acf(values: Floats, lag: int) -> float:
    return float(np.corrcoef(values[lag:], values[:-lag])[0, 1])


def kurtosis(values: Floats) -> float:
    centred = values - values.mean()
    return float((centred**4).mean() / values.var() ** 2)


def fat_tails(day: Sample) -> bool:
    return 4.5 < kurtosis(day.minutes) < 30 and 4.5 < kurtosis(day.tens) < 30


def clusters(day: Sample) -> bool:
    """Volatility: autocorrelation of absolute returns, over minutes and over hours."""
    minutes, tens = np.abs(day.minutes), np.abs(day.tens)
    quick = [acf(tens, lag) for lag in (1, 6, 30)]
    slow = np.mean([acf(minutes, lag) for lag in range(1, 31)])
    return bool(min(quick) > 0.08 and quick[0] > quick[2] and 0.05 < slow < 0.5)


def bursts(day: Sample) -> bool:
    """Arrivals: variance over mean of counts, spread of gaps, memory of counts."""
    per_minute = day.counts.reshape(-1, 60).sum(axis=1)
    return bool(
        day.counts.var() / day.counts.mean() > 2
        and per_minute.var() / per_minute.mean() > 15
        and day.gaps.std() / day.gaps.mean() > 1.5
        and acf(day.counts, 1) > 0.2
        and acf(day.counts, 10) > 0.1
    )


def runs(day: Sample) -> bool:
    """Aggressors: how long one side goes on, and how long that is remembered."""
    turns = np.abs(np.diff(day.buys)).sum()
    return 2.4 < len(day.buys) / (1 + turns) < 6 and acf(day.buys, 1) > 0.2


def test_returns_have_fat_tails(day: Sample) -> None:
    assert fat_tails(day)


def test_returns_do_not_tell_the_next_one(day: Sample) -> None:
    assert max(abs(acf(day.minutes, lag)) for lag in (1, 2, 5, 10)) < 0.16
    assert abs(np.mean([acf(day.minutes, lag) for lag in range(1, 21)])) < 0.05
    # The first lag of ten seconds holds the bounce between bid and ask.
    assert -0.15 < acf(day.tens, 1) < 0.08
    assert max(abs(acf(day.tens, lag)) for lag in range(2, 20)) < 0.08


def test_wild_and_calm_stretches_follow_their_like(day: Sample) -> None:
    assert clusters(day)


def test_trades_come_in_bursts(day: Sample) -> None:
    assert bursts(day)


def test_buyers_and_sellers_come_in_runs(day: Sample) -> None:
    assert runs(day)
    assert 0.45 < day.buys.mean() < 0.55


def test_most_trades_are_of_one_contract_and_some_are_large(day: Sample) -> None:
    sizes = day.sizes
    values, counts = np.unique(sizes, return_counts=True)
    assert values[np.argmax(counts)] == 1
    assert counts[0] > 1.3 * counts[1]
    largest = np.sort(sizes)[::-1][: len(sizes) // 200 + 1]
    tail = 1 / np.mean(np.log(largest[:-1] / largest[-1]))
    assert 1.4 < tail < 3.5
    assert sizes.max() > 20 * sizes.mean()


@pytest.mark.parametrize(
    ("symbol", "low", "high"),
    [("ES", 0.95, 0.995), ("MNQ", 0.9, 0.98), ("CL", 0.88, 0.97), ("ZN", 0.97, 1.0),
     ("6E", 0.95, 1.0), ("GC", 0.8, 0.95), ("RTY", 0.8, 0.95), ("HO", 0.4, 0.75),
     ("EMD", 0.5, 0.8), ("GF", 0.4, 0.75)],
)  # fmt: skip
def test_the_spread_is_mostly_one_tick(symbol: str, low: float, high: float) -> None:
    for seed in SEEDS[:2]:
        spreads = sample(seed, symbol).spreads
        assert low < (spreads == 1).mean() <= high
        assert set(spreads.tolist()) <= {1, 2, 3}


def open_tapes(seed: int) -> dict[str, Tape]:
    market = SyntheticMarket(seed, START_NS, hours=ExchangeHours(START_NS))
    return {one.product.symbol: market.tape(one) for one in market.active()}


@pytest.fixture(scope="module")
def weeks() -> list[dict[str, Tape]]:
    return [open_tapes(seed) for seed in SEEDS[:4]]


def clock(hour: float) -> int:
    return MIDNIGHT_NS + int(hour * HOUR)


def test_the_day_has_the_shape_of_an_exchange_day(weeks: list[dict[str, Tape]]) -> None:
    volume = np.zeros(48)
    for tapes in weeks:
        for day in range(3):
            begin = MIDNIGHT_NS + day * 24 * HOUR
            prints = tapes["ES"].prints(begin, begin + 24 * HOUR)
            volume += np.bincount((prints.ts_ns - begin) // (30 * MINUTE), prints.qty, 48)
    share = volume / volume.sum()
    pits = share[17:30]  # 08:30 to 15:00
    assert 0.6 < pits.sum() < 0.9
    middle = share[22:26].mean()  # 11:00 to 13:00
    assert share[17] > 2 * middle
    assert share[29] > 1.4 * middle
    assert share[:4].mean() < 0.25 * middle  # midnight to 02:00
    assert share[32] == share[33] == 0  # the break
    first, before = (
        sum(len(tapes["ES"].prints(clock(at), clock(at) + 5 * MINUTE).ts_ns) for tapes in weeks)
        for at in (8.5, 8.4)
    )
    assert first > 2.5 * before


def test_nights_are_calm_in_price_too(weeks: list[dict[str, Tape]]) -> None:
    night, noon = (
        np.mean(
            [returns(t["ES"].prints(clock(a), clock(b)), clock(a), clock(b), MINUTE).std()
             for t in weeks]
        )
        for a, b in ((0, 2), (9, 14))
    )  # fmt: skip
    assert 0.15 < night / noon < 0.6


def test_what_belongs_together_moves_together(weeks: list[dict[str, Tape]]) -> None:
    symbols = ("ES", "MES", "NQ", "MNQ", "GC", "ZN")
    found = []
    for tapes in weeks:
        window = (clock(8.5), clock(15))
        moves = [returns(tapes[s].prints(*window), *window, MINUTE) for s in symbols]
        found.append(np.corrcoef(moves))
    matrix = np.mean(found, axis=0)
    assert matrix[0, 1] > 0.96, "a mini and its micro"
    assert matrix[2, 3] > 0.96
    assert 0.7 < matrix[0, 2] < 0.95, "ES and NQ"
    assert abs(matrix[0, 4]) < 0.25, "ES and gold"


def test_a_plain_random_walk_would_be_found_out() -> None:
    random = np.random.default_rng(1)
    count = 20 * 3_600 * 4
    times = np.sort(random.random(count)) * HOURS * 3_600
    plain = Sample(
        np.rint(random.normal(0, 20, 1_438)),
        np.rint(random.normal(0, 8, 8_634)),
        np.bincount(times.astype(int), minlength=HOURS * 3_600).astype(float),
        np.diff(times),
        (random.random(count) < 0.5).astype(float),
        np.ones(count),
        np.ones(count),
    )
    assert not fat_tails(plain)
    assert not clusters(plain)
    assert not bursts(plain)
    assert not runs(plain)
