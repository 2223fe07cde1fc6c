"""Notices what changed in the bars, and keeps the view in place when they are exchanged."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.instrument import Instrument
from tradedesk.engine import BarSeries
from tradedesk.ui.chart.model import ChartModel, bar_at_moment, moment_at

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EMPTY = "No bars yet: candles appear here with the first trade."
_Shown = tuple[BarSeries, Instrument | None, BarSpec | None]


class Change(Enum):
    """What a look at the series found."""

    NONE = 0
    NEWEST = 1
    """Only the newest bar."""
    ALL = 2


class SeriesFeed:
    """The series on screen, and one that waits for its first bars.

    Bars of another size for the same contract replace the old ones only when there are some, so
    that a change of interval never blanks the chart. Another contract replaces them at once.
    """

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self._waiting: _Shown | None = None
        self._version = -1
        self._generation = -1
        self._rows = 0
        self._ts = model.series.ts_ns

    @property
    def status(self) -> str:
        """What is missing, in a sentence; empty if nothing is."""
        if self._waiting is not None and self._waiting[2] is not None:
            return f"Loading {self._waiting[2].label} bars…"
        return "" if len(self._model.series) else _EMPTY

    def is_behind(self, *, moved: bool = False) -> bool:
        """Whether bars came, went or moved since the last look; with `moved` not if they came."""
        series = self._model.series
        came = len(series) != self._rows and not moved
        return came or series.generation != self._generation

    def show(
        self,
        series: BarSeries | None,
        instrument: Instrument | None,
        spec: BarSpec | None,
        *,
        keep_place: bool,
    ) -> bool:
        """Show other bars; tells whether the view changed at once."""
        wanted: _Shown = (series if series is not None else BarSeries(), instrument, spec)
        same = not self.is_other(instrument)
        if same and keep_place and not len(wanted[0]) and len(self._model.series):
            self._waiting = wanted
            return False
        self._take(wanted, keep_place=keep_place and same)
        return True

    def is_other(self, instrument: Instrument | None) -> bool:
        """Whether an instrument is not the one that is shown."""
        shown = self._model.instrument
        if instrument is None or shown is None:
            return instrument is not shown
        return instrument.contract_id != shown.contract_id

    def poll(self) -> Change:
        """Look at the series once a frame."""
        if self._waiting is not None and len(self._waiting[0]):
            self._take(self._waiting, keep_place=True)
            return Change.ALL
        series = self._model.series
        if series.version == self._version:
            return Change.NONE
        if series.generation != self._generation:
            self._mended()
            return Change.ALL
        return self._grown()

    def _take(self, shown: _Shown, *, keep_place: bool) -> None:
        model = self._model
        self._waiting = None
        model.show(*shown)
        if not keep_place:
            model.viewport.reset()
        self._replaced()

    def _mended(self) -> None:
        """Bars of the same series changed, or others were put in front: keep them in place."""
        model, ts_ns = self._model, self._model.series.ts_ns
        moved_by = _moved_by(self._ts, ts_ns, model.viewport.right) if self._rows else None
        if moved_by is None:
            self._replaced()
            return
        hovered = model.hovered_row
        if hovered is not None:
            model.hovered_row = hovered + moved_by if 0 <= hovered + moved_by < len(ts_ns) else None
        self._remember()
        model.shape_maker.sync(model.series, 0)
        model.viewport.set_rows(self._rows, moved_by)

    def _replaced(self) -> None:
        """Other bars: keep the moment at the right edge."""
        model = self._model
        view, series = model.viewport, model.series
        moment = moment_at(self._ts, view.right) if self._rows else None
        following = view.following or moment is None
        self._remember()
        model.shape_maker.sync(series, 0)
        view.base = 0
        view.set_rows(len(series))
        if following:
            view.follow()
        elif moment is not None and len(series):
            view.show_right(bar_at_moment(series.ts_ns, moment))

    def _grown(self) -> Change:
        model = self._model
        before = self._rows
        self._remember()
        model.shape_maker.sync(model.series, max(0, before - 1))
        if self._rows == before and before:
            model.forget_bars()
            return Change.NEWEST
        model.viewport.set_rows(self._rows)
        return Change.ALL

    def _remember(self) -> None:
        series = self._model.series
        self._version, self._generation = series.version, series.generation
        self._rows, self._ts = len(series), series.ts_ns


def _moved_by(before: NDArray[np.int64], after: NDArray[np.int64], bar: float) -> int | None:
    """By how many rows the bar at a position moved; None if there is none any more."""
    moment = before[min(max(int(bar), 0), len(before) - 1)]
    row = int(after.searchsorted(moment))
    if row == len(after) or after[row] != moment:
        return None
    return row - int(before.searchsorted(moment))
