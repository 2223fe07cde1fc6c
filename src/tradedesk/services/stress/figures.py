"""How the desk bears the stress: what it was told, what it has taken in, and how late."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from tradedesk.domain.clock import NS_PER_S

_KEPT: Final = 16_384
"""Newest records whose lateness counts; at 10,000 events a second those of some seconds."""
_SAMPLE_NS: Final = NS_PER_S // 10
_SPAN_NS: Final = 2 * NS_PER_S
"""Whole seconds, as each begins with a burst."""


@dataclass(frozen=True, slots=True)
class StressFigures:
    """One look at a stress test.

    Parameters
    ----------
    wanted, delivered : float
        Events a second that were asked for, and that have come into the bars of late.
    taken : int
        Trades and quotes taken in since it began.
    queued, most_queued : int
        Items that wait for the window now, and at most since the look before.
    p50_us, p99_us : float or None
        From a record being handed over to its trades being in the bars, microseconds; None
        before there is any.
    left_out : int
        Events that were due and not made, because the source was held up or the queue full.
    left_ns : int
        Time until it ends by itself.
    kept : int
        Trades in memory.
    """

    wanted: int
    delivered: float
    taken: int
    queued: int
    most_queued: int
    p50_us: float | None
    p99_us: float | None
    left_out: int
    left_ns: int
    kept: int


class StressTally:
    """Counts what the desk takes in; a few numbers a record."""

    def __init__(self) -> None:
        self.trades = 0
        self.records = 0
        self._fresh: list[int] = []
        self._late: deque[int] = deque(maxlen=_KEPT)
        self._samples: deque[tuple[int, int]] = deque(maxlen=2 * _SPAN_NS // _SAMPLE_NS)

    def take(self, trades: int, handed_over_ns: int) -> None:
        """A record of trades is on the tape, but not yet in the bars."""
        self.trades += trades
        self.records += 1
        self._fresh.append(handed_over_ns)

    def shown(self, now_ns: int, taken: int) -> None:
        """All records taken so far are in the bars; `taken` events have come since the start."""
        self._late.extend([now_ns - at for at in self._fresh])
        self._fresh.clear()
        if not self._samples or now_ns - self._samples[-1][0] >= _SAMPLE_NS:
            self._samples.append((now_ns, taken))

    def rate(self) -> float:
        """Events a second of late; 0 before that can be told."""
        if len(self._samples) < 2:
            return 0.0
        last_ns, last = self._samples[-1]
        wanted_ns = last_ns - _SPAN_NS
        first_ns, first = min(
            itertools.islice(self._samples, len(self._samples) - 1),
            key=lambda sample: abs(sample[0] - wanted_ns),
        )
        return (last - first) * NS_PER_S / max(1, last_ns - first_ns)

    def lateness_us(self) -> tuple[float, float] | tuple[None, None]:
        """Median and 99th percentile of the newest records; None each before the first."""
        if not self._late:
            return None, None
        p50, p99 = np.percentile(np.fromiter(self._late, np.int64), (50, 99)) / 1_000
        return float(p50), float(p99)
