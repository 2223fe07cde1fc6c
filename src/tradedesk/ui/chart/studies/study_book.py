"""All indicators of a chart, by pane, kept beside its bars."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from tradedesk.ui.chart.studies.catalogue import Kind
from tradedesk.ui.chart.studies.joined_values import HIGH, LOW
from tradedesk.ui.chart.studies.live_study import LiveStudy
from tradedesk.ui.chart.studies.pane_scale import PaneHand, PaneScale
from tradedesk.ui.chart.studies.trace import bars_near
from tradedesk.ui.chart.study_look import PRICE, StudyLook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.engine.indicators import Sessions
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.studies.live_study import DrawnLine

_log = logging.getLogger(__name__)


class StudyBook:
    """What the items of the indicators read while they paint.

    Attributes
    ----------
    studies : tuple of LiveStudy
        In the order of their rows in the legends.
    version : int
        Rises whenever a value changed.
    """

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self.studies: tuple[LiveStudy, ...] = ()
        self.version = 0
        self._sessions: Sessions | None = None
        self._scales: dict[str, PaneScale] = {}
        self._first = 0
        self._stale = 0
        self._warned: set[str] = set()

    # --- what there is ------------------------------------------------------------------------

    def take(self, looks: Sequence[StudyLook]) -> None:
        """Keep these indicators from now on; values of those that stay the same are kept."""
        known = {study.look.key: study for study in self.studies}
        taken = []
        for look in looks:
            study = known.get(look.key)
            if study is None or study.look.text != look.text:
                study = LiveStudy(look, self._model.series, self._sessions)
                self._warn(study)
            study.look = look
            taken.append(study)
        self.studies = tuple(taken)
        self._stale = 0
        panes = {look.pane for look in looks}
        self._scales = {key: self._scales.get(key, PaneScale()) for key in panes}
        self._model.viewport.fixed &= panes
        self.version += 1

    def use_sessions(self, sessions: Sessions | None) -> None:
        """Begin sessions by other trading hours; None is by days UTC."""
        if sessions == self._sessions:
            return
        self._sessions = sessions
        looks = [study.look for study in self.studies]
        self.studies = ()
        self.take(looks)

    @property
    def looks(self) -> tuple[StudyLook, ...]:
        """What was chosen for each."""
        return tuple(study.look for study in self.studies)

    def study(self, key: str) -> LiveStudy | None:
        """By its key."""
        return next((study for study in self.studies if study.look.key == key), None)

    def in_pane(self, pane: str) -> list[LiveStudy]:
        """Those that are drawn in a pane."""
        return [study for study in self.studies if study.look.pane == pane]

    def lines_in(self, pane: str) -> list[tuple[LiveStudy, DrawnLine]]:
        """All that is drawn in a pane, first things first."""
        return [(study, line) for study in self.in_pane(pane) for line in study.lines()]

    def scale(self, pane: str) -> PaneScale:
        """The scale of a pane below."""
        return self._scales.setdefault(pane, PaneScale())

    def hand_at(self, y: float) -> PaneHand | None:
        """The scale of the pane below that has indicators at a height of the chart."""
        panes = self._model.panes.lower
        found = (pane.key for pane in panes if pane.plot.top() <= y < pane.plot.bottom())
        return self.hand_of(next(found, PRICE))

    def hand_of(self, pane: str) -> PaneHand | None:
        """The scale of a pane below that is shown and has indicators."""
        shown = self._model.panes.pane(pane)
        if shown is None or not self.in_pane(pane):
            return None
        fixed = self._model.viewport.fixed
        return PaneHand(self.scale(pane), pane, shown.plot.height(), fixed)

    # --- bars ---------------------------------------------------------------------------------

    def follow(self) -> None:
        """The bars may be others."""
        for study in self.studies:
            study.follow(self._model.series)
        self._first = self._stale = 0
        self.version += 1

    def catch_up(self) -> None:
        """Take in what changed in the bars; `changed_since` tells what it was."""
        rows = len(self._model.series)
        for study in self.studies:
            first = study.update()
            if first < rows:
                self._first = min(self._first, first)
                self._stale = min(self._stale, first)
                self.version += 1

    def changed_since(self) -> int:
        """The first bar whose values changed since the last call; the number of bars if none."""
        first, self._first = self._first, len(self._model.series)
        return min(first, self._first)

    def stale_since(self) -> int:
        """The same for pictures of lines, which are kept longer than until the next frame."""
        first, self._stale = self._stale, len(self._model.series)
        return min(first, self._stale)

    # --- scales -------------------------------------------------------------------------------

    def fit(self) -> bool:
        """Fit the scales of the panes below to what is in view; tells whether one changed."""
        changed, fixed = False, self._model.viewport.fixed
        for pane, scale in self._scales.items():
            if pane == PRICE or pane in fixed:
                continue
            values = [v for pair in self._extremes(pane) for v in pair]
            for study in self.in_pane(pane):
                if not study.look.hidden and not study.failure:
                    values += study.face.guides
            if values:
                changed = scale.fit(min(values), max(values)) or changed
        return changed

    def prices(self) -> list[float]:
        """Lowest and highest values in view over the bars, in ticks."""
        return [v for pair in self._extremes(PRICE) for v in pair]

    def newest_inside(self) -> bool:
        """Whether the newest values lie within the scales of their panes, if those are fitted."""
        row, fixed = len(self._model.series) - 1, self._model.viewport.fixed
        for study in self.studies:
            scale = self._scales.get(study.look.pane)
            if study.look.pane == PRICE or scale is None or study.look.pane in fixed:
                continue
            for line in study.lines():
                value = study.value(line.output, row + line.curve.shift)
                if value is not None and not scale.holds(value):
                    return False
        return True

    def _extremes(self, pane: str) -> list[tuple[float, float]]:
        found = []
        for _, line in self.lines_in(pane):
            pair = self._extremes_of(line)
            if pair is not None:
                found.append(pair)
                if line.kind is Kind.COLUMNS:
                    found.append((0.0, 0.0))
        return found

    def _extremes_of(self, line: DrawnLine) -> tuple[float, float] | None:
        model = self._model
        xmap = model.xmap
        span = (0, max(1, int(model.panes.price.width() * model.ratio)))
        if xmap.scale < 1.0:
            start, stop = span[0] - xmap.origin, span[1] - xmap.origin
            columns = line.joined.get(line.curve, xmap.scale, start, stop, xmap.base)
            lows, highs = columns[LOW], columns[HIGH]
        else:
            start, stop = bars_near(line.curve, xmap, span, 0)
            if stop <= start:
                return None
            lows = highs = line.curve.at(start, stop)
        low, high = np.minimum.reduce(lows), np.maximum.reduce(highs)
        if low != low:
            # a value is missing: leaving it out takes several times as long
            low, high = np.fmin.reduce(lows), np.fmax.reduce(highs)
        return None if low != low else (float(low), float(high))

    def _warn(self, study: LiveStudy) -> None:
        """Once for each text that cannot be read."""
        text = study.look.text
        if study.indicator is None and text not in self._warned:
            self._warned.add(text)
            _log.warning("An indicator of a chart cannot be shown. %s", study.failure)
