"""Moving the view by program: to the newest bar, to the default, by pixels or bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tradedesk.ui.chart.model import bar_at_moment, moment_at
from tradedesk.ui.chart.time_zone import LocalTime

if TYPE_CHECKING:
    from tradedesk.ui.chart.stage import Stage


class Navigator(QObject):
    """What is in view, and the ways to change it that are not a drag.

    Attributes
    ----------
    also_wanted : int
        Bars that somebody else would like to have in front of the oldest one.

    Signals
    -------
    following_changed(bool)
        Whether the newest bar is kept in view.
    """

    following_changed = Signal(bool)

    def __init__(self, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self._told = True
        self.also_wanted = 0

    @property
    def following(self) -> bool:
        """Whether the newest bar is kept in view."""
        return self._stage.model.viewport.following

    @property
    def wants_older(self) -> int:
        """How many more bars should stand in front of the oldest one; 0 while that is far."""
        return max(self._stage.model.viewport.wants_older, self.also_wanted)

    def follow(self) -> None:
        """Show the newest bar and follow it."""
        self._stage.model.viewport.follow()
        self._stage.view_changed()
        self.tell()

    def reset(self) -> None:
        """Default zoom, newest bar, automatic prices."""
        self._stage.model.viewport.reset()
        self._stage.view_changed()
        self.tell()

    def show_bars(self, count: int) -> None:
        """Show about so many bars, the newest ones."""
        view = self._stage.model.viewport
        view.zoom((view.width - view.margin) / max(1, count) / view.spacing)
        self.follow()

    def pan(self, dx: float) -> None:
        """Move the bars `dx` pixels to the right, as a drag does."""
        self._stage.model.viewport.pan(dx)
        self._stage.view_changed()

    def pan_bars(self, count: float) -> None:
        """Move on by so many bars: above zero to newer ones."""
        self.pan(-count * self._stage.model.viewport.spacing)

    def pan_screens(self, count: float) -> None:
        """Move on by so many widths of the plot: above zero to newer bars."""
        self.pan(-count * self._stage.model.viewport.width)

    def zoom(self, factor: float) -> None:
        """Make bars wider around the middle; while following the newest one stays."""
        view = self._stage.model.viewport
        view.zoom(factor, None if view.following else view.width / 2, whole_pixels=True)
        self._stage.view_changed()

    def oldest(self) -> None:
        """Show the oldest bar there is; more are then loaded in front of it."""
        view = self._stage.model.viewport
        view.show_right(view.across - 1)
        self._stage.view_changed()

    def centre(self, row: float) -> None:
        """Show a bar in the middle, and its prices."""
        model = self._stage.model
        view, at = model.viewport, min(max(int(row), 0), len(model.series) - 1)
        high, low = float(model.series.high[at]), float(model.series.low[at])
        if high < view.y_low or low > view.y_high:
            view.auto_y = True
        view.show_right(row + view.across / 2)
        self._stage.view_changed()

    def go_with(self, other: Navigator) -> None:
        """Show at the right edge what another chart shows there, and follow if it does."""
        view, theirs = self._stage.model.viewport, other._stage.model
        if theirs.viewport.following:
            if not view.following:
                self.follow()
            return
        if not len(theirs.series) or not len(self._stage.model.series):
            return
        moment_ns, beyond = moment_at(theirs.series.ts_ns, theirs.viewport.right)
        if beyond > 0:
            moment_ns += beyond * (theirs.period_ns or 0)
        if theirs.spec == self._stage.model.spec:
            view.zoom(theirs.viewport.spacing / view.spacing)
        ts_ns = self._stage.model.series.ts_ns
        right = bar_at_moment(ts_ns, (moment_ns, 0.0))
        newest, period_ns = int(ts_ns[-1]), self._stage.model.period_ns
        if moment_ns > newest and period_ns:
            right = len(ts_ns) - 1 + (moment_ns - newest) / period_ns
        if right != view.right:
            view.show_right(right)
            self._stage.view_changed()

    def set_time_zone(self, name: str | None) -> None:
        """IANA name for the time axis, e.g. ``America/Chicago``; None is this machine's own."""
        self._stage.model.zone = LocalTime(name)
        self._stage.view_changed()

    def show_linked(self, ts_ns: int | None, price_ticks: int | None) -> None:
        """Mark where the pointer of a linked chart is; None for nowhere."""
        self._stage.linked.show_at(ts_ns, price_ticks)

    @property
    def fixed_prices(self) -> tuple[float, float] | None:
        """Lowest and highest price in view, ticks, where they were set by hand; else None."""
        view = self._stage.model.viewport
        return None if view.auto_y else (view.y_low, view.y_high)

    def fix_prices(self, low_ticks: float, high_ticks: float) -> None:
        """Show these prices, as if they had been set by hand."""
        self._stage.model.viewport.fix(low_ticks, high_ticks)
        self._stage.view_changed()

    @property
    def place(self) -> tuple[float, float, bool]:
        """Spacing, right edge and whether the newest bar is followed: what tells a move."""
        view = self._stage.model.viewport
        return view.spacing, view.right, view.following

    def tell(self) -> None:
        """Emit what changed since the last call; the chart calls it every frame."""
        if self.following != self._told:
            self._told = self.following
            self.following_changed.emit(self._told)
