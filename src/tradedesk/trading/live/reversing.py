"""Reverses a position: flat first, proven twice, then one entry the other way."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from tradedesk.domain.commands import Flatten, PlaceOrder, ReversePosition
from tradedesk.domain.errors import GatewayError, UnknownSymbolError
from tradedesk.domain.events import IntentState
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.urgency import on_the_way_out
from tradedesk.trading.gate import Exposure, refuse_entry

if TYPE_CHECKING:
    from tradedesk.domain.ids import Tag
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.flattening import Flattening
    from tradedesk.trading.live.instruments import Instruments
    from tradedesk.trading.live.placing import Placing
    from tradedesk.trading.live.replies import Replies

_ON_ITS_WAY = frozenset({IntentState.ARMED, IntentState.SENT})


class Reversing:
    """Opens nothing unless everything before it is proven.

    The size of the new position is that of the old one as the venue shows it, not as the desk
    believes it.
    """

    def __init__(
        self,
        parts: DeskParts,
        instruments: Instruments,
        placing: Placing,
        flattening: Flattening,
        replies: Replies,
    ) -> None:
        self._parts = parts
        self._instruments = instruments
        self._placing = placing
        self._flattening = flattening
        self._replies = replies
        self._busy: set[PositionKey] = set()

    def reverse(self, command: ReversePosition, received_ns: int) -> None:
        """Reverse a position; a second press while one is under way is told so."""
        key = (command.account_id, command.contract_id)
        reason = self._parts.changes.refuse_press(command.click_id, command.account_id)
        if not reason and (key in self._busy or self._parts.books.ways_out.is_running(key)):
            reason = "This position is being left already; nothing was sent."
        reason = reason or self._refuse(command)
        if reason:
            self._fail(command, reason)
            return
        leaving = ExitStack()  # from this step on, not from the task's first one
        leaving.enter_context(self._parts.books.ways_out.running(*key, received_ns))
        self._busy.add(key)
        self._parts.owner.start(self._run(command, leaving), f"reverse {command.contract_id}")

    # --- inside -------------------------------------------------------------------------------

    async def _run(self, command: ReversePosition, leaving: ExitStack) -> None:
        on_the_way_out()
        try:
            with leaving:
                held, reason = await self._leave(command)
            reason = reason or await self._enter(command, held)
        finally:
            self._busy.discard((command.account_id, command.contract_id))
        if reason:
            self._replies.progress(command, reason, finished=True)
            self._fail(command, reason, unknown=reason.startswith("Flat. Nobody"))

    async def _leave(self, command: ReversePosition) -> tuple[int, str]:
        """Get flat; returns what was held, and why nothing may be opened or nothing."""
        self._replies.progress(command, "Looking at the position")
        try:
            report = await self._parts.calls.look(command.account_id)
            if command.contract_id not in self._parts.books.instruments:
                await self._instruments.resolve(command.contract_id)
        except (GatewayError, UnknownSymbolError) as error:
            return 0, f"The position could not be read: {error} Nothing was sent."
        self._parts.news.report(report)
        held = sum(p.net_size for p in report.positions if p.contract_id == command.contract_id)
        reason = self._refuse(command) or self._refuse_held(command, held)
        if reason:
            return held, reason
        self._replies.progress(command, f"Flattening {_held(held)}")
        flatten = Flatten(
            click_id=f"{command.click_id}-flat",
            press_ns=command.press_ns,
            asked_ns=command.asked_ns,
            account_id=command.account_id,
            contract_id=command.contract_id,
        )
        if not await self._flattening.run(flatten):
            return held, "It could not be proven flat, so nothing new was opened."
        return held, self._refuse_unproven((command.account_id, command.contract_id))

    async def _enter(self, command: ReversePosition, held: int) -> str:
        entry = self._entry(command, held)
        self._replies.progress(command, f"Flat; {entry.side.word.lower()}ing {entry.size}")
        asked = self._placing.submit(entry, entry.press_ns)
        if asked is None:
            return "Flat. The contract is not known here, so nothing new was opened."
        tag = asked.tag
        await self._parts.watchers.until(
            lambda: not self._is_open(tag), self._parts.timings.place_s
        )
        intent = self._parts.books.intents.by_tag.get(tag, asked)
        if intent.state in _ON_ITS_WAY or intent.state is IntentState.UNKNOWN:
            return (
                f"Flat. Nobody knows yet whether the new order {tag} was placed; the venue is "
                "being asked."
            )
        if intent.state is not IntentState.ACCEPTED:
            return f"Flat. The new order was not placed: {intent.reason}"
        await self._see(command, entry, held)
        return ""

    def _entry(self, command: ReversePosition, held: int) -> PlaceOrder:
        """The order the other way, timed from now: how long the flatten took is told with it."""
        return PlaceOrder(
            click_id=f"{command.click_id}-in",
            press_ns=self._parts.clock.mono_ns(),
            account_id=command.account_id,
            contract_id=command.contract_id,
            side=Side.SELL if held > 0 else Side.BUY,
            type=OrderType.MARKET,
            size=abs(held),
            stop_loss_ticks=command.stop_loss_ticks,
            take_profit_ticks=command.take_profit_ticks,
        )

    async def _see(self, command: ReversePosition, entry: PlaceOrder, held: int) -> None:
        """Tell the end, with the fill if it is seen soon."""
        blotter, key = self._parts.books.blotter, (command.account_id, command.contract_id)
        filled = await self._parts.watchers.until(
            lambda: blotter.net_size(*key) == -held, self._parts.timings.proof_s
        )
        if not filled:
            try:
                self._parts.news.report(await self._parts.calls.look(command.account_id))
            except GatewayError as error:
                self._parts.books.notice("warning", f"The position could not be read: {error}")
            filled = blotter.net_size(*key) == -held
        text = f"Reversed from {_held(held)} to {_held(-held)}"
        if not filled:
            text = f"Flat; {entry.side.word.lower()} {entry.size} was placed, not filled yet"
        self._replies.progress(command, text, finished=True)
        self._replies.done(command, text)

    # --- what speaks against it ---------------------------------------------------------------

    def _refuse(self, command: ReversePosition) -> str:
        """Why the entry would be refused anyhow: then the position is left alone as well."""
        books = self._parts.books
        closed = (
            books.locks.refuse_entry(command.account_id, books.clock.wall_ns())
            or books.conditions.refuse_entry()
        )
        if closed:
            return f"{closed} The position was left as it is."
        if not books.blotter.accounts[command.account_id].can_trade:
            return f"Account {command.account_id} may not trade; the position was left as it is."
        return self._refuse_unknown(command)

    def _refuse_unknown(self, command: ReversePosition) -> str:
        key = (command.account_id, command.contract_id)
        for intent in self._parts.books.intents.on_their_way():
            if (intent.command.account_id, intent.command.contract_id) == key:
                return (
                    f"Order {intent.tag} is not decided yet, so nothing was reversed; wait, or "
                    "flatten."
                )
        return ""

    def _refuse_held(self, command: ReversePosition, held: int) -> str:
        if held == 0:
            return "There is no position to reverse."
        books = self._parts.books
        reason = refuse_entry(
            self._entry(command, held),
            books.instruments[command.contract_id],
            Exposure(),
            books.rules.risk,
        )
        return f"{reason} The position was left as it is." if reason else ""

    def _refuse_unproven(self, key: PositionKey) -> str:
        books = self._parts.books
        undecided = any(
            (intent.command.account_id, intent.command.contract_id) == key
            for intent in books.intents.on_their_way()
        )
        if undecided:
            return "Flat, but an order sent before is still unknown, so nothing new was opened."
        if books.blotter.net_size(*key) or books.blotter.working(*key):
            return "It was flat, but something has moved since, so nothing new was opened."
        return ""

    # --- words --------------------------------------------------------------------------------

    def _is_open(self, tag: Tag) -> bool:
        intent = self._parts.books.intents.by_tag.get(tag)
        return intent is not None and intent.state in _ON_ITS_WAY

    def _fail(self, command: ReversePosition, reason: str, *, unknown: bool = False) -> None:
        self._replies.failed(
            command, reason, contract_id=command.contract_id, outcome_unknown=unknown
        )


def _held(net_size: int) -> str:
    return f"{'long' if net_size > 0 else 'short'} {abs(net_size)}"
