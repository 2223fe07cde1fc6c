"""Laws of delay have the quantiles that they promise, and one seed gives one stream."""

from __future__ import annotations

import statistics
from random import Random

import pytest

from tradedesk.practice.faults.delays import LONGEST_S, Delay

N = 20_000


def drawn(delay: Delay, seed: int = 5) -> list[float]:
    delay.check()
    chance = Random(seed)
    return sorted(delay.draw(chance) for _ in range(N))


def test_lognormal_has_its_median_and_its_99th_percentile() -> None:
    values = drawn(Delay(law="lognormal", p50=0.04, p99=0.4))
    assert values[N // 2] == pytest.approx(0.04, rel=0.05)
    assert values[N * 99 // 100] == pytest.approx(0.4, rel=0.1)


def test_exponential_has_its_mean_and_no_memory() -> None:
    values = drawn(Delay(law="exponential", mean=0.25))
    assert statistics.fmean(values) == pytest.approx(0.25, rel=0.05)
    assert statistics.stdev(values) == pytest.approx(0.25, rel=0.05)
    assert drawn(Delay(law="exponential", mean=0.0))[-1] == 0


def test_uniform_lies_between_its_ends() -> None:
    values = drawn(Delay(law="uniform", low=0.1, high=0.3))
    assert 0.1 <= values[0] < 0.101
    assert 0.299 < values[-1] <= 0.3
    assert statistics.fmean(values) == pytest.approx(0.2, rel=0.02)


def test_constant_is_constant() -> None:
    assert set(drawn(Delay(law="constant", seconds=1.5))) == {1.5}


def test_one_seed_gives_one_stream_and_nothing_takes_for_ever() -> None:
    delay = Delay(law="lognormal", p50=0.001, p99=3_000)
    assert drawn(delay, 1) == drawn(delay, 1)
    assert drawn(delay, 1) != drawn(delay, 2)
    assert drawn(delay)[-1] <= LONGEST_S
