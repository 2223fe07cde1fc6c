"""The slow part of a generated price: where it stands at every minute, years back and ahead.

A price is a pull towards a wandering level plus a drift that comes and goes; how far it moves in
a minute is a process of its own, so that calm and wild hours follow one another. Everything is
counted in minutes from the start and is a function of the seed alone, in both directions of time:
the processes look the same backwards, so the past is made like the future.

How far the price moves is the product of a quick, a middling and a slow process and of the shape of
the day, so that wild and calm stretches come in every length.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.practice.market.shape import Factors

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradedesk.practice.products import Underlying

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY: Final = 1_440
_LEVEL_SHARE: Final = 0.6
_PULL: Final = float(np.exp(-1 / 420))
_DRIFT_KEEP: Final = 0.93
_DRIFT: Final = 0.15
# Activity: how long each of its parts lasts, as a share kept from minute to minute, and its size.
_KEEPS: Final = np.array([0.92, 0.988, 0.9993])
_PARTS: Final = np.array([0.34, 0.42, 0.24])
_ACTIVITY: Final = float(np.sqrt((_PARTS**2).sum()))


class Minutes(NamedTuple):
    """A stretch of minutes.

    ``price`` has one more value than minutes: ticks at the start of each and at the end of the
    last one. ``activity`` is how far it moves and ``flow`` how much is traded, one value per
    minute, about 1 on average in mid-session.
    """

    price: Floats
    activity: Floats
    flow: Floats


class _State(NamedTuple):
    level: float
    pulled: float
    drift: float
    log_activity: Floats


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Return a random stream that depends on the seed and the names and on nothing else."""
    key = zlib.crc32("/".join(map(str, names)).encode())
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, key])))


class Skeleton:
    """Minute marks of one underlying.

    Parameters
    ----------
    seed : int
        Not negative.
    underlying : Underlying
        What to make.
    pace : float, default 1.0
        Speed of the market: time seems to pass that many times faster in it.
    shape : callable, optional
        Factors of the minutes with some numbers; mid-session all the time if left out.
    """

    def __init__(
        self,
        seed: int,
        underlying: Underlying,
        pace: float = 1.0,
        shape: Callable[[Ints], Factors] | None = None,
    ) -> None:
        self._seed = seed
        self._underlying = underlying
        self._shape = shape or _flat
        self.minute_ticks = underlying.minute_ticks * pace**0.5
        first = stream(seed, underlying.name, "first")
        self.base = underlying.base_ticks + int(first.integers(-30, 31))
        self._first = _State(0.0, 0.0, 0.0, first.normal(0.0, _PARTS * 0.5))
        self._state = {1: self._first, -1: self._first}
        self._marks: dict[int, Floats] = {1: np.empty(0), -1: np.empty(0)}
        self._busy: dict[int, Floats] = {1: np.empty(0), -1: np.empty(0)}

    def minutes(self, first: int, count: int) -> Minutes:
        """Return `count` minutes from minute `first` on; minute 0 begins at the start."""
        last = first + count
        for sign, reach in ((1, last), (-1, -first)):
            self._grow(sign, -(-(reach - len(self._marks[sign])) // DAY))
        near = np.exp(self._first.log_activity.sum(keepdims=True))
        price = _marks(self._marks[-1], np.zeros(1), self._marks[1], first, last)
        activity = _marks(self._busy[-1], near, self._busy[1], first, last - 1)
        size, flow = self._shape(np.arange(first, last))
        return Minutes(price + self.base, activity * size, activity * flow)

    def _grow(self, sign: int, days: int) -> None:
        first = len(self._marks[sign]) // DAY
        made = [self._day(sign, first + day) for day in range(days)]
        if made:
            marks, busy = zip(*made, strict=True)
            self._marks[sign] = np.concatenate((self._marks[sign], *marks))
            self._busy[sign] = np.concatenate((self._busy[sign], *busy))

    def _day(self, sign: int, day: int) -> tuple[Floats, Floats]:
        """Go on from the state for one day: marks relative to the start, and activity."""
        level, pulled, drift, log_activity = self._state[sign]
        noise = self._noise(sign, day)
        surprises = noise[3:] * (_PARTS * (1 - _KEEPS**2) ** 0.5)[:, None]
        busy = np.array(
            [_kept(*part) for part in zip(surprises, _KEEPS.tolist(), log_activity, strict=True)]
        )
        activity = np.exp(busy.sum(axis=0) - _ACTIVITY**2 / 2)
        steps = np.arange(day * DAY, (day + 1) * DAY)
        size = self.minute_ticks * activity * self._shape(steps if sign > 0 else -1 - steps).size
        drifts = _kept(noise[2] * _DRIFT * (1 - _DRIFT_KEEP**2) ** 0.5, _DRIFT_KEEP, drift)
        levels = level + np.cumsum(noise[0] * size * _LEVEL_SHARE)
        share = (1 - _LEVEL_SHARE**2 - _DRIFT**2) ** 0.5
        pulls = _kept((noise[1] * share + drifts) * size, _PULL, pulled)
        self._state[sign] = _State(
            float(levels[-1]), float(pulls[-1]), float(drifts[-1]), busy[:, -1]
        )
        return levels + pulls, activity

    def _noise(self, sign: int, block: int) -> Floats:
        """Six rows of unit noise for one day; the family's part is common to its members."""
        own = _unit_noise(stream(self._seed, self._underlying.name, "minutes", sign, block))
        family = _unit_noise(stream(self._seed, self._underlying.family, "family", sign, block))
        shared = self._underlying.shared
        mixed: Floats = shared * family + (1 - shared**2) ** 0.5 * own
        return mixed


def _unit_noise(random: np.random.Generator) -> Floats:
    noise: Floats = random.standard_t(5, (3, DAY)) / (5 / 3) ** 0.5
    np.clip(noise, -6, 6, out=noise)
    return np.concatenate((noise, random.standard_normal((3, DAY))))


def _flat(minutes: Ints) -> Factors:
    return Factors(np.ones(len(minutes)), np.ones(len(minutes)))


def _kept(noise: Floats, keep: float, start: float) -> Floats:
    """Autoregression x[i] = keep * x[i-1] + noise[i], in closed form."""
    powers = np.power(keep, np.arange(1, len(noise) + 1))
    return np.asarray(powers * (start + np.cumsum(noise / powers)))


def _marks(behind: Floats, middle: Floats, ahead: Floats, first: int, last: int) -> Floats:
    """Values at the minutes `first` to `last`, both included; `behind` counts backwards."""
    parts = []
    if first < 0:
        parts.append(behind[max(-last, 1) - 1 : -first][::-1])
    if first <= 0 <= last:
        parts.append(middle)
    if last > 0:
        parts.append(ahead[max(first, 1) - 1 : last])
    return np.concatenate(parts)
