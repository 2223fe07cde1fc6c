"""Indicators by name, and as text in settings: ``ema(21)``, ``macd(12, 26, 9)``."""

from __future__ import annotations

import difflib
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tradedesk.domain.errors import InputError
from tradedesk.engine.indicators.averages import Ema, Hma, Sma, Wma
from tradedesk.engine.indicators.channels import Donchian, Keltner
from tradedesk.engine.indicators.deviation import Bollinger, StdDev
from tradedesk.engine.indicators.directional import Adx
from tradedesk.engine.indicators.ichimoku import Ichimoku
from tradedesk.engine.indicators.opening_range import OpeningRange
from tradedesk.engine.indicators.order_flow import CumulativeDelta, Delta
from tradedesk.engine.indicators.oscillators import Cci, Macd, Roc, Rsi
from tradedesk.engine.indicators.parabolic import ParabolicSar
from tradedesk.engine.indicators.parameter import is_written
from tradedesk.engine.indicators.pivots import Pivots
from tradedesk.engine.indicators.ranges import Atr
from tradedesk.engine.indicators.regression import LinearRegression
from tradedesk.engine.indicators.stochastic import FastStochastic, Stochastic
from tradedesk.engine.indicators.supertrend import Supertrend
from tradedesk.engine.indicators.volume import Mfi, Obv
from tradedesk.engine.indicators.vwap import AnchoredVwap, Vwap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradedesk.engine.indicators.core import Indicator

_FAMILIES: Final = (
    *(Sma, Ema, Wma, Hma, Rsi, Roc, Macd, Cci, Stochastic, FastStochastic, Atr, StdDev),
    *(Bollinger, Keltner, Donchian, LinearRegression, Adx, Obv, Mfi, Vwap, AnchoredVwap),
    *(Delta, CumulativeDelta, Supertrend, ParabolicSar, Ichimoku, Pivots, OpeningRange),
)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_TEXT: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*(?:\((.*)\))?\s*", re.DOTALL)
_ARGUMENT: Final = re.compile(r"\s*(?:([a-z][a-z0-9_]*)\s*=)?\s*([^\s=,()]+)\s*")


class Recipe(NamedTuple):
    """How to make an indicator.

    Attributes
    ----------
    name : str
        What it is registered under.
    make : callable
        Takes parameters by name.
    defaults : mapping
        All parameters with the values they have when left out.
    written : tuple of str
        Those that text can hold, in their order.
    own : bool
        Whether it is a user's.
    """

    name: str
    make: Callable[..., Indicator]
    defaults: Mapping[str, Any]
    written: tuple[str, ...]
    own: bool = False


def _recipe(family: type[Indicator]) -> Recipe:
    given = fields(family)  # type: ignore[arg-type]
    defaults = {each.name: each.default for each in given}
    written = tuple(each.name for each in given if is_written(each))
    return Recipe(family.name, family, defaults, written)


_recipes: Final[dict[str, Recipe]] = {family.name: _recipe(family) for family in _FAMILIES}


def register(recipe: Recipe, *, replace: bool = False) -> None:
    """Add a recipe.

    Raises
    ------
    InputError
        If the name is taken or is not a name. Nothing changes.
    """
    name = recipe.name
    if not _NAME.fullmatch(str(name)):
        raise InputError(
            f"{name!r} cannot name an indicator: use small letters, digits and underscores."
        )
    taken = _recipes.get(name)
    if taken is not None and not (replace and taken.own):
        fix = "choose another one, or pass replace=True" if taken.own else "choose another one"
        raise InputError(f"An indicator is named {name} already: {fix}.")
    _recipes[name] = recipe


def unregister(name: str) -> None:
    """Forget a user's own indicator.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    if name not in _recipes or not _recipes[name].own:
        raise InputError(f"No indicator of your own is named {name!r}.")
    del _recipes[name]


def names() -> tuple[str, ...]:
    """Return the names of all indicators, in the order of the alphabet."""
    return tuple(sorted(_recipes))


def defaults(name: str) -> dict[str, Any]:
    """Return the parameters of an indicator with the values they have when left out.

    Raises
    ------
    InputError
        If there is no such indicator.
    """
    return dict(_known(name).defaults)


def make(name: str, /, *values: Any, **given: Any) -> Indicator:
    """Make an indicator by name.

    Parameters
    ----------
    name : str
        One of `names`.
    *values
        Parameters in their order.
    **given
        Parameters by name; what is left out has its default.

    Raises
    ------
    InputError
        If there is no such indicator or parameter, or a value is not allowed.

    Examples
    --------
    >>> str(make("ema", length=21))
    'ema(21)'
    """
    recipe = _known(name)
    order = list(recipe.defaults)
    if len(values) > len(order):
        raise InputError(f"{len(values)} values for indicator {name}: it takes {_taken(recipe)}.")
    parameters = dict(zip(order, values, strict=False))
    for key, value in given.items():
        if key not in recipe.defaults:
            raise InputError(f"Indicator {name} has no parameter {key}: it takes {_taken(recipe)}.")
        if key in parameters:
            raise InputError(f"{key} of indicator {name} is given twice: give it once.")
        parameters[key] = value
    return recipe.make(**parameters)


def parse(text: str, **parts: Any) -> Indicator:
    """Read an indicator from text; ``parse(str(indicator)) == indicator``.

    Parameters
    ----------
    text : str
        Name and parameters, in their order or by name: ``"ema(21)"``, ``"ema(21, source=hl2)"``,
        ``"obv"``.
    **parts
        What text cannot hold, such as ``sessions``; ignored by an indicator without such a
        parameter, so that a whole list of texts can be read with the same trading hours.

    Raises
    ------
    InputError
        If the text cannot be read, or names what does not exist or is not allowed.
    """
    match = _TEXT.fullmatch(str(text))
    if match is None:
        raise InputError(f"{text!r} is not an indicator: write it like 'ema(21)'.")
    name, inside = match[1].lower(), (match[2] or "").strip()
    recipe = _known(name)
    values: list[Any] = []
    given: dict[str, Any] = {}
    for piece in inside.split(",") if inside else ():
        argument = _ARGUMENT.fullmatch(piece)
        if argument is None or (given and argument[1] is None):
            raise InputError(f"{text!r} cannot be read at {piece.strip()!r}: write 'ema(21)'.")
        key = argument[1] or (
            recipe.written[len(values)] if len(values) < len(recipe.written) else ""
        )
        value = _value(argument[2], recipe.defaults.get(key))
        if argument[1] is None:
            values.append(value)
        elif key in given:
            raise InputError(f"{key} of indicator {name} is given twice: give it once.")
        else:
            given[key] = value
    if len(values) > len(recipe.written):
        raise InputError(f"{len(values)} values for indicator {name}: it takes {_taken(recipe)}.")
    known = {key: part for key, part in parts.items() if key in recipe.defaults}
    return make(name, *values, **given, **known)


def _value(text: str, default: Any) -> Any:
    """A word stays one where one is expected; anything else is a number if it looks like one."""
    if isinstance(default, str):
        return text
    if text in ("True", "False"):
        return text == "True"
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _known(name: str) -> Recipe:
    recipe = _recipes.get(name)
    if recipe is None:
        near = difflib.get_close_matches(str(name), _recipes, n=3, cutoff=0.5) or names()
        raise InputError(f"There is no indicator {name!r}: use {', '.join(near)}.")
    return recipe


def _taken(recipe: Recipe) -> str:
    return ", ".join(recipe.defaults) or "no parameters"
