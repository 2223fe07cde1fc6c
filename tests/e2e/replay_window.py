"""A desk on a recording that prints what its window shows as one JSON line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from tests.helpers.waiting import until

from tradedesk.app.gui.desk import run_window
from tradedesk.app.practice_process import PracticeOptions
from tradedesk.app.session import SessionOptions
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession


async def look(desk: WindowSession) -> int:
    selection, state = desk.window.presenter.selection, desk.session.state
    await until(lambda: selection.instrument is not None)
    assert selection.instrument is not None
    shown = {"name": selection.instrument.name, "notices": [n.text for n in state.notices]}
    sys.stdout.write(msgspec.json.encode(shown).decode() + "\n")
    desk.leave()
    return 0


if __name__ == "__main__":
    home = home_paths(Path(sys.argv[1])).create()
    practice = PracticeOptions(replay=sys.argv[2])
    sys.exit(run_window(home, SessionOptions(practice=practice), look))
