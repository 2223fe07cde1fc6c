"""What a bust or a correction changed."""

from __future__ import annotations

from typing import NamedTuple


class Mending(NamedTuple):
    """From where on bars are to be made anew after a bust or a correction.

    Attributes
    ----------
    row : int
        First row of the store that is another one now: tick and volume bars from the one that
        holds it on.
    ts_ns : int
        No trade stamped before this is another one: time bars from the one that holds it on.
    """

    row: int
    ts_ns: int
