"""Limits of the day and locks, from the settings file to the real practice venue and back."""

from __future__ import annotations

import os
import signal
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.e2e.processes import pids_of, venue_of

import tradedesk
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.errors import TradeDeskError
from tradedesk.domain.events import Phase
from tradedesk.domain.order import Side
from tradedesk.domain.safety import LockKind
from tradedesk.domain.settings import Settings
from tradedesk.store.paths import home_paths
from tradedesk.store.settings_file import SettingsFile

if TYPE_CHECKING:
    from pathlib import Path

    from tradedesk.services.desk import Desk

LONG_S = 30.0


def kinds(desk: Desk) -> set[LockKind]:
    return {lock.kind for lock in desk.state.locks}


async def test_a_price_that_runs_away_locks_entries_and_leaves_the_way_out(tmp_path: Path) -> None:
    """Nothing is closed, so only the prices that the desk sends can tell the loss."""
    paths = home_paths(tmp_path).create()
    SettingsFile(paths.settings_file).save(Settings(practice_daily_loss=25, practice_flat_at=""))
    async with tradedesk.connect(home=tmp_path, seed=5) as desk:
        mnq = await desk.instrument("MNQ")
        await desk.bars("MNQ", "1m")
        await desk.until(lambda s: s.rules is not None)
        assert desk.state.rules is not None
        assert desk.state.rules.risk.daily_loss == Decimal(25)
        await desk.place_market_order("MNQ", Side.BUY, 2)
        await desk.until(lambda s: s.position(mnq.contract_id) is not None)
        venue_of(tmp_path).control(action="nudge", contractId=mnq.contract_id, ticks=-60, seconds=2)
        await desk.until(lambda s: bool(s.locks), LONG_S)
        assert kinds(desk) == {LockKind.DAILY_LOSS}
        with pytest.raises(TradeDeskError, match=r"The day\'s loss is \$"):
            await desk.place_market_order("MNQ", Side.BUY, 1)
        desk.trade.close_position(mnq.contract_id)
        await desk.until(lambda s: s.position(mnq.contract_id) is None, LONG_S)


@pytest.mark.skipif(os.name != "posix", reason="ends the executor by a signal")
async def test_a_time_lock_outlives_an_executor_that_is_killed(tmp_path: Path) -> None:
    async with tradedesk.connect(home=tmp_path, seed=5) as desk:
        await desk.instrument("MNQ")
        desk.trade.lock(SystemClock().wall_ns() + 600 * 10**9)
        await desk.until(lambda s: bool(s.locks))
        old = pids_of(tmp_path)["executor"]
        desk.state.locks = ()
        os.kill(old, signal.SIGKILL)
        await desk.until(lambda s: bool(s.locks), LONG_S)
        await desk.until(lambda s: s.session is not None and s.session.phase is Phase.READY, LONG_S)
        assert pids_of(tmp_path)["executor"] != old
        desk.trade.arm(True)
        await desk.until(lambda s: s.armed)
        with pytest.raises(TradeDeskError, match="You locked trading until"):
            await desk.place_market_order("MNQ", Side.BUY, 1)
