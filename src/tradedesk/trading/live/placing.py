"""Sends each order once and reports what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import (
    GatewayError,
    NotSentError,
    OutcomeUnknownError,
    UnknownSymbolError,
    VenueRefusedError,
)
from tradedesk.domain.events import Intent, IntentState
from tradedesk.trading.outcome import is_definite

if TYPE_CHECKING:
    from tradedesk.domain.commands import PlaceOrder
    from tradedesk.domain.ids import Tag
    from tradedesk.domain.instrument import Instrument
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.instruments import Instruments


class Placing:
    """From a click to the wire, with nothing in between that waits."""

    def __init__(self, parts: DeskParts, instruments: Instruments) -> None:
        self._parts = parts
        self._instruments = instruments

    def place(self, command: PlaceOrder, received_ns: int) -> Tag | None:
        """Handle a click; returns the tag of the order if it is known already."""
        intent = self.submit(command, received_ns)
        return intent.tag if intent is not None else None

    def submit(self, command: PlaceOrder, received_ns: int) -> Intent | None:
        """Handle a click; returns how far it got, or None while its contract is looked up."""
        instrument = self._parts.books.instruments.get(command.contract_id)
        if instrument is None:
            self._parts.owner.start(
                self._resolve_first(command, received_ns), f"resolve {command.contract_id}"
            )
            return None
        intent = self._parts.desk.open_place(command, instrument, received_ns)
        if intent.state is IntentState.ARMED:
            self._parts.owner.start(self._send(intent, instrument), f"place {intent.tag}")
            # the first step may have told of more already
            intent = self._parts.books.intents.by_tag[intent.tag]
        self._parts.recorder.announce(intent)
        return intent

    async def _resolve_first(self, command: PlaceOrder, received_ns: int) -> None:
        try:
            await self._instruments.resolve(command.contract_id)
        except (GatewayError, UnknownSymbolError) as error:
            self._parts.recorder.announce(
                self._parts.desk.deny(command, received_ns, f"{error} Nothing was sent.")
            )
            return
        self.place(command, received_ns)

    async def _send(self, intent: Intent, instrument: Instrument) -> None:
        fates, clock, ask = self._parts.fates, self._parts.clock, intent.command
        tag = intent.tag
        # the last step before the first byte: a kill switch may have been tripped since the check
        locked = self._parts.desk.refuse_at_the_wire(intent)
        if locked:
            fates.not_sent(tag, locked)
            return
        why = "The request was interrupted."
        try:
            order_id = await self._parts.calls.change(
                self._parts.calls.gateway.place(
                    account_id=ask.account_id,
                    instrument=instrument,
                    side=ask.side,
                    type=ask.type,
                    size=ask.size,
                    limit_ticks=ask.limit_ticks,
                    stop_ticks=ask.stop_ticks,
                    stop_loss_ticks=ask.stop_loss_ticks,
                    take_profit_ticks=ask.take_profit_ticks,
                    tag=tag,
                    on_written=lambda: fates.wrote(tag, clock.mono_ns()),
                )
            )
            fates.accepted(tag, order_id, clock.mono_ns())
        except NotSentError as error:
            fates.not_sent(tag, str(error))
        except VenueRefusedError as error:
            if is_definite(error):
                fates.refused(tag, str(error), clock.mono_ns())
            else:
                why = str(error)
        except (OutcomeUnknownError, GatewayError) as error:
            why = str(error)
        finally:
            # whatever else happened, cancelling included: a sent order is never left undecided
            fates.unknown(tag, why)
