"""What the made-up market has on file: a day that never was, and every second since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.bar_spec import SECOND_NS, BarSpec
from tradedesk.engine import Bars, TradeBatch, aggregate, resample
from tradedesk.services.stress.flow import FIRST_TICKS, MEAN_SIZE

if TYPE_CHECKING:
    from tradedesk.services.stress.flow import TradeRecord

SECONDS: Final = 86_400
"""Seconds of the made-up past."""
_MOST_STEPS: Final = 5
_ONE_SECOND: Final = BarSpec.parse("1s")


class StressPast:
    """Bars of seconds from which bars of every other size are made, so that all agree.

    A minute of real time takes some kilobytes here, whatever the rate.

    Parameters
    ----------
    seed : int
        The same seed makes the same past.
    start_ns : int
        When the test began, UTC nanoseconds. The past ends with the whole second before.
    trades : int
        Trades in each second of the past, on the mean.
    """

    def __init__(self, seed: int, start_ns: int, trades: int) -> None:
        self._seconds = [_made_up(seed, start_ns - start_ns % SECOND_NS, trades)]
        self._second: list[TradeBatch] = []
        self._second_ns = 0

    def note(self, trades: TradeRecord) -> None:
        """Take in what was told; seconds that are over become bars."""
        if not trades.ts_ns:
            return
        batch = TradeBatch(*trades)
        opens_ns = trades.ts_ns[-1] - trades.ts_ns[-1] % SECOND_NS
        if opens_ns > self._second_ns:
            cut = int(batch.ts_ns.searchsorted(opens_ns))
            self._second.append(batch[:cut])
            self._seconds.append(self._forming())
            self._second, self._second_ns = [batch[cut:]], opens_ns
        else:
            self._second.append(batch)

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, *, partial: bool) -> Bars:
        """Bars that open from `start_ns` to before `end_ns`, the newest `limit` of them."""
        seconds = Bars.concat((*self._seconds, self._forming()))
        if not partial:
            seconds = seconds[: int(seconds.ts_ns.searchsorted(end_ns))]
        found = seconds if spec == _ONE_SECOND else resample(seconds, spec)
        first, last = (int(at) for at in found.ts_ns.searchsorted((start_ns, end_ns)))
        return found[max(first, last - limit) : last]

    def _forming(self) -> Bars:
        trades = TradeBatch.concat(self._second)
        return aggregate(trades, _ONE_SECOND) if len(trades) else Bars.empty()


def _made_up(seed: int, end_ns: int, trades: int) -> Bars:
    random = np.random.default_rng((seed, 1))
    steps = random.integers(-_MOST_STEPS, _MOST_STEPS + 1, SECONDS)
    close = FIRST_TICKS + np.cumsum(steps) - steps.sum()
    opens = close - steps
    high = np.maximum(opens, close) + random.integers(0, _MOST_STEPS, SECONDS)
    low = np.minimum(opens, close) - random.integers(0, _MOST_STEPS, SECONDS)
    volume = (trades * MEAN_SIZE * random.uniform(0.5, 1.5, SECONDS)).astype(np.int64)
    return Bars(
        end_ns + np.arange(-SECONDS, 0) * SECOND_NS,
        *(opens, high, low, close, volume),
        buy_volume=(volume * random.uniform(0.4, 0.6, SECONDS)).astype(np.int64),
        turnover=volume * close,
        count=np.minimum(volume, trades),
    )
