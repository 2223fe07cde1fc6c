"""How the venue treats orders where production leaves a choice or a time open."""

from __future__ import annotations

import msgspec

MS: int = 1_000_000


class BookRules(msgspec.Struct, frozen=True, kw_only=True):
    """Times and choices; the defaults are what is known or recommended.

    Parameters
    ----------
    accept_ns : int
        How long an order is pending before it works.
    wake_ns : int
        How long after the first fill of an entry its legs begin to work.
    joins_follow : bool
        Whether join orders go along with the best price after they joined it.
    tag_for_ever : bool
        Whether a tag stays taken when its order has ended.
    leg_cancel_takes_twin : bool
        Whether cancelling one leg of a bracket cancels the other.
    """

    accept_ns: int = 8 * MS
    wake_ns: int = 18 * MS
    joins_follow: bool = False
    tag_for_ever: bool = True
    leg_cancel_takes_twin: bool = False
