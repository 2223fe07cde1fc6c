"""What the chart's benchmark rests on: that every candidate does what its row says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bench import browser
from bench.__main__ import split
from bench.browser import Browser, BrowserError
from bench.chart_browser import PAGE
from bench.drag import STEP_PX, WAY, Drag

ROOT = Path(__file__).resolve().parents[2]
RUN_S = 60


def test_a_drag_goes_there_and_back() -> None:
    drag = Drag()
    moves = [drag.step() for _ in range(2 * WAY)]
    assert moves == [STEP_PX] * WAY + [-STEP_PX] * WAY
    assert drag.away_px == 0
    assert drag.step() == drag.away_px == STEP_PX


@pytest.mark.parametrize(
    ("words", "ours", "theirs"),
    [
        (["--quick", "bars", "chart"], ["--quick", "bars", "chart"], []),
        (["chart", "--soak-minutes", "10"], ["chart"], ["--soak-minutes", "10"]),
        (["chart", "--parts", "load", "--quick"], ["chart"], ["--parts", "load", "--quick"]),
    ],
)
def test_options_of_one_benchmark_are_handed_on(
    words: list[str], ours: list[str], theirs: list[str]
) -> None:
    assert split(words) == (ours, theirs)


@pytest.mark.parametrize("way", ["wake", "signal"])
def test_every_lot_that_is_sent_is_in_the_bars(way: str) -> None:
    command = [sys.executable, str(ROOT / "bench" / "chart_load.py"), f"--way={way}"]
    done = subprocess.run(
        [*command, "--rate=2000", "--seconds=0.5"],
        capture_output=True,
        timeout=RUN_S,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["lots_sent"] == found["lots_in_bars"] > 0
    assert found["frames"] > 0
    assert all(delay > 0 for delay in found["delay_us"])


@pytest.fixture(scope="module")
def program() -> str:
    found = browser.find()
    if found is None or shutil.which("bash") is None:
        pytest.skip("there is no Chromium here")
    return found


def test_a_page_answers_fails_and_ends(program: str) -> None:
    with Browser(program, (300, 200)) as page:
        assert page.evaluate("[innerWidth, innerHeight]") == [300, 200]
        assert page.evaluate("new Promise((done) => requestAnimationFrame(() => done(7)))") == 7
        with pytest.raises(BrowserError, match="nothing_of_that_name is not defined"):
            page.evaluate("nothing_of_that_name()")
        process = page._process
    assert process.returncode is not None


def test_a_page_drags_there_and_back(program: str) -> None:
    stand_in = """
    let left = 0;
    const scale = { scrollToPosition: (at) => { left = at; } };
    """
    with Browser(program, (300, 200)) as page:
        page.evaluate(f"{PAGE.read_text('utf-8')}\n;0")
        page.evaluate(f"{stand_in} chart = {{ timeScale: () => scale }}; home = 3; perPixel = 2; 0")
        places = page.evaluate("Array.from({ length: 2 * WAY }, () => { pan(); return left; })")
        told = page.evaluate("[STEP_PX, WAY]")
    drag = Drag()
    expected = []
    for _ in range(2 * WAY):
        drag.step()
        expected.append(3 - 2 * drag.away_px)
    assert told == [STEP_PX, WAY]
    assert places == expected


def test_a_browser_that_does_not_start_is_an_error_not_a_hang() -> None:
    with pytest.raises(BrowserError, match="has ended"):
        Browser(str(ROOT / "bench" / "no-such-browser"), (300, 200))
