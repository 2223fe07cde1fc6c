"""Keeps the risk rules while the executor runs: day's loss and profit, going flat, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.safety import Lock, LockKind
from tradedesk.domain.session import session_end_ns, session_start_ns
from tradedesk.domain.wall_words import time_left, wall_words
from tradedesk.trading import risk_words as words
from tradedesk.trading.flat_timer import FlatCall, FlatTimer
from tradedesk.trading.lock_keeper import LockKeeper
from tradedesk.trading.risk_day import STALE_NS, BlindWatch, DayBook
from tradedesk.trading.rule_keeper import RuleKeeper
from tradedesk.trading.venue_time import VenueTime

if TYPE_CHECKING:
    from tradedesk.domain.commands import LockTrading, MarkPrices, SetRules
    from tradedesk.domain.ids import AccountId, ContractId
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.entry_ending import EntryEnding
    from tradedesk.trading.live.going_flat import GoingFlat
    from tradedesk.trading.live.replies import Replies

LONGEST_NS = 24 * 3_600 * NS_PER_S


class Risking:
    """Looks at the day each second and after every fill; takes the commands that set limits."""

    def __init__(
        self,
        parts: DeskParts,
        replies: Replies,
        ending: EntryEnding,
        flat: GoingFlat,
        *,
        live: bool,
    ) -> None:
        self._parts = parts
        self._replies = replies
        self._ending = ending
        self._flat = flat
        self._locks = LockKeeper(parts.books, parts.recorder.journal)
        self._rules = RuleKeeper(parts.books, parts.recorder.journal)
        self._day = DayBook(parts.books.blotter)
        self._time = VenueTime(live=live)
        self._timer = FlatTimer()
        self._blind = BlindWatch()
        self._told_locks: tuple[Lock, ...] = ()
        self._told_own_time = False

    def recover(self) -> None:
        """Take over locks and rules of an earlier run."""
        self._locks.recover()
        self._rules.recover()

    def tell(self) -> None:
        """Tell the desk locks and rules."""
        self._told_locks = self._held()
        self._locks.tell()

    async def run(self) -> None:
        """Look until cancelled: at once after a fill, else once a second."""
        fills = self._parts.books.blotter.fills
        while True:
            self.look()
            seen = len(fills)
            await self._parts.watchers.until(
                lambda seen=seen: len(fills) != seen,  # type: ignore[misc]
                self._parts.timings.health_s,
            )

    # --- commands -------------------------------------------------------------------------------

    def set_rules(self, command: SetRules) -> None:
        """Keep other rules; the answer is ``LocksChanged``, or why not."""
        refused = self._rules.ask(command.rules)
        if refused:
            self._replies.failed(command, refused)
        self._told_own_time = False
        self.tell()
        self.look()

    def lock(self, command: LockTrading) -> None:
        """Lock entries of every account of this login until a moment."""
        now_ns = self._parts.clock.wall_ns()
        ahead_ns = command.until_ns - now_ns
        if not 0 < ahead_ns <= LONGEST_NS:
            self._replies.failed(
                command, "A lock must end between now and 24 hours from now; choose another time."
            )
            return
        until = wall_words(command.until_ns, now_ns)
        lock = Lock(
            kind=LockKind.TIME,
            text=words.time_sentence(until),
            since_ns=now_ns,
            until_ns=command.until_ns,
        )
        if not self._locks.add(lock):
            self._replies.failed(
                command, "Trading is locked for longer already; a lock can only be made longer."
            )
            return
        self._told_locks = self._held()
        for account_id in self._parts.books.blotter.accounts:
            self._ending.end(account_id)
        self._replies.done(command, f"Trading is locked until {until}")

    def mark(self, command: MarkPrices) -> None:
        """Take the prices of the contracts held and the venue's time."""
        self._day.marks.update(command.marks)
        self._time.hear(command.venue_ns, self._parts.clock.wall_ns())

    def mark_of(self, contract_id: ContractId) -> int | None:
        """Last price of a contract, if the desk told one a moment ago."""
        mark = self._day.marks.get(contract_id)
        if mark is None or self._parts.clock.mono_ns() - mark.seen_ns > STALE_NS:
            return None
        return mark.ticks

    # --- looking --------------------------------------------------------------------------------

    def look(self) -> None:
        """Hold every account against the rules now."""
        clock = self._parts.clock
        self._time.correct(getattr(self._parts.calls.gateway, "clock_skew_ms", None))
        venue_ns = self._time.at(clock.wall_ns())
        self._look_at_timer(venue_ns)
        for account_id in self._parts.books.blotter.accounts:
            self._look_at_day(account_id, venue_ns)
            self._flat.look(account_id)
        self._say_blind()
        settled = self._rules.settle()
        if settled or self._held() != self._told_locks:
            self.tell()

    def _look_at_timer(self, venue_ns: int) -> None:
        books, flat_at = self._parts.books, self._parts.books.rules.risk.flat_at
        if self._time.is_own:
            if flat_at and not self._told_own_time:
                books.notice(
                    "info",
                    f"Going flat at {flat_at} is off: this venue runs in a time of its own.",
                )
                self._told_own_time = True
            return
        set_ns = self._time.at(self._rules.flat_set_ns)
        call, at_ns = self._timer.look(flat_at, set_ns, venue_ns)
        wall_ns = self._parts.clock.wall_ns()
        if call is FlatCall.WARN:
            here = wall_words(self._time.ours(at_ns), wall_ns)
            left = time_left(at_ns - venue_ns)
            books.notice(
                "warning",
                f"In {left}, at {flat_at} in Chicago ({here} here), entries go off and everything "
                "is flattened.",
            )
        elif call is FlatCall.FLAT and not self._holds(LockKind.SESSION_FLAT, None):
            until_ns = self._time.ours(session_end_ns(venue_ns))
            text = words.flat_sentence(flat_at, wall_words(until_ns, wall_ns))
            self._add(LockKind.SESSION_FLAT, None, text, until_ns)

    def _look_at_day(self, account_id: AccountId, venue_ns: int) -> None:
        rules = self._parts.books.rules.risk
        if rules.daily_loss is None and rules.daily_profit is None:
            return
        span_ns = (session_start_ns(venue_ns), session_end_ns(venue_ns))
        result = self._day.result(
            account_id, self._parts.books.instruments, span_ns, self._parts.clock.mono_ns()
        )
        if rules.daily_loss is not None and result.total <= -rules.daily_loss:
            kind, limit = LockKind.DAILY_LOSS, rules.daily_loss
        elif rules.daily_profit is not None and result.total >= rules.daily_profit:
            kind, limit = LockKind.DAILY_PROFIT, rules.daily_profit
        else:
            return
        if self._holds(kind, account_id):
            return
        until_ns = self._time.ours(session_end_ns(venue_ns))
        until = wall_words(until_ns, self._parts.clock.wall_ns())
        text = words.limit_sentence(kind, result.total, limit, until)
        self._add(kind, account_id, text, until_ns)
        if not rules.flatten_at_limit:
            self._ending.end(account_id)

    def _add(self, kind: LockKind, account_id: AccountId | None, text: str, until_ns: int) -> None:
        since_ns = self._parts.clock.wall_ns()
        lock = Lock(
            kind=kind, text=text, since_ns=since_ns, account_id=account_id, until_ns=until_ns
        )
        self._locks.add(lock)
        self._told_locks = self._held()
        held = self._parts.books.blotter.open_positions(account_id)
        click = " What is held stays open: flatten is one click." if held else ""
        self._parts.books.notice("alarm", text + ("" if self._flat.wanted_by(kind) else click))

    # --- telling --------------------------------------------------------------------------------

    def _say_blind(self) -> None:
        """Say once that the open part of the day cannot be counted for want of a price."""
        books, rules = self._parts.books, self._parts.books.rules.risk
        watched = rules.daily_loss is not None or rules.daily_profit is not None
        held = {position.contract_id for position in books.blotter.open_positions()}
        now_ns = self._parts.clock.mono_ns()
        for contract_id in self._blind.check(
            held if watched and books.conditions.attached else set(), self._day.marks, now_ns
        ):
            books.notice(
                "warning",
                f"No fresh price of {books.name_of(contract_id)} for 10 s: the limits of the day "
                "count only what is closed until there is one.",
            )

    def _held(self) -> tuple[Lock, ...]:
        return self._parts.books.locks.holding(self._parts.clock.wall_ns())

    def _holds(self, kind: LockKind, account_id: AccountId | None) -> bool:
        return any(lock.kind is kind and lock.account_id == account_id for lock in self._held())
