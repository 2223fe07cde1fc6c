"""Which failure of a place is which."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.domain.errors import VenueRefusedError

_DEFINITE = frozenset({1, 2, 3, 4, 5, 8, 9, 10})
"""Codes of Order/place that mean no. 6 (pending), 7 (unknown) and new ones mean: ask."""


def is_definite(error: VenueRefusedError) -> bool:
    """Whether a refused place certainly left no order behind.

    "Custom tag is already in use" is a no to this copy and a hint that an earlier copy arrived.
    """
    text = str(error).lower()
    if "tag" in text and ("in use" in text or "already" in text or "unique" in text):
        return False
    return error.code in _DEFINITE
