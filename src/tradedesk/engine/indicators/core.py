"""What an indicator is: figures over bars, for whole columns and again for the newest bar alone.

An indicator is computed in two ways that must agree. `Indicator.compute` takes all bars at once
and is what a chart needs when it opens; a `Follower` goes on from there bar by bar and is what a
live chart and a strategy need, at a cost that does not grow with the history.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars

Lines = tuple["NDArray[np.float64]", ...]
"""One column for each output; NaN where the indicator has not warmed up."""

Values = tuple[float, ...]
"""One value for each output; NaN where the indicator has not warmed up."""


class Follower(ABC):
    """The state of one indicator behind the bars that are closed; made by `Indicator.follow`."""

    __slots__ = ()

    @abstractmethod
    def close(self, bar: Bar) -> Values:
        """Take in a bar that will not change any more; returns its values."""

    @abstractmethod
    def peek(self, bar: Bar) -> Values:
        """Return what the values would be if the forming bar closed as it is; changes nothing."""


class Indicator(ABC):
    """Figures over the bars of one contract, with its parameters. Not changed after it is made.

    Attributes
    ----------
    name : str
        What it is registered under, such as ``"sma"``.
    outputs : tuple of str
        Names of its lines, such as ``("macd", "signal", "histogram")``.
    warm_up : int
        Bars whose values are NaN at the start of a column because too few came before them.
    """

    name: ClassVar[str]
    outputs: tuple[str, ...]
    warm_up: int

    @abstractmethod
    def compute(self, bars: Bars) -> Lines:
        """Return one float64 column of shape ``(len(bars),)`` for each output.

        Prices come in ticks and the figures that are prices leave in ticks.
        """

    @abstractmethod
    def follow(self) -> Follower:
        """Return a state that has seen no bar yet."""
