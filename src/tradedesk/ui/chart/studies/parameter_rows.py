"""One input for each parameter of an indicator, with the rule that says what it may be."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine import indicators
from tradedesk.engine.indicators.parameter import Choice, Part, Real, Rule, Whole, number_text

if TYPE_CHECKING:
    from tradedesk.engine.indicators import Indicator
    from tradedesk.ui.chart.time_zone import LocalTime

_FORMAT: Final = "%Y-%m-%d %H:%M"
_NS: Final = 1_000_000_000
_TITLES: Final = {
    "anchor_ns": "From",
    "without_flow": "Bars without order flow",
    "atr_length": "ATR length",
    "most": "Largest step",
    "per": "Added up",
}
_WORD_TITLES: Final = {
    ("without_flow", "nan"): "leave out",
    ("without_flow", "hlc3"): "count at hlc3",
    ("per", "session"): "by session",
    ("per", "all"): "over all bars",
}


class Parameter(NamedTuple):
    """A parameter as a dialog shows it.

    Attributes
    ----------
    name : str
        Of the parameter.
    title : str
        What people call it.
    rule : rule
        What it may be.
    value : object
        What it is now.
    usual : object
        What it is when left out.
    """

    name: str
    title: str
    rule: Rule
    value: Any
    usual: Any

    @property
    def is_moment(self) -> bool:
        """Whether it is a time, as nanoseconds."""
        return self.name.endswith("_ns")

    @property
    def words(self) -> list[tuple[str, str]]:
        """Choices with what people call them; empty for a number."""
        if isinstance(self.rule, Choice):
            return [(w, _WORD_TITLES.get((self.name, w), w)) for w in self.rule.words]
        return []

    @property
    def step(self) -> float:
        """By how much an arrow changes it."""
        if isinstance(self.rule, Whole):
            return 1
        return 0.5 if abs(self.usual) >= 1 else 0.01


def parameters_of(name: str, indicator: Indicator) -> list[Parameter]:
    """All parameters that can be written, in their order."""
    usual = indicators.defaults(name)
    if is_dataclass(indicator):
        found = [(each.name, each.metadata["rule"]) for each in fields(indicator)]
        values = {key: getattr(indicator, key) for key, _ in found}
    else:
        values = _written(str(indicator), usual)
        found = [(key, _rule_like(value)) for key, value in usual.items()]
    return [
        Parameter(key, _title(key), rule, values[key], usual[key])
        for key, rule in found
        if not isinstance(rule, Part)
    ]


def read_value(parameter: Parameter, text: str, zone: LocalTime) -> Any:
    """What was typed, as the parameter takes it.

    Raises
    ------
    InputError
        If it cannot be read, in a sentence.
    """
    typed = text.strip()
    if parameter.words:
        return typed
    if parameter.is_moment:
        return _moment(typed, zone)
    try:
        number = int(typed) if isinstance(parameter.rule, Whole) else float(typed)
    except ValueError:
        rule = parameter.rule
        assert isinstance(rule, Whole | Real)
        kind = "a whole number" if isinstance(rule, Whole) else "a number"
        raise InputError(
            f"{parameter.title} is {typed!r}: give {kind}, {rule.low:g} to {rule.high:g}."
        ) from None
    return parameter.rule.read(parameter.title, number)


def text_of(parameter: Parameter, value: Any, zone: LocalTime) -> str:
    """How a value is shown in its input."""
    if parameter.is_moment:
        return zone.datetime(int(value)).strftime(_FORMAT)
    return number_text(value) if isinstance(parameter.rule, Whole | Real) else str(value)


def added(value: float, step: float) -> float:
    """A step further, without the noise of binary fractions; whole numbers stay whole."""
    found = value + step
    return found if isinstance(found, int) else round(found, 6)


def _moment(typed: str, zone: LocalTime) -> int:
    try:
        wall = datetime.strptime(typed, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise InputError(
            f"{typed!r} is not a time: write it like 2026-01-31 09:30, in the chart's time zone."
        ) from None
    local = np.array([int(wall.timestamp()) * _NS], np.int64)
    return int(zone.to_utc(local)[0])


def _title(name: str) -> str:
    return _TITLES.get(name, name.replace("_", " ").capitalize())


def _rule_like(value: Any) -> Rule:
    """What a user's own parameter may be, by its default."""
    if isinstance(value, bool):
        return Choice(("True", "False"))
    if isinstance(value, int):
        return Whole(-(2**31), 2**31)
    if isinstance(value, float):
        return Real(-1e12, 1e12)
    return Choice((str(value),))


def _written(text: str, usual: dict[str, Any]) -> dict[str, Any]:
    """Values in the text of a user's own indicator, which names all of them."""
    values = dict(usual)
    for piece in text.partition("(")[2].rstrip(")").split(","):
        key, _, value = (part.strip() for part in piece.partition("="))
        if key in values:
            kind = type(usual[key])
            values[key] = value == "True" if kind is bool else kind(value)
    return values
