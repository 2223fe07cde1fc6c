"""What an order would make of a position, and whether its bracket would fit. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.domain.order import Side


@dataclass(frozen=True, slots=True)
class Bracket:
    """Distances in ticks; None leaves a leg out."""

    stop_ticks: int | None = None
    target_ticks: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether neither leg is wanted."""
        return self.stop_ticks is None and self.target_ticks is None


def consequence(net_size: int, side: Side, size: int) -> str:
    """What an order makes of the position: ``adds to long 1 → 3``."""
    after = net_size + side.sign * size
    before_word = "long" if net_size > 0 else "short"
    after_word = "long" if after > 0 else "short"
    if net_size == 0:
        return f"opens {after_word} {size}"
    if net_size * side.sign > 0:
        return f"adds to {before_word} {abs(net_size)} → {abs(after)}"
    if after == 0:
        return f"closes {before_word} {abs(net_size)}"
    if after * net_size > 0:
        return f"reduces {before_word} {abs(net_size)} → {abs(after)}"
    return f"turns {before_word} {abs(net_size)} → {after_word} {abs(after)}"


def only_closes(net_size: int, side: Side, size: int) -> bool:
    """Whether an order does no more than shrink the position."""
    return net_size * side.sign < 0 and size <= abs(net_size)


def oversized(net_size: int, side: Side, size: int, legs: Bracket) -> str:
    """Why an order that turns the position may not have a bracket; empty if there is nothing."""
    if legs.is_empty or net_size * side.sign >= 0:
        return ""
    word = "long" if net_size > 0 else "short"
    return (
        f"A bracket for {size} would be larger than the position that is left: close "
        f"{word} {abs(net_size)} first, use Reverse, or take the bracket off."
    )
