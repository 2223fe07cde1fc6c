"""Measures and points from records that are written down by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradedesk.practice.drills.measures import MEASURES
from tradedesk.practice.drills.model import Criterion
from tradedesk.practice.drills.record import Call, Record, Stand
from tradedesk.practice.drills.score import grade, mark

S = 1_000_000_000
BUY_1 = (0, 1, 2)
SELL_1 = (1, 1, 2)


def record() -> Record:
    """Long 1 at 1 s, trouble at 10 s, a naked stretch of 3 s and one of 5 s, short 1 at the end."""
    return Record(
        0,
        wanted=1,
        trouble_ns=10 * S,
        end_ns=40 * S,
        stands=[
            Stand(0),
            Stand(1 * S, net=1, naked=1, orders=2),
            Stand(2 * S, net=1, orders=2),
            Stand(12 * S, net=1, naked=1, orders=1),
            Stand(15 * S, net=1, orders=2),
            Stand(20 * S, net=2, naked=1, orders=2),
            Stand(25 * S, net=0, excess=1, orders=1),
            Stand(40 * S, net=-1, naked=0, excess=2, orders=3),
        ],
        calls=[
            Call(1 * S, "place", True, BUY_1, "a"),
            Call(11 * S, "place", True, BUY_1, "a"),
            Call(13 * S, "place", True, BUY_1, "b"),
            Call(14 * S, "place", True, BUY_1, None),
            Call(16 * S, "place", False, SELL_1, None),
            Call(17 * S, "cancel"),
            Call(18 * S, "close"),
        ],
        worst_loss=Decimal("12.50"),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reaction_s", 1.0),
        ("flat_s", 15.0),
        ("safe_s", 0.0),
        ("naked_s", 8.0),
        ("worst_loss", 12.5),
        ("orders", 6),
        ("calls", 6),
        ("duplicates", 2),
        ("added", 1),
        ("over", 1),
        ("reversed", 1),
        ("left", 1),
        ("naked_left", 0),
        ("orders_left", 3),
        ("excess_left", 2),
    ],
)
def test_every_measure(name: str, value: float) -> None:
    assert MEASURES[name](record()) == value


def test_what_never_happened_is_none() -> None:
    stands = [Stand(0), Stand(1 * S, net=1, naked=1)]
    idle = Record(0, trouble_ns=5 * S, end_ns=9 * S, stands=stands)
    assert [MEASURES[name](idle) for name in ("reaction_s", "flat_s", "safe_s")] == [None] * 3
    assert MEASURES["naked_s"](idle) == 4


def test_being_flat_counts_only_once_a_position_was_there() -> None:
    """Trouble begins with the order; 2 s later it fills, 3 s later it is closed."""
    stands = [Stand(0), Stand(7 * S, net=1, naked=1), Stand(10 * S)]
    late = Record(0, trouble_ns=5 * S, end_ns=10 * S, stands=stands)
    assert MEASURES["flat_s"](late) == 5


def criterion(**changes: object) -> Criterion:
    members = {"name": "Test", "measure": "flat_s", "best": 10.0, "worst": 30.0, "weight": 1}
    texts = {"well": "Well: {value}.", "better": "Better: {value}.", "missed": "Missed."}
    return Criterion(**{**members, **texts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "points", "text"),
    [
        (0.0, 100, "Well: 0.0 s."),
        (10.0, 100, "Well: 10.0 s."),
        (14.0, 80, "Well: 14.0 s."),
        (14.1, 80, "Well: 14.1 s."),  # 79.5 is rounded up
        (14.2, 79, "Better: 14.2 s."),
        (25.0, 25, "Better: 25.0 s."),
        (99.0, 0, "Better: 99.0 s."),
        (None, 0, "Missed."),
    ],
)
def test_points_fall_on_a_straight_line(value: float | None, points: int, text: str) -> None:
    marked = mark(criterion(), value)
    assert (marked.points, marked.text) == (points, text)


def test_what_never_happened_is_worth_what_the_drill_says() -> None:
    assert mark(criterion(never="best"), None).points == 100
    assert mark(criterion(never="skip"), None).points is None


def test_grades() -> None:
    assert [grade(total) for total in (100, 90, 89, 80, 70, 60, 59, 0)] == list("AABBCDFF")
