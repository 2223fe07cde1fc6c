"""Which fill closed which, against a market of single contracts."""

from __future__ import annotations

from collections import Counter, deque
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.ids import AccountId, ContractId, OrderId, TradeId
from tradedesk.domain.order import Side
from tradedesk.domain.position import Fill
from tradedesk.services.trips import Trip, pair_fifo


def fill(
    number: int, side: Side, size: int, ticks: int, *, closes: bool = False, voided: bool = False
) -> Fill:
    return Fill(
        TradeId(number),
        AccountId(1),
        ContractId("MNQ"),
        OrderId(number),
        number * 1_000,
        side,
        size,
        ticks,
        Decimal(0) if closes else None,
        Decimal(0),
        voided=voided,
    )


ORDERS = st.lists(
    st.tuples(st.sampled_from(Side), st.integers(1, 4), st.integers(95, 105)), max_size=14
)


def told(orders: list[tuple[Side, int, int]]) -> list[Fill]:
    """Fills as a venue tells them: a half that closes anything has a profit."""
    net, made = 0, []
    for number, (side, size, ticks) in enumerate(orders, 1):
        made.append(fill(number, side, size, ticks, closes=net * side.sign < 0))
        net += side.sign * size
    return made


def naive(fills: list[Fill]) -> Counter[tuple[Side, int, int, int, int]]:
    """One contract at a time."""
    open_: deque[tuple[Side, int, int]] = deque()
    pairs: Counter[tuple[Side, int, int, int, int]] = Counter()
    for one in fills:
        for _ in range(one.size):
            if open_ and open_[0][0] is not one.side:
                side, ts_ns, ticks = open_.popleft()
                pairs[side, ts_ns, ticks, one.ts_ns, one.price_ticks] += 1
            else:
                open_.append((one.side, one.ts_ns, one.price_ticks))
    return pairs


@given(ORDERS, st.randoms())
def test_pairs_are_those_of_single_contracts_whatever_the_order_they_come_in(
    orders: list[tuple[Side, int, int]], random: object
) -> None:
    fills = told(orders)
    shuffled = list(fills)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found: Counter[tuple[Side, int, int, int, int]] = Counter()
    for trip in pair_fifo(shuffled):
        found[trip.side, trip.entry_ns, trip.entry_ticks, trip.exit_ns, trip.exit_ticks] += (
            trip.size
        )
    assert found == naive(fills)


@given(ORDERS)
def test_what_is_gained_is_what_went_through_the_cash(orders: list[tuple[Side, int, int]]) -> None:
    """Flatten at 100 in the end: then all that was gained is what was sold less what was bought."""
    net = sum(side.sign * size for side, size, _ in orders)
    if net:
        orders = [*orders, (Side.SELL if net > 0 else Side.BUY, abs(net), 100)]
    cash = -sum(side.sign * size * ticks for side, size, ticks in orders)
    assert sum(trip.gained_ticks * trip.size for trip in pair_fifo(told(orders))) == cash


def test_a_fill_that_turns_the_position_closes_first() -> None:
    fills = [fill(1, Side.BUY, 2, 100), fill(2, Side.SELL, 3, 110, closes=True)]
    fills.append(fill(3, Side.BUY, 1, 104, closes=True))
    assert pair_fifo(fills) == [
        Trip(Side.BUY, 2, 1_000, 100, 2_000, 110),
        Trip(Side.SELL, 1, 2_000, 110, 3_000, 104),
    ]
    assert [trip.gained_ticks for trip in pair_fifo(fills)] == [10, 6]


def test_an_exit_whose_entry_is_not_known_is_no_entry() -> None:
    fills = [fill(1, Side.SELL, 2, 100, closes=True), fill(2, Side.BUY, 1, 90)]
    assert pair_fifo([*fills, fill(3, Side.SELL, 1, 95, closes=True)]) == [
        Trip(Side.BUY, 1, 2_000, 90, 3_000, 95)
    ]


def test_voided_fills_count_for_nothing() -> None:
    fills = told([(Side.BUY, 1, 100), (Side.SELL, 1, 101)])
    assert len(pair_fifo(fills)) == 1
    assert pair_fifo([fills[0], msgspec.structs.replace(fills[1], voided=True)]) == []
