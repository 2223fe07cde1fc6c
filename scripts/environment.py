"""Make a virtual environment hold exactly what a lock file says, and tradedesk itself.

    python scripts/environment.py .venv run|dev|core|bench
    python scripts/environment.py .venv-conformance/NAME conformance/NAME
    python scripts/environment.py .venv-peers/NAME peers/NAME

The last two hold somebody else's package and no tradedesk.
Quick when nothing changed: a stamp in the environment names the lock file's hash. Works the same on
Linux, macOS and Windows; `make` calls it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPERSETS = {"run": ("run", "dev", "bench"), "dev": ("dev", "bench")}
"""An environment that already holds one of these holds the asked set too."""

FOREIGN = ("conformance/", "peers/")
"""Sets of these prefixes are run from outside: against tradedesk's venue, or beside its engine."""


def main(argv: list[str]) -> int:
    """Bring one environment up to date; return the process exit code."""
    if len(argv) != 2:
        sys.exit(str(__doc__))
    folder, lock = ROOT / argv[0], argv[1]
    if not (3, 11) <= sys.version_info[:2] < (3, 15):
        sys.exit(
            f"tradedesk needs Python 3.11 to 3.14, this is {sys.version.split()[0]}. "
            "Name another one: make PYTHON=python3.11"
        )
    want = {name: fingerprint(name) for name in SUPERSETS.get(lock, (lock,))}
    stamp = folder / "tradedesk-stamp.json"
    have = read_stamp(stamp, folder)
    if have.get("lock") in want and have.get("hash") == want[have["lock"]]:
        return 0
    stamp.unlink(missing_ok=True)
    create(folder)
    print(f"Installing the locked packages ({lock}) into {argv[0]} ...", flush=True)
    install(folder, "--require-hashes", "-r", str(ROOT / "requirements" / f"{lock}.txt"))
    if not lock.startswith(FOREIGN):
        install(folder, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    stamp.write_text(json.dumps({"lock": lock, "hash": want[lock]}), encoding="utf-8")
    return 0


def fingerprint(name: str) -> str:
    """Hash what the environment depends on: lock, metadata, interpreter and place.

    The settings of ruff, mypy and pytest in the same file change nothing that is installed.
    """
    import tomllib  # not on top: an older Python must get as far as being told so

    seen = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    seen.update(read(ROOT / "requirements" / f"{name}.txt"))
    if name.startswith(FOREIGN):
        return seen.hexdigest()
    project = tomllib.loads(read(ROOT / "pyproject.toml").decode())
    installed = [project["build-system"], project["project"], project["tool"]["hatch"]]
    seen.update(json.dumps(installed).encode())
    return seen.hexdigest()


def read(path: Path) -> bytes:
    """Give a file's content, or end with one sentence if it is missing."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        sys.exit(f"{path.relative_to(ROOT)} is missing: restore it from git or run `make lock`.")


def read_stamp(stamp: Path, folder: Path) -> dict[str, str]:
    """Give the stamp's content, empty where the environment is missing or unfinished."""
    try:
        found = json.loads(stamp.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and python_in(folder).exists() else {}


def python_in(folder: Path) -> Path:
    """Give the environment's interpreter."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def create(folder: Path) -> None:
    """Make the environment unless a working one stands there."""
    python = python_in(folder)
    works = [str(python), "-c", f"import pip, sys; sys.exit(sys.version != {sys.version!r})"]
    if python.exists() and subprocess.run(works, capture_output=True).returncode == 0:
        return
    if folder.exists():
        shutil.rmtree(folder)
    print(f"Creating {folder.name} with Python {sys.version.split()[0]} ...", flush=True)
    try:
        venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(
            f"Python's venv module could not create {folder} ({error}). "
            "On Debian and Ubuntu install it with: apt-get install python3-venv"
        )


def install(folder: Path, *what: str) -> None:
    """Run pip, and end with one sentence if it fails."""
    command = [str(python_in(folder)), "-m", "pip", "install", "-qq"]
    command += ["--disable-pip-version-check", "--no-input", *what]
    if subprocess.run(command, cwd=ROOT).returncode:
        sys.exit(
            f"The packages could not be installed into {folder.name}: pip's message is above. "
            "Nothing else was changed; the same command may be run again."
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
