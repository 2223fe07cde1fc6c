"""The comparison of order paths side by side: runs the cells in turn and words what they found."""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tradedesk.app.bench_orders_plan import (
    DEPENDENCIES,
    LOADS,
    MEANING,
    SENDERS,
    CellFound,
    CellPlan,
    Load,
    Sender,
    percentile,
)
from tradedesk.domain.errors import InputError, StartError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CELL_S = 240.0
ROUND_CLICKS = 40
HEAD = (
    "load",
    "who sends",
    "click to wire p50",
    "p99",
    "reply shown p50",
    "p99",
    "handler p99",
    "shown minus true p99",
)
LOAD_WORDS: dict[Load, str] = {
    "idle": "nothing drawn",
    "60hz": "4 plots at 60 Hz",
    "flatout": "4 plots flat out",
    "python": "pure Python, 15 ms slices",
}
_CERTIFICATE = (
    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
    "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
)  # fmt: skip


class BenchOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared.

    Parameters
    ----------
    round_trip_ms : float
        How long the venue takes for an order, the way there and back included.
    loads : tuple of str
        What the window does meanwhile.
    clicks : int
        Clicks that count, of each sender under each load.
    tls : bool
        Whether the venue speaks TLS.
    senders : tuple of str
        Who is compared.
    """

    round_trip_ms: float = 0.0
    loads: tuple[Load, ...] = LOADS
    clicks: int = 120
    tls: bool = False
    senders: tuple[Sender, ...] = SENDERS


Cells = dict[tuple[Load, Sender], CellFound]


def missing(senders: Sequence[Sender]) -> list[Sender]:
    """Those whose library is not installed."""
    return [
        name
        for name in senders
        if name not in DEPENDENCIES and importlib.util.find_spec(name) is None
    ]


def run(options: BenchOptions, say: Callable[[str], None]) -> Cells:
    """Run every cell that can be run, in turn, in rounds.

    Parameters
    ----------
    options : BenchOptions
        What is compared.
    say : callable
        Told how far it is, a line at a time.

    Raises
    ------
    StartError
        If a cell fails; its own sentence.
    InputError
        If TLS is wanted and no certificate can be made.
    """
    absent = missing(options.senders)
    senders = [name for name in options.senders if name not in absent]
    rounds = max(1, math.ceil(options.clicks / ROUND_CLICKS))
    clicks = math.ceil(options.clicks / rounds)
    cells: Cells = {(load, name): CellFound() for load in options.loads for name in senders}
    with tempfile.TemporaryDirectory(prefix="td-") as folder:
        files = make_certificate(Path(folder)) if options.tls else ("", "")
        for number in range(rounds):
            for load in options.loads:
                say(f"Round {number + 1} of {rounds}: {LOAD_WORDS[load]}")
                for name in senders:
                    plan = CellPlan(
                        sender=name,
                        load=load,
                        clicks=clicks,
                        round_trip_ms=options.round_trip_ms,
                        certificate=files[0],
                        key=files[1],
                    )
                    pool(cells[load, name], run_cell(plan))
    return cells


def run_cell(plan: CellPlan) -> CellFound:
    """One cell in a fresh process.

    Raises
    ------
    StartError
        If it fails or does not end.
    """
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "tradedesk.app.gui.bench_orders_cell"],
            input=msgspec.json.encode(plan) + b"\n",
            stdout=subprocess.PIPE,
            timeout=CELL_S + plan.idle_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise StartError(f"The run of {plan.sender} under {plan.load} did not end.") from None
    lines = answer.stdout.splitlines()
    try:
        if answer.returncode == 0:
            return msgspec.json.decode(lines[-1], type=CellFound)
        said = msgspec.json.decode(lines[-1], type=dict[str, str])["error"]
    except (IndexError, msgspec.DecodeError):
        said = f"it ended with code {answer.returncode}"
    raise StartError(f"The run of {plan.sender} under {plan.load} failed: {said}")


def pool(into: CellFound, found: CellFound) -> None:
    """Add what a further round found."""
    for name in ("wire", "shown", "true", "handler", "told"):
        getattr(into, name).extend(getattr(found, name))


def over_true(found: CellFound) -> list[float]:
    """What the program adds to each click: reply shown, less the venue's own round trip."""
    return [shown - true for shown, true in zip(found.shown, found.true, strict=True)]


def table(options: BenchOptions, cells: Cells) -> list[str]:
    """Markdown lines, milliseconds."""
    lines = ["| " + " | ".join(HEAD) + " |", "| --- | --- |" + " --: |" * (len(HEAD) - 2)]
    absent = missing(options.senders)
    for load in options.loads:
        for name in options.senders:
            label = f"| {LOAD_WORDS[load]} | {MEANING[name]} |"
            if name in absent:
                lines.append(f"{label} not installed: `pip install {name}` |" + " |" * 5)
                continue
            found = cells[load, name]
            figures = [
                percentile(found.wire, 50),
                percentile(found.wire, 99),
                percentile(found.shown, 50),
                percentile(found.shown, 99),
                percentile(found.handler, 99),
                percentile(over_true(found), 99),
            ]
            shown = " | ".join("" if ms is None else f"{ms:.2f}" for ms in figures)
            lines.append(f"{label} {shown} |")
    return lines


class Promise(msgspec.Struct, frozen=True):
    """One target: what it is about, the figure of this run, and its limit."""

    text: str
    measured: float | None
    limit: float
    at_least: bool = False
    unit: str = " ms"

    @property
    def verdict(self) -> str:
        """``met``, ``missed`` or ``not measured``."""
        if self.measured is None:
            return "not measured"
        good = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        return "met" if good else "missed"


def promises(cells: Cells) -> list[Promise]:
    """The targets for click to wire, the figure shown and the handler of a click."""
    found: list[Promise] = []
    for load in ("60hz", "flatout", "python"):
        mine = cells.get((load, "process"))
        if mine is None:
            continue
        words = LOAD_WORDS[load]
        found += [
            Promise(f"click to wire, p99, {words}", percentile(mine.wire, 99), 4.0),
            Promise(f"shown minus true, p99, {words}", percentile(over_true(mine), 99), 6.0),
            Promise(f"handler of a click, p99, {words}", percentile(mine.handler, 99), 0.5),
        ]
    ours, theirs = cells.get(("python", "process")), cells.get(("python", "httpx"))
    if ours is not None and theirs is not None:
        mine_ms, other_ms = percentile(ours.wire, 99), percentile(theirs.wire, 99)
        ratio = other_ms / mine_ms if mine_ms and other_ms else None
        text = "bare httpx on the window's loop takes so many times the p99, pure Python"
        found.append(Promise(text, ratio, 4.0, at_least=True, unit="x"))
    return found


def make_certificate(folder: Path) -> tuple[str, str]:
    """A certificate for 127.0.0.1 and its key, for two days.

    Raises
    ------
    InputError
        If ``openssl`` is not there or refuses.
    """
    certificate, key = str(folder / "venue.pem"), str(folder / "venue.key")
    command = [*_CERTIFICATE, "-out", certificate, "-keyout", key]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=30)  # noqa: S603 - ours
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(
            f"--tls needs the program openssl to make a certificate ({error}): install it, or "
            "leave --tls out."
        ) from None
    return certificate, key
