"""A desk with levels on bars of an hour while regular hours open; prints what was seen as JSON.

Words: the home, the venue's start, its speed. One line a look: every level that is drawn; the last
one also tells which bars are kept current, with levels and without.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from tests.e2e.processes import venue_of
from tests.helpers.waiting import until

from tradedesk.app.gui.desk import run_window
from tradedesk.app.practice_process import PracticeOptions
from tradedesk.app.session import SessionOptions
from tradedesk.store.paths import home_paths
from tradedesk.ui.chart.sessions.levels import GROUPS

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession

FAR = 20_000
"""Ticks around the last price that are in view, so that every level is."""
OPENING = 5
OVER_NS = int(datetime(2026, 11, 20, 14, 35, tzinfo=UTC).timestamp()) * 1_000_000_000
"""When the opening range is over."""
SOON_S = 60.0


def say(**what: Any) -> None:
    sys.stdout.write(msgspec.json.encode(what).decode() + "\n")


async def play(desk: WindowSession, home: Path) -> int:
    chart, selection = desk.window.widgets.chart, desk.window.presenter.selection
    shelf = desk.session.markets._charts
    model = chart._stage.model
    await until(lambda: selection.instrument is not None and model.market.last_ticks)
    chart.interval_requested.emit("1h")
    await until(lambda: str(model.spec) == "1h" and len(model.series) > 50)
    view, last = model.viewport, model.market.last_ticks
    assert last is not None
    view.auto_y, view.y_low, view.y_high = False, last - FAR, last + FAR
    chart.looks.change(levels=tuple(GROUPS), opening_minutes=OPENING)
    item = chart.reading.sessions.levels

    def shown() -> dict[str, int]:
        return {each.level.text: each.level.price_ticks for each in item.shown}

    def opening_is_over() -> bool:
        lent = item.finder._bars
        return lent is not None and int(lent.series.ts_ns[-1]) >= OVER_NS

    await until(lambda: "PDH" in shown(), SOON_S)
    say(levels=shown(), bars=[str(feed.spec) for feed in shelf.feeds.values()])
    await until(lambda: "Open" in shown(), SOON_S)
    say(levels=shown())
    await until(opening_is_over, SOON_S)
    say(levels=shown(), older=len(item.older))
    instrument = selection.instrument
    assert instrument is not None
    asked = {
        "contractId": instrument.contract_id, "live": False,
        "startTime": "2026-11-17T00:00:00Z", "endTime": "2026-11-21T00:00:00Z",
        "unit": 2, "unitNumber": 1, "limit": 20_000, "includePartialBar": True,
    }  # fmt: skip
    rows: Any = venue_of(home).call("/api/History/retrieveBars", asked)["bars"]
    tick = instrument.tick
    say(
        minutes=[
            (row["t"], *(tick.parse(str(row[key])) for key in "ohlc")) for row in reversed(rows)
        ]
    )
    chart.looks.change(levels=())
    await until(lambda: "5m" not in [str(feed.spec) for feed in shelf.feeds.values()])
    say(levels=shown(), bars=[str(feed.spec) for feed in shelf.feeds.values()])
    desk.leave()
    return 0


if __name__ == "__main__":
    where, start, speed = sys.argv[1:4]
    folder = Path(where)
    options = PracticeOptions(speed=float(speed), arguments=("--start", start))
    sys.exit(
        run_window(
            home_paths(folder).create(),
            SessionOptions(practice=options),
            lambda desk: play(desk, folder),
        )
    )
