"""What the window says of a position's cover. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.safety import ShieldState
from tradedesk.ui import words

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.cover import Cover

_BADGES = {
    ShieldState.COVERED: ("Covered · stop at server", "covered"),
    ShieldState.CHECKING: ("Checking cover…", "plain"),
    ShieldState.BARE: ("No stop!", "bare"),
    ShieldState.PROTECTING: ("Placing stop…", "warn"),
    ShieldState.CLOSING: ("Closing…", "warn"),
}


@dataclass(frozen=True, slots=True)
class CoverView:
    """Badge and line of the position card.

    Attributes
    ----------
    state : ShieldState or None
        None without a position.
    """

    state: ShieldState | None = None
    badge: str = ""
    badge_kind: str = "plain"
    text: str = ""
    tip: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether it is to be loud, and a stop can be asked for."""
        return self.state is ShieldState.BARE


NO_COVER = CoverView()


def cover_view(cover: Cover, instrument: Instrument | None, mono_ns: int) -> CoverView:
    """Words for a cover; ``mono_ns`` is now."""
    badge, kind = _BADGES[cover.state]
    return CoverView(cover.state, badge, kind, _text(cover, instrument, mono_ns), cover.text)


def cover_word(cover: Cover) -> str:
    """The same in a table."""
    if cover.state is ShieldState.BARE:
        return f"No stop for {cover.bare}!"
    return _BADGES[cover.state][0]


def _text(cover: Cover, instrument: Instrument | None, mono_ns: int) -> str:
    contracts = "contract" if cover.bare == 1 else "contracts"
    proven = ""
    if cover.proven_ns is not None:
        age_ms = max(0, mono_ns - cover.proven_ns) / NS_PER_MS
        proven = f"proven {words.age(age_ms)} ago"
    match cover.state:
        case ShieldState.COVERED:
            return " · ".join(part for part in (_stops(cover, instrument), proven) if part)
        case ShieldState.BARE:
            return f"No stop for {cover.bare} {contracts}"
        case ShieldState.PROTECTING:
            return f"Placing a stop for {cover.bare} {contracts}…"
        case ShieldState.CLOSING:
            return "The position is being closed"
        case _:
            return f"Asking the venue · last {proven}" if proven else "Asking the venue…"


def _stops(cover: Cover, instrument: Instrument | None) -> str:
    if not cover.stops or instrument is None:
        return "Every contract has a stop"
    first = instrument.tick.text(cover.stops[0])
    if len(set(cover.stops)) == 1:
        return f"Stop at {first}"
    return f"{len(cover.stops)} stops from {first}"
