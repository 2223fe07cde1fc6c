"""From measures to points, a grade and a sentence for each criterion. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.practice.drills.measures import MEASURES
from tradedesk.practice.drills.model import SECONDS

if TYPE_CHECKING:
    from tradedesk.practice.drills.model import Criterion, Drill
    from tradedesk.practice.drills.record import Record

GOOD: Final = 80
"""Points from which on a criterion counts as done well."""
GRADES: Final = ((90, "A"), (80, "B"), (70, "C"), (60, "D"), (0, "F"))


class Marked(msgspec.Struct, frozen=True, rename="camel"):
    """One criterion with its points; None if it does not count this time."""

    name: str
    weight: int
    value: float | None
    points: int | None
    text: str


class Score(msgspec.Struct, frozen=True, rename="camel"):
    """Total from 0 to 100, grade, and every criterion in the order of the file."""

    total: int
    grade: str
    criteria: tuple[Marked, ...]


def score(drill: Drill, record: Record) -> Score:
    """Score a record of a run in which trouble began and that has ended."""
    criteria = tuple(mark(one, MEASURES[one.measure](record)) for one in drill.criterion)
    counted = [(one.points, one.weight) for one in criteria if one.points is not None]
    weights = sum(weight for _, weight in counted)
    total = _whole(sum(points * weight for points, weight in counted) / weights) if counted else 0
    return Score(total, grade(total), criteria)


def mark(criterion: Criterion, value: float | None) -> Marked:
    """Give points for a value; None is what never happened."""
    points: int | None
    if value is None:
        points = {"worst": 0, "best": 100, "skip": None}[criterion.never]
    else:
        share = (criterion.worst - value) / (criterion.worst - criterion.best)
        points = _whole(100 * min(max(share, 0.0), 1.0))
    text = criterion.well if points is None or points >= GOOD else criterion.better
    if value is None and text is criterion.better:
        text = criterion.missed or text
    shown = text.replace("{value}", written(criterion.measure, value))
    return Marked(criterion.name, criterion.weight, value, points, shown)


def written(measure: str, value: float | None) -> str:
    """Print a value as a sentence has it."""
    if value is None:
        return "never"
    if measure in SECONDS:
        return f"{value:.1f} s"
    return f"${value:,.2f}" if measure == "worst_loss" else f"{value:g}"


def grade(total: int) -> str:
    """Letter of a total."""
    return next(letter for least, letter in GRADES if total >= least)


def _whole(value: float) -> int:
    """Nearest whole number, halves up."""
    return int(value + 0.5)
