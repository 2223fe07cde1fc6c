"""Our own order tags: unique for ever, and readable.

``td1-<install 5>-<session 7>-<counter 4>`` in base 32: which installation, when its executor
started (tenths of a second since 1970), and a counter whose blocks are reserved in the journal.
The venue adds ``-SL`` and ``-TP`` for the legs of a bracket.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from tradedesk.domain.errors import InputError, StoreError
from tradedesk.domain.ids import Tag
from tradedesk.domain.roles import STOP_LEG, TAG_PREFIX, TARGET_LEG

if TYPE_CHECKING:
    from tradedesk.trading.ports import ReserveBlock

MAX_TAG = 60
"""The venue's own suffixes must still fit behind a tag."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_OURS = re.compile(TAG_PREFIX + r"[a-z2-7]{5}-[a-z2-7]{7}-[a-z0-7]{4}")
_LEGS = (STOP_LEG, TARGET_LEG)


def base32(number: int, width: int) -> str:
    """The lowest ``5 * width`` bits of a number as ``width`` letters."""
    return "".join([_ALPHABET[number >> at & 31] for at in range(5 * width - 5, -1, -5)])


def parent_tag(tag: Tag) -> Tag:
    """The entry's tag, whether given the entry's or a leg's."""
    for leg in _LEGS:
        if tag.endswith(leg):
            return Tag(tag[: -len(leg)])
    return tag


def leg_of(tag: Tag) -> str:
    """``SL``, ``TP`` or nothing."""
    return tag[-2:] if tag.endswith(_LEGS) else ""


def made_by(tag: Tag, install: str) -> bool:
    """Whether this installation made the tag (or the parent of it)."""
    parent = parent_tag(tag)
    return _OURS.fullmatch(parent) is not None and parent.startswith(f"{TAG_PREFIX}{install}-")


def check_custom(tag: str) -> None:
    """Refuse a tag from outside that the venue would not take or that could be mistaken.

    Raises
    ------
    InputError
        Saying what a tag may look like.
    """
    if not re.fullmatch(rf"[A-Za-z0-9_.:-]{{1,{MAX_TAG}}}", tag) or tag.endswith(_LEGS):
        raise InputError(
            f"“{tag}” cannot be an order tag: use 1 to {MAX_TAG} letters, digits or _.:- and no "
            "-SL or -TP at the end."
        )


class TagSource:
    """Hands out tags; takes a new block of counters from the journal when one is used up.

    Parameters
    ----------
    install : str
        Five base-32 letters of this installation.
    started_ns : int
        When this executor started, nanoseconds UTC.
    reserve : ReserveBlock
        Reserves counters durably.
    """

    def __init__(self, install: str, started_ns: int, reserve: ReserveBlock) -> None:
        if not re.fullmatch(r"[a-z2-7]{5}", install):
            raise InputError(f"“{install}” is not an installation id of five base-32 letters.")
        self.install = install
        self._stem = f"{TAG_PREFIX}{install}-{base32(started_ns // 100_000_000, 7)}-"
        self._reserve = reserve
        self._blocks: deque[tuple[int, int]] = deque()
        self._spare = 0
        try:
            self.refill()
        except StoreError:
            pass  # the first entry is told why; exits go without a reserved counter

    def take(self) -> Tag:
        """A tag that nobody ever had.

        Raises
        ------
        StoreError
            If a new block was needed and could not be reserved.
        """
        if not self._blocks:
            self.refill()
        first, end = self._blocks[0]
        if first + 1 < end:
            self._blocks[0] = (first + 1, end)
        else:
            self._blocks.popleft()
        return Tag(self._stem + base32(first, 4))

    def take_unreserved(self) -> Tag:
        """A tag for an exit while the journal is unwritable; unique within this start.

        Its first counter letter is outside the alphabet of the others, so the two never meet.
        """
        self._spare += 1
        return Tag(f"{self._stem}0{base32(self._spare, 3)}")

    @property
    def left(self) -> int:
        """Tags left before the next reservation."""
        return sum(end - first for first, end in self._blocks)

    def refill(self) -> None:
        """Reserve one more block; done early and off the click by who owns the idle time."""
        first, count = self._reserve()
        self._blocks.append((first, first + count))
