"""The clients of requirements/conformance/clients.toml, and an environment for each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements" / "conformance"
NEWEST = (3, 15)
"""The first Python that scripts/environment.py does not take."""

ASK = "import ensurepip, json, sys; print(json.dumps([*sys.version_info[:2], sys.executable]))"
PROBE_S = 10.0
INSTALL_S = 300.0

Version = tuple[int, int]


class NoPythonError(Exception):
    """No interpreter here that a client can run on; the message says which is needed."""


@dataclass(frozen=True)
class Client:
    """One published package."""

    name: str
    version: str
    python: Version

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    @property
    def module(self) -> str:
        """The session's module for ``python -m``."""
        return f"tests.conformance.sessions.with_{self.name.replace('-', '_')}"

    @property
    def interpreter(self) -> Path:
        """The environment's own, whether it stands or not."""
        inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        return ROOT / ".venv-conformance" / self.name / inside

    def prepare(self, pythons: dict[Version, str]) -> None:
        """Bring the client's environment up to date; quick when it is.

        Raises
        ------
        NoPythonError
            None of the interpreters is new enough.
        RuntimeError
            The packages could not be installed; the installer has said why on stderr.
        """
        fit = [version for version in sorted(pythons) if version >= self.python]
        if not fit:
            wanted = ".".join(map(str, self.python))
            raise NoPythonError(f"needs Python {wanted} or newer, none was found")
        folder = f".venv-conformance/{self.name}"
        command = [pythons[fit[0]], "scripts/environment.py", folder, f"conformance/{self.name}"]
        done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, timeout=INSTALL_S, check=False)
        if done.returncode:
            raise RuntimeError(f"the environment of {self.title} could not be made")


def clients() -> dict[str, Client]:
    """Give all clients by name, in the order of the file."""
    table = tomllib.loads((LOCKS / "clients.toml").read_text("utf-8"))
    return {
        name: Client(name, entry["version"], version_of(entry["python"]))
        for name, entry in table.items()
    }


def version_of(text: str) -> Version:
    """Read ``3.12``."""
    major, minor = text.split(".")
    return int(major), int(minor)


def pythons() -> dict[Version, str]:
    """Find the interpreters of this machine, one for each version.

    On the path by their usual names, and where pyenv and uv keep theirs. Each is started once,
    since a name on the path may be a shim with nothing behind it.
    """
    names = [f"python3.{minor}" for minor in range(11, NEWEST[1])]
    found = [getattr(sys, "_base_executable", sys.executable)]
    found += [path for name in names if (path := shutil.which(name))]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    uv = Path.home() / ".local" / "share" / "uv" / "python"
    for folder in (pyenv / "versions", uv):
        found += [str(path) for path in sorted(folder.glob("*/bin/python3"))]
    known: dict[Version, str] = {}
    for path in found:
        answer = ask(path)
        if answer and (3, 11) <= answer[0] < NEWEST:
            known.setdefault(*answer)
    return known


def ask(path: str) -> tuple[Version, str] | None:
    """Ask an interpreter for its version and place; None if it does not run."""
    try:
        done = subprocess.run(
            [path, "-c", ASK], capture_output=True, text=True, timeout=PROBE_S, check=True
        )
        major, minor, executable = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return (int(major), int(minor)), str(executable)
