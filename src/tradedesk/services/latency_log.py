"""The orders and changes whose latency is known: of this run, and what was kept of earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain import events as ev
from tradedesk.domain.commands import ClosePosition
from tradedesk.services.latency import NO_CONTRACT, latency_of, record_of, record_of_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradedesk.domain.changes import Change
    from tradedesk.domain.ids import ContractId, OrderId
    from tradedesk.domain.latency import LatencyRecord
    from tradedesk.services.latency import OrderLatency

KEEP = 50_000
"""Records remembered, of all venues."""

HIDDEN_NS = 2_000_000_000
"""A window that was minimised or covered showed nothing: that is no latency."""

_Key = tuple[str, str]


class LatencyLog:
    """Follows events; ``version`` rises with each change.

    Parameters
    ----------
    keep : callable
        Told every record that is worth keeping, as often as it grows; must not wait.

    Attributes
    ----------
    venue : str
        Where orders go now; what is shown is of this venue alone.
    """

    def __init__(self, keep: Callable[[LatencyRecord], None] = lambda _record: None) -> None:
        self._keep = keep
        self._past: dict[_Key, LatencyRecord] = {}
        self._run: dict[_Key, LatencyRecord] = {}
        self._unseen: dict[_Key, int] = {}
        self._contracts: dict[OrderId, ContractId] = {}
        self.venue = ""
        self.version = 0

    def remember(self, records: Iterable[LatencyRecord]) -> None:
        """Take in what was kept by earlier runs, oldest first."""
        for record in records:
            key = (record.venue, record.key)
            self._past[key] = record
            again = self._run.get(key)
            if again is not None and again.told is None:
                self._run[key] = msgspec.structs.replace(
                    again, told=record.told, shown=record.shown
                )
        self.version += 1

    def begin(
        self, session: ev.SessionChanged | None, intents: Iterable[ev.Intent], mono_ns: int
    ) -> None:
        """Take in what was known before anybody listened."""
        if session is not None:
            self.take(session, mono_ns)
        for intent in intents:
            self.absorb(intent)

    def take(self, event: ev.AnyEvent, mono_ns: int) -> None:
        """Follow one event, heard at monotonic ``mono_ns``."""
        match event:
            case ev.SessionChanged(venue=venue) if venue != self.venue:
                self.venue = venue
                self._contracts.clear()
                self.version += 1
            case ev.IntentChanged(intent=intent):
                self.absorb(intent, mono_ns)
            case ev.OrderChanged(order=order):
                self._contracts[order.order_id] = order.contract_id
            case ev.ChangeMoved(change=change):
                self._absorb_change(change, mono_ns)
            case ev.SnapshotTaken(orders=orders, intents=intents, changes=changes):
                self._contracts.update({order.order_id: order.contract_id for order in orders})
                for intent in intents:
                    self.absorb(intent)
                for change in changes:
                    self._absorb_change(change)
            case _:
                pass

    def absorb(self, intent: ev.Intent, mono_ns: int | None = None) -> None:
        """Take in an intent or a newer state of one; ``mono_ns`` if it was heard of live."""
        self._absorb(record_of(intent, self.venue), intent.stamps.start, mono_ns)

    def shown(self, mono_ns: int) -> None:
        """Everything that was told so far is on the screen now."""
        unseen, self._unseen = self._unseen, {}
        for key, start_ns in unseen.items():
            record, shown = self._run[key], mono_ns - start_ns
            if record.told is not None and shown - record.told < HIDDEN_NS:
                self._put(key, msgspec.structs.replace(record, shown=shown))

    @property
    def has_unseen(self) -> bool:
        """Whether an answer came that is not on the screen yet."""
        return bool(self._unseen)

    @property
    def run(self) -> list[LatencyRecord]:
        """Records of this run at this venue, oldest first."""
        return [record for record in self._run.values() if record.venue == self.venue]

    @property
    def records(self) -> list[LatencyRecord]:
        """All of this venue that reached the wire, of earlier runs too, oldest first."""
        both = self._past | self._run
        mine = [
            record
            for record in both.values()
            if record.venue == self.venue and record.written is not None
        ]
        return sorted(mine, key=lambda record: record.wall_ns)

    @property
    def orders(self) -> list[OrderLatency]:
        """This run's orders and changes, oldest first."""
        return [latency_of(record) for record in self.run]

    @property
    def last(self) -> OrderLatency | None:
        """The newest of this run."""
        newest = next(
            (one for one in reversed(self._run.values()) if one.venue == self.venue), None
        )
        return latency_of(newest) if newest is not None else None

    @property
    def replies_ms(self) -> list[float]:
        """Click to answer of everything of this run that has one."""
        return [one.reply / 1e6 for one in self.run if one.reply is not None]

    # --- inside -----------------------------------------------------------------------------

    def _absorb_change(self, change: Change, mono_ns: int | None = None) -> None:
        command = change.command
        contract_id = NO_CONTRACT
        if not isinstance(command, ClosePosition):
            contract_id = self._contracts.get(command.order_id, NO_CONTRACT)
        record = record_of_change(change, self.venue, contract_id)
        self._absorb(record, change.stamps.start, mono_ns)

    def _absorb(self, record: LatencyRecord, start_ns: int, mono_ns: int | None) -> None:
        if record.received is None:
            return
        key = (record.venue, record.key)
        known = self._run.get(key) or self._past.get(key)
        told = known.told if known is not None else None
        if told is None and record.reply is not None and mono_ns is not None:
            told = mono_ns - start_ns
            self._unseen[key] = start_ns
        if known is not None:
            # after a restart nobody may tell of the order of an old change any more
            contract_id = record.contract_id or known.contract_id
            record = msgspec.structs.replace(record, shown=known.shown, contract_id=contract_id)
        self._put(key, msgspec.structs.replace(record, told=told))

    def _put(self, key: _Key, record: LatencyRecord) -> None:
        if self._run.get(key) == record:
            return
        is_news = self._past.get(key) != record
        self._run[key] = record
        while len(self._run) > KEEP:
            oldest = next(iter(self._run))
            del self._run[oldest]
            self._unseen.pop(oldest, None)
        self.version += 1
        # a record without an answer is worth keeping too: it says that none came
        if record.written is not None and is_news:
            self._keep(record)
