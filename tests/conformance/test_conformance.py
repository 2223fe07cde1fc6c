"""Somebody else's SDK, unmodified, trades on the practice venue; the page tells what all of them do.

``make conformance`` runs every client in an environment of its own. Here one of them runs in ours.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

import pytest
from tests.conformance import checks, table
from tests.conformance.clients import LOCKS, Client, clients, pythons
from tests.conformance.run import run
from tests.conformance.steps import ABSENT, FAILED, OK, STEPS
from tests.conformance.venue import Row

CLIENT = clients()["topstep-client-py"]


def interpreter() -> Path:
    """One that has the client: ours, or that of the client's own environment."""
    try:
        if importlib.metadata.version(CLIENT.name) == CLIENT.version:
            return Path(sys.executable)
    except importlib.metadata.PackageNotFoundError:
        pass
    if CLIENT.interpreter.exists():
        return CLIENT.interpreter
    pytest.skip(f"{CLIENT.title} is not installed here; make conformance installs it")


def test_a_published_client_plays_the_whole_session_as_the_page_says() -> None:
    results, log = run(CLIENT, interpreter())
    failed = {key: result.did for key, result in results.items() if result.outcome == FAILED}
    assert not failed, log
    assert [key for key, result in results.items() if result.outcome == ABSENT] == ["ping"]
    assert table.section(CLIENT, results) == table.sections()[CLIENT.name]


def test_the_page_has_every_client_with_every_step() -> None:
    parts = table.sections()
    assert list(parts) == list(clients())
    for part in parts.values():
        rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| ")][2:]
        assert [row[0].removeprefix("| ") for row in rows] == list(STEPS.values())
        assert {row[1] for row in rows} <= {OK, ABSENT}


@pytest.mark.parametrize("client", clients().values(), ids=lambda client: client.name)
def test_each_client_is_locked_at_its_version_with_hashes(client: Client) -> None:
    lock = (LOCKS / f"{client.name}.txt").read_text("utf-8")
    assert f"{client.name}=={client.version} \\\n    --hash=sha256:" in lock
    pins = re.findall(r"^[a-z0-9._-]+==.*\n    --hash", lock, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE))


def test_an_interpreter_is_found_for_each_client_of_our_own_version() -> None:
    found = pythons()
    assert sys.version_info[:2] in found
    assert all(version >= (3, 11) for version in found)


@pytest.mark.parametrize(
    ("read", "held", "complaint"),
    [
        ([{"id": 1, "price": 24950.25}], {1: {"id": 1, "price": 24950.5, "side": 0}}, "24950.25"),
        ([{"id": 1}], {1: {"id": 1}, 2: {"id": 2}}, r"\[1\], the venue has \[1, 2\]"),
        ([{"id": 1}, {"id": 1}], {1: {"id": 1}}, r"\[1, 1\]"),
        ([{"id": 1, "voided": 0}], {1: {"id": 1, "voided": False}}, "voided"),
        ([{"id": 1, "profitAndLoss": 0.0}], {1: {"id": 1, "profitAndLoss": None}}, "None"),
        (
            [{"id": 1, "at": "2026-01-02T03:04:05.000001+00:00"}],
            {1: {"id": 1, "at": "2026-01-02T03:04:05.000002+00:00"}},
            "at is",
        ),
    ],
)
def test_a_difference_between_client_and_venue_is_told(
    read: list[Row], held: dict[int, Row], complaint: str
) -> None:
    with pytest.raises(checks.Mismatch, match=complaint):
        checks.match_all("row", read, held)


def test_the_same_values_in_another_notation_are_no_difference() -> None:
    held = {1: {"id": 1, "price": 24950.250000000, "at": "2026-01-02T03:04:05+00:00", "more": 1}}
    checks.match_all("row", [{"id": 1, "price": 24950.25, "at": "2026-01-02T03:04:05Z"}], held)
