"""Keeps the rules: checked, written down, and never made looser while a lock holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.domain.safety import LockKind, TradingRules
from tradedesk.domain.setting_rules import check_rules, loosened, stricter

if TYPE_CHECKING:
    from tradedesk.trading.books import Books
    from tradedesk.trading.ports import IntentJournal

JOURNAL_KIND: Final = "rules"
_KEY: Final = "*"
BINDING: Final = frozenset({LockKind.DAILY_LOSS, LockKind.DAILY_PROFIT, LockKind.TIME})
"""Locks that a trader must not argue with by changing the rules."""


class KeptRules(msgspec.Struct, frozen=True):
    """What is written down.

    Parameters
    ----------
    kept : TradingRules
        In force; the same as ``Books.rules``.
    wished : TradingRules or None
        Asked for while a lock held, to be kept once it ends.
    started_with : TradingRules
        What the executor was started with; the same again at a restart is no new wish.
    flat_set_ns : int
        Wall time since which the time of going flat is what it is.
    """

    kept: TradingRules
    wished: TradingRules | None
    started_with: TradingRules
    flat_set_ns: int


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(KeptRules).decode


class RuleKeeper:
    """The one who changes ``Books.rules``."""

    def __init__(self, books: Books, journal: IntentJournal) -> None:
        self._books = books
        self._journal = journal
        self._state = KeptRules(books.rules, None, books.rules, books.clock.wall_ns())

    @property
    def flat_set_ns(self) -> int:
        """Wall time since which the time of going flat is what it is."""
        return self._state.flat_set_ns

    def recover(self) -> None:
        """Take over what an earlier run kept; locks must have been recovered before."""
        begun = self._books.rules
        payload = self._journal.recorded(JOURNAL_KIND).get(_KEY)
        if payload is not None:
            try:
                self._state = _decode(payload)
            except msgspec.MsgspecError:
                self._books.notice(
                    "warning",
                    "The risk rules of the last run cannot be read; the settings' are kept.",
                )
                payload = None
        if payload is None:
            self._keep(self._state)
            return
        self._books.rules = self._state.kept
        if begun != self._state.started_with:
            self._keep(msgspec.structs.replace(self._state, started_with=begun))
            self._take(begun)

    def ask(self, rules: TradingRules) -> str:
        """Keep other rules from now on; says why not, or nothing."""
        problems = check_rules(rules)
        if problems:
            return " ".join((*problems, "The rules stay as they are."))
        self._take(rules)
        return ""

    def settle(self) -> bool:
        """Keep what was asked for while a lock held, once none does; says whether it did."""
        wished = self._state.wished
        if wished is None or self._is_bound():
            return False
        self._keep(self._next(wished, None))
        self._books.notice(
            "info", "The lock is over: the rules that you asked for meanwhile are kept from now on."
        )
        return True

    def _take(self, rules: TradingRules) -> None:
        kept = self._state.kept
        looser = loosened(kept, rules) if self._is_bound() else ()
        wished = rules if looser else None
        fresh = self._next(stricter(kept, rules) if looser else rules, wished)
        if looser and fresh != self._state:
            self._books.notice(
                "warning",
                f"While trading is locked, rules only become stricter: {', '.join(looser)} "
                f"{'stays' if len(looser) == 1 else 'stay'} until the lock ends.",
            )
        if fresh != self._state:
            self._keep(fresh)

    def _next(self, kept: TradingRules, wished: TradingRules | None) -> KeptRules:
        state = self._state
        same = kept.risk.flat_at == state.kept.risk.flat_at
        set_ns = state.flat_set_ns if same else self._books.clock.wall_ns()
        return KeptRules(kept, wished, state.started_with, set_ns)

    def _keep(self, state: KeptRules) -> None:
        self._state = state
        self._books.rules = state.kept
        try:
            self._journal.record(JOURNAL_KIND, 0, _KEY, _encode(state))
        except StoreError as error:
            self._books.notice("alarm", f"{error} The rules hold until the desk is restarted.")

    def _is_bound(self) -> bool:
        now_ns = self._books.clock.wall_ns()
        return any(lock.kind in BINDING for lock in self._books.locks.holding(now_ns))
