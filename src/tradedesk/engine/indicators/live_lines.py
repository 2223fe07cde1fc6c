"""The lines of one indicator, kept beside the bars of one chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bar_series import BarSeries
    from tradedesk.engine.indicators.core import Follower, Indicator, Lines, Values

_SMALLEST: Final = 64
_MANY: Final = 512
_FOLLOWING_COSTS: Final = 32
"""Following a bar costs some dozen times what a row of a column does."""


class LiveLines:
    """Columns of an indicator that follow a `BarSeries`, at a cost that is that of what changed.

    Call `update` where the series is read, as a rule once a frame. Columns are read-only views of
    the length the series had then. The newest row is rewritten in place; a view that is held shows
    that until the columns grow out of their arrays or are computed anew. It stays valid, and its
    other rows never change.

    Where new bars come in masses, and for a user's function that declares no `lookback`, columns
    are computed anew instead.

    Parameters
    ----------
    indicator : Indicator
        What to keep.
    series : BarSeries
        The bars; the newest one counts as forming, all others as closed.

    Attributes
    ----------
    version : int
        Rises with every update that changed something.
    generation : int
        Rises when anything but the tail changed.
    """

    __slots__ = (
        "_arrays",
        "_closed",
        "_follower",
        "_rows",
        "_seen",
        "_view",
        "generation",
        "indicator",
        "series",
        "version",
    )

    def __init__(self, indicator: Indicator, series: BarSeries) -> None:
        self.indicator = indicator
        self.series = series
        self.version = 0
        self.generation = 0
        self._seen: tuple[int, int] | None = None
        self._follower: Follower | None = None
        self._arrays: tuple[NDArray[np.float64], ...] = ()
        self._closed = 0
        self._rows = 0
        self._view: Lines = ()
        self.update()
        self.version = self.generation = 0

    def __len__(self) -> int:
        return self._rows

    @property
    def lines(self) -> Lines:
        """All columns in the order of ``indicator.outputs``; float64, shape (n,), read-only."""
        return self._view

    def line(self, output: str) -> NDArray[np.float64]:
        """Return one column by the name of its output.

        Raises
        ------
        KeyError
            If the indicator has no such output.
        """
        return dict(zip(self.indicator.outputs, self._view, strict=True))[output]

    def update(self) -> int:
        """Take in what changed in the series.

        Returns
        -------
        int
            First row that changed; ``len(series)`` when none did, 0 when all may have.
        """
        series = self.series
        now = (series.generation, series.version)
        if now == self._seen:
            return self._rows
        rows = len(series)
        if self._follower is None or self._seen is None or self._seen[0] != now[0]:
            first = self._restart()
        elif not self.indicator.incremental:
            first = self._compute(0)
        elif self._is_much(rows):
            first = self._compute(self._closed)
        else:
            first = self._follow(self._follower, rows)
        # only now: an indicator that fails is asked again
        self._seen = now
        self.version += 1
        return first

    def _is_much(self, rows: int) -> bool:
        fresh = rows - self._closed
        return not self._rows or (fresh > _MANY and fresh * _FOLLOWING_COSTS > rows)

    def _restart(self) -> int:
        self._compute(0)
        self.generation += 1
        return 0

    def _compute(self, first: int) -> int:
        """Compute everything anew; rows before `first` come out as they are."""
        bars = self.series.bars
        self._arrays, self._follower = self.indicator.start(bars)
        self._closed, self._rows = max(len(bars) - 1, 0), len(bars)
        self._show()
        return first

    def _follow(self, follower: Follower, rows: int) -> int:
        first = self._closed
        bars = self.series.bars
        closed = rows - 1
        fresh: list[Values] = [follower.close(bar) for bar in bars[first:closed]]
        self._closed = closed
        fresh.append(follower.peek(bars[rows - 1]))
        if len(fresh[-1]) != len(self._arrays):
            # a user's function has only now said what its lines are
            return self._compute(0)
        grown = self._make_room(rows)
        for array, values in zip(self._arrays, zip(*fresh, strict=True), strict=True):
            array[first:rows] = values
        if grown or rows != self._rows:
            self._rows = rows
            self._show()
        return first

    def _make_room(self, rows: int) -> bool:
        if not self._arrays or rows <= len(self._arrays[0]):
            return False
        room = max(_SMALLEST, 2 * rows)
        old, self._arrays = self._arrays, tuple(np.empty(room) for _ in self._arrays)
        for new_column, old_column in zip(self._arrays, old, strict=True):
            new_column[: self._rows] = old_column[: self._rows]
        return True

    def _show(self) -> None:
        self._view = tuple(array[: self._rows] for array in self._arrays)
        for view in self._view:
            view.flags.writeable = False
