"""What a trader chose for one indicator on a chart. Plain data, as settings keep it."""

from __future__ import annotations

from typing import Final

import msgspec

INKS: Final = ("study1", "study2", "study3", "study4", "study5", "study6")
"""Palette members that lines can have."""
SIDES: Final = "sides"
"""In place of a palette member: the colours of buying and selling, by what the value says."""
WIDTHS: Final = (1, 2)
PRICE: Final = ""
"""In place of a pane's key: over the bars."""


class LineLook(msgspec.Struct, frozen=True, kw_only=True):
    """How one line is drawn.

    Attributes
    ----------
    color : str
        One of `INKS`, or `SIDES`.
    width : int
        In logical pixels, one of `WIDTHS`.
    dotted, hidden : bool
        Style, and whether it is drawn at all.
    """

    color: str = INKS[0]
    width: int = 1
    dotted: bool = False
    hidden: bool = False

    @property
    def ink(self) -> str:
        """The colour, or the first one where a file names one that does not exist."""
        return self.color if self.color in (*INKS, SIDES) else INKS[0]


class StudyLook(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator on a chart.

    Attributes
    ----------
    key : str
        Names it among those of its chart.
    text : str
        The indicator as `tradedesk.engine.indicators.parse` reads it.
    pane : str
        Where it is drawn: `PRICE`, or the key of a pane below.
    lines : tuple of LineLook
        For each output; what is missing is drawn as usual.
    hidden : bool
        Whether nothing of it is drawn; its row in the legend stays.
    filled : bool
        Whether the room between its bands is tinted.
    """

    key: str
    text: str
    pane: str = PRICE
    lines: tuple[LineLook, ...] = ()
    hidden: bool = False
    filled: bool = True


FIRST: Final = StudyLook(
    key="1",
    text="vwap(1, without_flow=hlc3)",
    lines=(LineLook(), LineLook(hidden=True), LineLook(hidden=True)),
)
"""What a new chart begins with: the VWAP of the session without bands."""


def next_key(studies: tuple[StudyLook, ...]) -> str:
    """A key that none of them has."""
    used = {study.key for study in studies} | {study.pane for study in studies}
    return next(str(n) for n in range(1, len(used) + 2) if str(n) not in used)
