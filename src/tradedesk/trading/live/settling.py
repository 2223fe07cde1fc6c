"""A person looked at the venue's own page and says what became of an order nobody knows of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import GatewayError
from tradedesk.domain.events import IntentState
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from tradedesk.domain.commands import SettleIntent
    from tradedesk.domain.events import Intent
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.replies import Replies

_ABSENT = "A person looked at the venue's own page: it was not placed."
_THERE = "A person saw it on the venue's own page; look after it there until it shows up here."


class Settling:
    """Believes the person only where the venue does not say otherwise."""

    def __init__(self, parts: DeskParts, replies: Replies) -> None:
        self._parts = parts
        self._replies = replies

    def settle(self, command: SettleIntent) -> None:
        """Settle one order."""
        reason = self._refuse(command)
        if reason:
            self._replies.failed(command, reason)
            return
        self._parts.owner.start(self._settle(command), f"settle {command.tag}")

    async def _settle(self, command: SettleIntent) -> None:
        intent = self._parts.books.intents.by_tag[command.tag]
        try:
            await self._look(intent)
        except GatewayError as error:
            self._replies.failed(
                command, f"The venue could not be asked once more: {error} Try again in a moment."
            )
            return
        reason = self._refuse(command)
        if reason:
            self._replies.failed(command, reason)
        elif command.placed:
            self._keep(self._parts.books.intents.by_tag[command.tag])
            self._replies.done(command, f"Kept. {_THERE}")
        else:
            self._parts.fates.conclude(command.tag, IntentState.ABSENT, _ABSENT)
            self._replies.done(command, "Noted: it was not placed. Entries are open again.")

    async def _look(self, intent: Intent) -> None:
        since_ns = intent.created_ns - ns(self._parts.timings.look_back_s)
        self._parts.news.report(
            await self._parts.calls.full_look(intent.command.account_id, since_ns)
        )

    def _keep(self, intent: Intent) -> None:
        """It stays a person's to watch; only the reason changes, in the journal as well."""
        kept = msgspec.structs.replace(intent, reason=_THERE)
        self._parts.books.intents.put(kept)
        self._parts.recorder.write(kept)
        self._parts.recorder.announce(kept)

    def _refuse(self, command: SettleIntent) -> str:
        intent = self._parts.books.intents.by_tag.get(command.tag)
        if intent is None:
            return f"There is no order {command.tag}; nothing was changed."
        if intent.state is IntentState.NEEDS_HUMAN:
            return ""
        if intent.state is IntentState.ACCEPTED:
            return f"The venue lists order {command.tag} as {intent.order_id}; nothing was changed."
        if intent.state is IntentState.UNKNOWN:
            return f"The venue is still being asked about order {command.tag}; wait for its answer."
        word = intent.state.replace("_", " ")
        return f"Order {command.tag} is {word}; there is nothing to settle."
