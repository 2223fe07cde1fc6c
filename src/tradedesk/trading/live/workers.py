"""What works for an executor, put together; and which command goes to which of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradedesk.domain import commands as cmd
from tradedesk.trading.cover import CoverWatch
from tradedesk.trading.live.cancelling import Cancelling
from tradedesk.trading.live.changing import Changing
from tradedesk.trading.live.closing import Closing
from tradedesk.trading.live.covering import Covering
from tradedesk.trading.live.entry_ending import EntryEnding
from tradedesk.trading.live.flattening import Flattening
from tradedesk.trading.live.going_flat import GoingFlat
from tradedesk.trading.live.health import Health
from tradedesk.trading.live.instruments import Instruments
from tradedesk.trading.live.killing import Killing
from tradedesk.trading.live.late_orders import LateOrders
from tradedesk.trading.live.modifying import Modifying
from tradedesk.trading.live.placing import Placing
from tradedesk.trading.live.protecting import Protecting
from tradedesk.trading.live.reconciling import Reconciling
from tradedesk.trading.live.replies import Replies
from tradedesk.trading.live.resolving import Resolving
from tradedesk.trading.live.reversing import Reversing
from tradedesk.trading.live.risking import Risking
from tradedesk.trading.live.session import Session, VenueAddress
from tradedesk.trading.live.settling import Settling
from tradedesk.trading.live.sweeping import Sweeping
from tradedesk.trading.live.targeting import Targeting
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
    changing: Changing
    cancelling: Cancelling
    modifying: Modifying
    closing: Closing
    reversing: Reversing
    settling: Settling
    late: LateOrders
    flattening: Flattening
    killing: Killing
    protecting: Protecting
    targeting: Targeting
    covering: Covering
    risking: Risking
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
    changing = Changing(parts)
    cancelling = Cancelling(parts, changing, replies)
    modifying = Modifying(parts, instruments, changing, replies)
    watch = CoverWatch()
    protecting = Protecting(parts, instruments, placing, replies, watch)
    flattening = Flattening(parts, replies)
    resolving = Resolving(parts, sink)
    reconciling = Reconciling(parts, instruments)
    session = Session(parts, stream, sink, reconciling, resolving, address)
    risking = Risking(
        parts,
        replies,
        EntryEnding(parts, cancelling),
        GoingFlat(parts, flattening.flatten),
        live=address.live,
    )
    protecting.mark_of = risking.mark_of
    return Workers(
        instruments=instruments,
        placing=placing,
        changing=changing,
        cancelling=cancelling,
        modifying=modifying,
        closing=Closing(parts, placing, cancelling, changing, replies),
        reversing=Reversing(parts, instruments, placing, flattening, replies),
        settling=Settling(parts, replies),
        late=LateOrders(parts, cancelling),
        flattening=flattening,
        killing=Killing(parts, flattening, replies, session.tell),
        protecting=protecting,
        targeting=Targeting(parts, instruments, placing, replies, risking.mark_of),
        covering=Covering(parts, protecting, watch),
        risking=risking,
        resolving=resolving,
        reconciling=reconciling,
        session=session,
        health=Health(parts, sink, tags, Sweeping(parts, cancelling, modifying), session.tell),
    )


def make_routes(workers: Workers) -> dict[type[cmd.Command], Route]:
    """Where each command goes."""

    def at_once(take: Callable[[Any], object]) -> Route:
        return lambda command, received_ns: take(command)

    return {
        cmd.PlaceOrder: workers.placing.place,
        cmd.ClosePosition: workers.closing.close,
        cmd.ReversePosition: workers.reversing.reverse,
        cmd.SettleIntent: at_once(workers.settling.settle),
        cmd.ProtectPosition: workers.protecting.protect,
        cmd.TargetPosition: workers.targeting.target,
        cmd.CancelOrder: workers.cancelling.cancel,
        cmd.CancelAll: workers.cancelling.cancel_all,
        cmd.ModifyOrder: workers.modifying.modify,
        cmd.Flatten: at_once(workers.flattening.flatten),
        cmd.Kill: at_once(workers.killing.kill),
        cmd.ReleaseKill: at_once(workers.killing.release),
        cmd.LockTrading: at_once(workers.risking.lock),
        cmd.SetRules: at_once(workers.risking.set_rules),
        cmd.MarkPrices: at_once(workers.risking.mark),
        cmd.TrackContract: at_once(workers.instruments.track),
    }
