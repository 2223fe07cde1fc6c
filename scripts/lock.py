"""Write the lock files in requirements/ from pyproject.toml.

One resolution serves Linux, macOS and Windows (environment markers), every file carries hashes, and
the later files are held to the versions of the earlier ones. The clients of `make conformance`, and
the peers of `make bench` that bear no others, are resolved each for itself. Needs the resolver `uv`
beside this interpreter; `make lock` sets that up in a virtual environment of its own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "requirements"
QT = {"pyside6-essentials", "shiboken6", "pyqtgraph", "qasync"}
"""What `.venv-core` leaves out: the run without Qt proves that the core needs none of it."""

NOT_A_REQUIREMENT = re.compile(r"^\s*(--(extra-)?index-url|-i|--find-links|-f|--trusted-host)\b")
HEADER = "# Written by `make lock` from pyproject.toml. Do not edit.\n"
ALONE = ("conformance/clients.toml", "peers/peers.toml")
"""Packages that get an environment of their own, and so a lock file each beside these tables."""
ALONE_HEADER = "# Written by `make lock` from {table} beside this file. Do not edit.\n"


def main() -> int:
    """Resolve all sets, run first; return the process exit code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    run = project["project"]["dependencies"]
    build = expand(groups, "build")
    core = [line for line in run if name_of(line) not in QT]
    sets = {
        "run": run + build,
        "dev": run + expand(groups, "dev"),
        "core": core + build + expand(groups, "test"),
        "bench": run + expand(groups, "dev") + expand(groups, "bench"),
    }
    OUT.mkdir(exist_ok=True)
    for name, wanted in sets.items():
        earlier = {"run": [], "dev": ["run"]}.get(name, ["run", "dev"])
        (OUT / f"{name}.txt").write_text(HEADER + resolve(wanted, earlier), encoding="utf-8")
        print(f"requirements/{name}.txt written")
    for place in ALONE:
        lock_alone(place)
    return 0


def lock_alone(place: str) -> None:
    """Resolve every package of one table in requirements/ by itself."""
    table = OUT / place
    for name, entry in tomllib.loads(table.read_text("utf-8")).items():
        text = resolve([f"{name}=={entry['version']}"], [], entry["python"])
        lock = table.with_name(f"{name}.txt")
        lock.write_text(ALONE_HEADER.format(table=table.name) + text, encoding="utf-8")
        print(f"{lock.relative_to(ROOT)} written")


def expand(groups: dict[str, list[str | dict[str, str]]], name: str) -> list[str]:
    """List the requirements of one dependency group, included groups opened."""
    found: list[str] = []
    for entry in groups[name]:
        found += expand(groups, entry["include-group"]) if isinstance(entry, dict) else [entry]
    return found


def name_of(requirement: str) -> str:
    """Give the normalised package name of a requirement line."""
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def resolve(wanted: list[str], earlier: list[str], python: str = "3.11") -> str:
    """Resolve one set for all systems and Pythons from this one on; give the lock file's text."""
    uv = shutil.which("uv", path=sysconfig.get_path("scripts"))
    if uv is None:
        sys.exit("The resolver is not installed here: run `make lock`, which sets it up.")
    command = [uv, "pip", "compile", "--universal", "--python-version", python, "--generate-hashes"]
    command += ["--no-header", "--no-emit-index-url", "--no-annotate", "--quiet", "-"]
    with tempfile.TemporaryDirectory() as folder:
        for name in earlier:
            pins = Path(folder) / f"{name}.txt"
            lines = (OUT / f"{name}.txt").read_text("utf-8").splitlines()
            pins.write_text("\n".join(x.rstrip(" \\") for x in lines if "==" in x), "utf-8")
            command += ["--constraint", str(pins)]
        done = subprocess.run(
            command, input="\n".join(wanted), capture_output=True, text=True, cwd=folder
        )
    if done.returncode:
        sys.exit(done.stderr.strip())
    kept = [line for line in done.stdout.splitlines() if not NOT_A_REQUIREMENT.match(line)]
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    sys.exit(main())
