"""What others do: send an order again when the answer was bad, and believe the last answer."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from reliability.network_model import Line
from tradedesk.domain import commands as cmd
from tradedesk.domain.errors import GatewayError, NotSentError, OutcomeUnknownError
from tradedesk.domain.events import Intent, IntentChanged, IntentState
from tradedesk.domain.ids import Tag
from tradedesk.domain.stamps import Stamps

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Coroutine, Sequence

    from reliability.faults import Network
    from reliability.trader import Intention, Trader
    from reliability.venue_model import Venue
    from tradedesk.domain.order import Order

PAUSES_S = (0.75, 1.5, 3.0)
DOWN_S = (1.0, 8.0)
POLICIES = {
    "retry-on-500": "POST again on HTTP 500, three times",
    "decorator": "POST again on HTTP 500, timeout and disconnect, three times",
}


class Baseline:
    """A desk that repeats requests; satisfies ``Desk``.

    It keeps what it was told over a crash, and knows nothing of what it was not told. It has no
    watch over stops.
    """

    def __init__(self, network: Network, trader: Trader, dice: random.Random, policy: str) -> None:
        self.kills = 0
        self.mortal = True
        self._network = network
        self._venue = network.venue
        self._loop = network.loop
        self._trader = trader
        self._dice = dice
        self._on_any = policy == "decorator"
        self._accepted: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._line = Line(network, lambda tag: None)
        trader.desk = self

    @property
    def open_for_orders(self) -> bool:
        return True

    def working(self) -> Sequence[Order]:
        return self._venue.working()

    def believes(self, intention: Intention) -> bool | None:
        """Whether an order is there, as far as this desk was told."""
        return intention.number in self._accepted

    def differences(self, venue: Venue) -> list[str]:
        """It keeps no books."""
        return []

    def undecided(self) -> list[str]:
        """It believes every answer."""
        return []

    def kill(self) -> None:
        """It dies and forgets what was on its way."""
        if not self.mortal or self._trader.desk is None:
            return
        self.kills += 1
        self._trader.desk = None
        self.end()
        self._loop.call_later(self._dice.uniform(*DOWN_S), self._restart)

    def end(self) -> None:
        self._line.dead = True
        for task in list(self._tasks):
            task.cancel()

    def _restart(self) -> None:
        self._line = Line(self._network, lambda tag: None)
        self._trader.unanswered.clear()
        self._trader.desk = self

    # --- commands ---------------------------------------------------------------------------

    def handle(self, command: cmd.AnyCommand) -> None:
        if isinstance(command, cmd.PlaceOrder):
            self._start(self._place(command))
        elif isinstance(command, cmd.CancelOrder):
            self._repeat(lambda: self._venue.cancel(command.order_id))
        elif isinstance(command, cmd.ModifyOrder):
            self._repeat(
                lambda: self._venue.modify(
                    command.order_id, command.size, command.limit_ticks, command.stop_ticks
                )
            )
        elif isinstance(command, cmd.ClosePosition):
            number = self._trader.by_click[command.click_id].number
            self._start(self._close(command, number))
        elif isinstance(command, cmd.Flatten | cmd.CancelAll):
            self._end_all(command)

    def _end_all(self, command: cmd.Flatten | cmd.CancelAll) -> None:
        for order in self._venue.working():
            if command.contract_id in {None, order.contract_id} and order.parent_id is None:
                self._repeat(partial(self._venue.cancel, order.order_id))
        if isinstance(command, cmd.Flatten):
            for contract in self._venue.markets:
                if command.contract_id in {None, contract}:
                    self._repeat(partial(self._venue.close, contract, None, None))

    def _repeat(self, carry_out: Callable[[], object]) -> None:
        async def work() -> None:
            try:
                await self._send(carry_out, None)
            except GatewayError:
                pass  # the trader is told nothing that anybody judges

        self._start(work())

    async def _close(self, command: cmd.ClosePosition, number: int) -> None:
        try:
            await self._send(
                lambda: self._venue.close(command.contract_id, command.size, number), number
            )
        except GatewayError:
            return
        self._accepted.add(number)

    async def _place(self, command: cmd.PlaceOrder) -> None:
        number = self._trader.by_click[command.click_id].number
        try:
            await self._send(
                lambda: self._venue.place(
                    command.contract_id,
                    command.side,
                    command.type,
                    command.size,
                    command.limit_ticks,
                    command.stop_ticks,
                    command.stop_loss_ticks,
                    command.take_profit_ticks,
                    None,
                    number,
                ),
                number,
            )
        except GatewayError as error:
            self._tell(command, IntentState.REJECTED, str(error))
            return
        self._accepted.add(number)
        self._tell(command, IntentState.ACCEPTED, "")

    async def _send(self, carry_out: Callable[[], object], number: int | None) -> None:
        for pause_s in (*PAUSES_S, None):
            try:
                await self._line.change(carry_out, number)
            except (NotSentError, OutcomeUnknownError) as error:
                if pause_s is None or not (self._on_any or str(error) == "HTTP 500"):
                    raise
            else:
                return
            await asyncio.sleep(pause_s)

    def _tell(self, command: cmd.PlaceOrder, state: IntentState, reason: str) -> None:
        intent = Intent(
            tag=Tag(command.click_id),
            command=command,
            state=state,
            stamps=Stamps(press=command.press_ns),
            reason=reason,
        )
        self._trader.hear(IntentChanged(intent=intent))

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
