"""Small values that the window hands to the chart or gets from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderType

if TYPE_CHECKING:
    from tradedesk.domain.order import Side


@dataclass(frozen=True, slots=True)
class FillMark:
    """One fill of ours, shown as a small triangle at its bar."""

    ts_ns: int
    price_ticks: int
    side: Side
    size: int
    took_ms: float | None = None
    """From the deciding moment of the click to the fill, where that is known."""


@dataclass(frozen=True, slots=True)
class AlertMark:
    """Where an alert has fired."""

    ts_ns: int
    price_ticks: int


@dataclass(frozen=True, slots=True)
class Phantom:
    """What an order would make: shown dashed while its button is hovered, or while aiming. Ticks.

    Attributes
    ----------
    x : float
        Left edge of the labels.
    entry_shown : bool
        False where the entry has a line of its own.
    """

    side: Side
    entry_ticks: int
    stop_ticks: int | None = None
    target_ticks: int | None = None
    type: OrderType = OrderType.MARKET
    size: int = 1
    x: float = 12.0
    entry_shown: bool = True


@dataclass(frozen=True, slots=True)
class Market:
    """Newest prices in ticks; None where never sent. ``last_side`` is the aggressor's."""

    last_ticks: int | None = None
    bid_ticks: int | None = None
    ask_ticks: int | None = None
    last_side: Side | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the crosshair is: price, and the hovered bar's row and opening time if there is one."""

    price_ticks: int
    row: int | None
    ts_ns: int | None
