"""Keeps positions covered: asks the venue, tells the desk, places a stop, closes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import GatewayError
from tradedesk.domain.events import ShieldChanged
from tradedesk.domain.order import Order
from tradedesk.domain.roles import STOP_TYPES
from tradedesk.domain.safety import Shield, ShieldState
from tradedesk.trading.bare_memory import BareMemory
from tradedesk.trading.cover_entry import policy_for, stop_is_unknown
from tradedesk.trading.cover_guard import Deed, DeedKind, Ground, shield_of
from tradedesk.trading.cover_plan import cover_of
from tradedesk.trading.cover_texts import alarm_text, shield_text, unproven_text
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId, OrderId
    from tradedesk.domain.position import Fill, Position
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.cover import CoverWatch
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.protecting import Protecting
    from tradedesk.trading.venue_report import VenueReport

_IDLE_S = 3600.0
_BEAT_S = 0.25
_COVERED_BEAT_S = 1.0
_GAP_S = 1.0
_BURST = 8
_REFILL_S = 3.0
"""Looks that only confirm, again and again, are held to eight at a second's distance and then one
in three seconds, so that a busy hub does not use up the calls of a minute."""
_LEAST_S = 1.0
"""How long a stop may take to show up where a position was in doubt for long before."""
_OLD = 1.3
"""Age of a proof, in rounds of the reconciler, at which it is asked for again."""

_Face = tuple[object, ...]


class Covering:
    """The shell around ``CoverWatch``: one loop, at most one look a second for each account."""

    def __init__(self, parts: DeskParts, protecting: Protecting, watch: CoverWatch) -> None:
        self._parts = parts
        self._watch = watch
        self._protecting = protecting
        self._memory = BareMemory(parts.recorder.journal, parts.clock)
        self._kick = asyncio.Event()
        self._faces: dict[OrderId, _Face] = {}
        self._met: set[AccountId] = set()
        self._looking: set[AccountId] = set()
        self._next_look_ns: dict[AccountId, int] = {}
        self._looked_ns: dict[AccountId, int] = {}
        self._spent: dict[AccountId, float] = {}
        parts.news.on_hub.append(self._heard)
        parts.news.on_report.append(self._looked)
        protecting.on_change = self._kick.set

    async def run(self) -> None:
        """Watch until cancelled."""
        self._watch.earlier.update(self._memory.recall())
        while True:
            self._kick.clear()
            self._beat()
            try:
                async with asyncio.timeout(self._pause_s()):
                    await self._kick.wait()
            except TimeoutError:
                pass  # the next beat is due

    # --- what is heard ----------------------------------------------------------------------

    def _heard(self, what: Order | Position | Fill, mono_ns: int) -> None:
        if isinstance(what, Order) and not self._matters(what):
            return
        key = (what.account_id, what.contract_id)
        net = self._parts.books.blotter.net_size(*key)
        self._watch.heard(key, mono_ns, net)
        self._tell()
        self._kick.set()

    def _matters(self, order: Order) -> bool:
        """Whether an order's news can change what is covered: a price that moves cannot."""
        if order.type not in STOP_TYPES:
            return False
        face = (order.side, order.type, order.size, order.filled, order.status)
        known = self._faces.get(order.order_id)
        if order.status.is_final:
            self._faces.pop(order.order_id, None)
        else:
            self._faces[order.order_id] = face
        return face != known

    def _looked(self, report: VenueReport) -> None:
        orders = self._parts.books.blotter.orders
        covers = {
            (one.account_id, one.contract_id): cover_of(one, report.working, orders)
            for one in report.positions
            if one.account_id == report.account_id
        }
        now_ns = self._parts.clock.mono_ns()
        if report.account_id not in self._met:
            self._met.add(report.account_id)
            self._find(report)
        doubt_ns = ns(max(0.0, self._parts.books.rules.cover.act_after_s - _LEAST_S))
        self._watch.looked(report.account_id, covers, report.asked_ns, now_ns, doubt_ns)
        self._tell()
        self._kick.set()

    def _find(self, report: VenueReport) -> None:
        """The first lists of a run: whatever is bare in them has been so while nobody looked."""
        patience_ns = ns(self._parts.books.rules.cover.act_after_s)
        wall_ns = self._parts.clock.wall_ns()
        for one in report.positions:
            open_ns = max(0, wall_ns - one.opened_ns)
            since_ns = report.asked_ns - min(patience_ns, open_ns)
            self._watch.earlier.setdefault((one.account_id, one.contract_id), since_ns)

    # --- beat -------------------------------------------------------------------------------

    def _beat(self) -> None:
        now_ns = self._parts.clock.mono_ns()
        deeds = self._watch.beat(now_ns, self._ground())
        self._memory.note(self._watch.bare())
        for deed in deeds:
            self._do(deed)
        self._tell()
        proof_ns = ns(_OLD * self._parts.timings.reconcile_busy_s)
        for account_id in sorted({key[0] for key in (*self._watch.guards, *self._watch.earlier)}):
            if (
                account_id not in self._looking
                and self._may_look(account_id, now_ns)
                and self._watch.needs_look(account_id, now_ns, proof_ns)
            ):
                self._looking.add(account_id)
                self._parts.owner.start(self._look(account_id), f"cover {account_id}")

    def _ground(self) -> Ground:
        parts = self._parts
        books, now_ns = parts.books, parts.clock.mono_ns()
        return Ground(
            rules=books.rules.cover,
            close_gap_ns=ns(parts.timings.close_repeat_s),
            is_leaving=lambda key: books.ways_out.is_young(key, now_ns, ns(parts.timings.leave_s)),
            policy=lambda key, cover: policy_for(books, key, cover.net_size),
            stop_unknown=lambda key, cover: stop_is_unknown(books, key, cover.net_size),
            believes_bare=self._believes_bare,
        )

    def _believes_bare(self, key: PositionKey) -> bool:
        blotter = self._parts.books.blotter
        position = blotter.positions.get(key)
        if position is None or position.net_size == 0:
            return False
        return cover_of(position, blotter.working(*key), blotter.orders).bare > 0

    def _pause_s(self) -> float:
        if self._watch.earlier:
            return _BEAT_S
        if not self._watch.guards:
            return _IDLE_S
        states = {guard.state for guard in self._watch.guards.values()}
        return _COVERED_BEAT_S if states == {ShieldState.COVERED} else _BEAT_S

    def _do(self, deed: Deed) -> None:
        books = self._parts.books
        name = books.name_of(deed.key[1])
        match deed.kind:
            case DeedKind.ALARM:
                policy = policy_for(books, deed.key, deed.cover.net_size)
                books.notice("alarm", alarm_text(deed, name, policy), deed.key[1])
            case DeedKind.UNPROVEN:
                books.notice("alarm", unproven_text(deed, name), deed.key[1])
            case DeedKind.STOP:
                self._parts.owner.start(self._protecting.stop(deed), f"protect {deed.key[1]}")
            case DeedKind.CLOSE:
                self._parts.owner.start(self._protecting.close(deed), f"uncover {deed.key[1]}")

    # --- looking ----------------------------------------------------------------------------

    async def _look(self, account_id: AccountId) -> None:
        parts = self._parts
        self._spend(account_id, parts.clock.mono_ns())
        try:
            parts.news.report(await parts.calls.look(account_id))
        except GatewayError:
            self._watch.failed(account_id, parts.clock.mono_ns())
        finally:
            self._looking.discard(account_id)
            self._kick.set()

    def _may_look(self, account_id: AccountId, now_ns: int) -> bool:
        """Whether a second has passed, or a deed waits for a look of its own moment."""
        due_ns = self._watch.due_ns(account_id)
        if due_ns is not None and self._looked_ns.get(account_id, -1) < due_ns <= now_ns:
            return True
        return now_ns >= self._next_look_ns.get(account_id, 0)

    def _spend(self, account_id: AccountId, now_ns: int) -> None:
        """Note a look, and from when on the next one may be."""
        self._looked_ns[account_id] = now_ns
        last_ns = self._next_look_ns.get(account_id, now_ns)
        refilled = max(0, now_ns - last_ns) / NS_PER_S / _REFILL_S
        spent = max(0.0, self._spent.get(account_id, 0.0) - refilled)
        urgent = any(
            guard.bare_ns is not None or self._believes_bare(key)
            for key, guard in self._watch.guards.items()
            if key[0] == account_id
        )
        spent = spent if urgent else spent + 1
        self._spent[account_id] = spent
        gap_s = _GAP_S if urgent or spent < _BURST else _REFILL_S
        self._next_look_ns[account_id] = now_ns + ns(gap_s)

    # --- telling ----------------------------------------------------------------------------

    def _tell(self) -> None:
        books = self._parts.books
        for key in list(books.shields):
            if key not in self._watch.guards:
                gone = books.shields.pop(key)
                books.emit(ShieldChanged(shield=_empty(gone)))
        for key, guard in self._watch.guards.items():
            shield = shield_of(key, guard, shield_text(guard))
            if books.shields.get(key) != shield:
                books.shields[key] = shield
                books.emit(ShieldChanged(shield=shield))


def _empty(shield: Shield) -> Shield:
    return Shield(
        account_id=shield.account_id,
        contract_id=shield.contract_id,
        state=ShieldState.COVERED,
        net_size=0,
        covered=0,
        since_ns=shield.since_ns,
        proven_ns=shield.proven_ns,
        text="Flat.",
    )
