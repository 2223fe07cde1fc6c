"""The contracts waiting at each price around the touch: a function of price, time and seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from tradedesk.domain.order import Side

LEVELS: Final = 10
_REFRESH_NS: Final = 1_500_000_000
_MASK: Final = (1 << 64) - 1


class Level(NamedTuple):
    """One price in ticks and the contracts waiting there."""

    px: int
    size: int


class Ladder:
    """Synthetic depth of one contract.

    It thins out at the touch and thickens away from it; every level changes its size now and
    then, each at its own moment. What a practice order takes is back at once.

    Parameters
    ----------
    seed : int
        Makes the sizes.
    touch_size : int
        Mean number of contracts at the best price.
    """

    def __init__(self, seed: int, touch_size: int) -> None:
        self._seed = seed
        self._touch_size = touch_size

    def size(self, px: int, behind: int, now_ns: int) -> int:
        """Contracts waiting at a price that lies `behind` ticks behind the touch."""
        salt = _mixed(self._seed ^ (px * 0x9E3779B97F4A7C15))
        period = (now_ns + salt % _REFRESH_NS) // _REFRESH_NS
        chance = _mixed(salt ^ period) / _MASK
        thickness = 1.0 + 0.45 * min(behind, 6)
        return max(1, round(self._touch_size * thickness * (0.45 + 1.1 * chance)))

    def side(self, taker: Side, best: int, now_ns: int, levels: int = LEVELS) -> list[Level]:
        """Levels that an order on side `taker` would meet, the best one first.

        Parameters
        ----------
        taker : Side
            BUY gives the asks, SELL the bids.
        best : int
            Best ask or best bid, in ticks.
        """
        return [
            Level(px, self.size(px, behind, now_ns))
            for behind, px in enumerate(range(best, best + taker.sign * levels, taker.sign))
        ]


def _mixed(value: int) -> int:
    """Scatter 64 bits (the finalizer of SplitMix64)."""
    value &= _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
