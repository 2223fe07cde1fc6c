"""The live trades behind the bars of a chart, counted by bar and price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from tradedesk.domain.bar_spec import BarUnit
from tradedesk.domain.errors import BatchError
from tradedesk.engine import Footprint, LiveFootprint, ProfileIndex, TradeStore, VolumeProfile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.services.tape import ContractTape
    from tradedesk.ui.chart.model import ChartModel


class KnownBars(NamedTuple):
    """Bars of which every trade is known.

    Attributes
    ----------
    rows : ndarray of intp, shape (n,)
        Rows of the chart's bars, ascending.
    bars : ndarray of intp, shape (n,)
        The bar of `footprint` that belongs to each.
    footprint : Footprint
        Maybe with bars that are not named.
    """

    rows: NDArray[np.intp]
    bars: NDArray[np.intp]
    footprint: Footprint


class TapeFlow:
    """Footprints and profiles of the trades on a contract's tape.

    A bar counts as known only if the trades of the tape make up its whole volume, so a bar that
    had begun before the tape did shows no half of its trades. Footprints stay when the tape lets go
    of their trades, profiles count what is still on it.
    """

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self._tape: ContractTape | None = None
        self._counted: tuple[ContractTape, int, int, BarSpec] | None = None
        self._taken = 0
        self._live: LiveFootprint | None = None
        self._index: tuple[TradeStore, int, ProfileIndex] | None = None

    def take_tape(self, tape: ContractTape | None) -> None:
        """Use the trades of another contract; None for no trades."""
        self._tape = tape

    @property
    def version(self) -> int:
        """How many trades there were so far."""
        return 0 if self._tape is None else self._tape.told

    def known(self, start: int, stop: int) -> KnownBars | None:
        """Footprints of the rows from `start` to before `stop`; None where nothing is known."""
        live = self._followed()
        if live is None or not len(live):
            return None
        series, spec = self._model.series, self._model.spec
        first = max(0, len(live) - (len(series) - start) - 1)
        found = live.footprint(first)
        if spec is not None and spec.is_time:
            rows = series.ts_ns.searchsorted(found.ts_ns)
        else:
            rows = np.arange(len(found)) + (len(series) - len(found))
        bars = np.flatnonzero((rows >= start) & (rows < min(stop, len(series))))
        rows = rows[bars]
        whole = np.add.reduceat(found.volume, found.offsets[:-1])[bars]
        same = (series.ts_ns[rows] == found.ts_ns[bars]) & (series.volume[rows] == whole)
        return KnownBars(rows[same], bars[same], found) if same.any() else None

    def first_row(self) -> int:
        """First row whose trades are all on the tape; the number of bars if there is none."""
        series, tape = self._model.series, self._tape
        if tape is None or not len(tape):
            return len(series)
        # What was let go of may have been of the very moment at which a bar opens.
        side: Literal["left", "right"] = "right" if tape.gone else "left"
        return int(series.ts_ns.searchsorted(int(tape.trades.ts_ns[0]), side))

    def profile(self, start_ns: int, stop_ns: int, row_ticks: int) -> VolumeProfile:
        """Trades of the tape from one time to before another, by rows of so many ticks."""
        if self._tape is None:
            return VolumeProfile.empty(row_ticks)
        store, revision = self._tape.store, self._tape.revision
        if self._index is None or self._index[0] is not store or self._index[1] != revision:
            self._index = (store, revision, ProfileIndex(store))
        return self._index[2].between(start_ns, stop_ns, row_ticks)

    def _followed(self) -> LiveFootprint | None:
        """The footprints of the chart's bar size, with the newest trades."""
        spec, tape = self._model.spec, self._tape
        if tape is None or spec is None or spec.unit is BarUnit.RENKO or spec.counts_days:
            return None
        key = (tape, tape.epoch, tape.revision, spec)
        if self._live is None or key != self._counted or self._taken < tape.gone:
            self._live, self._counted, self._taken = LiveFootprint(spec), key, tape.gone
        if tape.told > self._taken:
            try:
                self._live.absorb(tape.trades[self._taken - tape.gone :])
            except BatchError:
                return None
            self._taken = tape.told
        return self._live
