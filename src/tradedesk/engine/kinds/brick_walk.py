"""Where a price stands on its way from line to line; see `tradedesk.engine.kinds.renko_bars`."""

from __future__ import annotations

from typing import NamedTuple


class BrickWalk(NamedTuple):
    """Where the walk of the price from line to line stands.

    Attributes
    ----------
    half : int
        Twice the number of the line at which the last brick closed or counting began. Before a
        line was touched twice the number of the line below, plus one.
    direction : int
        1 if the last brick rose, -1 if it fell, 0 before the first one.
    """

    half: int
    direction: int

    @classmethod
    def begin(cls, px: int, size: int) -> BrickWalk:
        """Start at the first price."""
        return cls(px // size + -(-px // size), 0)

    def limits(self, size: int) -> tuple[int, int]:
        """Return two prices in ticks; strictly between them a trade changes nothing."""
        below, above = self.half // 2, -(-self.half // 2)
        if below == above:
            below -= 2 if self.direction > 0 else 1
            above += 2 if self.direction < 0 else 1
        return below * size, above * size

    def after(self, px: int, size: int) -> tuple[int, BrickWalk]:
        """Return how many bricks a trade completes and where the walk stands behind it."""
        low, high = self.limits(size)
        if low < px < high:
            return 0, self
        if px >= high:
            line, reached, direction = -(-self.half // 2), px // size, 1
        else:
            line, reached, direction = self.half // 2, -(-px // size), -1
        steps = abs(reached - line)
        if not steps:
            return 0, BrickWalk(2 * line, 0)
        return steps - (self.direction == -direction), BrickWalk(2 * reached, direction)
