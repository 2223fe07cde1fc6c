"""Notices positions that should have a stop and do not. It speaks; it does not trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.events import IntentState
from tradedesk.domain.roles import STOP_TYPES
from tradedesk.trading.limits import Timings, ns

if TYPE_CHECKING:
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.books import Books


class StopWatch:
    """Watches positions that were entered with a stop loss."""

    def __init__(self, books: Books, timings: Timings) -> None:
        self._books = books
        self._grace_ns = ns(timings.stop_grace_s)
        self._bare_since: dict[PositionKey, int] = {}
        self._told: set[PositionKey] = set()

    def check(self, now_ns: int) -> None:
        """Raise an alarm for each position bare for longer than the grace; once an episode."""
        bare = {
            (p.account_id, p.contract_id): p.net_size
            for p in self._books.blotter.open_positions()
            if self._expects_stop((p.account_id, p.contract_id), p.net_size)
            and self._covered((p.account_id, p.contract_id), p.net_size) < abs(p.net_size)
        }
        for key in list(self._bare_since):
            if key not in bare:
                del self._bare_since[key]
                self._told.discard(key)
        for key, net_size in bare.items():
            since = self._bare_since.setdefault(key, now_ns)
            if now_ns - since > self._grace_ns and key not in self._told:
                self._told.add(key)
                self._tell(key, net_size)

    def _expects_stop(self, key: PositionKey, net_size: int) -> bool:
        return any(
            intent.command.stop_loss_ticks is not None
            and intent.state is IntentState.ACCEPTED
            and (intent.command.account_id, intent.command.contract_id) == key
            and intent.command.side.sign * net_size > 0
            for intent in self._books.intents.by_tag.values()
        )

    def _covered(self, key: PositionKey, net_size: int) -> int:
        return sum(
            order.remaining
            for order in self._books.blotter.working(*key)
            if order.type in STOP_TYPES and order.side.sign * net_size < 0
        )

    def _tell(self, key: PositionKey, net_size: int) -> None:
        side = "long" if net_size > 0 else "short"
        name = self._books.name_of(key[1])
        self._books.notice(
            "alarm",
            f"{side.capitalize()} {abs(net_size)} {name} has no working stop for its full size. "
            "Place a stop or close the position.",
        )
