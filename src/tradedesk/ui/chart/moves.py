"""Lines that somebody moves: while dragging, until the venue confirms, after a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradedesk.services.chart_line import ChartLine

NOTE_NS: Final = 5_000_000_000
FLASH_NS: Final = 130_000_000
_FLASHES: Final = 2


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line snapped back, and since when it says so."""

    reason: str
    since_ns: int


class LineMoves:
    """Newest lines from the desk, and where they are shown meanwhile.

    A line that was let go of stands at its new price, unconfirmed, until every move that was asked
    for has been answered, or the desk brings it with the price of the only one, or takes it away.
    A line that is moved again before the answer stays unconfirmed at its newest price whatever
    comes of the older move.
    """

    def __init__(self) -> None:
        self._lines: dict[str, ChartLine] = {}
        self._own: dict[str, ChartLine] = {}
        self._pending: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        self._refusals: dict[str, Refusal] = {}
        self._dragged: dict[str, int] = {}

    @property
    def lines(self) -> Sequence[ChartLine]:
        """As the desk told them, and those that the chart itself adds."""
        return (*self._lines.values(), *self._own.values())

    def replace(self, lines: Iterable[ChartLine]) -> None:
        """Take the newest lines; moves that they settle are over."""
        self._lines = {line.key: line for line in lines}
        for key, at in list(self._pending.items()):
            line = self.line(key)
            if line is None or (line.price_ticks == at and self._asked.get(key, 0) <= 1):
                del self._pending[key]
        for known in (self._dragged, self._refusals, self._asked):
            for key in [k for k in known if self.line(k) is None]:
                del known[key]

    def add(self, line: ChartLine) -> None:
        """Show a line of the chart's own until it is taken away."""
        self._own[line.key] = line

    def take_away(self, key: str) -> None:
        """Show a line of the chart's own no longer."""
        self._own.pop(key, None)

    def line(self, key: str) -> ChartLine | None:
        """A line by its key."""
        return self._lines.get(key) or self._own.get(key)

    # --- dragging -----------------------------------------------------------------------------

    def drag(self, prices: dict[str, int]) -> None:
        """Show these lines elsewhere while the button is down."""
        self._dragged = {key: at for key, at in prices.items() if self.line(key) is not None}
        for key in self._dragged:
            self._refusals.pop(key, None)

    @property
    def dragged(self) -> dict[str, int]:
        """What is held now, and where."""
        return dict(self._dragged)

    def let_go(self) -> dict[str, int]:
        """End of a drag: the lines that really moved wait for the venue; returns them.

        Each of them has to be answered by `settle` or `refuse`.
        """
        asked: dict[str, int] = {}
        for key, at in self._dragged.items():
            if at != self.price_ticks(key, dragged=False):
                self._pending[key] = at
                self._asked[key] = self._asked.get(key, 0) + 1
                asked[key] = at
        self._dragged = {}
        return asked

    def abort(self) -> None:
        """Put dragged lines back."""
        self._dragged = {}

    # --- answers ------------------------------------------------------------------------------

    def settle(self, key: str) -> None:
        """A move was carried out, or a newer one took its place."""
        if self._answered(key):
            self._pending.pop(key, None)

    def refuse(self, key: str, reason: str, now_ns: int) -> None:
        """Snap back and say why for some seconds, unless a newer move is on its way."""
        if self._answered(key):
            self._pending.pop(key, None)
            self.object(key, reason, now_ns)

    def object(self, key: str, reason: str, now_ns: int) -> None:
        """Say at a line why it was not moved."""
        if self.line(key) is not None:
            self._refusals[key] = Refusal(reason, now_ns)

    def forget_old(self, now_ns: int) -> bool:
        """Drop notes that were shown long enough; tells whether any is gone."""
        old = [k for k, r in self._refusals.items() if now_ns - r.since_ns > NOTE_NS]
        for key in old:
            del self._refusals[key]
        return bool(old)

    # --- reading ------------------------------------------------------------------------------

    def price_ticks(self, key: str, *, dragged: bool = True) -> int:
        """Where a line is shown."""
        if dragged and key in self._dragged:
            return self._dragged[key]
        if key in self._pending:
            return self._pending[key]
        line = self.line(key)
        if line is None:
            raise KeyError(key)
        return line.price_ticks

    def is_dragged(self, key: str) -> bool:
        """Whether the pointer holds it."""
        return key in self._dragged

    def is_pending(self, key: str) -> bool:
        """Whether it stands at a price that is not confirmed."""
        return key in self._pending

    def refusal(self, key: str) -> Refusal | None:
        """The note at a line, if there is one."""
        return self._refusals.get(key)

    def flash_phase(self, key: str, now_ns: int) -> int:
        """Odd while a refused line is lit, even while it is not; constant once it is over."""
        found = self._refusals.get(key)
        if found is None:
            return 0
        return min(2 * _FLASHES, (now_ns - found.since_ns) // FLASH_NS) + 1

    @property
    def flashing(self) -> tuple[str, ...]:
        """Lines with a note."""
        return tuple(self._refusals)

    # --- parts --------------------------------------------------------------------------------

    def _answered(self, key: str) -> bool:
        """Count an answer; whether no other one is awaited for this line."""
        left = self._asked.get(key, 0) - 1
        if left > 0:
            self._asked[key] = left
            return False
        self._asked.pop(key, None)
        return True
