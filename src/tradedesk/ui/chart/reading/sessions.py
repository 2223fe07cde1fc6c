"""Sessions and levels of a chart: what draws them, and their part of the menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QActionGroup

from tradedesk.ui.chart.items.day_levels import DayLevels
from tradedesk.ui.chart.items.day_lines import DayLines
from tradedesk.ui.chart.sessions.chart_days import ChartDays
from tradedesk.ui.chart.sessions.levels import GROUPS, OPENING, OVERNIGHT
from tradedesk.ui.chart.sessions.shading import OUTSIDE, SHADES, Shading

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.chart.look import ChartLook, Looks
    from tradedesk.ui.chart.sessions.level_bars import LevelBars
    from tradedesk.ui.chart.stage import Stage

_MINUTES: Final = (1, 5, 15, 30, 60)
_SWITCHES: Final = {
    "day_lines": "Lines between trading days",
    "week_lines": "Lines between weeks",
    "gap_marks": "Mark missing bars",
}


class Sessions:
    """Shading, lines and levels by the look."""

    def __init__(self, stage: Stage, looks: Looks) -> None:
        self._stage, self._looks = stage, looks
        self.days = ChartDays(stage.model)
        self.shading = Shading(stage.model, self.days, looks)
        self.lines = DayLines(stage.model, self.days, looks, 0.3)
        self.levels = DayLevels(stage.model, self.days, looks, 3)
        self.levels.legends = stage.overlay.legend_boxes
        stage.grid.grounds.append(self.shading.paint)
        stage.add(self.lines, self.levels)
        self._drawn = _drawn(looks.now)
        looks.changed.connect(self._take_look)

    def fill(self, menu: QMenu) -> None:
        """Add the sub-menu."""
        look, known = self._looks.now, self.days.knows_regular()
        whole = menu.addMenu("Sessions and levels")
        shades = QActionGroup(whole)
        for key, label in SHADES.items():
            action = shades.addAction(whole.addAction(label))
            action.setCheckable(True)
            action.setChecked(key == look.shade)
            action.setEnabled(known or key != OUTSIDE)
            action.triggered.connect(partial(self._change, shade=key))
        whole.addSeparator()
        for member, label in _SWITCHES.items():
            action = whole.addAction(label)
            action.setCheckable(True)
            action.setChecked(bool(getattr(look, member)))
            action.toggled.connect(partial(self._switch, member))
        whole.addSeparator()
        self._fill_levels(whole.addMenu("Levels"), known=known)
        self._fill_minutes(whole.addMenu("Opening range"))

    def _fill_levels(self, menu: QMenu, *, known: bool) -> None:
        for key, label in GROUPS.items():
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(key in self._looks.now.levels)
            action.setEnabled(known or key not in (OPENING, OVERNIGHT))
            action.toggled.connect(partial(self._show_level, key))
        if not known:
            menu.addSeparator()
            why = "The regular hours of this contract are not known."
            menu.addAction(why).setEnabled(False)

    def _fill_minutes(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        now = self._looks.now.opening_minutes
        for minutes in sorted({*_MINUTES, now}):
            word = "minute" if minutes == 1 else "minutes"
            action = group.addAction(menu.addAction(f"First {minutes} {word}"))
            action.setCheckable(True)
            action.setChecked(minutes == now)
            action.triggered.connect(partial(self._change, opening_minutes=minutes))

    def take_bars(self, bars: LevelBars | None) -> None:
        """Bars of the contract for levels that those of the chart do not hold; None for none."""
        self.levels.finder.take_bars(bars)

    @property
    def wants_older(self) -> int:
        """How many such bars are lacking in front, for the days in view; 0 if none."""
        return self.levels.finder.wants_older

    def catch_up(self) -> None:
        """Once a frame: levels follow the bars that they are taken from."""
        self.levels.catch_up()

    # --- wishes -------------------------------------------------------------------------------

    def _change(self, _checked: bool = False, **members: object) -> None:
        self._looks.change(**members)

    def _switch(self, member: str, on: bool) -> None:
        self._looks.change(**{member: on})

    def _show_level(self, key: str, on: bool) -> None:
        kept = set(self._looks.now.levels)
        kept = kept | {key} if on else kept - {key}
        self._looks.change(levels=tuple(name for name in GROUPS if name in kept))

    def _take_look(self, look: ChartLook) -> None:
        drawn = _drawn(look)
        if drawn != self._drawn:
            self._drawn = drawn
            self.shading.forget()
            self.levels.forget()
            self._stage.view_changed()


def _drawn(look: ChartLook) -> tuple[object, ...]:
    """What of a look is drawn here."""
    lines = (look.day_lines, look.week_lines, look.gap_marks)
    return (look.shade, *lines, look.levels, look.opening_minutes)
