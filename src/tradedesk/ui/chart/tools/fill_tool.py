"""What a fill or a pair of fills was, told while the pointer is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.order import Side
from tradedesk.services.signed_text import short_money, ticks_text
from tradedesk.ui import words
from tradedesk.ui.chart.tools.tool import Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tradedesk.services.trips import Trip
    from tradedesk.ui.chart.items.fill_links import FillLinks
    from tradedesk.ui.chart.items.fills import FillItem
    from tradedesk.ui.chart.items.hover_note import HoverNote
    from tradedesk.ui.chart.marks import FillMark
    from tradedesk.ui.chart.model import ChartModel

_ROWS: Final = 8
_REACH_PX: Final = 2.0


class FillTool(Tool):
    """Marks and the lines between them; presses there are for those that come after.

    Parameters
    ----------
    others : callable
        What other marks there tell about a point.
    """

    def __init__(
        self,
        model: ChartModel,
        fills: FillItem,
        links: FillLinks,
        note: HoverNote,
        others: Callable[[QPointF], tuple[str, ...]],
    ) -> None:
        self._model, self._fills, self._links, self._note = model, fills, links, note
        self._others = others

    def over(self, at: QPointF) -> bool:
        """On a mark or on a line."""
        return self._model.panes.price.contains(at) and bool(self.rows_at(at))

    def show(self, at: QPointF | None) -> None:
        """Tell what it was."""
        self._note.say(() if at is None else self.rows_at(at), at)

    def rows_at(self, at: QPointF) -> tuple[str, ...]:
        """What there is to tell about a point; empty for nothing."""
        found = self._others(at)
        if found or not self._model.fills:
            return found
        reach = _REACH_PX
        marks = [
            fill
            for one in self._fills.placed()
            if one.box.adjusted(-reach, -reach, reach, reach).contains(at)
            for fill in one.group.fills
        ]
        if marks:
            rows = [self._fill_text(fill) for fill in marks[:_ROWS]]
            if len(marks) > _ROWS:
                size = sum(fill.size for fill in marks)
                rows.append(f"… {len(marks)} fills, {size} contracts in all")
            return tuple(rows)
        trip = self._links.nearest(at)
        return () if trip is None else (self._trip_text(trip),)

    def _fill_text(self, fill: FillMark) -> str:
        """``BOT 2 @ 21,470.25 · 14:28:07 · 118 ms``."""
        word = "BOT" if fill.side is Side.BUY else "SLD"
        text = f"{word} {fill.size} @ {self._model.price_text(fill.price_ticks)}"
        text += f" · {self._model.zone.datetime(fill.ts_ns):%H:%M:%S}"
        return text if fill.took_ms is None else f"{text} · {words.took(fill.took_ms)}"

    def _trip_text(self, trip: Trip) -> str:
        """``LONG 2 · 21,470.25 → 21,474.25 · +$16 (+16t) · 3:12``."""
        price, gained = self._model.price_text, trip.gained_ticks
        word = "LONG" if trip.side is Side.BUY else "SHORT"
        parts = [f"{word} {trip.size}", f"{price(trip.entry_ticks)} → {price(trip.exit_ticks)}"]
        if self._model.instrument is not None:
            money = self._model.instrument.money(gained, trip.size)
            parts.append(f"{short_money(money)} ({ticks_text(gained)})")
        return " · ".join([*parts, _span(trip.exit_ns - trip.entry_ns)])


def _span(ns: int) -> str:
    """``0:07``, ``3:12``, ``1:02:45``."""
    seconds = max(0, ns) // 1_000_000_000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours:
        return f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{minutes}:{seconds % 60:02}"
