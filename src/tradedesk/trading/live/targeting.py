"""Places targets for positions that are held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.commands import PlaceOrder, TargetPosition
from tradedesk.domain.errors import GatewayError, InputError, UnknownSymbolError
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.order import OrderType
from tradedesk.domain.urgency import on_the_way_out
from tradedesk.trading.cover_plan import targeted
from tradedesk.trading.gate import is_exit
from tradedesk.trading.intent_book import COVER_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import ContractId, Tag
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Position
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.instruments import Instruments
    from tradedesk.trading.live.placing import Placing
    from tradedesk.trading.live.replies import Replies

_ON_THE_WAY = frozenset({IntentState.ARMED, IntentState.SENT})


class Targeting:
    """The command that asks for a target of a position held.

    How many contracts still lack one is read from lists that are asked for now. The order carries
    the sign of an exit that belongs to its position, so that sweeping ends it when a stop was first
    and makes it smaller when part of the position is closed.

    Parameters
    ----------
    mark_of : callable
        Last price of a contract in ticks, None if nobody told it lately.
    """

    def __init__(
        self,
        parts: DeskParts,
        instruments: Instruments,
        placing: Placing,
        replies: Replies,
        mark_of: Callable[[ContractId], int | None],
    ) -> None:
        self._parts = parts
        self._instruments = instruments
        self._placing = placing
        self._replies = replies
        self._mark_of = mark_of
        self._asked: set[PositionKey] = set()

    def target(self, command: TargetPosition, received_ns: int) -> None:
        """Place one limit for every contract that has no target; one at a time a position."""
        key = (command.account_id, command.contract_id)
        if key in self._asked:
            self._fail(command, "A target for this position is on its way already.")
            return
        self._asked.add(key)
        self._parts.owner.start(self._target(command), f"target {command.contract_id}")

    async def _target(self, command: TargetPosition) -> None:
        on_the_way_out()
        key = (command.account_id, command.contract_id)
        try:
            reason = await self._target_now(command, key)
        except (GatewayError, UnknownSymbolError, InputError) as error:
            reason = f"{error} No target was placed."
        finally:
            self._asked.discard(key)
        if reason:
            self._fail(command, reason, unknown=self._is_unknown(key))

    async def _target_now(self, command: TargetPosition, key: PositionKey) -> str:
        """Do it; gives why it did not work, or nothing."""
        parts = self._parts
        known = parts.books.instruments.get(key[1])
        instrument = known or await self._instruments.resolve(key[1])
        report = await parts.calls.look(command.account_id)
        parts.news.report(report)
        held = next((one for one in report.positions if one.contract_id == key[1]), None)
        if held is None or held.net_size == 0:
            return "There is no position to place a target for."
        lacking = abs(held.net_size) - targeted(held, report.working, parts.books.blotter.orders)
        if lacking <= 0:
            return "Every contract has a target already."
        if self._is_unknown(key):
            return "A target was sent a moment ago and is not confirmed; look again in a moment."
        if parts.books.ways_out.is_running(key):
            return "The position is being closed; no target was placed."
        if reason := self._refuse_passed(command, held, instrument):
            return reason
        intent = await self._place(command, held, lacking)
        if intent is not None and intent.state is IntentState.ACCEPTED:
            price = instrument.tick.text(command.limit_ticks)
            self._replies.done(command, f"Target for {lacking} placed at {price}")
            return ""
        return "The position changed." if intent is None else intent.reason or intent.state.value

    async def _place(self, command: TargetPosition, held: Position, lacking: int) -> Intent | None:
        """Place it and wait for the answer; None if it is no exit any more."""
        parts = self._parts
        now_ns = parts.clock.mono_ns()
        order = PlaceOrder(
            click_id=f"{COVER_PREFIX}{command.click_id}",
            press_ns=command.press_ns,
            asked_ns=command.asked_ns,
            account_id=command.account_id,
            contract_id=command.contract_id,
            side=held.side.other,
            type=OrderType.LIMIT,
            size=lacking,
            limit_ticks=command.limit_ticks,
        )
        key = (command.account_id, command.contract_id)
        if not is_exit(order, parts.books.blotter.net_size(*key)):
            return None
        intent = self._placing.submit(order, now_ns)
        if intent is None or intent.state is IntentState.DENIED:
            return intent
        tag = intent.tag
        await parts.watchers.until(lambda: self._answered(tag), parts.timings.place_s)
        return parts.books.intents.by_tag.get(tag)

    def _answered(self, tag: Tag) -> bool:
        intent = self._parts.books.intents.by_tag.get(tag)
        return intent is None or intent.state not in _ON_THE_WAY

    def _is_unknown(self, key: PositionKey) -> bool:
        """Whether a target was sent that may yet show up in a list."""
        orders = self._parts.books.blotter.orders
        return any(
            intent.command.type is OrderType.LIMIT
            and intent.command.click_id.startswith(COVER_PREFIX)
            and (intent.command.account_id, intent.command.contract_id) == key
            and (intent.order_id is None or intent.order_id not in orders)
            for intent in self._parts.books.intents.unlisted.values()
        )

    def _refuse_passed(
        self, command: TargetPosition, held: Position, instrument: Instrument
    ) -> str:
        """Why a target at a price would fill at once, as far as the price is known, or nothing."""
        mark = self._mark_of(command.contract_id)
        if mark is None or (command.limit_ticks - mark) * held.net_size > 0:
            return ""
        text = instrument.tick.text
        return (
            f"The market is at {text(mark)}, which is beyond a target at "
            f"{text(command.limit_ticks)}: choose another price or close the position."
        )

    def _fail(self, command: TargetPosition, reason: str, *, unknown: bool = False) -> None:
        self._replies.failed(
            command, reason, contract_id=command.contract_id, outcome_unknown=unknown
        )
