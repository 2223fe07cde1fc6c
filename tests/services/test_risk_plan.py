"""Sizes from risk: rounded down, never above the limit, and what moving a box does to it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ui.chart.samples import MNQ

from tradedesk.domain.order import Side
from tradedesk.services.drawings.drawing import Anchor, Drawing, Kind
from tradedesk.services.drawings.risk_plan import (
    SizeRules,
    risk_anchors,
    risk_plan,
    with_risk_anchor,
)


def box(entry: int, stop: int, target: int, cents: int | None = None) -> Drawing:
    anchors = (Anchor(10, entry), Anchor(20, stop), Anchor(20, target))
    return Drawing(id="d1", kind=Kind.RISK, anchors=anchors, risk_cents=cents)


@pytest.mark.parametrize(
    ("stop", "risk", "size"),
    [(980, 250, 10), (900, 250, 5), (899, 250, 4), (500, 250, 1), (499, 250, 0), (999, 1, 2)],
)
def test_contracts_are_what_the_risk_pays_for(stop: int, risk: int, size: int) -> None:
    plan = risk_plan(box(1_000, stop, 1_100), MNQ, SizeRules(Decimal(risk), 10))
    assert (plan.side, plan.size) == (Side.BUY, size)
    assert plan.each == Decimal("0.50") * (1_000 - stop)


def test_too_small_a_risk_says_so() -> None:
    plan = risk_plan(box(1_000, 400, 1_100), MNQ, SizeRules(Decimal(250), 10))
    assert plan.refusal == (
        "Risk $250.00 is less than the $300.00 of one contract: raise it or move the stop nearer."
    )


def test_the_rule_for_one_order_is_the_most_and_a_box_may_have_its_own_risk() -> None:
    plan = risk_plan(box(1_000, 1_010, 900, cents=100_000), MNQ, SizeRules(Decimal(5), 3))
    assert (plan.side, plan.size, plan.at_most) == (Side.SELL, 3, True)
    assert plan.reward_ratio == Decimal("10.0")
    assert plan.risk == Decimal(1_000)


@given(
    st.integers(500, 1_500),
    st.integers(500, 1_500),
    st.integers(1, 10_000_000),
    st.integers(1, 100),
)
def test_the_loss_at_the_stop_never_exceeds_the_risk(
    entry: int, stop: int, cents: int, most: int
) -> None:
    anchors = risk_anchors(Anchor(1, entry), Anchor(2, stop))
    drawing = Drawing(id="d1", kind=Kind.RISK, anchors=anchors, risk_cents=cents)
    plan = risk_plan(drawing, MNQ, SizeRules(Decimal(250), most))
    assert plan.each * plan.size <= Decimal(cents) / 100
    assert plan.size <= most
    one_more = plan.each * (plan.size + 1)
    assert plan.size == most or one_more > Decimal(cents) / 100


MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(900, 1_100)), min_size=1, max_size=12)


@given(MOVES)
def test_a_box_makes_sense_however_its_lines_are_moved(moves: list[tuple[int, int]]) -> None:
    drawing = box(1_000, 990, 1_020)
    for number, ticks in moves:
        drawing = with_risk_anchor(drawing, number, Anchor(30, ticks))
        entry, stop, target = (anchor.ticks for anchor in drawing.anchors)
        assert (stop < entry < target) or (stop > entry > target)
        plan = risk_plan(drawing, MNQ, SizeRules())
        assert plan.stop_distance == abs(entry - stop)
        assert plan.target_distance == abs(target - entry)


def test_a_stop_beyond_the_entry_turns_the_trade_round() -> None:
    turned = with_risk_anchor(box(1_000, 990, 1_020), 1, Anchor(40, 1_005))
    assert [a.ticks for a in turned.anchors] == [1_000, 1_005, 980]
    assert [a.ts_ns for a in turned.anchors] == [10, 40, 40]
