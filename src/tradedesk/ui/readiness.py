"""May an entry be placed now, and if not, why. Pure. Exits never ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.events import Phase, SessionChanged
from tradedesk.services.stress.contract import NOT_TRADED, is_made_up
from tradedesk.ui import words
from tradedesk.ui.lock_words import lock_view

if TYPE_CHECKING:
    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.ports import Book

STALE_AFTER_MS = 3_000.0
"""Without a quote or trade for so long, prices count as old."""

ARMED_OFF = "Armed is off: switch it on at the top right"
FLATTENING = "flatten under way: entries are off until it is done"

_PHASES = {
    Phase.STARTING: "starting…",
    Phase.SIGNING_IN: "signing in…",
    Phase.SYNCING: "loading orders and positions…",
    Phase.STOPPED: "no connection for orders",
    Phase.REFUSED: "not signed in",
}

_WORDS = {
    Phase.STARTING: "starting…",
    Phase.SIGNING_IN: "signing in…",
    Phase.SYNCING: "loading…",
    Phase.STOPPED: "not connected",
    Phase.REFUSED: "not signed in",
}
_FIXES = {
    Phase.STOPPED: "close tradedesk and open it again",
    Phase.REFUSED: "sign in again from the account menu at the top",
}
_SHORT = 70
"""Characters of a detail that the ticket has room for; the chart shows any."""
_ASSURANCES = {
    Phase.STOPPED: "What rests at the venue goes on working.",
    Phase.REFUSED: "The account menu at the top has “Sign in to a firm…”.",
}


def is_stale(book: Book | None, mono_ns: int) -> bool:
    """Whether nothing was heard of this market for too long, or never, or its quotes froze."""
    age_ms = book.age_ms(mono_ns) if book is not None else None
    if book is None or age_ms is None or age_ms > STALE_AFTER_MS:
        return True
    return quotes_froze(book, mono_ns)


def quotes_froze(book: Book, mono_ns: int) -> bool:
    """Whether trades came from outside of an old bid and ask: those can then not be true any more.

    Old quotes alone prove nothing; in a quiet market they stand still for minutes.
    """
    age_ms, last = book.quotes_age_ms(mono_ns), book.last_ticks
    bid, ask = book.bid_ticks, book.ask_ticks
    if age_ms is None or age_ms <= STALE_AFTER_MS or last is None or bid is None or ask is None:
        return False
    trades_ms = book.trades_age_ms(mono_ns)
    return trades_ms is not None and trades_ms < age_ms and not bid <= last <= ask


def phase_text(session: SessionChanged | None) -> str:
    """What the session is doing when it is not ready; empty when it is."""
    if session is None:
        return _PHASES[Phase.STARTING]
    if session.phase is Phase.READY:
        return ""
    if session.phase is Phase.DEGRADED:
        return session.detail or "the connection to the venue is disturbed"
    return _PHASES[session.phase]


def phase_word(session: SessionChanged | None) -> str:
    """The same in a word or two, where an account's name would stand; empty once it is known."""
    return _WORDS.get(Phase.STARTING if session is None else session.phase, "")


def is_told(session: SessionChanged | None) -> bool:
    """Whether what the desk shows of orders and positions comes from the venue."""
    return session is not None and session.phase in (Phase.READY, Phase.DEGRADED)


def trouble(session: SessionChanged | None) -> str:
    """Why nothing can be traded until somebody acts, and what to do; empty if all goes its way."""
    if session is None or session.phase not in _FIXES:
        return ""
    why = f"{_PHASES[session.phase]}: {session.detail or _FIXES[session.phase]}"
    return f"{words.sentence(why)} {_ASSURANCES[session.phase]}"


def market_block(book: Book | None, mono_ns: int) -> str:
    """Why the market does not allow an entry; empty if it does."""
    if book is None:
        return "no contract is selected"
    age_ms = book.age_ms(mono_ns)
    if age_ms is None:
        return "waiting for market data…"
    if age_ms > STALE_AFTER_MS:
        return f"market data is stale {words.age(age_ms)}"
    if quotes_froze(book, mono_ns):
        return f"bid and ask are stale {words.age(book.quotes_age_ms(mono_ns))}"
    return "" if book.last_ticks is not None else "waiting for the first trade…"


def is_hatched(state: DeskState, block: str) -> bool:
    """Whether surfaces for orders are to be hatched: they would be open, were it not for this.

    Disarmed is the quiet normal state of a chart, a flatten is over in a moment, and a stress test
    has a band of its own; stale data, a lock or a lost venue are not.
    """
    return block not in ("", ARMED_OFF, FLATTENING, NOT_TRADED) and is_told(state.session)


def entry_block(
    state: DeskState, book: Book | None, mono_ns: int, wall_ns: int, *, flattening: bool = False
) -> str:
    """Why no entry may be placed now; empty if it may."""
    if book is not None and is_made_up(book.instrument.contract_id):
        return NOT_TRADED
    session = state.session
    why = phase_text(session)
    if session is not None and session.phase in _FIXES:
        short = 0 < len(session.detail) <= _SHORT
        return f"{why}: {session.detail if short else _FIXES[session.phase]}"
    if why:
        return why
    account = state.account
    if account is None:
        return "no account is selected"
    if not account.can_trade:
        return f"{account.name} may not trade"
    lock = lock_view(state.held_locks(), wall_ns)
    if lock.block or not state.armed:
        return lock.block or market_block(book, mono_ns) or ARMED_OFF
    return market_block(book, mono_ns) or (FLATTENING if flattening else "")
