"""Fixed ranges of a chart: kept in its look by time, found in the bars by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.model import ChartModel

_REACH = 5.0


class Grip(NamedTuple):
    """One end of a range: which range, and whether it is its newer end."""

    at: int
    newer: bool


class FixedRanges:
    """What was chosen, in rows of the bars on screen; and a choice that is being dragged.

    What is dragged is kept by time as well: rows are others once older bars come in front.
    """

    def __init__(self, model: ChartModel, looks: Looks) -> None:
        self._model, self._looks = model, looks
        self.drafted: tuple[int, int] | None = None
        """When the first and the last bar of a range open that is being chosen."""
        self.moved: tuple[int, tuple[int, int]] | None = None
        """Which range is being changed, and when its first and its last bar would open."""

    def rows(self) -> list[tuple[int, int, int]]:
        """Number, first row and the row behind the last of each range that has bars."""
        ts_ns = self._model.series.ts_ns
        found = []
        for at, (first_ns, last_ns) in enumerate(self._with_dragged()):
            start = int(ts_ns.searchsorted(first_ns))
            stop = int(ts_ns.searchsorted(last_ns, "right"))
            if start < stop:
                found.append((at, start, stop))
        return found

    def grip_at(self, at: QPointF) -> Grip | None:
        """The end of a range within some pixels of a point of the price pane."""
        model = self._model
        if not model.panes.price.contains(at):
            return None
        nearest, found = _REACH, None
        for number, start, stop in self.rows():
            for newer, row in ((False, start), (True, stop)):
                distance = abs(model.x_line(row - 0.5) - at.x())
                if distance <= nearest:
                    nearest, found = distance, Grip(number, newer)
        return found

    def end_of(self, grip: Grip) -> int:
        """When the bar at an end of a range opens."""
        ends = self._looks.now.profile_ranges[grip.at]
        return ends[1] if grip.newer else ends[0]

    def moment_near(self, x: float) -> int | None:
        """When the bar nearest to a pixel opens; None without bars."""
        ts_ns = self._model.series.ts_ns
        if not len(ts_ns):
            return None
        row = int(self._model.viewport.bar_at(x) + 0.5)
        return int(ts_ns[min(max(row, 0), len(ts_ns) - 1)])

    def moment_at_edge(self, x: float, *, newer: bool) -> int | None:
        """When the outermost bar of a range opens whose end is at a pixel."""
        half = self._model.viewport.spacing / 2
        return self.moment_near(x - half if newer else x + half)

    def keep(self) -> None:
        """Put what is being dragged into the look."""
        kept = self._with_dragged()
        self.let_go()
        self._looks.change(profile_ranges=tuple(kept))

    def let_go(self) -> None:
        """Forget what is being dragged."""
        self.drafted = self.moved = None

    def remove(self, at: int) -> None:
        """Take a range away."""
        kept = self._looks.now.profile_ranges
        self._looks.change(profile_ranges=kept[:at] + kept[at + 1 :])

    def remove_all(self) -> None:
        """Take all ranges away."""
        self._looks.change(profile_ranges=())

    def _with_dragged(self) -> list[tuple[int, int]]:
        """All ranges by time, as they would be if what is dragged were let go of."""
        found = list(self._looks.now.profile_ranges)
        if self.drafted is not None:
            found.append(self.drafted)
        if self.moved is not None and self.moved[0] < len(found):
            found[self.moved[0]] = self.moved[1]
        return found
