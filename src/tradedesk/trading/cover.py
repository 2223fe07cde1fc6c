"""Keeps every position covered: what the lists prove, what is told, and what is done about it.

Pure: looks, news and the clock go in; deeds come out. A position is covered only while two fresh
lists, asked for after the last news about its contract, say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.safety import CoverPolicy, ShieldState
from tradedesk.trading.cover_guard import (
    UNPROVEN_S,
    Deed,
    DeedKind,
    Guard,
    alarm_at,
    close_gap,
    is_overdue,
)
from tradedesk.trading.cover_plan import Cover
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId
    from tradedesk.domain.safety import CoverRules
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.cover_guard import Ground

_S = ShieldState


class CoverWatch:
    """All guards, by account and contract."""

    def __init__(self) -> None:
        self.guards: dict[PositionKey, Guard] = {}
        self.earlier: dict[PositionKey, int] = {}
        """Since when an earlier run saw positions bare; each counts until the first lists."""
        self._news_ns: dict[PositionKey, int] = {}

    # --- what is heard ----------------------------------------------------------------------

    def heard(self, key: PositionKey, mono_ns: int, net_size: int) -> bool:
        """News about a contract; what was proven before has to be proven again.

        Parameters
        ----------
        net_size : int
            The position as far as it is known with this news; 0 ends the guard.

        Returns
        -------
        bool
            Whether the venue should be asked.
        """
        self._news_ns[key] = max(mono_ns, self._news_ns.get(key, mono_ns))
        guard = self.guards.get(key)
        if net_size == 0:
            self.guards.pop(key, None)
            return False
        if guard is None:
            self.guards[key] = Guard(Cover(net_size, 0), mono_ns)
            return True
        if guard.cover.net_size * net_size < 0:
            guard.safe()  # another position; what was missing was missing for the old one
        guard.cover = msgspec.structs.replace(
            guard.cover, net_size=net_size, covered=min(guard.cover.covered, abs(net_size))
        )
        self._doubt(guard, mono_ns)
        return True

    def looked(
        self,
        account_id: AccountId,
        covers: dict[PositionKey, Cover],
        asked_ns: int,
        now_ns: int,
        doubt_ns: int = 0,
    ) -> None:
        """Fresh lists of one account; a position that is not among them is flat.

        Parameters
        ----------
        doubt_ns : int
            How much of the time during which nobody could say whether there was a stop counts as
            time without one, now that the lists show none.
        """
        known = (*self.guards, *self.earlier)
        for key in sorted({one for one in known if one[0] == account_id} | covers.keys()):
            if asked_ns <= self._news_ns.get(key, -1):
                continue  # the news may or may not be in these lists
            earlier_ns = self.earlier.pop(key, None)
            cover = covers.get(key)
            if cover is None or cover.net_size == 0:
                self.guards.pop(key, None)
                continue
            guard = self.guards.setdefault(key, Guard(cover, now_ns))
            if guard.proven_ns is not None and asked_ns < guard.proven_ns:
                continue
            if guard.cover.net_size * cover.net_size < 0:
                guard.safe()
            guard.cover, guard.proven_ns, guard.fresh = cover, asked_ns, True
            if cover.bare <= 0:
                guard.safe()
                guard.turn(_S.COVERED, now_ns)
            elif guard.bare_ns is None:
                guard.miss(earlier_ns, now_ns, doubt_ns)

    def failed(self, account_id: AccountId, now_ns: int) -> None:
        """The venue could not be asked: nothing is proven any more."""
        for key, guard in self.guards.items():
            if key[0] == account_id:
                guard.fresh = False
                self._doubt(guard, now_ns)

    # --- what was done ----------------------------------------------------------------------

    def stop_sent(self, key: PositionKey, now_ns: int) -> None:
        """A protective stop is on its way."""
        if key in self.guards:
            self.guards[key].stop_ns = now_ns

    def stop_failed(self, key: PositionKey) -> None:
        """It certainly does not work."""
        if key in self.guards:
            self.guards[key].stop_failed = True

    def stop_free(self, key: PositionKey) -> None:
        """It certainly does not work, and was not the policy's own: that may still place one."""
        if key in self.guards:
            self.guards[key].stop_ns = None

    # --- what to do -------------------------------------------------------------------------

    def beat(self, now_ns: int, ground: Ground) -> list[Deed]:
        """Move every guard on; gives what to do now. A deed is given once each time it is due."""
        deeds = []
        for key, guard in self.guards.items():
            if guard.close_ns is None and ground.is_leaving(key):
                guard.hold()
                guard.unproven_ns = now_ns
                guard.turn(_S.CLOSING, now_ns)
                continue
            clean = guard.is_clean(self._news_ns.get(key, -1))
            if clean and guard.cover.bare <= 0:
                guard.unproven_ns = now_ns
                guard.turn(_S.COVERED, now_ns)
                continue
            if guard.bare_ns is None:
                guard.turn(_S.CHECKING, now_ns)
                deeds += self._unproven(key, guard, now_ns)
                continue
            guard.turn(self._bare_state(guard, clean=clean), now_ns)
            deeds += self._alarm(key, guard, now_ns - guard.bare_ns, ground.rules)
            deeds += self._act(key, guard, guard.bare_ns, now_ns, ground, clean=clean)
        return deeds

    def needs_look(self, account_id: AccountId, now_ns: int, proof_ns: int) -> bool:
        """Whether a guard of the account is without proof, bare, or proven too long ago.

        So is what an earlier run saw bare. Where something else leaves a position, that looks, and
        does it oftener.
        """
        return any(key[0] == account_id for key in self.earlier) or any(
            guard.state is not _S.COVERED
            or not guard.is_clean(self._news_ns.get(key, -1))
            or (guard.proven_ns is not None and now_ns - guard.proven_ns > proof_ns)
            for key, guard in self.guards.items()
            if key[0] == account_id
            and (guard.state is not _S.CLOSING or guard.close_ns is not None)
        )

    def bare(self) -> dict[PositionKey, int]:
        """Since when each position that misses a stop has missed it, monotonic."""
        now = {key: one.bare_ns for key, one in self.guards.items() if one.bare_ns is not None}
        return self.earlier | now

    def due_ns(self, account_id: AccountId) -> int | None:
        """Since when a deed waits for lists that were asked for after it fell due."""
        moments = [
            guard.due_ns
            for key, guard in self.guards.items()
            if key[0] == account_id and guard.due_ns is not None
        ]
        return max(moments, default=None)

    # --- inside -----------------------------------------------------------------------------

    @staticmethod
    def _doubt(guard: Guard, now_ns: int) -> None:
        if guard.state is _S.COVERED:
            guard.unproven_ns = now_ns
            guard.turn(_S.CHECKING, now_ns)

    @staticmethod
    def _bare_state(guard: Guard, *, clean: bool) -> ShieldState:
        if guard.close_ns is not None:
            return _S.CLOSING
        if guard.stop_ns is not None:
            return _S.PROTECTING
        return _S.BARE if clean else _S.CHECKING

    @staticmethod
    def _unproven(key: PositionKey, guard: Guard, now_ns: int) -> list[Deed]:
        for_ns = now_ns - guard.unproven_ns
        if for_ns < alarm_at(guard.alarms, UNPROVEN_S):
            return []
        guard.alarms += 1
        return [Deed(key, DeedKind.UNPROVEN, guard.cover, for_ns)]

    @staticmethod
    def _alarm(key: PositionKey, guard: Guard, for_ns: int, rules: CoverRules) -> list[Deed]:
        if for_ns < alarm_at(guard.alarms, rules.alarm_after_s):
            return []
        while alarm_at(guard.alarms, rules.alarm_after_s) <= for_ns:
            guard.alarms += 1  # what an earlier run or a flatten let pass is told once
        return [Deed(key, DeedKind.ALARM, guard.cover, for_ns)]

    def _act(
        self,
        key: PositionKey,
        guard: Guard,
        since_ns: int,
        now_ns: int,
        ground: Ground,
        *,
        clean: bool,
    ) -> list[Deed]:
        rules, for_ns = ground.rules, now_ns - since_ns
        overdue = guard.is_inherited and is_overdue(for_ns, rules)
        policy = ground.policy(key, guard.cover)
        due_ns = since_ns + ns(rules.act_after_s)
        if policy is CoverPolicy.ALARM or now_ns < due_ns:
            return []
        if policy is CoverPolicy.STOP and guard.stop_ns is None and not overdue:
            if not self._is_sure(key, guard, due_ns, now_ns, ground, clean=clean):
                return []
            guard.stop_ns = now_ns
            guard.turn(_S.PROTECTING, now_ns)
            if ground.stop_unknown(key, guard.cover):
                return []  # one is out already; if it does not show up, the position is closed
            return [Deed(key, DeedKind.STOP, guard.cover, for_ns)]
        if policy is CoverPolicy.STOP and guard.stop_ns is not None and not guard.stop_failed:
            due_ns = guard.stop_ns + ns(rules.confirm_s)
        if now_ns < due_ns or not self._is_sure(key, guard, due_ns, now_ns, ground, clean=clean):
            return []
        gap_ns = close_gap(ground.close_gap_ns, guard.closes)
        if guard.close_ns is not None and now_ns - guard.close_ns < gap_ns:
            return []
        guard.close_ns = now_ns
        guard.closes += 1
        guard.turn(_S.CLOSING, now_ns)
        return [Deed(key, DeedKind.CLOSE, guard.cover, for_ns)]

    @staticmethod
    def _is_sure(
        key: PositionKey, guard: Guard, due_ns: int, now_ns: int, ground: Ground, *, clean: bool
    ) -> bool:
        """Whether lists asked for after the deed fell due still show what is missing.

        Where the venue answers no question, or news never stop, the older lists and our own books
        have to do after a while: orders may get through where questions do not.
        """
        if clean and guard.proven_ns is not None and guard.proven_ns >= due_ns:
            guard.due_ns = None
            return True
        guard.due_ns = due_ns
        return now_ns >= due_ns + ns(ground.rules.confirm_s) and ground.believes_bare(key)
