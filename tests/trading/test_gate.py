"""What the gate refuses, and that it never stands in the way out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.fake_venue import ACCOUNT, LAST, MNQ

from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import RiskRules
from tradedesk.trading.gate import Exposure, is_exit, refuse_entry, refuse_form

LIMITS = RiskRules(max_order_size=5, max_position_size=8)


def order(**members: Any) -> PlaceOrder:
    members = {"side": Side.BUY, "type": OrderType.MARKET, "size": 1, **members}
    return PlaceOrder(
        click_id="1", press_ns=1, account_id=ACCOUNT, contract_id=MNQ.contract_id, **members
    )


def verdict(command: PlaceOrder, exposure: Exposure = Exposure()) -> str:  # noqa: B008 - frozen
    return refuse_entry(command, MNQ, exposure, LIMITS)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"size": 0}, "at least 1"),
        ({"type": OrderType.LIMIT}, "needs a limit price"),
        ({"type": OrderType.STOP}, "needs a stop price"),
        ({"type": OrderType.STOP_LIMIT, "limit_ticks": LAST}, "needs a stop price"),
        ({"type": OrderType.TRAILING_STOP}, "needs a stop price"),
    ],
)
def test_an_order_that_makes_no_sense(members: dict[str, Any], words: str) -> None:
    assert words in refuse_form(order(**members))


def test_an_order_that_makes_sense() -> None:
    assert refuse_form(order(type=OrderType.LIMIT, limit_ticks=LAST)) == ""


@pytest.mark.parametrize(
    ("members", "exposure", "words"),
    [
        ({"size": 6}, Exposure(), "6 contracts are more than the 5"),
        ({"size": 4}, Exposure(net_size=5), "make 9 MNQ Z26"),
        ({"size": 4}, Exposure(net_size=3, buying=2), "2 of it still working or unknown"),
        ({"side": Side.SELL, "size": 4}, Exposure(net_size=-5), "make 9"),
        ({"stop_loss_ticks": 3}, Exposure(), "stop loss must be at least 4 ticks"),
        ({"take_profit_ticks": 3}, Exposure(), "target must be at least 4 ticks"),
        (
            {"type": OrderType.LIMIT, "limit_ticks": 70_000, "reference_ticks": LAST},
            Exposure(),
            "17,500.00 is more than 5 % away from the market at 20,000.00",
        ),
        (
            {"type": OrderType.STOP, "stop_ticks": LAST - 4, "reference_ticks": LAST},
            Exposure(),
            "A buy stop waits above the market",
        ),
        (
            {
                "side": Side.SELL,
                "type": OrderType.STOP,
                "stop_ticks": LAST,
                "reference_ticks": LAST,
            },
            Exposure(),
            "A sell stop waits below the market",
        ),
    ],
)
def test_entries_refused_with_a_sentence(
    members: dict[str, Any], exposure: Exposure, words: str
) -> None:
    assert words in verdict(order(**members), exposure)


@pytest.mark.parametrize(
    ("members", "exposure"),
    [
        ({"size": 5}, Exposure(net_size=3)),
        ({"size": 5}, Exposure(net_size=-8, selling=8)),
        ({"stop_loss_ticks": 4, "take_profit_ticks": 4}, Exposure()),
        ({"type": OrderType.STOP, "stop_ticks": LAST + 1, "reference_ticks": LAST}, Exposure()),
        ({"type": OrderType.STOP, "stop_ticks": LAST - 1}, Exposure()),
        ({"type": OrderType.LIMIT, "limit_ticks": LAST + 40, "reference_ticks": LAST}, Exposure()),
        ({"type": OrderType.LIMIT, "limit_ticks": 40, "reference_ticks": -3}, Exposure()),
    ],
)
def test_entries_let_through(members: dict[str, Any], exposure: Exposure) -> None:
    assert verdict(order(**members), exposure) == ""


def test_a_contract_that_is_over() -> None:
    over = msgspec.structs.replace(MNQ, active=False)
    assert "not active" in refuse_entry(order(), over, Exposure(), LIMITS)


@given(st.integers(-50, 50), st.sampled_from(Side), st.integers(1, 60))
def test_an_exit_is_what_brings_the_position_nearer_to_flat_and_no_further(
    net: int, side: Side, size: int
) -> None:
    after = net + side.sign * size
    shrinks = abs(after) < abs(net) and after * net >= 0
    assert is_exit(order(side=side, size=size), net) is shrinks


def test_an_order_with_a_bracket_is_no_exit() -> None:
    assert not is_exit(order(side=Side.SELL, stop_loss_ticks=10), 5)
