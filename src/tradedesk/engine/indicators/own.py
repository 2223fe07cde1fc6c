"""A user's own indicator: one Python function over bars with a registered name.

::

    @indicator("my_range", lookback=lambda length: length)
    def my_range(bars, length=10):
        window = np.lib.stride_tricks.sliding_window_view(bars.high - bars.low, length)
        return np.concatenate((np.full(length - 1, np.nan), window.mean(axis=1)))

    make("my_range", length=5).compute(bars)
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.indicators.function import FunctionIndicator
from tradedesk.engine.indicators.registry import Recipe, register

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradedesk.engine.indicators.core import Indicator

_KINDS: Final = (bool, int, float, str)


def indicator(
    name: str,
    *,
    outputs: Sequence[str] | None = None,
    lookback: int | Callable[..., int] | None = None,
    replace: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as an indicator.

    Parameters
    ----------
    name : str
        Small letters, digits and underscores; not one that is taken.
    outputs : sequence of str, optional
        Names of the lines, for a function that returns a dict. Left out, they are the dict's
        keys; for a function that returns one array the line is called `name`.
    lookback : int or callable, optional
        How many bars, the newest included, a value is made of; or a function that tells it from
        the parameters, such as ``lambda length: length``. Live updates then look at these bars
        only, the function is never called with fewer, and earlier rows are NaN. Left out, all
        bars are computed again with every update.
    replace : bool, default False
        Take the place of a user's own indicator of this name, as when a notebook runs a cell
        twice.

    Returns
    -------
    callable
        Decorator that returns the function unchanged. The function takes `Bars`, then
        parameters that all have a default (whole number, number, text, True or False), and
        returns one array with a value per bar or a dict of them.

    Raises
    ------
    InputError
        If the name is taken or not a name, or a parameter has no default.
    """

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        defaults = _defaults(name, function)

        def make(**given: Any) -> Indicator:
            parameters = {
                key: _typed(name, key, default, given.get(key, default))
                for key, default in defaults.items()
            }
            back = _looked_back(name, lookback, parameters)
            declared = None if outputs is None else tuple(outputs)
            return FunctionIndicator(name, function, parameters, declared, back)

        register(Recipe(name, make, defaults, tuple(defaults), own=True), replace=replace)
        return function

    return keep


def _defaults(name: str, function: Callable[..., Any]) -> dict[str, Any]:
    _, *parameters = inspect.signature(function).parameters.values() or (None,)
    defaults = {}
    for parameter in parameters:
        if type(parameter.default) not in _KINDS:
            raise InputError(
                f"Parameter {parameter.name} of indicator {name} has no default that is a number, "
                f"a text, True or False: give it one, as in length=20."
            )
        defaults[parameter.name] = parameter.default
    return defaults


def _typed(name: str, key: str, default: Any, value: Any) -> Any:
    """The value in the type of its default; a whole number will do for a number."""
    kind = type(default)
    if kind is float and type(value) is int:
        return float(value)
    if kind is int and isinstance(value, np.integer):
        return int(value)
    if type(value) is not kind:
        raise InputError(
            f"{key} of indicator {name} is {value!r}: give a value of the kind of {default!r}."
        )
    return value


def _looked_back(name: str, lookback: Any, parameters: Mapping[str, Any]) -> int | None:
    if callable(lookback):
        wanted = inspect.signature(lookback).parameters
        lookback = lookback(**{key: parameters[key] for key in wanted if key in parameters})
    if lookback is not None and (type(lookback) is not int or lookback < 1):
        raise InputError(
            f"lookback of indicator {name} is {lookback!r}: give the number of bars that a value "
            f"is made of, 1 or more."
        )
    return lookback
