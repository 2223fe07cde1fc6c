"""Sends one market close for a whole position, and never two at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import NotSentError, VenueRefusedError

if TYPE_CHECKING:
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.live.desk_parts import DeskParts


async def send_close(parts: DeskParts, key: PositionKey) -> None:
    """Close a position by the venue's own call, once.

    The caller asked ``books.ways_out.may_close`` in the same step.

    Raises
    ------
    NotSentError, VenueRefusedError, OutcomeUnknownError
        As ``VenueCalls.change``.
    """
    ways_out = parts.books.ways_out
    account_id, contract_id = key
    not_done = False
    ways_out.close_began(key)
    try:
        await parts.calls.change(
            parts.calls.gateway.close_contract(
                account_id=account_id, contract_id=contract_id, size=None
            )
        )
    except (NotSentError, VenueRefusedError):
        not_done = True
        raise
    finally:
        ways_out.close_ended(key, parts.clock.mono_ns(), not_done=not_done)
