"""A desk whose resting orders are dragged at random; prints what was seen as one JSON line.

Words: the home, a faults file, how many drags, a seed. Some drags begin while a former one is
still on its way. Between them it is looked again and again at what every line shows.
"""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from tests.e2e.processes import venue_of
from tests.helpers.waiting import until

from tradedesk.app.gui import demo_hands as hands
from tradedesk.app.gui.desk import run_window
from tradedesk.app.practice_process import PracticeOptions
from tradedesk.app.session import SessionOptions
from tradedesk.domain import events as ev
from tradedesk.domain.commands import ModifyOrder
from tradedesk.domain.order import OrderStatus
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession

AWAY = (-110, -90, 100, 120)
"""Ticks from the last price at which the orders are placed: buys below, sells above."""
NEAR = 40
"""No order is dragged nearer to the market: one that fills is no resting order any more."""
SPAN = 30
SETTLE_S = 90.0


class Dragger:
    """The hand, and the eyes on every line."""

    def __init__(self, desk: WindowSession, home: Path, seed: int) -> None:
        self._desk, self._home = desk, home
        self._random = random.Random(seed)
        self._state = desk.session.state
        self._chart = desk.window.widgets.chart
        self._moves = self._chart._stage.moves
        self.wrong: list[str] = []
        self.seen = {"grey": 0, "overlapping": 0, "refused": 0, "done": 0, "asked": 0}
        self._state.subscribe(self._hear)
        self._desk.window.presenter._frames.register(lambda _now: self._look())

    # --- acts -----------------------------------------------------------------------------------

    async def open(self) -> None:
        """Arm, take the bracket off, place the orders by clicks on the chart."""
        window = self._desk.window
        widgets = window.widgets
        await until(lambda: window.presenter.selection.instrument is not None)
        await until(lambda: self._last() is not None)
        await until(lambda: self._state.session and self._state.session.phase is ev.Phase.READY)
        await hands.click(widgets.top.arm)
        await until(lambda: not widgets.ticket.view.buy.refusal)
        if widgets.ticket.entered.bracket_on:
            await hands.click(widgets.ticket.widgets.bracket)
        self._show_room()
        for away in AWAY:
            known, last = len(self._working()), self._last()
            assert last is not None
            key = Qt.Key.Key_B if away < 0 else Qt.Key.Key_S
            at = self._chart.point_of(last + away, 0.3)
            await hands.click_holding(self._chart.canvas, key, at)
            await self._until_more_than(known)

    async def _until_more_than(self, known: int) -> None:
        await until(lambda: len(self._working()) > known, SETTLE_S)

    async def drag(self) -> None:
        """Drag one of the lines somewhere, by the mouse or by keys."""
        key = self._random.choice([f"order:{order}" for order in self._working()])
        start = self._moves.price_ticks(key)
        last = self._last()
        assert last is not None
        to = start + self._random.choice([-1, 1]) * self._random.randint(4, SPAN)
        to = min(to, last - NEAR) if start < last else max(to, last + NEAR)
        self.seen["overlapping"] += self._moves.is_pending(key)
        begin, end = self._chart.point_of(start, 0.3), self._chart.point_of(to, 0.3)
        if self._random.random() < 0.25:
            await self._by_keys(begin)
        else:
            await hands.drag(self._chart.canvas, begin, end)
        self.seen["grey"] += self._moves.is_pending(key)
        await asyncio.sleep(self._random.choice([0.0, 0.0, 0.1, 0.4]))

    async def settle(self) -> None:
        """Until every move has been answered and every change has come to its end."""

        def calm() -> bool:
            changes = self._state.changes.values()
            pending = any(self._moves.is_pending(line.key) for line in self._moves.lines)
            return not pending and all(change.state.is_final for change in changes)

        await until(calm, SETTLE_S)
        await asyncio.sleep(0.3)

    def compare(self) -> dict[str, list[int]]:
        """Price of each order on the screen and at the venue, which is asked for it."""
        venue = venue_of(self._home)
        answer = venue.call("/api/Order/searchOpen", {"accountId": venue.account_id})
        rows: Any = answer["orders"]
        instrument = self._desk.window.presenter.selection.instrument
        assert instrument is not None
        at_venue = {
            f"order:{row['id']}": instrument.tick.parse(str(row["limitPrice"])) for row in rows
        }
        shown = {
            tag.shown.line.key: tag.shown.line.price_ticks
            for tag in self._chart._stage.overlay.tags
            if tag.shown.line.key.startswith("order:")
        }
        keys = sorted(at_venue.keys() | shown.keys())
        return {key: [shown.get(key, -1), at_venue.get(key, -1)] for key in keys}

    # --- eyes -----------------------------------------------------------------------------------

    def _look(self) -> None:
        """A line that is neither held nor grey stands where the venue was last heard to have it."""
        for tag in self._chart._stage.overlay.tags:
            shown = tag.shown
            order = next(
                (o for o in self._state.orders.values() if f"order:{o.order_id}" == shown.line.key),
                None,
            )
            if order is None or shown.dragged or shown.unconfirmed:
                continue
            if shown.line.price_ticks != order.price_ticks:
                self.wrong.append(f"{shown.line.key} at {shown.line.price_ticks}")

    def _hear(self, event: ev.AnyEvent) -> None:
        if isinstance(event, ev.ChangeMoved) and isinstance(event.change.command, ModifyOrder):
            self.seen["asked"] = len(self._state.changes)
        elif isinstance(event, ev.CommandFailed):
            self.seen["refused"] += 1
        elif isinstance(event, ev.CommandDone):
            self.seen["done"] += 1

    # --- parts ----------------------------------------------------------------------------------

    async def _by_keys(self, at: QPoint) -> None:
        await hands.click(self._chart.canvas, at)
        for _ in range(self._random.randint(1, 4)):
            way = self._random.choice([Qt.Key.Key_Up, Qt.Key.Key_Down])
            QTest.keyClick(self._chart._stage.view, way)
            await asyncio.sleep(0.05)
        QTest.keyClick(self._chart._stage.view, Qt.Key.Key_Up)
        await asyncio.sleep(0.4)

    def _show_room(self) -> None:
        """Prices fixed, so that all orders are in view and stay where they are."""
        view, last = self._chart._stage.model.viewport, self._last()
        assert last is not None
        view.auto_y = False
        view.y_low, view.y_high = last - 200.0, last + 200.0
        self._chart._stage.view_changed()

    def _last(self) -> int | None:
        book = self._desk.window.presenter.book
        return None if book is None else book.last_ticks

    def _working(self) -> list[int]:
        return [
            int(order.order_id)
            for order in self._state.working_orders()
            if order.status is OrderStatus.OPEN
        ]


async def play(desk: WindowSession, home: Path, drags: int, seed: int) -> int:
    dragger = Dragger(desk, home, seed)
    await dragger.open()
    for _ in range(drags):
        await dragger.drag()
    await dragger.settle()
    found = {
        **dragger.seen,
        "wrong": sorted(set(dragger.wrong)),
        "orders": dragger.compare(),
        "struck": venue_of(home).call("/practice/control", {"action": "faults"})["struck"],
    }
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    desk.leave()
    return 0


if __name__ == "__main__":
    where, faults, count, number = sys.argv[1:5]
    folder = Path(where)
    options = PracticeOptions(arguments=("--faults", faults))
    sys.exit(
        run_window(
            home_paths(folder).create(),
            SessionOptions(practice=options),
            lambda desk: play(desk, folder, int(count), int(number)),
        )
    )
