"""The demo's session: a bracketed order to its target, one cancelled on the chart, a flatten."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from tradedesk.app import demo_hands as hands
from tradedesk.app.demo_report import DemoReport, DemoStep
from tradedesk.app.practice_control import PracticeControl
from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.events import Intent, Phase
from tradedesk.domain.order import OrderStatus, Role, Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.app.window_session import WindowSession
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Order
    from tradedesk.domain.position import Position

log = logging.getLogger(__name__)

STEP_DEADLINE_S = 20.0
LONG_STEP_DEADLINE_S = 60.0
LOOK_EVERY_S = 0.02
ENOUGH_BARS = 100
NUDGE_TICKS = 80
"""Twice the way to the target, because the market wanders beside the nudge."""
AWAY_TICKS = 60
DRAG_TICKS = 8
SETTLE_S = 0.3
"""For toasts and tables to be drawn before a picture is taken."""


class StepNotSeenError(Exception):
    """A step did not happen in time; later ones would make no sense."""


class DemoScript:
    """Plays the session on an open window and writes down what was seen.

    Parameters
    ----------
    window : WindowSession
        The open desk, on practice.
    report : DemoReport
        Where steps and pictures go.
    """

    def __init__(self, window: WindowSession, report: DemoReport) -> None:
        self._window = window.window
        self._session = window.session
        self._state = window.session.state
        self._widgets = window.window.widgets
        self._mono_ns = window.clock.mono_ns
        self._report = report

    async def play(self) -> None:
        """Play until the end or the first step that is not seen."""
        try:
            instrument = await self._open()
            await self._bracket(instrument)
            await self._chart_order(instrument)
            await self._flatten(instrument)
            self._report.finished = True
        except StepNotSeenError as missing:
            log.warning("the demo ends here: %s", missing)
            self._picture(self._report.steps[-1], "not-seen")

    # --- acts -----------------------------------------------------------------------------------

    async def _open(self) -> Instrument:
        await self._see("the desk is signed in", self._is_ready)
        await self._see("the contract is known", lambda: self._instrument() is not None)
        instrument = self._instrument()
        assert instrument is not None
        feed = self._session.markets.chart(instrument, self._window.presenter.selection.spec)
        candles = await self._see("candles with history", lambda: len(feed.series) > ENOUGH_BARS)
        version = feed.series.version
        await self._see(
            "history and live trades are joined, candles move",
            lambda: feed.is_exact and feed.series.version > version + 5,
        )
        candles.facts["bars"] = len(feed.series)
        self._picture(candles, "1-candles")
        await hands.click(self._widgets.top.arm)
        await self._see("the desk is armed by a click", lambda: self._state.armed)
        return instrument

    async def _bracket(self, instrument: Instrument) -> None:
        buy = self._widgets.ticket.widgets.buttons[Side.BUY]
        await self._see("the buy button allows an order", self._may_buy)
        await hands.click(buy)
        filled = await self._see(
            "a bracketed buy is clicked and filled", lambda: self._position(instrument) is not None
        )
        covered = await self._see(
            "both exits rest at the venue",
            lambda: (
                set(self._legs(instrument)) == {Role.STOP, Role.TARGET}
                and self._is_covered(instrument)
            ),
        )
        intent = self._last_intent()
        filled.facts.update(_latency(intent))
        legs = self._legs(instrument)
        covered.facts.update(
            {role.value: instrument.tick.text(o.price_ticks or 0) for role, o in legs.items()}
        )
        await asyncio.sleep(SETTLE_S)
        self._picture(covered, "2-position-with-exits")
        await self._drag_stop(instrument, legs[Role.STOP])
        await self._session_control().nudge(instrument.contract_id, NUDGE_TICKS, 4)
        closed = await self._see(
            "the target fills and the position is flat",
            lambda: (
                self._position(instrument) is None
                and self._status(legs[Role.TARGET]) is OrderStatus.FILLED
            ),
            LONG_STEP_DEADLINE_S,
        )
        await self._see(
            "the stop is gone with it",
            lambda: self._status(legs[Role.STOP]) is OrderStatus.CANCELLED,
        )
        await self._check_money()
        self._picture(closed, "3-flat-at-target")

    async def _drag_stop(self, instrument: Instrument, stop: Order) -> None:
        chart = self._widgets.chart
        old = stop.stop_ticks or 0
        await hands.drag(chart.canvas, chart.point_of(old), chart.point_of(old - DRAG_TICKS))
        moved = await self._see(
            "the stop is dragged on the chart and moved at the venue",
            lambda: self._price(stop) != old,
        )
        moved.facts.update(
            {"from": instrument.tick.text(old), "to": instrument.tick.text(self._price(stop))}
        )

    async def _chart_order(self, instrument: Instrument) -> None:
        chart = self._widgets.chart
        book = self._session.markets.books[instrument.contract_id]
        price = (book.last_ticks or 0) + AWAY_TICKS
        before = set(self._state.orders)
        await hands.click_holding(chart.canvas, Qt.Key.Key_S, chart.point_of(price))
        await self._see(
            "a sell limit is placed by a click on the chart",
            lambda: bool(self._open_entries(instrument, before)),
        )
        order = self._open_entries(instrument, before)[0]
        self._widgets.dock.open_tab("Working")
        placed = order.limit_ticks or 0
        await hands.drag(chart.canvas, chart.point_of(placed), chart.point_of(placed + DRAG_TICKS))
        working = await self._see(
            "its line is dragged and the venue has the new price",
            lambda: self._price(order) != placed,
        )
        working.facts.update(
            {"from": instrument.tick.text(placed), "to": instrument.tick.text(self._price(order))}
        )
        await asyncio.sleep(SETTLE_S)
        self._picture(working, "4-working-limit")
        cross = chart.cross_of(f"order:{order.order_id}")
        if cross is not None:
            await hands.click(chart.canvas, cross)
        cancelled = await self._see(
            "the cross on its line cancels it",
            lambda: self._status(order) is OrderStatus.CANCELLED,
        )
        await self._see("nothing is left working", lambda: not self._state.working_orders())
        await asyncio.sleep(SETTLE_S)
        self._picture(cancelled, "5-cancelled")

    async def _flatten(self, instrument: Instrument) -> None:
        ticket = self._widgets.ticket.widgets
        buy = ticket.buttons[Side.BUY]
        await hands.click(buy)
        await self._see("a second position", lambda: self._position(instrument) is not None)
        await hands.click(ticket.types.button("limit"))
        book = self._session.markets.books[instrument.contract_id]
        price = (book.last_ticks or 0) - AWAY_TICKS
        await hands.write(ticket.price.input, instrument.tick.text(price))
        await self._see("the limit order is allowed", self._may_buy)
        before = set(self._state.orders)
        await hands.click(buy)
        await self._see(
            "a limit order beside it", lambda: bool(self._open_entries(instrument, before))
        )
        await asyncio.sleep(SETTLE_S)
        self._picture(self._report.steps[-1], "6-before-flatten")
        await hands.click(self._widgets.top.flatten)
        flat = await self._see(
            "flatten leaves no position and no order",
            lambda: self._position(instrument) is None and not self._state.working_orders(),
        )
        await self._check_money()
        await asyncio.sleep(SETTLE_S)
        self._picture(flat, "7-flat")

    async def _check_money(self) -> None:
        told = await self._session_control().net_of_trades()
        money = await self._see(
            "day P&L equals the venue's trades to the cent", lambda: self._state.day_pnl() == told
        )
        money.facts["day_pnl"] = str(told)

    # --- looking --------------------------------------------------------------------------------

    async def _see(
        self, name: str, condition: Callable[[], bool], deadline_s: float = STEP_DEADLINE_S
    ) -> DemoStep:
        step = DemoStep(name)
        self._report.steps.append(step)
        start_ns = self._mono_ns()
        try:
            async with asyncio.timeout(deadline_s):
                # The condition is about what the desk shows, which no event tells.
                while not condition():  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise StepNotSeenError(f"{name}: not seen within {deadline_s:.0f} s") from None
        finally:
            step.took_ms = round((self._mono_ns() - start_ns) / NS_PER_MS, 1)
        step.seen = True
        return step

    def _picture(self, step: DemoStep, name: str) -> None:
        step.picture = f"{name}.png"
        self._window.grab().save(str(self._report.out / step.picture))

    def _is_ready(self) -> bool:
        session = self._state.session
        return session is not None and session.phase is Phase.READY

    def _may_buy(self) -> bool:
        return not self._widgets.ticket.view.buy.refusal

    def _instrument(self) -> Instrument | None:
        return self._window.presenter.selection.instrument

    def _position(self, instrument: Instrument) -> Position | None:
        return self._state.position(instrument.contract_id)

    def _is_covered(self, instrument: Instrument) -> bool:
        position = self._position(instrument)
        return position is not None and self._state.is_covered(position)

    def _legs(self, instrument: Instrument) -> dict[Role, Order]:
        working = self._state.working_orders(instrument.contract_id)
        return {
            role: order
            for order in working
            if (role := self._state.role(order)) in {Role.STOP, Role.TARGET}
            and order.status is OrderStatus.OPEN
        }

    def _open_entries(self, instrument: Instrument, before: set[Any]) -> list[Order]:
        return [
            order
            for order in self._state.working_orders(instrument.contract_id)
            if order.order_id not in before
            and order.status is OrderStatus.OPEN
            and self._state.role(order) is Role.ENTRY
        ]

    def _status(self, order: Order) -> OrderStatus:
        return self._state.orders[order.order_id].status

    def _price(self, order: Order) -> int:
        """Where the order rests now; 0 while it has no price."""
        return self._state.orders[order.order_id].price_ticks or 0

    def _last_intent(self) -> Intent:
        return max(self._state.intents.values(), key=lambda intent: intent.created_ns)

    def _session_control(self) -> PracticeControl:
        return PracticeControl(self._session)


def _latency(intent: Intent) -> dict[str, float]:
    """Milliseconds from the press to each step that has its stamp."""
    stamps = intent.stamps
    steps = ("received", "journaled", "written", "reply", "hub_echo", "fill")
    return {
        f"{step}_ms": round((at - stamps.press) / NS_PER_MS, 3)
        for step in steps
        if (at := getattr(stamps, step)) is not None
    }
