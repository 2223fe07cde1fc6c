"""A desk whose exits are dragged off the position on its chart; prints one JSON line.

Word: the home. Each act is one by the mouse; after each the venue is asked what it has.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from tests.e2e.processes import venue_of
from tests.helpers.waiting import until
from tests.ui.chart.chart_bench import mouse_move

from tradedesk.app.gui import demo_hands as hands
from tradedesk.app.gui.desk import run_window
from tradedesk.app.session import SessionOptions
from tradedesk.domain import events as ev
from tradedesk.domain.order import OrderType, Side
from tradedesk.services.chart_line import LineKind
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession
    from tradedesk.services.chart_line import ChartLine

FAR = 90
"""Ticks from the entry at which exits are let go of: the market does not come there by itself."""
MOVED = 12
REFUSAL = "The price is outside of the day's range."
_TYPES = {OrderType.STOP: "stopPrice", OrderType.LIMIT: "limitPrice"}
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier


class Trader:
    """The hand, and what it sees on the chart and at the venue."""

    def __init__(self, desk: WindowSession, home: Path) -> None:
        self._desk, self._venue = desk, venue_of(home)
        self._state = desk.session.state
        self._chart = desk.window.widgets.chart
        self._moves = self._chart._stage.moves
        self.found: dict[str, Any] = {}

    # --- acts -----------------------------------------------------------------------------------

    async def play(self) -> None:
        """From the entry to the fill of the target."""
        entry = await self._enter()
        await self._pull(entry, -FAR)
        await self._until_lines(LineKind.STOP, entry - FAR)
        await self._pull(entry, FAR)
        await self._until_lines(LineKind.TARGET, entry + FAR)
        self._note("pulled", entry)
        stop = self._line(LineKind.STOP)
        await self._drag(stop.price_ticks, entry + FAR - 20)
        self.found["taught"] = self._refusal(stop.key)
        await self._drag(stop.price_ticks, stop.price_ticks + MOVED, escape=True)
        self._note("not moved", entry)
        await self._drag(stop.price_ticks, stop.price_ticks + MOVED, modifiers=_SHIFT)
        await self._until_lines(LineKind.STOP, entry - FAR + MOVED)
        await self._until_lines(LineKind.TARGET, entry + FAR + MOVED)
        self._note("whole bracket", entry)
        await self._refused(entry)
        await self._fill_target(entry)

    async def _enter(self) -> int:
        """Arm, take the bracket off, buy two; the price that was paid."""
        window = self._desk.window
        widgets, ticket = window.widgets, window.widgets.ticket
        await until(lambda: self._state.session and self._state.session.phase is ev.Phase.READY)
        await until(lambda: self._last() is not None)
        await hands.click(widgets.top.arm)
        await until(lambda: not ticket.view.buy.refusal)
        if ticket.entered.bracket_on:
            await hands.click(ticket.widgets.bracket)
        await hands.write(ticket.widgets.quantity.input, "2")
        await until(lambda: not ticket.view.buy.refusal)
        await hands.click(ticket.widgets.buttons[Side.BUY])
        await until(lambda: any(x.kind is LineKind.POSITION for x in self._moves.lines))
        entry = self._line(LineKind.POSITION).price_ticks
        view = self._chart._stage.model.viewport
        view.auto_y = False
        view.y_low, view.y_high = entry - 2.0 * FAR, entry + 2.0 * FAR
        self._chart._stage.view_changed()
        return entry

    async def _pull(self, entry: int, ticks: int) -> None:
        """Drag off the tag of the position."""
        tag = self._chart._stage.overlay.tag_of("position")
        assert tag is not None
        start = tag.box.center().toPoint()
        end = QPoint(start.x(), self._chart.point_of(entry + ticks).y())
        await hands.drag(self._chart.canvas, start, end)

    async def _drag(
        self,
        start_ticks: int,
        end_ticks: int,
        modifiers: Qt.KeyboardModifier = _NONE,
        *,
        escape: bool = False,
    ) -> None:
        """Drag a line by itself, left of all tags."""
        canvas = self._chart.canvas
        start, end = (self._chart.point_of(at, 0.3) for at in (start_ticks, end_ticks))
        mouse_move(canvas, start.x(), start.y(), modifiers, Qt.MouseButton.NoButton)
        await asyncio.sleep(hands.PAUSE_S)
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifiers, start)
        for part in (0.5, 1.0):
            way = (end - start) * part
            mouse_move(canvas, start.x() + way.x(), start.y() + way.y(), modifiers)
            await asyncio.sleep(hands.PAUSE_S)
        if escape:
            QTest.keyClick(self._chart._stage.view, Qt.Key.Key_Escape)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifiers, end)
        await asyncio.sleep(hands.PAUSE_S)

    async def _refused(self, entry: int) -> None:
        """The venue refuses a move: the line goes back and says why."""
        self._venue.control(action="fault", on="modify", kind="refuse", message=REFUSAL)
        stop = self._line(LineKind.STOP)
        await self._drag(stop.price_ticks, stop.price_ticks - MOVED)
        await until(lambda: self._refusal(stop.key))
        self.found["refused"] = self._refusal(stop.key)
        self._note("after refusal", entry)

    async def _fill_target(self, entry: int) -> None:
        """The market goes to the target: the position is closed, its stop goes with it."""
        instrument = self._desk.window.presenter.selection.instrument
        assert instrument is not None
        contract = str(instrument.contract_id)
        self._venue.control(action="nudge", contractId=contract, ticks=3 * FAR, seconds=3)
        await until(lambda: not self._lines(LineKind.POSITION))
        await until(lambda: not self._moves.lines)
        await until(lambda: self._chart._stage.model.trips)
        account: dict[str, object] = {"accountId": self._venue.account_id}
        answers = [
            self._venue.call(f"/api/{what}/searchOpen", account) for what in ("Order", "Position")
        ]
        self.found["left"] = [answers[0]["orders"], answers[1]["positions"]]
        trips = self._chart._stage.model.trips
        # From the position's price: two contracts may be bought at two prices, a trip for each.
        self.found["trips"] = [[t.size, t.exit_ticks - entry] for t in trips]

    # --- eyes -----------------------------------------------------------------------------------

    def _note(self, name: str, entry: int) -> None:
        """Write down the exits: as the chart shows them, and as the venue has them."""
        instrument = self._desk.window.presenter.selection.instrument
        assert instrument is not None
        shown = [
            [line.type.name, line.side.name, line.size, line.price_ticks - entry]
            for line in self._moves.lines
            if line.type is not None
        ]
        answer = self._venue.call("/api/Order/searchOpen", {"accountId": self._venue.account_id})
        rows: Any = answer["orders"]
        at_venue = []
        for row in rows:
            kind = OrderType(row["type"])
            ticks = instrument.tick.parse(str(row[_TYPES[kind]]))
            at_venue.append([kind.name, Side(row["side"]).name, row["size"], ticks - entry])
        self.found[name] = {"shown": sorted(shown), "venue": sorted(at_venue)}

    async def _until_lines(self, kind: LineKind, ticks: int) -> None:
        """Wait until an exit is shown at a price, confirmed by the venue."""

        def there() -> bool:
            found = self._lines(kind)
            pending = any(self._moves.is_pending(line.key) for line in found)
            return [line.price_ticks for line in found] == [ticks] and not pending

        await until(there)

    def _lines(self, kind: LineKind) -> list[ChartLine]:
        return [line for line in self._moves.lines if line.kind is kind]

    def _line(self, kind: LineKind) -> ChartLine:
        (line,) = self._lines(kind)
        return line

    def _refusal(self, key: str) -> str:
        refusal = self._moves.refusal(key)
        return "" if refusal is None else refusal.reason

    def _last(self) -> int | None:
        book = self._desk.window.presenter.book
        return None if book is None else book.last_ticks


async def play(desk: WindowSession, home: Path) -> int:
    await until(lambda: desk.window.presenter.selection.instrument is not None)
    trader = Trader(desk, home)
    await trader.play()
    sys.stdout.write(msgspec.json.encode(trader.found).decode() + "\n")
    desk.leave()
    return 0


if __name__ == "__main__":
    where = Path(sys.argv[1])
    sys.exit(
        run_window(home_paths(where).create(), SessionOptions(), lambda desk: play(desk, where))
    )
