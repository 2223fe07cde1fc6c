"""What works for an executor, put together; and which command goes to which of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradedesk.domain import commands as cmd
from tradedesk.trading.live.cancelling import Cancelling
from tradedesk.trading.live.closing import Closing
from tradedesk.trading.live.flattening import Flattening
from tradedesk.trading.live.health import Health
from tradedesk.trading.live.instruments import Instruments
from tradedesk.trading.live.modifying import Modifying
from tradedesk.trading.live.placing import Placing
from tradedesk.trading.live.reconciling import Reconciling
from tradedesk.trading.live.replies import Replies
from tradedesk.trading.live.resolving import Resolving
from tradedesk.trading.live.session import Session, VenueAddress
from tradedesk.trading.live.sweeping import Sweeping
from tradedesk.trading.live.user_sink import UserSink

if TYPE_CHECKING:
    from tradedesk.domain.ports import UserStream
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.tags import TagSource

Route = Callable[[Any, int], object]
"""Takes a command and the monotonic moment at which it came; never waits."""


@dataclass(frozen=True)
class Workers:
    """One object a kind of work."""

    instruments: Instruments
    placing: Placing
    cancelling: Cancelling
    modifying: Modifying
    closing: Closing
    flattening: Flattening
    resolving: Resolving
    reconciling: Reconciling
    session: Session
    health: Health


def make_workers(
    parts: DeskParts, stream: UserStream, address: VenueAddress, tags: TagSource
) -> Workers:
    """Build them in the order in which they need one another."""
    replies = Replies(parts.books, parts.clock)
    instruments = Instruments(parts)
    sink = UserSink(parts.news, instruments, parts.clock, parts.watchers)
    placing = Placing(parts, instruments)
    cancelling = Cancelling(parts, replies)
    resolving = Resolving(parts, sink)
    reconciling = Reconciling(parts, instruments)
    session = Session(parts, stream, sink, reconciling, resolving, address)
    return Workers(
        instruments=instruments,
        placing=placing,
        cancelling=cancelling,
        modifying=Modifying(parts, instruments, replies),
        closing=Closing(parts, placing, cancelling, replies),
        flattening=Flattening(parts, replies),
        resolving=resolving,
        reconciling=reconciling,
        session=session,
        health=Health(parts, sink, tags, Sweeping(parts, cancelling), session.tell),
    )


def make_routes(workers: Workers) -> dict[type[cmd.Command], Route]:
    """Where each command goes."""

    def at_once(take: Callable[[Any], object]) -> Route:
        return lambda command, received_ns: take(command)

    return {
        cmd.PlaceOrder: workers.placing.place,
        cmd.ClosePosition: workers.closing.close,
        cmd.CancelOrder: at_once(workers.cancelling.cancel),
        cmd.CancelAll: at_once(workers.cancelling.cancel_all),
        cmd.ModifyOrder: at_once(workers.modifying.modify),
        cmd.Flatten: at_once(workers.flattening.flatten),
        cmd.TrackContract: at_once(workers.instruments.track),
    }
