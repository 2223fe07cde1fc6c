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
    from numpy.typing import NDArray

    from tradedesk.practice.products import Underlying

    Floats = NDArray[np.float64]

HOUR_S: Final = 3_600
_MINUTES: Final = 60
_OFFSPRING: Final = 0.6
_QUICK_S: Final = 0.06
_SLOW_S: Final = 3.0
_QUICK_SHARE: Final = 0.5
_WIDE_SHARE: Final = 0.07


class Path(NamedTuple):
    """Moves of one hour: microseconds since its start, best bid and spread after the move.

    All have one length; ``before_bid`` and ``before_spread`` are the state at the hour's start.
    """

    at_us: NDArray[np.int64]
    bid: NDArray[np.int64]
    spread: NDArray[np.int64]
    before_bid: int
    before_spread: int


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
    generation = (minute + random.random(len(minute))) * 60.0
    found = [generation]
    while len(generation):
        parents = np.repeat(generation, random.poisson(_OFFSPRING, len(generation)))
        scale = np.where(random.random(len(parents)) < _QUICK_SHARE, _QUICK_S, _SLOW_S)
        generation = parents + scale * random.standard_exponential(len(parents))
        generation = generation[generation < HOUR_S]
        found.append(generation)
    return np.unique((np.concatenate(found) * 1e6).astype(np.int64))


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
    """

    KEPT: Final = 4

    def __init__(self, seed: int, underlying: Underlying, pace: float = 1.0) -> None:
        self._seed = seed
        self._underlying = underlying
        self._pace = pace
        self.skeleton = Skeleton(seed, underlying, pace)
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
        marks, activity = self.skeleton.minutes(number * _MINUTES, _MINUTES)
        random = stream(self._seed, self._underlying.name, "moves", number)
        per_minute = 60.0 * self._underlying.moves_per_s * self._pace * activity
        at_us = burst_times(random, per_minute)
        bid = np.rint(self._walk(random, at_us, marks, activity)).astype(np.int64)
        spread = 1 + (random.random(len(at_us)) < _WIDE_SHARE).astype(np.int64)
        return Path(at_us, bid, spread, round(float(marks[0])), 1)

    def _walk(
        self, random: np.random.Generator, at_us: NDArray[np.int64], marks: Floats, activity: Floats
    ) -> Floats:
        """Random walk that passes through the marks at the minutes."""
        edges = np.searchsorted(at_us, np.arange(_MINUTES + 1) * 60_000_000)
        moves = np.diff(edges)
        minute = np.repeat(np.arange(_MINUTES), moves)
        sigma = self._underlying.minute_ticks * (self._pace**0.5) * activity
        step = (sigma / np.sqrt(np.maximum(moves, 1)))[minute]
        walk = np.concatenate(([0.0], np.cumsum(random.standard_normal(len(at_us)) * step)))
        part = (np.arange(1, len(at_us) + 1) - edges[minute]) / moves[minute]
        from_walk, to_walk = walk[edges[minute]], walk[edges[minute + 1]]
        tied = walk[1:] - from_walk - part * (to_walk - from_walk)
        path: Floats = marks[minute] + part * (marks[minute + 1] - marks[minute]) + tied
        return path
