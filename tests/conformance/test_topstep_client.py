"""Somebody else's SDK, unmodified, trades on the practice venue."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.practice.process import venue_process

PROGRAM = Path(__file__).with_name("topstep_session.py")

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("topstep") is None,
    reason="topstep-client-py 0.1.1 is not installed here; it is one of the test dependencies",
)


def test_topstep_client_places_a_bracket_and_reads_it_back() -> None:
    with venue_process() as venue:
        ran = subprocess.run(
            [sys.executable, str(PROGRAM), json.dumps(venue.ready)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert venue.end() == 0
    seen = json.loads(ran.stdout)
    assert seen["statuses"] == [[1, 8], [0, 6], [2, 8], [0, 2], [2, 1], [1, 1]]
    assert seen["working"] == [
        [1, "STOP", "conformance-1-SL"],
        [2, "LIMIT", "conformance-1-TP"],
    ]
    assert seen["found"] == [[0, "FILLED"], [1, "OPEN"], [2, "OPEN"]]
    assert (seen["position"], seen["traded"], seen["left"]) == (["LONG", 2], 2, 0)
    assert seen["account"].startswith("PRAC-V2-")
    assert seen["contract"].startswith("MNQ")
    assert seen["bars"] >= 4
    assert {"bestBid", "bestAsk", "lastPrice", "symbol"} <= set(seen["quote"])
    assert seen["trade"] == ["price", "symbolId", "timestamp", "type", "volume"]
