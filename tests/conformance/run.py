"""One client's session against a venue of its own, and what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conformance.checks import CHECKS, Mismatch
from tests.conformance.clients import ROOT, Client
from tests.conformance.steps import FAILED, OK, STEPS
from tests.conformance.venue import venue

if TYPE_CHECKING:
    from tests.conformance.venue import Venue

SESSION_S = 120.0
KEPT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL")
"""What a session keeps of our environment: no proxy, no token, no home."""


@dataclass(frozen=True)
class Result:
    """A cell of the table."""

    outcome: str
    did: str


Results = dict[str, Result]


class Session:
    """A session as a process, isolated: a home of its own, none of our environment."""

    def __init__(self, interpreter: Path, module: str, ready: dict[str, Any], home: Path) -> None:
        self.report = home / "report.jsonl"
        self.log = home / "log.txt"
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {"HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(ROOT)}
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [str(interpreter), "-B", "-m", module, json.dumps(ready), str(self.report)],
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> str:
        """Wait for its end, and bring it about; says what became of the steps it did not reach."""
        try:
            code = self.process.wait(SESSION_S)
        except subprocess.TimeoutExpired:
            return f"the session was stopped after {SESSION_S:.0f} s"
        finally:
            self.process.kill()
            self.process.wait()
        return f"the session ended before it, with exit code {code}"

    def lines(self) -> list[dict[str, Any]]:
        """Read what it has told so far."""
        if not self.report.exists():
            return []
        return [json.loads(line) for line in self.report.read_text("utf-8").splitlines()]


def run(client: Client, interpreter: Path | None = None) -> tuple[Results, str]:
    """Play the scenario with one client.

    Parameters
    ----------
    client : Client
        Its environment stands.
    interpreter : pathlib.Path, optional
        Another one that has the package.

    Returns
    -------
    tuple of (dict of str to Result, str)
        A result for every step of ``STEPS``; what the client itself logged.
    """
    with tempfile.TemporaryDirectory() as home, venue() as held:
        chosen = interpreter or client.interpreter
        session = Session(chosen, client.module, held.ready, Path(home))
        ended = session.wait()
        held.login()
        results = {line["step"]: judge(held, line) for line in session.lines()}
        log = session.log.read_text("utf-8", errors="replace")
    missing = {key: Result(FAILED, ended) for key in STEPS if key not in results}
    return results | missing, log


def judge(held: Venue, line: dict[str, Any]) -> Result:
    """Hold what a step saw against the venue."""
    check = CHECKS.get(line["step"])
    if line["outcome"] == OK and check is not None:
        try:
            check(held, line["seen"])
        except Mismatch as difference:
            return Result(FAILED, str(difference))
        except (LookupError, TypeError, ValueError, OSError) as error:
            return Result(FAILED, f"what it saw cannot be read: {type(error).__name__}: {error}")
    return Result(line["outcome"], line["did"])
