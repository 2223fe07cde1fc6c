"""What the contracts of one underlying stand on: one path, one set of trading hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.practice.market.path import PathMaker
from tradedesk.practice.market.shape import DayShape
from tradedesk.practice.market.steering import Steering

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.practice.market.hours_open import OpenTimes
    from tradedesk.practice.market.shape import Factors
    from tradedesk.practice.products import Underlying

    Ints = NDArray[np.int64]

_MINUTE_NS: Final = 60_000_000_000


class Ground:
    """What the contracts of one underlying share: path, hours, and how the path was steered.

    ``ahead`` is for the venue's own thread, ``past`` for the thread that makes bars; both give
    the same path.
    """

    def __init__(
        self, seed: int, underlying: Underlying, pace: float, start_ns: int, times: OpenTimes
    ) -> None:
        self.start_ns = start_ns
        self.times = times
        self.shape = DayShape(underlying.group, times)
        shape = None if times.endless else self._factors
        self.ahead = PathMaker(seed, underlying, pace, shape)
        self.past = PathMaker(seed, underlying, pace, shape)
        self.steering = Steering()
        self.pace = pace

    def _factors(self, minutes: Ints) -> Factors:
        return self.shape.minutes(self.start_ns + minutes * _MINUTE_NS)
