"""Going to a date: reads it, has older bars loaded until it is there, shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from tradedesk.services.older_asking import OlderState
from tradedesk.ui.chart.go_to_box import GoToBox
from tradedesk.ui.chart.items.journey import JourneyNote, MomentMark
from tradedesk.ui.chart.moment_words import HOW, moment_in, moment_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.chart.navigator import Navigator
    from tradedesk.ui.chart.stage import Stage

_MARK_NS: Final = 2_500_000_000
_MOST_ASKED: Final = 20_000
_ENDS: Final = {
    OlderState.BEGINNING: "history begins there",
    OlderState.LIVE_ONLY: "such bars begin with the live feed",
    OlderState.FULL: "the chart holds no more bars; choose longer ones to look further back",
}


class GoTo(QObject):
    """One journey at a time; Esc, another contract or another journey ends it.

    Signals
    -------
    said(str)
        A sentence: why the chart is not where it was asked to go.
    """

    said = Signal(str)

    def __init__(self, stage: Stage, navigator: Navigator, parent: QWidget) -> None:
        super().__init__(parent)
        self._stage, self._navigator = stage, navigator
        self._target_ns: int | None = None
        self._market_ns = 0
        self._until_ns: int | None = None
        self._now_ns = 0
        self.mark = MomentMark(stage.model, 0.8)
        self.note = JourneyNote(stage.model, 11.5)
        stage.add(self.mark, self.note)
        self.box = GoToBox(parent, self._read, self._typed)

    def go(self, ts_ns: int) -> None:
        """Show a moment in the middle, as soon as there are bars from before it."""
        self._target_ns = ts_ns
        self._advance()

    def cancel(self) -> bool:
        """Stay where the chart is; tells whether it was on its way."""
        travelling = self._target_ns is not None
        self._end()
        return travelling

    def frame(self, now_ns: int, market_ns: int) -> None:
        """Once a frame: go on, and take the mark away when it was seen long enough.

        Parameters
        ----------
        now_ns, market_ns : int
            Monotonic moment, and the venue's time.
        """
        self._now_ns, self._market_ns = now_ns, market_ns
        if self._target_ns is not None:
            self._advance()
        if self._until_ns is not None and now_ns >= self._until_ns:
            self._until_ns = None
            self.mark.show_at(None)

    # --- on the way ---------------------------------------------------------------------------

    def _advance(self) -> None:
        series, target = self._stage.model.series, self._target_ns
        if target is None or not len(series):
            return
        oldest = int(series.ts_ns[0])
        if oldest <= target:
            self._arrive(target)
            return
        end = _ENDS.get(self._stage.older.older.state)
        if end is not None:
            self._give_up(target, oldest, end)
            return
        period = self._stage.model.period_ns or 0
        missing = (oldest - target) // period + 1 if period else _MOST_ASKED
        self._navigator.also_wanted = min(missing, _MOST_ASKED)
        zone = self._stage.model.zone
        there, here = moment_label(target, zone), moment_label(oldest, zone)
        self.note.say(
            f"Loading back to {there} · now at {here} · Esc stops",
            f"Loading back to {there} · Esc stops",
            "Loading… Esc stops",
        )

    def _arrive(self, target: int) -> None:
        model = self._stage.model
        self._end()
        ts_ns, period = model.series.ts_ns, model.period_ns
        newest = len(ts_ns) - 1
        row = int(np.searchsorted(ts_ns, target, side="right")) - 1
        if row == newest and target >= int(ts_ns[-1]) + (period or 0):
            self._navigator.follow()
            zone = model.zone
            self.said.emit(
                f"{moment_label(target, zone)} is behind the newest bar, "
                f"that of {moment_label(int(ts_ns[-1]), zone)}: the chart shows that one."
            )
        else:
            if period and target >= int(ts_ns[row]) + period:
                row += 1  # a pause: what comes after it is nearer to what was meant
            self._navigator.centre(row)
        self._light(row)

    def _give_up(self, target: int, oldest: int, why: str) -> None:
        zone = self._stage.model.zone
        self._end()
        self._navigator.centre(0)
        self._light(0)
        self.said.emit(
            f"{moment_label(target, zone)} lies before the oldest bar, "
            f"that of {moment_label(oldest, zone)}: {why}."
        )

    def _light(self, row: int) -> None:
        self.mark.show_at(int(self._stage.model.series.ts_ns[row]))
        self._until_ns = self._now_ns + _MARK_NS

    def _end(self) -> None:
        self._target_ns = None
        self._navigator.also_wanted = 0
        self.note.say()

    # --- what is typed ------------------------------------------------------------------------

    def _moment(self, text: str) -> int | None:
        series = self._stage.model.series
        newest = int(series.ts_ns[-1]) if len(series) else 0
        return moment_in(text, max(self._market_ns, newest), self._stage.model.zone)

    def _read(self, text: str) -> tuple[bool, str]:
        found = self._moment(text) if text.strip() else None
        if found is None:
            return False, HOW
        return True, moment_label(found, self._stage.model.zone)

    def _typed(self, text: str) -> None:
        found = self._moment(text)
        if found is not None:
            self.go(found)
