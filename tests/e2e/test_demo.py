"""The demo: the real window, real mouse events, the real venue; no process is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE_S = 150


def play(out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tradedesk", "demo", "--out", str(out), "--seed", "7"]
    wanted = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "QT_QPA_PLATFORM"}}
    return subprocess.run(
        command,
        env={**wanted, **environment},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def check(out: Path, done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every step was seen" in done.stdout
    report = msgspec.json.decode((out / "report.json").read_bytes())
    assert report["passed"]
    assert len(report["steps"]) >= 20
    pictures = [step["picture"] for step in report["steps"] if step["picture"]]
    assert len(pictures) == 7
    for name in pictures:
        assert (out / name).stat().st_size > 20_000


def test_the_demo_plays_to_its_end_without_a_display(tmp_path: Path) -> None:
    check(tmp_path, play(tmp_path))


def test_the_demo_plays_with_the_executor_inside(tmp_path: Path) -> None:
    check(tmp_path, play(tmp_path, TRADEDESK_EXECUTOR="inline"))


def test_the_demo_plays_in_a_real_window(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    display = request.getfixturevalue("xserver")
    check(tmp_path, play(tmp_path, DISPLAY=display, QT_QPA_PLATFORM="xcb"))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = play(blocked / "out")
    assert done.returncode == 1
    assert "give another --out" in done.stderr
