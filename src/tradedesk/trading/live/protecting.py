"""Sends protective stops and, where they do not help, closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.commands import PlaceOrder, ProtectPosition
from tradedesk.domain.errors import (
    GatewayError,
    InputError,
    NotSentError,
    UnknownSymbolError,
    VenueRefusedError,
)
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.urgency import on_the_way_out
from tradedesk.trading.cover_entry import stop_distance, stop_is_unknown
from tradedesk.trading.cover_plan import Cover, cover_of, stop_price
from tradedesk.trading.cover_texts import held_text
from tradedesk.trading.gate import is_exit
from tradedesk.trading.intent_book import COVER_PREFIX
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import ContractId, Tag
    from tradedesk.domain.instrument import Instrument
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.cover import CoverWatch
    from tradedesk.trading.cover_guard import Deed
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.instruments import Instruments
    from tradedesk.trading.live.placing import Placing
    from tradedesk.trading.live.replies import Replies

_ON_THE_WAY = frozenset({IntentState.ARMED, IntentState.SENT})
_HOPELESS = frozenset({IntentState.DENIED, IntentState.NOT_SENT, IntentState.REJECTED})


class Protecting:
    """The two deeds of the cover, and the command that asks for a stop now.

    Attributes
    ----------
    on_change : callable
        Called when a deed ended; the cover looks again.
    mark_of : callable
        Last price of a contract in ticks, None if nobody told it lately.
    """

    def __init__(
        self,
        parts: DeskParts,
        instruments: Instruments,
        placing: Placing,
        replies: Replies,
        watch: CoverWatch,
    ) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.mark_of: Callable[[ContractId], int | None] = lambda contract_id: None
        self._parts = parts
        self._instruments = instruments
        self._placing = placing
        self._replies = replies
        self._watch = watch
        self._asked: set[PositionKey] = set()

    async def stop(self, deed: Deed) -> None:
        """Place one stop for what is bare; the next looks tell whether it works."""
        books = self._parts.books
        what = held_text(deed.cover.net_size, books.name_of(deed.key[1]))
        try:
            distance = stop_distance(books, deed.key, deed.cover.net_size)
            instrument = await self._instrument(deed.key)
            ticks = stop_price(deed.cover, distance, instrument.tick)
            reason = self._refuse_passed(deed.key, deed.cover, ticks, instrument)
            intent = None if reason else await self._place(deed.key, deed.cover, ticks)
        except (GatewayError, UnknownSymbolError, InputError) as error:
            intent, reason = None, str(error)
        else:
            reason = reason if intent is None else intent.reason
        if intent is not None and intent.state is IntentState.ACCEPTED:
            price = instrument.tick.text(ticks)
            books.notice("warning", f"A stop at {price} was placed: {what} had none.")
        elif intent is None or intent.state in _HOPELESS:
            self._watch.stop_failed(deed.key)
            text = f"No stop could be placed for {what}: {reason or 'the position changed.'}"
            books.notice("warning", text)
        else:
            text = f"The venue has not confirmed the stop for {what}: {reason}"
            books.notice("warning", text)
        self.on_change()

    async def close(self, deed: Deed) -> None:
        """Close the position once; whether it is flat the next look tells."""
        parts = self._parts
        account_id, contract_id = deed.key
        gap_ns = ns(parts.timings.close_repeat_s)
        if not parts.books.ways_out.may_close(deed.key, parts.clock.mono_ns(), gap_ns):
            return
        what = held_text(deed.cover.net_size, parts.books.name_of(contract_id))
        text = f"{what} could not be covered and is closed at market."
        parts.books.notice("alarm", text, contract_id)
        try:
            await parts.calls.change(
                parts.calls.gateway.close_contract(
                    account_id=account_id, contract_id=contract_id, size=None
                )
            )
        except (NotSentError, VenueRefusedError) as error:
            parts.books.notice("warning", f"{what} was not closed: {error}")
        except GatewayError as error:
            parts.books.notice("warning", f"Nobody knows yet whether {what} was closed: {error}")
        self.on_change()

    # --- command ----------------------------------------------------------------------------

    def protect(self, command: ProtectPosition, received_ns: int) -> None:
        """Place a stop now for every contract that has none."""
        key = (command.account_id, command.contract_id)
        if key in self._asked:
            self._fail(command, "A stop for this position is on its way already.")
            return
        self._asked.add(key)
        self._parts.owner.start(self._protect(command), f"protect {command.contract_id}")

    async def _protect(self, command: ProtectPosition) -> None:
        on_the_way_out()
        key = (command.account_id, command.contract_id)
        try:
            reason = await self._protect_now(command, key)
        except (GatewayError, UnknownSymbolError, InputError) as error:
            reason = f"{error} No stop was placed."
        finally:
            self._asked.discard(key)
            self.on_change()
        if reason:
            self._fail(command, reason, unknown=stop_is_unknown(self._parts.books, key, 1))

    async def _protect_now(self, command: ProtectPosition, key: PositionKey) -> str:
        """Do it; gives why it did not work, or nothing."""
        parts = self._parts
        instrument = await self._instrument(key)
        report = await parts.calls.look(command.account_id)
        parts.news.report(report)
        held = next((one for one in report.positions if one.contract_id == key[1]), None)
        if held is None or held.net_size == 0:
            return "There is no position to protect."
        cover = cover_of(held, report.working, parts.books.blotter.orders)
        if cover.bare <= 0:
            return "Every contract has a working stop already."
        guard = self._watch.guards.get(key)
        if stop_is_unknown(parts.books, key, held.net_size) or (guard and guard.stop_ns):
            return "A stop was sent a moment ago and is not confirmed; look again in a few seconds."
        if parts.books.ways_out.is_running(key):
            return "The position is being closed; no stop was placed."
        ticks = command.stop_ticks
        if ticks is None:
            distance = stop_distance(parts.books, key, held.net_size)
            ticks = stop_price(cover, distance, instrument.tick)
        if reason := self._refuse_passed(key, cover, ticks, instrument):
            return f"{reason} Choose another price or close the position."
        self._watch.stop_sent(key, parts.clock.mono_ns())
        intent = await self._place(key, cover, ticks, command)
        if intent is not None and intent.state is IntentState.ACCEPTED:
            text = f"Stop for {cover.bare} placed at {instrument.tick.text(ticks)}"
            self._replies.done(command, text)
            return ""
        if intent is None or intent.state in _HOPELESS:
            self._watch.stop_free(key)
        return "The position changed." if intent is None else intent.reason or intent.state.value

    # --- inside -----------------------------------------------------------------------------

    async def _place(
        self, key: PositionKey, cover: Cover, ticks: int, asked: ProtectPosition | None = None
    ) -> Intent | None:
        """Place a stop for what is bare and wait for its answer; None if it is no exit any more."""
        parts = self._parts
        now_ns = parts.clock.mono_ns()
        order = PlaceOrder(
            click_id=f"{COVER_PREFIX}{key[1]}-{now_ns}",
            press_ns=now_ns if asked is None else asked.press_ns,
            account_id=key[0],
            contract_id=key[1],
            side=Side.SELL if cover.net_size > 0 else Side.BUY,
            type=OrderType.STOP,
            size=cover.bare,
            stop_ticks=ticks,
        )
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

    def _refuse_passed(
        self, key: PositionKey, cover: Cover, ticks: int, instrument: Instrument
    ) -> str:
        """Why a stop at a price would be hit at once, as far as the price is known, or nothing."""
        mark = self.mark_of(key[1])
        if mark is None or (mark - ticks) * cover.net_size > 0:
            return ""
        text = instrument.tick.text
        return f"The market is at {text(mark)}, which is beyond a stop at {text(ticks)}."

    async def _instrument(self, key: PositionKey) -> Instrument:
        known = self._parts.books.instruments.get(key[1])
        return known or await self._instruments.resolve(key[1])

    def _fail(self, command: ProtectPosition, reason: str, *, unknown: bool = False) -> None:
        self._replies.failed(
            command, reason, contract_id=command.contract_id, outcome_unknown=unknown
        )
