"""What a trader reads about the cover of a position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.safety import CoverPolicy, ShieldState

if TYPE_CHECKING:
    from tradedesk.trading.cover_guard import Deed, Guard

_S = ShieldState
_NEXT = {
    CoverPolicy.ALARM: "Place a stop or close the position.",
    CoverPolicy.STOP: "A stop is placed for it if none shows up; else it is closed.",
    CoverPolicy.CLOSE: "It is closed at market if none shows up.",
}


def held_text(net_size: int, name: str) -> str:
    """``Long 2 MNQ Z26``."""
    return f"{'Long' if net_size > 0 else 'Short'} {abs(net_size)} {name}"


def alarm_text(deed: Deed, name: str, policy: CoverPolicy) -> str:
    """A position has no stop."""
    cover = deed.cover
    part = f" ({cover.covered} of {abs(cover.net_size)} covered)" if cover.covered else ""
    return (
        f"{held_text(cover.net_size, name)} has no working stop for its full size{part} for "
        f"{deed.for_ns // NS_PER_S} s. {_NEXT[policy]}"
    )


def unproven_text(deed: Deed, name: str) -> str:
    """Nobody can say whether a position has one."""
    return (
        f"Nobody can say for {deed.for_ns // NS_PER_S} s whether "
        f"{held_text(deed.cover.net_size, name)} has its stop: the venue gives no answer that "
        "holds. Look at the venue's own page, or close the position."
    )


def shield_text(guard: Guard) -> str:
    """State of one shield in one sentence."""
    held, bare = abs(guard.cover.net_size), guard.cover.bare
    match guard.state:
        case _S.COVERED:
            return f"A working stop for {'it' if held == 1 else f'all {held} contracts'}."
        case _S.BARE:
            return f"No working stop for {bare} of {held}."
        case _S.PROTECTING:
            return f"A protective stop for {bare} of {held} is on its way."
        case _S.CLOSING:
            return "The position is being closed."
        case _:
            if guard.bare_ns is not None:
                return f"{bare} of {held} had no stop when last seen; asking again."
            return "Asking the venue whether every contract has a stop."
