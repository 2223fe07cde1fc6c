"""Recorded trades through venue, wire and desk give the vendor's own minute bars."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
from tests.e2e.processes import ROOT
from tests.engine.market_files import data_file, dbn_records
from tests.helpers.waiting import until

import tradedesk

if TYPE_CHECKING:
    from pathlib import Path

SPEED = 40.0
ES_TICK = 250_000_000
DEADLINE_S = 40.0


async def test_minute_bars_of_a_replay_equal_the_vendors(tmp_path: Path) -> None:
    trades = dbn_records("cme_esu4_20240701_trades.dbn.zst")
    esu4 = trades[0].instrument_id
    minutes = {trade.ts_recv // 60_000_000_000 * 60_000_000_000 for trade in trades}
    vendor = [
        (
            bar.ts_event,
            *(px // ES_TICK for px in (bar.open, bar.high, bar.low, bar.close)),
            bar.volume,
        )
        for bar in dbn_records("cme_esu4_nqu4_20240701_ohlcv1m.dbn.zst")
        if bar.instrument_id == esu4 and bar.ts_event in minutes
    ]
    assert len(vendor) == 4
    replay = data_file("cme_esu4_20240701_trades.dbn.zst")
    async with tradedesk.connect(home=tmp_path, replay=replay, speed=SPEED) as desk:
        es = await desk.instrument("ES")
        assert es.name == "ESU4"
        series = await desk.bars("ES", "1m")
        traded = sum(bar[-1] for bar in vendor)
        await until(lambda: series.volume.sum() >= traded, DEADLINE_S)
        shown = [tuple(bar[:6]) for bar in series.bars]
    assert shown == vendor


def test_the_window_shows_what_was_recorded(tmp_path: Path) -> None:
    """The contract of the settings, MNQ, is not in the recording."""
    recording = tmp_path / "ESU4.csv"
    rows = [f"{1_719_800_000_000 + 1_000 * i},buy,5500.25,1" for i in range(60)]
    recording.write_text("\n".join(["time_ms,side,price,amount", *rows]))
    played = subprocess.run(
        [*(sys.executable, "-m", "tests.e2e.replay_window", tmp_path / "home", recording)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    assert msgspec.json.decode(played.stdout) == {"name": "ESU4", "notices": []}


def ticks_of(bar: Any) -> tuple[int, ...]:
    """Open, high, low and close of a vendor bar in ticks."""
    return tuple(px // ES_TICK for px in (bar.open, bar.high, bar.low, bar.close))
