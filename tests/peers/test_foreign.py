"""A peer in a process of its own: the same data, the same bars, seconds that it took itself."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest
from bench import bar_frames, bar_peers
from bench.bar_data import make_minutes, make_trades
from bench.foreign import Foreign
from bench.timing import interleaved, mean_of

from tradedesk.engine import Bars, BarSpec, TradeBatch, aggregate, resample

HERE = Path(sys.executable)


def test_a_child_makes_the_same_bars_of_the_same_trades_and_times_itself() -> None:
    columns = make_trades(3_000)
    with Foreign(HERE, "bench.foreign_pandas", columns, {"every": ["1m", "1s"]}) as foreign:
        assert foreign.names == ["1m", "1m, our columns", "1s", "1s, our columns"]
        for text in ("1m", "1s"):
            ours = aggregate(TradeBatch(**columns), BarSpec.parse(text))
            bar_peers.check("pandas", foreign.found[text], ours)
        assert foreign.candidate("1m")() > 0
        assert foreign.candidate("1s").timed(0.01) > 0


def test_a_child_is_given_minute_bars_too() -> None:
    minutes = make_minutes(500)
    with Foreign(HERE, "bench.foreign_pandas", minutes, {"sizes": [5, 60]}) as foreign:
        for size in (5, 60):
            longer = resample(Bars(**minutes), BarSpec.parse(f"{size}m"))
            assert foreign.found[str(size)] == len(longer)


def test_other_bars_than_ours_are_refused() -> None:
    columns = make_trades(1_000)
    ours = aggregate(TradeBatch(**columns), BarSpec.parse("1s"))
    names = ("open", "high", "low", "close", "volume", "buy_volume", "turnover", "count")
    theirs = {
        name: getattr(ours, own).copy() for name, own in zip(bar_frames.CHECKED, names, strict=True)
    }
    bar_peers.check("a copy", bar_frames.digest(theirs, in_prices=False), ours)
    theirs["high"][3] += 1
    with pytest.raises(AssertionError, match="a liar makes other bars than the engine"):
        bar_peers.check("a liar", bar_frames.digest(theirs, in_prices=False), ours)


def test_a_child_that_cannot_start_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match=r"bench\.no_such_peer ended early, with code 1"):
        Foreign(HERE, "bench.no_such_peer", {})
    assert "No module named 'bench.no_such_peer'" in capfd.readouterr().err


def test_a_candidate_that_timed_itself_is_believed() -> None:
    class Elsewhere:
        def __call__(self) -> None:
            """Nothing to warm up."""

        def timed(self, turn_s: float) -> float:
            return 7.0 + turn_s

    timings = interleaved({"child": Elsewhere(), "here": lambda: None}, rounds=3, turn_s=0.5e-3)
    assert timings.seconds["child"] == [7.0005, 7.0005, 7.0005]
    assert len(timings.seconds["here"]) == 3
    assert all(0 < seconds < 7 for seconds in timings.seconds["here"])
    timings.scale("child", 10)
    assert timings.median("child") == 70.005
    assert timings.over("child", "absent") is None


def test_a_turn_is_the_mean_of_its_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(100.0, 0.25)
    monkeypatch.setattr("bench.timing.time.perf_counter", lambda: next(clock))
    calls: list[int] = []
    assert mean_of(lambda: calls.append(1), 0.0) == 0.25
    assert len(calls) == 1
    assert mean_of(lambda: calls.append(1), 0.7) == 0.25
    assert len(calls) == 1 + 3
