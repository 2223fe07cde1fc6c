"""Ids that look random and are not: the same seed gives the same ids in the same order."""

from __future__ import annotations

import hashlib
import itertools


class Ids:
    """One stream of ids.

    Parameters
    ----------
    seed : int
        The venue's.
    stream : str
        Name of the stream; streams do not know each other, so the order in which different
        things happen does not matter to them.
    """

    def __init__(self, seed: int, stream: str) -> None:
        self._name = f"{seed}/{stream}"
        self._count = itertools.count()

    def next(self) -> str:
        """The next id: 32 hexadecimal digits."""
        text = f"{self._name}/{next(self._count)}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def trace(self) -> str:
        """The next trace id, in the form of the W3C trace context."""
        trace, span = self.next(), self.next()
        return f"00-{trace}-{span[:16]}-00"
