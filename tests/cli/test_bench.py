"""``tradedesk bench orders``: a tiny run of the real thing, and what it says of what is absent."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys

import pytest

from tradedesk.app import bench_orders
from tradedesk.app.bench_orders_plan import MEANING, CellFound, CellPlan, percentile
from tradedesk.cli import main as cli
from tradedesk.domain.errors import StartError


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tradedesk", "bench", "orders", *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def cells(table: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("|")
    ]


def test_a_tiny_run_measures_process_inline_and_httpx_side_by_side() -> None:
    found = bench(
        "--clicks", "3", "--load", "idle", "--rtt", "20",
        "--who", "process", "--who", "inline", "--who", "httpx",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert "round trip 20 ms, plain HTTP" in found.stdout
    rows = {row[1]: row for row in cells(found.stdout) if len(row) == 8}
    for name in ("process", "inline", "httpx"):
        row = rows[MEANING[name]]
        wire_ms, shown_ms, handler_ms = float(row[2]), float(row[4]), float(row[6])
        assert 0 < wire_ms < shown_ms
        assert shown_ms >= 20.0, "no answer comes before the round trip is over"
        assert 0 < handler_ms < shown_ms


@pytest.mark.skipif(shutil.which("openssl") is None, reason="--tls makes its certificate with it")
def test_tls_is_spoken_and_verified() -> None:
    found = bench("--clicks", "2", "--load", "idle", "--tls", "--who", "process", "--who", "httpx")
    assert found.returncode == 0, found.stderr
    assert ", TLS" in found.stdout
    assert len([row for row in cells(found.stdout) if row[0] == "nothing drawn"]) == 2


def test_a_peer_that_is_not_installed_is_a_row_and_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    options = bench_orders.BenchOptions(loads=("idle",), senders=("process", "aiohttp"))
    measured = {("idle", "process"): CellFound(wire=[1.0], shown=[2.0], true=[0.5], handler=[0.1])}
    lines = bench_orders.table(options, measured)  # type: ignore[arg-type]
    assert lines[2] == (
        "| nothing drawn | tradedesk, executor process | 1.00 | 1.00 | 2.00 | 2.00 | 0.10 | 1.50 |"
    )
    assert "not installed: `pip install aiohttp`" in lines[3]
    assert lines[3].count("|") == lines[2].count("|")


def test_a_cell_that_fails_says_why() -> None:
    with pytest.raises(StartError, match="process under idle failed: The benchmark's venue ended"):
        bench_orders.run_cell(
            CellPlan(sender="process", load="idle", clicks=1, certificate="no-such-file")
        )


def test_targets_are_those_of_a_window_under_load() -> None:
    def found(wire_ms: float) -> CellFound:
        return CellFound(wire=[wire_ms], shown=[wire_ms + 2], true=[1.0], handler=[0.6])

    promises = bench_orders.promises(
        {
            ("idle", "process"): found(50.0),
            ("60hz", "process"): found(4.5),
            ("python", "process"): found(2.0),
            ("python", "httpx"): found(60.0),
        }
    )
    assert [(one.limit, one.verdict) for one in promises] == [
        (4.0, "missed"), (6.0, "met"), (0.5, "missed"),
        (4.0, "met"), (6.0, "met"), (0.5, "missed"),
        (4.0, "met"),
    ]  # fmt: skip
    assert promises[-1].measured == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["bench"], "WHAT"),
        (["bench", "orders", "--rtt", "-1"], "'-1' is no time: give milliseconds, 0 to 10000"),
        (["bench", "orders", "--rtt", "nan"], "'nan' is no time"),
        (["bench", "orders", "--clicks", "0"], "'0' is no number of clicks"),
        (["bench", "orders", "--load", "storm"], "invalid choice: 'storm'"),
    ],
)
def test_bad_arguments(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(("percent", "expected"), [(50, 2.0), (99, 4.0), (25, 1.0), (100, 4.0)])
def test_percentiles_are_of_the_nearest_rank(percent: float, expected: float) -> None:
    assert percentile([4.0, 2.0, 1.0, 3.0], percent) == expected
    assert percentile([], percent) is None
