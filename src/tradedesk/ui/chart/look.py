"""How a chart is drawn: what a trader chose for it, kept beside its contract and bar size."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from tradedesk.ui.chart.study_look import FIRST, StudyLook


class ChartLook(msgspec.Struct, frozen=True, kw_only=True):
    """Every member has a default, so that an older file still loads.

    Attributes
    ----------
    volume : bool
        Whether the pane for volume is shown.
    logarithmic, inverted : bool
        Whether equal distances are equal ratios of prices, and higher prices stand lower.
    style : str
        Key of `tradedesk.ui.chart.reading.styles.STYLES`; candles for one that is not known.
    shade : str
        What of the time is tinted: ``""``, ``"outside"`` of regular hours, ``"alternate"`` days.
    day_lines, week_lines : bool
        Whether a line stands where a trading day or week begins.
    gap_marks : bool
        Whether bars that are missing inside a session are marked.
    levels : tuple of str
        Keys of `tradedesk.ui.chart.sessions.levels.GROUPS` that are drawn.
    opening_minutes : int
        Length of the opening range.
    profiles : tuple of str
        Volume profiles beside the bars: ``"visible"``, ``"session"``.
    profile_ranges : tuple of (int, int)
        Opening times of the first and the last bar of each fixed range, nanoseconds UTC.
    studies : tuple of StudyLook
        Indicators, in the order of their rows.
    pane_order : tuple of str
        Keys of the panes below, from top to bottom; those that are missing stand at the end.
    pane_heights : dict
        Height in pixels of the panes that were dragged, by key.
    drawing_strip, magnet, drawings_hidden : bool
        Whether the strip of drawing tools is shown, drawing snaps to prices of bars, and all
        drawings are hidden.
    """

    volume: bool = True
    logarithmic: bool = False
    inverted: bool = False
    style: str = "candles"
    shade: str = ""
    day_lines: bool = True
    week_lines: bool = True
    gap_marks: bool = False
    levels: tuple[str, ...] = ()
    opening_minutes: int = 15
    profiles: tuple[str, ...] = ()
    profile_ranges: tuple[tuple[int, int], ...] = ()
    studies: tuple[StudyLook, ...] = (FIRST,)
    pane_order: tuple[str, ...] = ()
    pane_heights: dict[str, float] = {}
    drawing_strip: bool = True
    magnet: bool = False
    drawings_hidden: bool = False


class Looks(QObject):
    """The look of one chart, and those who draw by it.

    Signals
    -------
    changed(ChartLook)
        Told after every change, by a person or by `take`.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = ChartLook()

    @property
    def now(self) -> ChartLook:
        """How the chart is drawn."""
        return self._now

    def take(self, look: ChartLook) -> None:
        """Draw like this from now on."""
        if look != self._now:
            self._now = look
            self.changed.emit(look)

    def change(self, **members: Any) -> None:
        """Replace some members."""
        self.take(msgspec.structs.replace(self._now, **members))
