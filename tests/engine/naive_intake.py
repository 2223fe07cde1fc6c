"""An independent, slow, obvious intake: one trade at a time, everything looked for in lists."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.engine.naive import Trade

Named = tuple[int, Trade]
"""Id or -1, and the trade as it was delivered."""


@dataclass
class NaiveIntake:
    """Lists of what was kept, in order of arrival, with the stamps that were delivered."""

    tolerance_ns: int | None = None
    kept: list[Named] = field(default_factory=list)
    delivered: set[int] = field(default_factory=set)
    busted: set[int] = field(default_factory=set)
    figures: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    ends: dict[str, list[Named]] = field(
        default_factory=lambda: {"kept": [], "duplicate": [], "late": [], "withdrawn": []}
    )

    def take(self, named: Named) -> None:
        self.ends[self._end(named)].append(named)
        self.delivered.add(named[0])

    def _end(self, named: Named) -> str:
        trade_id, trade = named
        if trade_id >= 0 and trade_id in self.delivered:
            return "duplicate"
        if trade_id in self.busted:
            return "withdrawn"
        newest = self.trades[-1][0] if self.trades else None
        tolerance = self.tolerance_ns
        if newest is not None and tolerance is not None and newest - trade[0] > tolerance:
            return "late"
        self.kept.append(named)
        return "kept"

    def bust(self, trade_id: int) -> None:
        self.busted.add(trade_id)
        self.kept = [named for named in self.kept if named[0] != trade_id]

    def correct(self, trade_id: int, figures: tuple[int, int, int]) -> None:
        self.figures[trade_id] = figures

    @property
    def trades(self) -> list[Trade]:
        """What the store is to hold: figures as corrected, stamps lifted."""
        found: list[Trade] = []
        for trade_id, (ts_ns, *delivered) in self.kept:
            px, qty, buy = self.figures.get(trade_id, delivered)
            newest = found[-1][0] if found else ts_ns
            found.append((max(ts_ns, newest), px, qty, buy))
        return found
