"""Peers that cannot live in this environment: each in its own, timed by a child process.

The child makes everything ready, then runs one candidate each time it is asked to and answers with
the seconds that it took. So its rounds lie between those of the candidates here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tests.conformance.clients import pythons, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from bench.bar_data import Columns

ROOT = Path(__file__).resolve().parents[1]
TABLES = {
    "nautilus_trader": "peers/peers.toml",
    "project-x-py": "conformance/clients.toml",
    "vnpy": "peers/peers.toml",
}
"""Where each stands, below requirements/."""

INSTALL_S = 900.0
READY_S = 300.0


def environment(name: str) -> Path | None:
    """Bring a peer's environment up to date; its interpreter, or None with the reason printed."""
    kind, table = TABLES[name].split("/")
    entry = tomllib.loads((ROOT / "requirements" / kind / table).read_text("utf-8"))[name]
    oldest = version_of(entry["python"])
    fit = [path for version, path in sorted(pythons().items()) if version >= oldest]
    if not fit:
        print(f"- {name} needs Python {entry['python']} or newer, none was found: left out")
        return None
    folder = f".venv-{kind}/{name}"
    command = [fit[0], "scripts/environment.py", folder, f"{kind}/{name}"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, stdout=sys.stderr, timeout=INSTALL_S, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        done = 1
    if done:
        print(f"- {name} could not be installed: left out; the installer has said why")
        return None
    return ROOT / folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class Foreign:
    """A peer's process, with the same data as its rivals here.

    Parameters
    ----------
    interpreter : Path
        Of the peer's environment.
    module : str
        Has a function ``prepare`` that `bench.foreign_child` calls.
    columns : dict of str to ndarray
        Handed over as a file.
    options : mapping of str to object, optional
        Handed over as JSON.

    Attributes
    ----------
    names : list of str
        What the child can run.
    found : dict of str to object
        What it says of itself: versions, and what its runs gave.

    Raises
    ------
    RuntimeError
        If the child ends before it is ready; its own words are on stderr.
    """

    def __init__(
        self,
        interpreter: Path,
        module: str,
        columns: Columns,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="bench-")
        data = Path(self._home.name) / "columns.npz"
        np.savez(data, **columns)  # type: ignore[arg-type]  # the stub takes them for flags
        command = [str(interpreter), "-B", "-m", "bench.foreign_child", module]
        self._child = subprocess.Popen(
            [*command, str(data), json.dumps(options or {})],
            cwd=self._home.name,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._module = module
        try:
            ready = self._answer()
        except RuntimeError:
            self.close()
            raise
        self.names: list[str] = ready["names"]
        self.found: dict[str, Any] = ready["found"]

    def candidate(self, name: str) -> ForeignRun:
        """Return what `bench.timing.interleaved` calls for one of `names`."""
        return ForeignRun(self, name)

    def seconds(self, name: str, turn_s: float) -> float:
        """Let the child run one of `names` for so long, once at least; the mean of a call."""
        assert self._child.stdin is not None
        self._child.stdin.write(f"{turn_s} {name}\n")
        self._child.stdin.flush()
        return float(self._answer()["seconds"])

    def _answer(self) -> Any:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended early, with code {self._child.wait(READY_S)}")
        return json.loads(line)

    def close(self) -> None:
        """End the child, and remove its data."""
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._child.wait(10.0)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._home.cleanup()

    def __enter__(self) -> Foreign:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class ForeignRun:
    """One candidate of a child, which takes its time over there."""

    def __init__(self, child: Foreign, name: str) -> None:
        self._child = child
        self._name = name

    def __call__(self) -> float:
        """Run once."""
        return self.timed(0.0)

    def timed(self, turn_s: float) -> float:
        """Return the mean time of a call in seconds."""
        return self._child.seconds(self._name, turn_s)
