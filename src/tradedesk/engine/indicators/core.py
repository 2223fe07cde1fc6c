"""What an indicator is: figures over bars, for whole columns and again for the newest bar alone.

An indicator is computed in two ways that must agree. `Indicator.compute` takes all bars at once
and is what a chart needs when it opens; a `Follower` goes on from there bar by bar and is what a
live chart and a strategy need, at a cost that does not grow with the history.

Rules for all of them:

- A figure that is a price comes in ticks, as a float: statistics lie between ticks.
- NaN says that there is no figure: too few bars yet, or an order flow that is not known.
- Where a formula divides by 0 (no range, no movement, no volume) the value is the one that its
  docstring states.
- Nothing looks ahead: the value of a row depends on this row and earlier ones only.
- Column and follower agree within 1e-9 of the value or 1e-12 of the largest price, and to the last
  bit where whole numbers are added up. TA-Lib agrees within 1e-9 of the value or 1e-8.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import fields
from math import nan
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from tradedesk.engine.indicators.parameter import checked, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars

Lines = tuple["NDArray[np.float64]", ...]
"""One column for each output; NaN where the indicator has not warmed up."""

Values = tuple[float, ...]
"""One value for each output; NaN where the indicator has not warmed up."""

NAN: Final = nan


class Follower(ABC):
    """The state of one indicator behind the bars that are closed; made by `Indicator.follow`."""

    __slots__ = ()

    def close(self, bar: Bar) -> Values:
        """Take in a bar that will not change any more; returns its values."""
        return self.step(bar, True)

    def peek(self, bar: Bar) -> Values:
        """Return what the values would be if the forming bar closed as it is; changes nothing."""
        return self.step(bar, False)

    @abstractmethod
    def step(self, bar: Bar, keep: bool) -> Values:
        """Return the values of the bar behind those taken in; take it in too if `keep` says so."""


class Indicator(ABC):
    """Figures over the bars of one contract, with its parameters. Not changed after it is made.

    Attributes
    ----------
    name : str
        What it is registered under, such as ``"sma"``.
    outputs : tuple of str
        Names of its lines, such as ``("macd", "signal", "histogram")``.
    warm_up : int
        Rows at the start of which at least one line has no value because too few bars came
        before. A single line may begin earlier. Sessions and unknown order flow can make NaN
        anywhere; they do not count here.
    shifts : tuple of int
        For each line by how many bars to the right of its own bar it is drawn; 0 for all but
        Ichimoku's.

    Notes
    -----
    ``str(indicator)`` is its text for settings, such as ``"macd(12, 26, 9)"``;
    `tradedesk.engine.indicators.parse` reads it back. Indicators with the same parameters are
    equal.

    A new one is a frozen dataclass whose fields are made by
    `tradedesk.engine.indicators.parameter`, with `outputs`, `warm_up`, `memory`, `compute` and
    `fresh`.
    """

    __slots__ = ()
    name: ClassVar[str]

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            object.__setattr__(self, each.name, checked(self.name, each, getattr(self, each.name)))

    @property
    @abstractmethod
    def outputs(self) -> tuple[str, ...]:
        """Names of the lines."""

    @property
    @abstractmethod
    def warm_up(self) -> int:
        """Rows until every line has a value."""

    @property
    def memory(self) -> int:
        """Bars after which an older one has no say any more in double precision."""
        return self.warm_up + 1

    @property
    def incremental(self) -> bool:
        """Whether a follower costs less than computing all rows again."""
        return True

    @property
    def shifts(self) -> tuple[int, ...]:
        """By how many bars to the right each line is drawn."""
        return (0,) * len(self.outputs)

    @abstractmethod
    def compute(self, bars: Bars) -> Lines:
        """Return one new float64 column of shape ``(len(bars),)`` for each output."""

    def follow(self, after: Bars | None = None) -> Follower:
        """Return a state that goes on behind `after`, or has seen no bar yet.

        Parameters
        ----------
        after : Bars, optional
            Closed bars. Only as many as matter are gone through (see `memory`), so this is quick
            behind a long history too.
        """
        follower = self.fresh()
        if after is not None and len(after):
            for bar in after[self.first_needed(after) :]:
                follower.close(bar)
        return follower

    def start(self, bars: Bars) -> tuple[Lines, Follower]:
        """Return the columns of `bars` and a state behind all of them but the newest.

        What a live chart begins with. The columns are those of `compute`.
        """
        return self.compute(bars), self.follow(bars[:-1])

    @abstractmethod
    def fresh(self) -> Follower:
        """Return a state that has seen no bar yet."""

    def first_needed(self, bars: Bars) -> int:
        """Return the row from which a fresh follower must see `bars` to stand where all lead."""
        return max(0, len(bars) - self.memory)

    def __str__(self) -> str:
        return text_of(self.name, ((each, getattr(self, each.name)) for each in fields(self)))  # type: ignore[arg-type]


def row_of_last(count: int, bars: Bars, happens: Callable[[Bars], NDArray[np.bool_]]) -> int:
    """Return from which row on something happens `count` times until the end; 0 if it does not.

    Parameters
    ----------
    happens : callable
        Tells for each of some bars but the first whether it does. Asked about the end first.
    """
    for rows in (4 * count, len(bars)):
        part = bars[-rows:]
        found = np.flatnonzero(happens(part))
        if len(found) > count:
            return len(bars) - len(part) + int(found[-count])
    return 0


def behind(warm_up: int, values: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Return `values` behind `warm_up` rows of NaN, as a column of `rows` rows."""
    column = np.empty(rows)
    column[:warm_up] = NAN
    column[warm_up:] = values
    return column


def unknown(rows: int) -> NDArray[np.float64]:
    """Return a column of nothing but NaN."""
    return np.full(rows, NAN)
