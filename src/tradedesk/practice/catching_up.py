"""Playing up to the clock, and a clock that waits where it runs too fast for the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from tradedesk.practice.clock import VenueClock
    from tradedesk.practice.feed import Feed
    from tradedesk.practice.playing import Playing

_LONGEST_S: Final = 0.25
"""Real time; then those who wait are answered."""
_STRETCH_NS: Final = 10_000_000_000
"""Venue time that is played before the clock is looked at."""
_QUICK_S: Final = 0.02
"""The next stretch is longer where the last one took less."""


def catch_up(playing: Playing, feeds: Collection[Feed], clock: VenueClock) -> None:
    """Play everything that is due by a clock.

    What is played at a higher rate than this machine can would be further behind each time, and
    nobody would be answered any more. So a fast clock is held back to what was played: time runs
    as fast as it can. At the rate of real time everything is played, as its stamps are compared
    with the machine's.
    """
    due_ns, begun_s = clock.now_ns(), clock.mono_s()
    if clock.rate <= 1 or not clock.running:
        playing.advance(feeds, due_ns)
        return
    stretch_ns, before_s = _STRETCH_NS, begun_s
    while (at_ns := playing.now_ns) < due_ns:
        playing.advance(feeds, min(due_ns, at_ns + stretch_ns))
        if playing.now_ns == at_ns:
            return  # called from inside itself
        now_s = clock.mono_s()
        if now_s - begun_s > _LONGEST_S:
            clock.set(playing.now_ns)
            return
        if now_s - before_s < _QUICK_S:
            stretch_ns *= 2
        before_s = now_s
