"""One horizontal line of a chart: what it stands for, where it is, what its tag says."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import ShieldState

_TYPE_WORDS = {
    OrderType.LIMIT: "LMT",
    OrderType.MARKET: "MKT",
    OrderType.STOP_LIMIT: "STP LMT",
    OrderType.STOP: "STP",
    OrderType.TRAILING_STOP: "TRAIL",
    OrderType.JOIN_BID: "JOIN BID",
    OrderType.JOIN_ASK: "JOIN ASK",
}


class LineKind(StrEnum):
    """What a line stands for; decides its colour and who gives way on the axis."""

    POSITION = "position"
    STOP = "stop"
    TARGET = "target"
    ENTRY = "entry"
    PENDING = "pending"
    """Not yet confirmed by the venue."""
    UNKNOWN = "unknown"
    """Sent, and nobody knows what became of it."""
    ALERT = "alert"
    """No order: a price that is waited for."""


class LinePart(msgspec.Struct, frozen=True):
    """One piece of a tag's text.

    ``keep`` says what goes first when there is little room: 0 always stays, then 1, 2 ...
    """

    text: str
    keep: int = 0


class LineBasis(msgspec.Struct, frozen=True):
    """What the money on an exit's tag is counted from.

    ``net_size`` is negative when short. ``risk_ticks`` is how far the stop stands behind the
    average price, None without a stop or with one that locks in a profit.
    """

    average_price: Decimal
    net_size: int
    risk_ticks: Decimal | None = None


class ChartLine(msgspec.Struct, frozen=True):
    """One line with its tag.

    Attributes
    ----------
    key : str
        ``order:<id>``, ``intent:<tag>``, ``alert:<id>`` or ``position``; the same line keeps its
        key.
    price_ticks : int
        Where it is; for a position the tick nearest to its average.
    average_price : Decimal or None
        Exact price of a position, which may lie between ticks.
    size : int
        Contracts still open on it, always positive.
    parts : tuple of LinePart
        Tag text from left to right; the first one names the line.
    draggable, cancellable : bool
        Whether the chart offers to move it, or a cross to cancel it.
    waiting : bool
        True while the venue has not answered: drawn dotted and grey.
    basis : LineBasis or None
        Set for exits, whose tags show money.
    shield : ShieldState or None
        How a position is covered; its sign stands first on the tag.
    type : OrderType or None
        Of a working order; None for everything else.
    """

    key: str
    kind: LineKind
    side: Side
    price_ticks: int
    size: int
    parts: tuple[LinePart, ...]
    average_price: Decimal | None = None
    draggable: bool = False
    cancellable: bool = False
    waiting: bool = False
    basis: LineBasis | None = None
    shield: ShieldState | None = None
    type: OrderType | None = None

    @property
    def head(self) -> str:
        """The first piece of the tag."""
        return self.parts[0].text

    @property
    def text(self) -> str:
        """The whole tag in one string."""
        return "  ".join(part.text for part in self.parts)


def order_word(side: Side, type: OrderType) -> str:
    """``BUY LMT``, ``SELL STP`` ..."""
    return f"{side.name} {_TYPE_WORDS[type]}"
