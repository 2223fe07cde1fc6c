"""What the demo saw, step by step."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

import msgspec
import PySide6

from tradedesk.store.atomic import write_atomic
from tradedesk.version import __version__

if TYPE_CHECKING:
    from pathlib import Path


class DemoStep(msgspec.Struct):
    """One thing that had to happen.

    Parameters
    ----------
    name : str
        What it is.
    seen : bool
        Whether it happened in time.
    took_ms : float
        From the start of the step to the moment it was seen.
    facts : dict
        What was read off the desk.
    picture : str
        File name of the screenshot taken then; empty if none.
    """

    name: str
    seen: bool = False
    took_ms: float = 0.0
    facts: dict[str, Any] = {}
    picture: str = ""


class DemoReport:
    """Collects steps and writes ``report.json``."""

    def __init__(self, out: Path, seed: int) -> None:
        self.out = out
        self._seed = seed
        self.steps: list[DemoStep] = []
        self.finished = False

    @property
    def passed(self) -> bool:
        """Whether the script came to its end and every step was seen."""
        return self.finished and bool(self.steps) and all(step.seen for step in self.steps)

    def write(self) -> None:
        """Write ``report.json``."""
        content = {
            "passed": self.passed,
            "tradedesk": __version__,
            "python": platform.python_version(),
            "pyside": PySide6.__version__,
            "seed": self._seed,
            "steps": self.steps,
        }
        body = msgspec.json.format(msgspec.json.encode(content, enc_hook=str), indent=2)
        write_atomic(self.out / "report.json", body + b"\n", mode=0o644)

    def text(self) -> str:
        """The same for a terminal."""
        lines = [
            f"{'ok ' if step.seen else 'NOT'}  {step.took_ms:8.0f} ms  {step.name}"
            for step in self.steps
        ]
        verdict = "every step was seen" if self.passed else "the demo FAILED"
        return "\n".join([*lines, f"{verdict}; pictures and report.json are in {self.out}"])
