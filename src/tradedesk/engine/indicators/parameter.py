"""Parameters of indicators: what they may be, and how they are written in settings."""

from __future__ import annotations

import math
from dataclasses import MISSING, Field, field
from operator import index
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST: Final = 10_000
"""Bars in the longest window: up to here sums of weighted ticks fit into 64 bits."""

_RULE: Final = "rule"


class Whole(NamedTuple):
    """A whole number between two others."""

    low: int
    high: int

    def read(self, what: str, value: Any) -> int:
        """Return `value` as an int, or refuse it."""
        try:
            number = index(value)
        except TypeError:
            number = None
        if number is None or isinstance(value, bool):
            raise InputError(
                f"{what} is {value!r}: give a whole number, {self.low} to {self.high}."
            )
        if not self.low <= number <= self.high:
            raise InputError(f"{what} is {number}: give {self.low} to {self.high}.")
        return number


class Real(NamedTuple):
    """A finite number between two others."""

    low: float
    high: float

    def read(self, what: str, value: Any) -> float:
        """Return `value` as a float, or refuse it."""
        if isinstance(value, bool | str) or not hasattr(value, "__float__"):
            raise InputError(f"{what} is {value!r}: give a number, {self.low:g} to {self.high:g}.")
        number = float(value)
        if not (math.isfinite(number) and self.low <= number <= self.high):
            raise InputError(f"{what} is {number:g}: give {self.low:g} to {self.high:g}.")
        return number


class Choice(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, what: str, value: Any) -> str:
        """Return `value` if it is one of the words, or refuse it."""
        if not isinstance(value, str) or value not in self.words:
            raise InputError(f"{what} is {value!r}: give one of {', '.join(self.words)}.")
        return value


class Part(NamedTuple):
    """An object that the program passes in, such as trading hours; never part of the text."""

    method: str

    def read(self, what: str, value: Any) -> Any:
        """Return `value` if it has the method that is needed, or refuse it."""
        if not callable(getattr(value, self.method, None)):
            raise InputError(f"{what} is {value!r}: give an object with a method {self.method}.")
        return value


Rule = Whole | Real | Choice | Part


def whole(default: int, low: int = 1, high: int = LONGEST) -> Any:
    """Make a dataclass field that holds a whole number, as a rule a count of bars."""
    return field(default=default, metadata={_RULE: Whole(low, high)})


def real(default: float, low: float = 0.001, high: float = 1_000.0) -> Any:
    """Make a dataclass field that holds a number, as a rule a multiplier."""
    return field(default=default, metadata={_RULE: Real(low, high)})


def choice(default: str, words: Iterable[str]) -> Any:
    """Make a dataclass field that holds one of a few words."""
    return field(default=default, metadata={_RULE: Choice(tuple(words))})


def part(method: str) -> dict[str, Rule]:
    """Make the metadata of a dataclass field that holds an object with the named method."""
    return {_RULE: Part(method)}


def checked(name: str, parameter: Field[Any], value: Any) -> Any:
    """Return the value of a parameter in its own type.

    Raises
    ------
    InputError
        Naming indicator, parameter, value and what would be right.
    """
    rule: Rule = parameter.metadata[_RULE]
    return rule.read(f"{parameter.name} of indicator {name}", value)


def is_written(parameter: Field[Any]) -> bool:
    """Tell whether a parameter is part of the text of an indicator."""
    return not isinstance(parameter.metadata[_RULE], Part)


def text_of(name: str, given: Iterable[tuple[Field[Any], Any]]) -> str:
    """Return the text of an indicator: numbers in order, words by name where not the default."""
    written = []
    for parameter, value in given:
        if isinstance(parameter.metadata[_RULE], Whole | Real):
            written.append(number_text(value))
        elif is_written(parameter) and (parameter.default is MISSING or value != parameter.default):
            written.append(f"{parameter.name}={value}")
    return f"{name}({', '.join(written)})"


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
