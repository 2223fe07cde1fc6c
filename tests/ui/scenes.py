"""States of the window worth looking at, each a function that feeds a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tests.ui.fakes.desk import (
    LAST,
    SECOND,
    START_NS,
    account,
    exits,
    fill,
    intent,
    lock,
    order,
    position,
    shield,
)

from tradedesk.domain import events as ev
from tradedesk.domain.order import OrderStatus, Side
from tradedesk.domain.safety import LockKind, ShieldState, TradingRules
from tradedesk.engine import Bars

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.domain.bar_spec import BarSpec

MINUTE = 60 * SECOND


def walk(spec: BarSpec, count: int = 300) -> Bars:
    """A made-up market that ends at the last price."""
    rng = np.random.default_rng(7)
    steps = rng.normal(0, 9, count).cumsum()
    close = (LAST + steps - steps[-1]).astype(np.int64)
    opened = np.r_[close[0], close[:-1]]
    high = np.maximum(opened, close) + rng.integers(0, 9, count)
    low = np.minimum(opened, close) - rng.integers(0, 9, count)
    period = spec.period_ns or MINUTE
    last = (START_NS + 1_000 * SECOND) // period
    volume = rng.integers(200, 2_000, count)
    ts = (last - np.arange(count)[::-1]) * period
    return Bars(ts, opened, high, low, close, volume, volume // 2, volume * close, volume // 3)


def signing_in(desk: FakeDesk) -> None:
    desk.apply(desk.session(phase=ev.Phase.SIGNING_IN, armed=False))


def flat(desk: FakeDesk) -> None:
    desk.ready(armed=False)


def working(desk: FakeDesk) -> None:
    """Long one, covered, an entry on its way, a morning of orders behind it."""
    desk.ready(orders=exits(), positions=(position(1),), shields=(shield(1),))
    for number in range(128):
        spread = (number * number * 7_919 % 97) ** 1.2 / 12
        done = intent(
            number,
            state=ev.IntentState.ACCEPTED,
            limit=None,
            reply_ms=84 + spread,
            fill_ms=88 + spread,
            order_id=500 + number,
        )
        desk.state.apply(ev.IntentChanged(intent=done))
    for number in range(14):
        side = Side.SELL if number % 2 else Side.BUY
        made = fill(number, side, LAST - number, "12.50" if number % 2 else None)
        desk.state.apply(ev.FillReceived(fill=made))
    desk.apply(ev.IntentChanged(intent=intent(900)))
    desk.window.widgets.dock.open_tab("Working")
    desk.window.widgets.toasts.clear()
    desk.frame()


def stale(desk: FakeDesk) -> None:
    working(desk)
    desk.frame(4_200)


def degraded(desk: FakeDesk) -> None:
    working(desk)
    desk.apply(
        desk.session(phase=ev.Phase.DEGRADED, detail="the user hub is silent; orders may be old")
    )


def stopped(desk: FakeDesk) -> None:
    working(desk)
    detail = "The executor ended unexpectedly; restarting it."
    desk.apply(desk.session(phase=ev.Phase.STOPPED, armed=False, detail=detail))


def refused(desk: FakeDesk) -> None:
    detail = (
        "The venue refused 'somebody@example.com': the API key is not valid; make a new one "
        "on the firm's page and enter it. The venue says: Invalid credentials"
    )
    desk.apply(desk.session(phase=ev.Phase.REFUSED, armed=False, live=True, detail=detail))


def rejected(desk: FakeDesk) -> None:
    """Short on real money without a stop, a refusal and a flatten under way."""
    desk.ready(live=True, positions=(position(-3, "21490.50"),))
    refused = intent(
        5,
        state=ev.IntentState.REJECTED,
        reason="Not enough buying power: 2 MNQ needs $4,200.00 and $1,050.00 is free.",
    )
    desk.apply(ev.IntentChanged(intent=refused))
    for text, elapsed in (("Cancelling 3 orders", 1.2), ("Orders gone, closing short 3", 96.0)):
        desk.apply(ev.FlattenProgress(click_id="x", text=text, elapsed_ms=elapsed))
    desk.apply(ev.FillReceived(fill=fill(3, Side.BUY, LAST, "-22.50")))


def long_texts(desk: FakeDesk) -> None:
    """Everything as long as it gets."""
    statuses = (
        OrderStatus.OPEN,
        OrderStatus.SUSPENDED,
        OrderStatus.PENDING_CANCELLATION,
        OrderStatus.PENDING,
    )
    many = tuple(
        order(
            200 + at,
            Side.SELL if at % 2 else Side.BUY,
            limit=LAST + 200 + 40 * at,
            size=12,
            filled=5,
            status=statuses[at % 4],
            tag=None if at == 2 else "td1-x",
        )
        for at in range(12)
    )
    name = "A very long account name of a funded trader 150K-2026-0917-0001"
    desk.ready(
        accounts=(account(name=name),), orders=many, positions=(position(125, "21482.3125"),)
    )
    desk.apply(ev.IntentChanged(intent=intent(6, state=ev.IntentState.UNKNOWN)))
    desk.window.widgets.dock.open_tab("Working")
    ticket = desk.window.widgets.ticket.widgets
    ticket.types.button("limit").click()
    ticket.price.edited.emit("21,470.10")
    ticket.quantity.edited.emit("30")


def bare(desk: FakeDesk) -> None:
    """Short two, half of it without a stop."""
    text = "Short 2 MNQ Z26 has no stop for 1 contract. A stop is placed in 3 s."
    half = shield(-2, ShieldState.BARE, covered=1, text=text)
    stop = order(102, Side.BUY, stop=LAST + 20, tag="td1-x-SL")
    desk.ready(orders=(stop,), positions=(position(-2, "21490.50"),))
    desk.apply(ev.ShieldChanged(shield=half))
    desk.window.widgets.dock.open_tab("Positions")


def unknown(desk: FakeDesk) -> None:
    """One order nobody knows of, one that never arrived, one that only a person can settle."""
    desk.ready(
        orders=(*exits(), order(300, Side.SELL, limit=LAST + 40, tag=None)),
        positions=(position(1),),
        shields=(shield(1),),
    )
    desk.apply(
        ev.IntentChanged(intent=intent(1, state=ev.IntentState.UNKNOWN, asked=3)),
        ev.IntentChanged(
            intent=intent(
                2,
                state=ev.IntentState.ABSENT,
                limit=LAST - 30,
                reason="The venue was asked 9 times over 44 s and does not know it. "
                "It was not placed.",
            )
        ),
        ev.IntentChanged(
            intent=intent(3, state=ev.IntentState.NEEDS_HUMAN, side=Side.SELL, limit=LAST + 28)
        ),
    )
    desk.window.widgets.toasts.clear()
    desk.window.widgets.dock.open_tab("Working")


def killed(desk: FakeDesk) -> None:
    """The kill switch was tripped and has cleaned up."""
    desk.ready(armed=False)
    kill = lock(text="Type RELEASE to end it. Exits still go.")
    desk.apply(ev.LocksChanged(locks=(kill,), rules=TradingRules()))
    flattening(desk, "k")
    desk.apply(ev.CommandDone(click_id="k", text="Flat, twice looked", elapsed_ms=412.0))


def locked(desk: FakeDesk) -> None:
    """The daily loss was reached."""
    desk.ready(armed=False)
    text = "The day's loss reached $500.00; entries are off until the next trading day."
    loss = lock(LockKind.DAILY_LOSS, for_s=8_000, text=text)
    desk.apply(ev.LocksChanged(locks=(loss,), rules=TradingRules()))


def flattening(desk: FakeDesk, click: str = "f") -> None:
    for text, elapsed in (
        ("Entries off", 0.4),
        ("Cancelling 3 orders", 1.2),
        ("Orders gone, closing short 3", 96.0),
        ("1 filled on the way; closing long 1", 188.0),
        ("Flat and empty; looking once more", 301.0),
    ):
        desk.apply(ev.FlattenProgress(click_id=click, text=text, elapsed_ms=elapsed))


def not_flat(desk: FakeDesk) -> None:
    """A flatten that could not be proven."""
    desk.ready(positions=(position(-3, "21490.50"),), shields=(shield(-3, ShieldState.CLOSING),))
    flattening(desk)
    reason = "Not proven flat after 30 s; look at the venue's own page."
    desk.apply(ev.CommandFailed(click_id="f", reason=reason, outcome_unknown=True))


SCENES: dict[str, Callable[[FakeDesk], None]] = {
    "empty": lambda desk: None,
    "signing_in": signing_in,
    "flat": flat,
    "working": working,
    "stale": stale,
    "degraded": degraded,
    "stopped": stopped,
    "refused": refused,
    "rejected": rejected,
    "long_texts": long_texts,
    "bare": bare,
    "unknown": unknown,
    "killed": killed,
    "locked": locked,
    "not_flat": not_flat,
}
