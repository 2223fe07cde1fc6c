"""Newest wins and nothing is undone, in whatever order copies arrive."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.fake_venue import ACCOUNT, MNQ

from tradedesk.domain.ids import OrderId, Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.trading.order_merge import merge

BASE = Order(
    order_id=OrderId(1),
    account_id=ACCOUNT,
    contract_id=MNQ.contract_id,
    side=Side.BUY,
    type=OrderType.LIMIT,
    size=4,
    status=OrderStatus.PENDING,
    limit_ticks=80_000,
    tag=Tag("td1-x"),
    created_ns=10,
    updated_ns=10,
)


def copy(**members: object) -> Order:
    return msgspec.structs.replace(BASE, **members)


@st.composite
def lives(draw: st.DrawFn) -> list[Order]:
    """The copies of one order as a venue makes them, oldest first."""
    copies = [BASE]
    filled = 0
    for _ in range(draw(st.integers(0, 5))):
        filled = draw(st.integers(filled, 3))
        price = draw(st.integers(79_990, 80_010))
        copies.append(
            copy(
                status=OrderStatus.OPEN,
                filled=filled,
                limit_ticks=price,
                updated_ns=copies[-1].updated_ns + 1,
            )
        )
    end = draw(st.sampled_from([None, OrderStatus.FILLED, OrderStatus.CANCELLED]))
    if end is not None:
        last = copies[-1]
        copies.append(
            msgspec.structs.replace(
                last,
                status=end,
                filled=4 if end is OrderStatus.FILLED else last.filled,
                updated_ns=last.updated_ns + 1,
            )
        )
    return copies


@given(lives(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_ends_at_the_last_copy(
    copies: list[Order], dice: random.Random
) -> None:
    arrivals = copies + dice.choices(copies, k=3)
    dice.shuffle(arrivals)
    held: Order | None = None
    for arrival in arrivals:
        held = merge(held, arrival) or held
    assert held == copies[-1]


@given(lives())
def test_the_same_copy_twice_is_no_news(copies: list[Order]) -> None:
    for one in copies:
        assert merge(one, one) is None


def test_no_end_is_undone_by_anything_that_is_no_end() -> None:
    ends = [s for s in OrderStatus if s.is_final]
    others = [s for s in OrderStatus if not s.is_final]
    for end, other in itertools.product(ends, others):
        assert merge(copy(status=end), copy(status=other, updated_ns=99, filled=2)) is None


def test_a_cancelled_order_may_turn_out_filled_but_not_the_reverse() -> None:
    cancelled = copy(status=OrderStatus.CANCELLED, filled=1, updated_ns=20)
    filled = copy(status=OrderStatus.FILLED, filled=4, fill_price=Decimal(20_000), updated_ns=15)
    kept = merge(cancelled, filled)
    assert kept is not None
    assert (kept.status, kept.filled) == (OrderStatus.FILLED, 4)
    assert merge(kept, cancelled) is None


def test_links_that_one_source_leaves_out_are_kept() -> None:
    known = copy(parent_id=OrderId(7), linked_id=OrderId(8))
    kept = merge(known, copy(status=OrderStatus.OPEN, tag=None, updated_ns=11))
    assert kept is not None
    assert (kept.tag, kept.parent_id, kept.linked_id) == ("td1-x", 7, 8)
