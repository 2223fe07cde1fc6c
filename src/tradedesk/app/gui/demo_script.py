"""The demo's session: a bracketed order to its target, one cancelled on the chart, a flatten."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tradedesk.app.gui import demo_hands as hands
from tradedesk.app.gui.demo_eyes import LONG_STEP_DEADLINE_S, DemoEyes, StepNotSeenError
from tradedesk.app.gui.practice_control import PracticeControl
from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.order import OrderStatus, Role, Side

if TYPE_CHECKING:
    from tradedesk.app.gui.demo_report import DemoReport
    from tradedesk.app.gui.window_session import WindowSession
    from tradedesk.domain.events import Intent
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Order

log = logging.getLogger(__name__)

ENOUGH_BARS = 100
NUDGE_S = 4.0
NUDGE_TICKS = 80
"""Twice the way to the target, because the market wanders beside the nudge."""
AWAY_TICKS = 60
DRAG_TICKS = 8
SETTLE_S = 0.3
"""For toasts and tables to be drawn before a picture is taken."""


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
        self._session = window.session
        self._state = window.session.state
        self._widgets = window.window.widgets
        self._spec = window.window.presenter.selection.spec
        self._control = PracticeControl(window.session)
        self._eyes = DemoEyes(window, report)
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
            self._eyes.picture(self._report.steps[-1], "not-seen")

    # --- acts -----------------------------------------------------------------------------------

    async def _open(self) -> Instrument:
        await self._eyes.see("the desk is signed in", self._eyes.is_ready)
        await self._eyes.see("the contract is known", lambda: self._eyes.instrument() is not None)
        instrument = self._eyes.instrument()
        assert instrument is not None
        feed = self._session.markets.chart(instrument, self._spec)
        candles = await self._eyes.see(
            "candles with history", lambda: len(feed.series) > ENOUGH_BARS
        )
        version = feed.series.version
        await self._eyes.see(
            "history and live trades are joined, candles move",
            lambda: feed.is_exact and feed.series.version > version + 5,
        )
        candles.facts["bars"] = len(feed.series)
        self._eyes.picture(candles, "1-candles")
        await self._eyes.see(
            "the desk is armed by a click",
            lambda: self._state.armed,
            by=hands.click(self._widgets.top.arm),
        )
        return instrument

    async def _bracket(self, instrument: Instrument) -> None:
        buy = self._widgets.ticket.widgets.buttons[Side.BUY]
        await self._eyes.see("the buy button allows an order", self._eyes.may_buy)
        filled = await self._eyes.see(
            "a bracketed buy is clicked and filled",
            lambda: self._eyes.position(instrument) is not None,
            by=hands.click(buy),
        )
        covered = await self._eyes.see(
            "both exits rest at the venue",
            lambda: (
                set(self._eyes.legs(instrument)) == {Role.STOP, Role.TARGET}
                and self._eyes.is_covered(instrument)
            ),
        )
        intent = self._eyes.last_intent()
        filled.facts.update(_latency(intent))
        legs = self._eyes.legs(instrument)
        covered.facts.update(
            {role.value: instrument.tick.text(o.price_ticks or 0) for role, o in legs.items()}
        )
        await asyncio.sleep(SETTLE_S)
        self._eyes.picture(covered, "2-position-with-exits")
        await self._drag_stop(instrument, legs[Role.STOP])
        closed = await self._eyes.see(
            "the target fills and the position is flat",
            lambda: (
                self._eyes.position(instrument) is None
                and self._eyes.status(legs[Role.TARGET]) is OrderStatus.FILLED
            ),
            by=self._control.nudge(instrument.contract_id, NUDGE_TICKS, NUDGE_S),
            deadline_s=LONG_STEP_DEADLINE_S,
        )
        await self._eyes.see(
            "the stop is gone with it",
            lambda: self._eyes.status(legs[Role.STOP]) is OrderStatus.CANCELLED,
        )
        await self._check_money()
        self._eyes.picture(closed, "3-flat-at-target")

    async def _drag_stop(self, instrument: Instrument, stop: Order) -> None:
        chart = self._widgets.chart
        old = stop.stop_ticks or 0
        moved = await self._eyes.see(
            "the stop is dragged on the chart and moved at the venue",
            lambda: self._eyes.price(stop) != old,
            by=hands.drag(chart.canvas, chart.point_of(old), chart.point_of(old - DRAG_TICKS)),
        )
        moved.facts.update(
            {"from": instrument.tick.text(old), "to": instrument.tick.text(self._eyes.price(stop))}
        )

    async def _chart_order(self, instrument: Instrument) -> None:
        chart = self._widgets.chart
        book = self._session.markets.books[instrument.contract_id]
        price = (book.last_ticks or 0) + AWAY_TICKS
        before = set(self._state.orders)
        await self._eyes.see(
            "a sell limit is placed by a click on the chart",
            lambda: bool(self._eyes.open_entries(instrument, before)),
            by=hands.click_holding(chart.canvas, Qt.Key.Key_S, chart.point_of(price)),
        )
        order = self._eyes.open_entries(instrument, before)[0]
        self._widgets.dock.open_tab("Working")
        placed = order.limit_ticks or 0
        working = await self._eyes.see(
            "its line is dragged and the venue has the new price",
            lambda: self._eyes.price(order) != placed,
            by=hands.drag(
                chart.canvas, chart.point_of(placed), chart.point_of(placed + DRAG_TICKS)
            ),
        )
        working.facts.update(
            {
                "from": instrument.tick.text(placed),
                "to": instrument.tick.text(self._eyes.price(order)),
            }
        )
        await asyncio.sleep(SETTLE_S)
        self._eyes.picture(working, "4-working-limit")
        cross = chart.cross_of(f"order:{order.order_id}")
        if cross is None:
            raise StepNotSeenError("the line has no cross to cancel it")
        cancelled = await self._eyes.see(
            "the cross on its line cancels it",
            lambda: self._eyes.status(order) is OrderStatus.CANCELLED,
            by=hands.click(chart.canvas, cross),
        )
        await self._eyes.see("nothing is left working", lambda: not self._state.working_orders())
        await asyncio.sleep(SETTLE_S)
        self._eyes.picture(cancelled, "5-cancelled")

    async def _flatten(self, instrument: Instrument) -> None:
        ticket = self._widgets.ticket.widgets
        buy = ticket.buttons[Side.BUY]
        await self._eyes.see(
            "a second position",
            lambda: self._eyes.position(instrument) is not None,
            by=hands.click(buy),
        )
        await hands.click(ticket.types.button("limit"))
        book = self._session.markets.books[instrument.contract_id]
        price = (book.last_ticks or 0) - AWAY_TICKS
        await hands.write(ticket.price.input, instrument.tick.text(price))
        await self._eyes.see("the limit order is allowed", self._eyes.may_buy)
        before = set(self._state.orders)
        await self._eyes.see(
            "a limit order beside it",
            lambda: bool(self._eyes.open_entries(instrument, before)),
            by=hands.click(buy),
        )
        await asyncio.sleep(SETTLE_S)
        self._eyes.picture(self._report.steps[-1], "6-before-flatten")
        flat = await self._eyes.see(
            "flatten leaves no position and no order",
            lambda: self._eyes.position(instrument) is None and not self._state.working_orders(),
            by=hands.click(self._widgets.top.flatten),
        )
        await self._check_money()
        await asyncio.sleep(SETTLE_S)
        self._eyes.picture(flat, "7-flat")

    async def _check_money(self) -> None:
        told = await self._control.net_of_trades()
        money = await self._eyes.see(
            "day P&L equals the venue's trades to the cent", lambda: self._eyes.day_pnl() == told
        )
        money.facts["day_pnl"] = str(told)


def _latency(intent: Intent) -> dict[str, float]:
    """Milliseconds from the deciding moment to each step that has its stamp."""
    stamps = intent.stamps
    steps = ("received", "journaled", "written", "reply", "hub_echo", "fill")
    return {
        f"{step}_ms": round((at - stamps.start) / NS_PER_MS, 3)
        for step in steps
        if (at := getattr(stamps, step)) is not None
    }
