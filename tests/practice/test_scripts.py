"""Scripts: the same seed and the same script tell the same story, byte for byte."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parent / "scripts"
GOLDEN = SCRIPTS / "market_entry.jsonl"
MS = 1_000_000


def played(script: Path, *arguments: str) -> bytes:
    """Transcript of a script, played by a process of its own."""
    command = [sys.executable, "-m", "tradedesk", "practice", "--script", str(script), *arguments]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def lines_of(transcript: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in transcript.splitlines()]


def told(lines: list[dict[str, Any]], kind: str) -> list[tuple[int, dict[str, Any]]]:
    """Time and data of the events of one kind."""
    return [
        (line["at_ns"], line["record"]["arguments"][0]["data"])
        for line in lines
        if line.get("record", {}).get("target") == f"GatewayUser{kind}"
    ]


def test_the_market_entry_is_the_golden_one() -> None:
    """Made anew by ``tradedesk practice --script market_entry.toml > market_entry.jsonl``."""
    assert played(SCRIPTS / "market_entry.toml").decode() == GOLDEN.read_text("utf-8")


def test_the_golden_entry_lives_as_the_fact_sheet_says() -> None:
    lines = lines_of(GOLDEN.read_bytes())
    orders = told(lines, "Order")
    placed_ns = 1_000 * MS
    entry = next(line["answer"]["orderId"] for line in lines if "place" in line.get("call", ""))
    # 1. Three events at one instant: stop child, entry, target child, with consecutive ids.
    assert [(at, o["id"] - entry, o["status"], o["type"]) for at, o in orders[:3]] == [
        (placed_ns, 1, 8, 4),
        (placed_ns, 0, 6, 2),
        (placed_ns, 2, 8, 1),
    ]
    (_, stop), (_, first), (_, target) = orders[:3]
    assert first["customTag"] == "dt-7f3a"
    for child, suffix, ticks in ((stop, "-SL", -40), (target, "-TP", 40)):
        assert child["customTag"] == f"dt-7f3a{suffix}"
        assert child["parentOrderId"] == entry
        assert (child["trailDistance"], child["trailPrice"]) == (ticks, ticks * 0.25)
        assert child["limitPrice"] is child["stopPrice"] is None
        assert child["side"] == 1
    assert (stop["linkedOrderId"], target["linkedOrderId"]) == (None, entry + 1)
    # Suspended children are found by v2/query alone.
    query, empty, both, *_ = (
        line["answer"]["orders"] for line in lines if "orders" in (line.get("answer") or {})
    )
    assert {order["id"] - entry for order in query} == {0, 1, 2}
    assert empty == []
    assert {order["id"] - entry for order in both} == {1, 2}
    # 2. About 8 ms later the entry is filled; order, trades, position, account in this order.
    at, filled = orders[3]
    assert (at, filled["id"], filled["status"]) == (placed_ns + 8 * MS, entry, 2)
    assert filled["fillVolume"] == 2
    story = [
        line["record"]["target"]
        for line in lines
        if "record" in line and line["at_ns"] == placed_ns + 8 * MS
    ]
    trades = len([target for target in story if target == "GatewayUserTrade"])
    assert story == [
        "GatewayUserOrder",
        *["GatewayUserTrade"] * trades,
        "GatewayUserPosition",
        "GatewayUserAccount",
    ]
    # 3. About 18 ms later the target, then the stop, begin to work at absolute prices.
    (at_target, target), (at_stop, stop) = orders[4:6]
    assert at_target == at_stop == placed_ns + 26 * MS
    assert (target["id"] - entry, target["status"]) == (2, 1)
    assert (stop["id"] - entry, stop["status"]) == (1, 1)
    assert target["limitPrice"] - stop["stopPrice"] == 80 * 0.25
    assert abs(target["limitPrice"] - filled["filledPrice"] - 10.0) < 0.25
    # 4. One leg fills, the other is cancelled; the account is flat and has earned the difference.
    assert [(o["id"] - entry, o["status"]) for _, o in orders[-2:]] == [(2, 2), (1, 3)]
    assert told(lines, "Position")[-1][1]["size"] == 0
    gain = (target["limitPrice"] - filled["filledPrice"]) / 0.25 * 0.50 * 2
    assert told(lines, "Account")[-1][1]["balance"] == pytest.approx(150_000 + gain - 4 * 0.37)


@pytest.mark.parametrize("script", ["busy.toml", "market_entry.toml"])
def test_twice_is_the_same_to_the_byte_and_another_seed_is_not(script: str) -> None:
    first = played(SCRIPTS / script)
    assert played(SCRIPTS / script) == first
    assert played(SCRIPTS / script, "--seed", "8") != first


def test_a_busy_script_holds_what_it_asks_for() -> None:
    lines = lines_of(played(SCRIPTS / "busy.toml"))
    targets = [line["record"]["target"] for line in lines if "record" in line]
    assert {"GatewayQuote", "GatewayTrade", "GatewayDepth", "GatewayUserOrder"} == set(targets)
    assert any("does not exist" in str(line.get("outcome")) for line in lines)
    statuses = [line["status"] for line in lines if "call" in line]
    assert statuses.count(400) == 1
    assert statuses.count(200) == len(statuses) - 1
    refused = [line["answer"] for line in lines if line.get("body", {}).get("customTag") == "join"]
    assert [answer["success"] for answer in refused] == [True, False]
    doubled = [at for at, order in told(lines, "Order") if order["status"] == 6]
    assert len(doubled) == len(set(doubled)) + 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[step]]\npost='/x'\nget='/y'", "step 1 must have exactly one of post, get and hub"),
        ("[[step]]\npost='x'", "step 1 calls 'x': a path begins with /"),
        ("[[step]]\nhub='third'\ninvoke='x'", "names the hub 'third': use user or market"),
        ("[[step]]\nhub='user'", "step 1 names a hub but no method: add invoke"),
        ("[[step]]\nat=2\nget='/x'\n[[step]]\nat=1\nget='/x'", "goes back in time"),
        ("[[step]]\nat=-1\nget='/x'", "is no script"),
        ("[[step]]\nwhen=1\nget='/x'", "unknown field `when`"),
        ("start = 2026-11-20T15:00:00", "has no zone"),
        ("[[step", "is no TOML file"),
    ],
)
def test_a_bad_script_is_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    command = [sys.executable, "-m", "tradedesk", "practice", "--script", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert reason in done.stderr
    assert done.stderr.startswith("tradedesk practice: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
