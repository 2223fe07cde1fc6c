"""The fast part of a generated price: every move of the best bid, an hour at a time.

Moves come in bursts: a few arrive by chance and each calls forth others soon after it. Between
the minute marks of the skeleton the price is a random walk over those moves that is tied to the
marks, so any hour can be made without the hours before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.practice.market.skeleton import Skeleton, stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradedesk.practice.market.shape import Factors
    from tradedesk.practice.products import Underlying

    Floats = NDArray[np.float64]

HOUR_S: Final = 3_600
_MINUTES: Final = 60
_OFFSPRING: Final = 0.72
# Delays of offspring: mean in seconds, and share of those that are no longer than this kind.
_DELAYS_S: Final = np.array([0.06, 2.0, 15.0])
_SHARES: Final = np.array([0.5, 0.85, 1.0])
_WARM_S: Final = 120.0
_THREE_TICKS: Final = 0.2
_SHARED: Final = 0.85


class Path(NamedTuple):
    """Moves of one hour: microseconds since its start, best bid and spread after the move.

    All have one length; ``before_bid`` and ``before_spread`` are the state at the hour's start.
    """

    at_us: NDArray[np.int64]
    bid: NDArray[np.int64]
    spread: NDArray[np.int64]
    before_bid: int
    before_spread: int

    def on_grid(self, num: int, den: int) -> Path:
        """The same moves on a grid whose tick is `num` / `den` of this one's."""
        if num == den:
            return self
        ask = -((self.bid + self.spread) * -den // num)
        bid = self.bid * den // num
        before_bid = self.before_bid * den // num
        before_ask = -((self.before_bid + self.before_spread) * -den // num)
        before = np.concatenate(([before_bid], bid[:-1])), np.concatenate(([before_ask], ask[:-1]))
        kept = (bid != before[0]) | (ask != before[1])
        return Path(
            self.at_us[kept], bid[kept], (ask - bid)[kept], before_bid, before_ask - before_bid
        )


def burst_times(random: np.random.Generator, per_minute: Floats) -> NDArray[np.int64]:
    """Return the times of self-exciting events within one hour.

    Parameters
    ----------
    random : numpy.random.Generator
        Where chance comes from.
    per_minute : ndarray of float, shape (60,)
        Mean number of events in each minute, offspring included.

    Returns
    -------
    ndarray of int64, shape (n,)
        Microseconds since the start of the hour, strictly ascending.
    """
    founders = random.poisson(per_minute * (1 - _OFFSPRING))
    minute = np.repeat(np.arange(_MINUTES), founders)
    # Bursts that began before the hour reach into it.
    early = random.poisson(per_minute[0] * (1 - _OFFSPRING) * _WARM_S / 60)
    generation = np.concatenate(
        ((minute + random.random(len(minute))) * 60.0, -_WARM_S * random.random(early))
    )
    found = [generation]
    while len(generation):
        parents = np.repeat(generation, random.poisson(_OFFSPRING, len(generation)))
        scale = _DELAYS_S[np.searchsorted(_SHARES, random.random(len(parents)))]
        generation = parents + scale * random.standard_exponential(len(parents))
        generation = generation[generation < HOUR_S]
        found.append(generation)
    times = np.concatenate(found)
    return np.unique((times[times > 0] * 1e6).astype(np.int64))


class PathMaker:
    """Makes the hours of one underlying and keeps the last few.

    Parameters
    ----------
    seed : int
        Not negative.
    underlying : Underlying
        What to make.
    pace : float, default 1.0
        Speed of the market.
    shape : callable, optional
        Factors of the minutes with some numbers; mid-session all the time if left out.
    """

    KEPT: Final = 3

    def __init__(
        self,
        seed: int,
        underlying: Underlying,
        pace: float = 1.0,
        shape: Callable[[NDArray[np.int64]], Factors] | None = None,
    ) -> None:
        self._seed = seed
        self._underlying = underlying
        self._pace = pace
        self.skeleton = Skeleton(seed, underlying, pace, shape)
        self._hours: dict[int, Path] = {}

    def hour(self, number: int) -> Path:
        """Return the moves of an hour; hour 0 begins at the start."""
        path = self._hours.pop(number, None)
        if path is None:
            path = self._make(number)
        self._hours[number] = path
        while len(self._hours) > self.KEPT:
            del self._hours[next(iter(self._hours))]
        return path

    def _make(self, number: int) -> Path:
        marks, activity, flow = self.skeleton.minutes(number * _MINUTES, _MINUTES)
        random = stream(self._seed, self._underlying.name, "moves", number)
        per_minute = 60.0 * self._underlying.moves_per_s * self._pace * flow
        at_us = burst_times(random, per_minute)
        bid = np.rint(self._walk(random, number, at_us, marks, activity)).astype(np.int64)
        chance, wide = random.random(len(at_us)), self._underlying.wide
        spread = 1 + (chance < wide).astype(np.int64) + (chance < wide - _THREE_TICKS)
        return Path(at_us, bid, spread, round(float(marks[0])), 1)

    def _walk(
        self,
        random: np.random.Generator,
        number: int,
        at_us: NDArray[np.int64],
        marks: Floats,
        activity: Floats,
    ) -> Floats:
        """Random walk that passes through the marks at the minutes, in part the family's."""
        edges = np.searchsorted(at_us, np.arange(_MINUTES + 1) * 60_000_000)
        moves = np.diff(edges)
        minute = np.repeat(np.arange(_MINUTES), moves)
        sigma = self._underlying.minute_ticks * (self._pace**0.5) * activity
        shared = self._underlying.shared * _SHARED
        step = (sigma / np.sqrt(np.maximum(moves, 1)))[minute] * (1 - shared**2) ** 0.5
        family = self._family(number, at_us, minute) * sigma[minute] * shared
        walk = np.concatenate(([0.0], np.cumsum(random.standard_normal(len(at_us)) * step)))
        part = (np.arange(1, len(at_us) + 1) - edges[minute]) / moves[minute]
        from_walk, to_walk = walk[edges[minute]], walk[edges[minute + 1]]
        tied = walk[1:] - from_walk - part * (to_walk - from_walk)
        last = np.maximum(edges[minute + 1] - 1, 0)
        tied += family - part * family[last]
        path: Floats = marks[minute] + part * (marks[minute + 1] - marks[minute]) + tied
        return path

    def _family(self, number: int, at_us: NDArray[np.int64], minute: NDArray[np.int64]) -> Floats:
        """How far the family has gone since each move's minute began; deviation 1 a minute."""
        random = stream(self._seed, self._underlying.family, "seconds", number)
        steps = random.standard_normal(HOUR_S) / 60**0.5
        walk = np.concatenate(([0.0], np.cumsum(steps)))
        gone: Floats = np.interp(at_us / 1e6, np.arange(HOUR_S + 1), walk) - walk[minute * 60]
        return gone
