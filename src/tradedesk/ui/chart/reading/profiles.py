"""Volume profiles of a chart: when each is counted, and their part of the menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from tradedesk.ui.chart.items.profile_bars import ProfileBars
from tradedesk.ui.chart.profile.measure import Measured, measured, row_height
from tradedesk.ui.chart.profile.placed import RANGE, SESSION, VISIBLE, Placed
from tradedesk.ui.chart.profile.ranges import FixedRanges
from tradedesk.ui.chart.tools.range_tool import RangeTool

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.chart.drawings.layer import DrawingLayer
    from tradedesk.ui.chart.flow import TapeFlow
    from tradedesk.ui.chart.look import ChartLook, Looks
    from tradedesk.ui.chart.sessions.chart_days import ChartDays
    from tradedesk.ui.chart.stage import Stage

LABELS: Final = {VISIBLE: "Visible range", SESSION: "Each session"}
"""What `ChartLook.profiles` may hold, and what the menu calls it."""

_REST_NS: Final = 250_000_000
_ROW_NS: Final = 2_000
"""More rest for each bar that is counted, so that counting stays below some hundredths of it."""
_LEAST_SESSION_PX: Final = 40.0
_MOST_KEPT: Final = 400


class Profiles:
    """Counts what is in view now and then, and has it drawn.

    While the view moves the profiles of a moment ago stay, so that a drag never waits for them.
    """

    def __init__(self, stage: Stage, looks: Looks, flow: TapeFlow, days: ChartDays) -> None:
        self._stage, self._looks, self._flow, self._days = stage, looks, flow, days
        self.item = ProfileBars(stage.model, 3.2, below_z=0.6)
        self.item.legends = stage.overlay.legend_boxes
        stage.add(self.item.below, self.item)
        self.ranges = FixedRanges(stage.model, looks)
        self.tool = RangeTool(stage, self.ranges, self.count, self.item.ask_for_range)
        self._seen: tuple[object, ...] | None = None
        self._due_ns = 0
        self._kept: dict[tuple[int, ...], Measured | None] = {}
        self._kept_of: tuple[object, ...] = ()
        self._drawn = (looks.now.profiles, looks.now.profile_ranges)
        looks.changed.connect(self._take_look)

    def keep_clear_of(self, layer: DrawingLayer, changed: SignalInstance) -> None:
        """Place labels beside what is written on drawings; `changed` tells when to look."""
        self.item.words = layer.written
        changed.connect(self.item.figures_changed)

    @property
    def wanted(self) -> bool:
        """Whether anything is to be counted."""
        look = self._looks.now
        return bool(look.profiles or look.profile_ranges or self.ranges.drafted)

    def fill(self, menu: QMenu) -> None:
        """Add the sub-menu."""
        look = self._looks.now
        whole = menu.addMenu("Volume profile")
        for key, label in LABELS.items():
            action = whole.addAction(label)
            action.setCheckable(True)
            action.setChecked(key in look.profiles)
            action.toggled.connect(partial(self._show_one, key))
        whole.addSeparator()
        whole.addAction("Fixed range: drag over the bars").triggered.connect(self.tool.choose)
        remove = whole.addAction("Remove fixed ranges")
        remove.setEnabled(bool(look.profile_ranges))
        remove.triggered.connect(self.ranges.remove_all)

    def catch_up(self, now_ns: int) -> None:
        """Once a frame: count again if there is something new and the last time is a while ago."""
        if now_ns < self._due_ns or not self.wanted:
            return
        seen = self._situation()
        if seen != self._seen:
            self._due_ns = now_ns + _REST_NS + _ROW_NS * self.count()

    def count(self) -> int:
        """Count what is wanted and draw it; returns how many bars were looked through."""
        self._seen = self._situation()
        self._forget_old()
        placed: list[Placed] = []
        looked = 0
        for kind, start, stop in self._stretches():
            found, rows = self._measured(start, stop)
            looked += rows
            if found is not None:
                placed.append(Placed(kind, start, stop, found))
        if placed or self.item.placed:
            self.item.show_profiles(placed)
        return looked

    # --- what is counted ----------------------------------------------------------------------

    def _stretches(self) -> list[tuple[str, int, int]]:
        """Kind, first row and the row behind the last of every profile that is wanted."""
        look, view = self._looks.now, self._stage.model.viewport
        found: list[tuple[str, int, int]] = []
        if SESSION in look.profiles:
            seen = self._days.in_view()
            if seen is not None:
                days, shown = seen
                rows = int(days.end[shown[-1]] - days.first[shown[0]])
                if rows * view.spacing >= _LEAST_SESSION_PX * len(shown):
                    found += [(SESSION, int(days.first[at]), int(days.end[at])) for at in shown]
        if VISIBLE in look.profiles:
            found.append((VISIBLE, *view.visible_rows()))
        found += [(RANGE, start, stop) for _, start, stop in self.ranges.rows()]
        return found

    def _measured(self, start: int, stop: int) -> tuple[Measured | None, int]:
        """A profile, and how many bars were counted for it; 0 for one that is still good."""
        model = self._stage.model
        row_ticks = row_height(model)
        key: tuple[int, ...] = (start, stop, row_ticks)
        if stop >= len(model.series):
            key = (*key, model.series.version, self._flow.version)
        if key in self._kept:
            return self._kept[key], 0
        found = measured(model, self._flow, start, stop, row_ticks)
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[key] = found
        return found, max(0, stop - start)

    def _forget_old(self) -> None:
        """What was counted is good as long as the past does not change."""
        series = self._stage.model.series
        past = (id(series), series.generation, self._flow.first_row())
        if past != self._kept_of:
            self._kept_of = past
            self._kept.clear()

    def _situation(self) -> tuple[object, ...]:
        """Everything that profiles depend on."""
        model = self._stage.model
        look, series = self._looks.now, model.series
        rows = model.viewport.visible_rows()
        newest = (id(series), series.version, self._flow.version)
        shown = (look.profiles, look.profile_ranges)
        return (*rows, row_height(model), *newest, *shown)

    # --- wishes -------------------------------------------------------------------------------

    def _show_one(self, key: str, on: bool) -> None:
        kept = set(self._looks.now.profiles)
        kept = kept | {key} if on else kept - {key}
        self._looks.change(profiles=tuple(name for name in LABELS if name in kept))

    def _take_look(self, look: ChartLook) -> None:
        drawn = (look.profiles, look.profile_ranges)
        if drawn != self._drawn:
            self._drawn = drawn
            self.count()
