"""What the executor's parts share: one frozen bundle, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.trading.books import Books
    from tradedesk.trading.change_desk import ChangeDesk
    from tradedesk.trading.intent_fates import IntentFates
    from tradedesk.trading.intent_recorder import IntentRecorder
    from tradedesk.trading.limits import Timings
    from tradedesk.trading.live.task_owner import TaskOwner
    from tradedesk.trading.live.venue_calls import VenueCalls
    from tradedesk.trading.live.watchers import Watchers
    from tradedesk.trading.order_desk import OrderDesk
    from tradedesk.trading.venue_news import VenueNews


@dataclass(frozen=True)
class DeskParts:
    """The assembled core and its helpers."""

    clock: Clock
    timings: Timings
    books: Books
    recorder: IntentRecorder
    desk: OrderDesk
    fates: IntentFates
    changes: ChangeDesk
    news: VenueNews
    calls: VenueCalls
    watchers: Watchers
    owner: TaskOwner
