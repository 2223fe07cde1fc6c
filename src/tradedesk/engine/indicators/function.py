"""An indicator that is a user's own function, and its follower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.bar_columns import BarColumns
from tradedesk.engine.bars import Bar, Bars
from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, unknown
from tradedesk.engine.indicators.parameter import number_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray


class FunctionIndicator(Indicator):
    """What `indicator` makes of a function, with its parameters.

    Attributes
    ----------
    outputs : tuple of str
        As declared; for a function that returns a dict and declares none, its keys, known from
        the first bars that were computed.
    """

    __slots__ = ("_function", "_lookback", "_name", "_outputs", "_parameters")
    name: ClassVar[str] = "function"

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        parameters: Mapping[str, Any],
        outputs: tuple[str, ...] | None,
        lookback: int | None,
    ) -> None:
        self._name = name
        self._function = function
        self._parameters = dict(parameters)
        self._outputs = outputs
        self._lookback = lookback

    @property
    def outputs(self) -> tuple[str, ...]:
        return self._outputs or (self._name,)

    @property
    def warm_up(self) -> int:
        return (self._lookback or 1) - 1

    @property
    def incremental(self) -> bool:
        return self._lookback is not None

    def compute(self, bars: Bars) -> Lines:
        """Call the function and check what it returns.

        It is not called with fewer bars than its `lookback`, or with none.

        Raises
        ------
        InputError
            If the function raises, or returns columns that do not fit the bars.
        """
        rows, warm_up = len(bars), self.warm_up
        if rows <= warm_up:
            return tuple(unknown(rows) for _ in self.outputs)
        lines = self._call(bars)
        for line in lines:
            line[:warm_up] = NAN
        return lines

    def _call(self, bars: Bars) -> Lines:
        try:
            result = self._function(bars, **self._parameters)
        except Exception as error:
            raise InputError(
                f"Indicator {self} failed on {len(bars)} bars: {type(error).__name__}: {error}. "
                f"Correct its function, {self._function.__qualname__}."
            ) from error
        named = result if isinstance(result, dict) else {self.outputs[0]: result}
        if not isinstance(result, dict) and len(self.outputs) > 1:
            raise InputError(
                f"Indicator {self} returned one column for {', '.join(self.outputs)}: "
                f"return a dict with these names."
            )
        outputs = self._agreed(tuple(named), isinstance(result, dict))
        return tuple(self._column(output, named[output], len(bars)) for output in outputs)

    def follow(self, after: Bars | None = None) -> Follower:
        follower = _FunctionFollower(self, self._lookback)
        if after is not None:
            follower.take(after)
        return follower

    def fresh(self) -> Follower:
        return self.follow()

    def __str__(self) -> str:
        written = [f"{key}={_value_text(value)}" for key, value in self._parameters.items()]
        return f"{self._name}({', '.join(written)})"

    def __repr__(self) -> str:
        return f"FunctionIndicator({self})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FunctionIndicator):
            return NotImplemented
        return self._function is other._function and self._parameters == other._parameters

    def __hash__(self) -> int:
        return hash((self._function, tuple(self._parameters.items())))

    def _agreed(self, given: tuple[str, ...], is_dict: bool) -> tuple[str, ...]:
        if self._outputs is None and is_dict:
            if not given or not all(isinstance(key, str) for key in given):
                raise InputError(f"Indicator {self} returned a dict without names of lines.")
            self._outputs = given
        if set(given) != set(self.outputs):
            raise InputError(
                f"Indicator {self} returned {', '.join(map(str, given)) or 'nothing'} where "
                f"{', '.join(self.outputs)} is expected: always return the same names, and give "
                f"them as outputs= if you declare any."
            )
        return self.outputs

    def _column(self, output: str, values: Any, rows: int) -> NDArray[np.float64]:
        try:
            column = np.asarray(values)
        except ValueError:
            column = np.empty(0, object)
        if column.dtype.kind not in "iuf":
            kind = type(values).__name__ if column.dtype == object else str(column.dtype)
            raise InputError(
                f"Line {output} of indicator {self} is {kind}: return an array of numbers, with "
                f"NaN where there is no value."
            )
        if column.shape != (rows,):
            raise InputError(
                f"Line {output} of indicator {self} has the shape {column.shape} for {rows} bars: "
                f"return one value per bar, with NaN where there is none."
            )
        return np.array(column, np.float64)


class _FunctionFollower(Follower):
    """Keeps the bars that the function looks back on and calls it with them."""

    __slots__ = ("_bars", "_lookback", "_of")

    def __init__(self, of: FunctionIndicator, lookback: int | None) -> None:
        self._of = of
        self._lookback = lookback
        self._bars = BarColumns()

    def take(self, bars: Bars) -> None:
        """Take in closed bars without asking for values."""
        held = len(self._bars)
        if self._lookback is not None:
            bars = bars[max(0, len(bars) - self._lookback + 1) :]
        self._bars.write(held, bars)

    def step(self, bar: Bar, keep: bool) -> Values:
        held = len(self._bars)
        self._bars.write(held, Bars.from_rows((bar,)))
        try:
            lines = self._of.compute(self._window(held + 1))
        finally:
            # the forming bar goes again; so does one whose values could not be computed
            self._bars.write(held, Bars.empty())
        if keep:
            self._keep(bar)
        return tuple(float(line[-1]) for line in lines)

    def _window(self, rows: int) -> Bars:
        first = 0 if self._lookback is None else max(0, rows - self._lookback)
        window = self._bars.view(first, rows)
        for column in window.columns():
            column.flags.writeable = False
        return window

    def _keep(self, bar: Bar) -> None:
        held = len(self._bars)
        if self._lookback is not None and held >= 4 * self._lookback + 64:
            kept = Bars.from_rows(list(self._bars.view(held - self._lookback, held)))
            self._bars.write(0, kept)
            held = len(kept)
        self._bars.write(held, Bars.from_rows((bar,)))


def _value_text(value: Any) -> str:
    return number_text(value) if type(value) in (int, float) else str(value)
