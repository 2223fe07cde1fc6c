"""What the ticket makes of what is typed into it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ui.fakes.desk import LAST, instrument

from tradedesk.domain.order import OrderType, Side
from tradedesk.services.order_plan import consequence
from tradedesk.ui.ticket.draft import TicketContext, outcome
from tradedesk.ui.ticket.view_model import TicketInput, evaluate

CONTEXT = TicketContext(
    instrument=instrument(), last_ticks=LAST, bid_ticks=LAST - 1, ask_ticks=LAST, block=""
)
LIMIT = TicketInput(type=OrderType.LIMIT, price="21,470.00")


def test_a_market_order_with_its_bracket() -> None:
    view = evaluate(TicketInput(quantity="2"), CONTEXT)
    draft = view.buy.draft
    assert draft is not None
    assert (draft.side, draft.type, draft.size) == (Side.BUY, OrderType.MARKET, 2)
    assert (draft.stop_loss_ticks, draft.take_profit_ticks) == (20, 40)
    assert draft.reference_ticks == LAST
    assert draft.price_ticks is None
    assert (view.stop_money, view.target_money) == ("−$20.00", "+$40.00")
    assert view.risk == "Risk $20.00 · 2.0 R"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        ("abc", "“abc” is not a quantity"),
        ("1.5", "“1.5” is not a quantity"),
        ("²", "“²” is not a quantity"),
        ("0", "0 is no quantity: type 1 or more"),
        ("-3", "-3 is no quantity"),
        ("51", "51 is above your limit of 50 per order: type 50 or less"),
        ("9999999999", "above your limit"),
    ],
)
def test_a_bad_quantity_is_named_and_nothing_can_be_sent(text: str, part: str) -> None:
    view = evaluate(TicketInput(quantity=text), CONTEXT)
    assert part in view.reading.quantity_error
    assert view.hint == view.reading.quantity_error
    for side in (view.buy, view.sell):
        assert side.draft is None
        assert side.refusal == view.reading.quantity_error


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("21,470.10", "21470.10 is off the tick grid of 0.25: use 21470.00 or 21470.25"),
        ("abc", "“abc” is not a price"),
        ("", "The price is empty"),
        ("0", "0 is no price"),
        ("-5", "-5 is no price"),
        ("NaN", "is not a price"),
        ("1e99", "too large"),
    ],
)
def test_a_bad_price_is_named_and_nothing_can_be_sent(text: str, part: str) -> None:
    view = evaluate(replace(LIMIT, price=text), CONTEXT)
    assert part in view.reading.price_error
    assert view.buy.draft is None
    assert view.sell.draft is None


@pytest.mark.parametrize(
    ("stop", "part"),
    [
        ("3", "Stop 3 t is too close: type 4 or more."),
        ("x", "Stop “x”: type whole ticks"),
        ("-8", "Stop “-8”: type whole ticks"),
        ("99999", "too far"),
    ],
)
def test_a_bad_bracket_is_named_and_nothing_can_be_sent(stop: str, part: str) -> None:
    view = evaluate(TicketInput(stop=stop), CONTEXT)
    assert part in view.reading.stop_error
    assert view.buy.draft is None


def test_a_bracket_that_is_off_is_not_read() -> None:
    view = evaluate(TicketInput(bracket_on=False, stop="x", target="3"), CONTEXT)
    assert view.buy.draft is not None
    assert view.buy.draft.stop_loss_ticks is None
    assert view.buy.draft.take_profit_ticks is None
    assert "not limited" in view.risk


def test_a_leg_of_zero_is_left_out() -> None:
    draft = evaluate(TicketInput(stop="20", target="0"), CONTEXT).buy.draft
    assert draft is not None
    assert (draft.stop_loss_ticks, draft.take_profit_ticks) == (20, None)


@pytest.mark.parametrize(
    ("side", "above", "teaches"),
    [
        (Side.BUY, False, "A buy stop sits above the market (21,485.75); below it use a limit."),
        (Side.SELL, True, "A sell stop sits below the market (21,485.75); above it use a limit."),
    ],
)
def test_a_stop_on_the_wrong_side_teaches(side: Side, above: bool, teaches: str) -> None:
    price = LAST + (10 if above else -10)
    refused = outcome(CONTEXT, side, OrderType.STOP, 1, price, None)
    assert refused.refusal == teaches
    assert refused.draft is None
    allowed = outcome(CONTEXT, side.other, OrderType.STOP, 1, price, None)
    assert allowed.draft is not None
    assert allowed.draft.stop_ticks == price
    at_market = outcome(CONTEXT, side, OrderType.STOP, 1, LAST, None)
    assert at_market.draft is None


@pytest.mark.parametrize(
    ("net", "side", "size", "text"),
    [
        (0, Side.BUY, 2, "opens long 2"),
        (0, Side.SELL, 1, "opens short 1"),
        (1, Side.BUY, 2, "adds to long 1 → 3"),
        (-1, Side.SELL, 2, "adds to short 1 → 3"),
        (3, Side.SELL, 1, "reduces long 3 → 2"),
        (1, Side.SELL, 1, "closes long 1"),
        (1, Side.SELL, 2, "turns long 1 → short 1"),
        (-2, Side.BUY, 5, "turns short 2 → long 3"),
    ],
)
def test_the_consequence(net: int, side: Side, size: int, text: str) -> None:
    assert consequence(net, side, size) == text


def test_an_order_that_only_closes_carries_no_bracket() -> None:
    """Its legs would outlive the position and open another one."""
    draft = evaluate(TicketInput(quantity="2"), replace(CONTEXT, net_size=3)).sell.draft
    assert draft is not None
    assert draft.stop_loss_ticks is None
    assert draft.take_profit_ticks is None


def test_an_order_that_turns_the_position_with_a_bracket_is_refused() -> None:
    """The bracket would be larger than what is left."""
    context = replace(CONTEXT, net_size=1)
    view = evaluate(TicketInput(quantity="2"), context)
    assert view.sell.draft is None
    assert "close long 1 first" in view.sell.refusal
    without = evaluate(TicketInput(quantity="2", bracket_on=False), context)
    assert without.sell.draft is not None


def test_a_block_wins_over_everything_and_is_the_reason() -> None:
    context = replace(CONTEXT, block="market data is stale 3.2 s")
    view = evaluate(replace(LIMIT, quantity="0"), context)
    assert view.buy.draft is None
    assert view.buy.detail == "market data is stale 3.2 s"
    assert evaluate(TicketInput(), context).sell.refusal == "Market data is stale 3.2 s."
    waiting = replace(CONTEXT, block="signing in…")
    assert evaluate(TicketInput(), waiting).sell.refusal == "Signing in…"


def test_the_hint_says_what_rests_and_what_fills_at_once() -> None:
    assert evaluate(LIMIT, CONTEXT).hint == (
        "63 t below the market: a sell fills at once, a buy rests."
    )
    assert evaluate(TicketInput(), CONTEXT).hint == ("Bid 21,485.50 · Ask 21,485.75 · 1 t = $0.50")


anything = st.one_of(st.text(max_size=12), st.integers(-(10**12), 10**12).map(str))


@given(
    type=st.sampled_from([OrderType.MARKET, OrderType.LIMIT, OrderType.STOP]),
    quantity=anything,
    price=anything,
    stop=anything,
    target=anything,
    bracket_on=st.booleans(),
    net=st.integers(-60, 60),
)
def test_whatever_is_typed_a_draft_is_always_a_sound_order(
    type: OrderType,
    quantity: str,
    price: str,
    stop: str,
    target: str,
    bracket_on: bool,
    net: int,
) -> None:
    entered = TicketInput(type, quantity, price, bracket_on, stop, target)
    view = evaluate(entered, replace(CONTEXT, net_size=net))
    for side in (view.buy, view.sell):
        draft = side.draft
        assert bool(side.refusal) == (draft is None)
        if draft is None:
            continue
        assert 1 <= draft.size <= CONTEXT.max_size
        assert (draft.limit_ticks is not None) == (type is OrderType.LIMIT)
        assert (draft.stop_ticks is not None) == (type is OrderType.STOP)
        for leg in (draft.stop_loss_ticks, draft.take_profit_ticks):
            assert leg is None or leg >= 4
        if draft.stop_ticks is not None:
            assert (draft.stop_ticks - LAST) * draft.side.sign > 0
