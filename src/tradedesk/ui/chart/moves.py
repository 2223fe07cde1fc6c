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

    A line that was let go of stands at its new price, unconfirmed, until the desk brings it with
    that price, takes it away, moves it elsewhere, or the move is refused.
    """

    def __init__(self) -> None:
        self._lines: dict[str, ChartLine] = {}
        self._pending: dict[str, tuple[int, int]] = {}
        self._refusals: dict[str, Refusal] = {}
        self._dragged: dict[str, int] = {}

    @property
    def lines(self) -> Sequence[ChartLine]:
        """As the desk told them."""
        return tuple(self._lines.values())

    def replace(self, lines: Iterable[ChartLine]) -> None:
        """Take the newest lines; moves that they settle are over."""
        self._lines = {line.key: line for line in lines}
        for key, (before, _) in list(self._pending.items()):
            line = self._lines.get(key)
            if line is None or line.price_ticks != before:
                del self._pending[key]
        for known in (self._dragged, self._refusals):
            for key in [k for k in known if k not in self._lines]:
                del known[key]

    def line(self, key: str) -> ChartLine | None:
        """A line by its key."""
        return self._lines.get(key)

    # --- dragging -----------------------------------------------------------------------------

    def drag(self, prices: dict[str, int]) -> None:
        """Show these lines elsewhere while the button is down."""
        self._dragged = {key: at for key, at in prices.items() if key in self._lines}
        for key in self._dragged:
            self._refusals.pop(key, None)

    def let_go(self) -> dict[str, int]:
        """End of a drag: the lines that really moved wait for the venue; returns them."""
        asked: dict[str, int] = {}
        for key, at in self._dragged.items():
            if at != self.price_ticks(key, dragged=False):
                self._pending[key] = (self._lines[key].price_ticks, at)
                asked[key] = at
        self._dragged = {}
        return asked

    def abort(self) -> None:
        """Put dragged lines back."""
        self._dragged = {}

    # --- answers ------------------------------------------------------------------------------

    def refuse(self, key: str, reason: str, now_ns: int) -> None:
        """Snap back and say why for some seconds."""
        self._pending.pop(key, None)
        if key in self._lines:
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
            return self._pending[key][1]
        return self._lines[key].price_ticks

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
