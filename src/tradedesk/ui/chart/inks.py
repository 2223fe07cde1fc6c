"""Which palette members a line is drawn in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tradedesk.domain.order import Side
from tradedesk.services.chart_line import ChartLine, LineKind
from tradedesk.ui.theme.current import palette


@dataclass(frozen=True, slots=True)
class Ink:
    """Palette members: the line and its chip, and the ground of its tag. ``on, off`` are dashes.

    What sells or stops is drawn in longer dashes, `shaped`, where shapes tell as much as colours.
    """

    line: str
    ground: str
    dash: tuple[int, int] | None = None
    shaped: tuple[int, int] | None = None

    @property
    def dashes(self) -> tuple[int, int] | None:
        """Dashes in the palette in use; None for a line without gaps."""
        return self.shaped if self.shaped and palette().shapes else self.dash


BUY: Final = Ink("buy_text", "buy_tag", (4, 4))
SELL: Final = Ink("sell_text", "sell_tag", (4, 4), (10, 4))
TARGET: Final = Ink("target", "target_tag", (7, 4))
STOP: Final = Ink("stop", "stop_tag", (7, 4), (16, 4))
POSITION: Final = Ink("position", "position_tag")
WAITING: Final = Ink("tx3", "bg2", (1, 3))
MOVING: Final = Ink("tx3", "bg2", (7, 4))
UNKNOWN: Final = Ink("tx2", "bg2", (7, 4))
ALERT: Final = Ink("tx2", "bg2", (2, 4))
REFUSED: Final = Ink("danger", "danger_tag", (7, 4))


def of_side(side: Side) -> Ink:
    """Ink of an entry."""
    return BUY if side is Side.BUY else SELL


def of_line(line: ChartLine, *, unconfirmed: bool) -> Ink:
    """Ink of a line; grey while the venue has not answered."""
    if unconfirmed:
        return MOVING
    if line.kind is LineKind.UNKNOWN:
        return UNKNOWN
    if line.kind is LineKind.ALERT:
        return ALERT
    if line.waiting or line.kind is LineKind.PENDING:
        return WAITING
    if line.kind is LineKind.POSITION:
        return POSITION
    if line.kind is LineKind.TARGET:
        return TARGET
    if line.kind is LineKind.STOP:
        return STOP
    return of_side(line.side)
