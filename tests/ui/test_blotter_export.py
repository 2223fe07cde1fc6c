"""Tables as CSV files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from tests.ui.fakes.desk import LAST, exits, fill, intent

from tradedesk.domain import events as ev
from tradedesk.domain.order import Side

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.fakes.desk import FakeDesk


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Answer the question for a file name."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), "CSV (*.csv)"))


def export(desk: FakeDesk, tab: str) -> None:
    dock = desk.window.widgets.dock
    dock.open_tab(tab)
    QTest.mouseClick(dock.export, Qt.MouseButton.LeftButton)


def test_the_open_table_is_written(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.ready(orders=exits(), fills=(fill(1, Side.BUY, LAST),))
    choose(monkeypatch, tmp_path / "orders.csv")
    export(desk, "Working")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "orders.csv").read_text("utf-8"))))
    assert [row["Price"] for row in rows] == ["21,492.25", "21,477.25"]
    assert "" not in rows[0]
    assert desk.window.widgets.toasts.texts[-1] == "Wrote 2 rows to orders.csv"


def test_latency_is_written_in_figures(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.ready()
    desk.apply(ev.IntentChanged(intent=intent(1, limit=None, reply_ms=92, fill_ms=96.4)))
    choose(monkeypatch, tmp_path / "latency.csv")
    export(desk, "Latency")
    (row,) = csv.DictReader(io.StringIO((tmp_path / "latency.csv").read_text("utf-8")))
    assert row["total_ms"] == "96.400"


def test_a_file_that_cannot_be_written_is_told(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.ready()
    choose(monkeypatch, tmp_path / "missing" / "x.csv")
    export(desk, "Fills")
    assert "x.csv was not written" in desk.window.widgets.toasts.texts[-1]
    choose(monkeypatch, tmp_path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: ("", ""))
    export(desk, "Fills")
    assert len(desk.window.widgets.toasts.texts) == 1
