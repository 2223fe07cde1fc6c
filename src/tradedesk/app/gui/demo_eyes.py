"""The demo's eyes: what the desk shows, and whether it showed it in time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.app.gui.demo_report import DemoReport, DemoStep
from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.events import Intent, Phase
from tradedesk.domain.order import Order, OrderStatus, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Set
    from decimal import Decimal

    from tradedesk.app.gui.window_session import WindowSession
    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Position

STEP_DEADLINE_S = 20.0
LONG_STEP_DEADLINE_S = 60.0
LOOK_EVERY_S = 0.02


class StepNotSeenError(Exception):
    """A step did not happen in time; later ones would make no sense."""


class DemoEyes:
    """Looks at an open desk and writes steps and pictures into the report."""

    def __init__(self, desk: WindowSession, report: DemoReport) -> None:
        self._window = desk.window
        self._state = desk.session.state
        self._markets = desk.session.markets
        self._mono_ns = desk.clock.mono_ns
        self._report = report

    async def see(
        self,
        name: str,
        condition: Callable[[], bool],
        *,
        by: Coroutine[None, None, None] | None = None,
        deadline_s: float = STEP_DEADLINE_S,
    ) -> DemoStep:
        """Wait until something is so, and write it down.

        Parameters
        ----------
        by : coroutine, optional
            What shall bring it about, done first and timed with it. If it is so already, the step
            would prove nothing and counts as not seen.

        Raises
        ------
        StepNotSeenError
            If it is not so in time.
        """
        step = DemoStep(name)
        self._report.steps.append(step)
        if by is not None and condition():
            by.close()
            raise StepNotSeenError(f"{name}: it was so before")
        start_ns = self._mono_ns()
        try:
            async with asyncio.timeout(deadline_s):
                if by is not None:
                    await by
                # The condition is about what the desk shows, which no event tells.
                while not condition():  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise StepNotSeenError(f"{name}: not seen within {deadline_s:.0f} s") from None
        finally:
            step.took_ms = round((self._mono_ns() - start_ns) / NS_PER_MS, 1)
        step.seen = True
        return step

    def picture(self, step: DemoStep, name: str) -> None:
        step.picture = f"{name}.png"
        self._window.grab().save(str(self._report.out / step.picture))

    def is_ready(self) -> bool:
        session = self._state.session
        return session is not None and session.phase is Phase.READY

    def day_pnl(self) -> Decimal:
        """What the desk makes of today's fills."""
        return self._state.day_pnl(self._markets.market_ns)

    def may_buy(self) -> bool:
        return not self._window.widgets.ticket.view.buy.refusal

    def instrument(self) -> Instrument | None:
        return self._window.presenter.selection.instrument

    def position(self, instrument: Instrument) -> Position | None:
        return self._state.position(instrument.contract_id)

    def is_covered(self, instrument: Instrument) -> bool:
        position = self.position(instrument)
        return position is not None and self._state.is_covered(position)

    def legs(self, instrument: Instrument) -> dict[Role, Order]:
        working = self._state.working_orders(instrument.contract_id)
        return {
            role: order
            for order in working
            if (role := self._state.role(order)) in {Role.STOP, Role.TARGET}
            and order.status is OrderStatus.OPEN
        }

    def open_entries(self, instrument: Instrument, before: Set[OrderId]) -> list[Order]:
        return [
            order
            for order in self._state.working_orders(instrument.contract_id)
            if order.order_id not in before
            and order.status is OrderStatus.OPEN
            and self._state.role(order) is Role.ENTRY
        ]

    def status(self, order: Order) -> OrderStatus:
        return self._state.orders[order.order_id].status

    def price(self, order: Order) -> int:
        """Where the order rests now; 0 while it has no price."""
        return self._state.orders[order.order_id].price_ticks or 0

    def last_intent(self) -> Intent:
        return max(self._state.intents.values(), key=lambda intent: intent.created_ns)
