"""When the newest bar closes, as often as an eye can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.services.product_hours import product_hours
from tradedesk.ui.chart.chips import Countdown, countdown

if TYPE_CHECKING:
    from tradedesk.ui.chart.model import ChartModel

_EVERY_NS: Final = 250_000_000


class BarClock:
    """Four readings a second, and one at once when a bar opens or other bars are shown."""

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self._seen: tuple[object, ...] = ()
        self._next_ns = 0
        self._shown = Countdown()

    def read(self, market_ns: int, mono_ns: int) -> Countdown:
        """What to show.

        Parameters
        ----------
        market_ns, mono_ns : int
            The venue's time, and a monotonic moment.
        """
        series, spec = self._model.series, self._model.spec
        seen = (id(series), len(series), spec)
        if seen != self._seen or mono_ns >= self._next_ns:
            self._seen, self._next_ns = seen, mono_ns + _EVERY_NS
            self._shown = countdown(series, spec, market_ns, self._closes_ns(market_ns))
        return self._shown

    def _closes_ns(self, market_ns: int) -> int | None:
        """When trading ends that the newest bar is part of; None where it goes on."""
        series, instrument = self._model.series, self._model.instrument
        period = self._model.period_ns
        if instrument is None or period is None or not len(series):
            return None
        opened = int(series.ts_ns[-1])
        hours = product_hours(instrument.symbol, opened, opened).every
        first = int(np.searchsorted(hours.opens_ns, opened, side="right")) - 1
        if first < 0 or opened >= int(hours.closes_ns[first]):
            return None  # it opened out of hours: this market has others
        now = int(np.searchsorted(hours.opens_ns, market_ns, side="right")) - 1
        if market_ns >= int(hours.closes_ns[now]):
            return market_ns
        last = int(np.searchsorted(hours.opens_ns, opened + period, side="left")) - 1
        return int(hours.closes_ns[last])
