"""A package from npm's registry, exactly as its lock file says, in a folder of its own."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("package.json", "package-lock.json")
STAMP = "tradedesk-stamp"
INSTALL_S = 300.0


def package(name: str) -> Path | None:
    """Bring a package up to date; its folder, or None with the reason printed.

    What is installed stands in ``requirements/peers/NAME``, with the hash of every file's archive;
    no script of a package is run.
    """
    npm = shutil.which("npm")
    if npm is None:
        print(f"- {name} is left out: there is no npm here, which comes with node")
        return None
    lock = ROOT / "requirements" / "peers" / name
    folder = ROOT / ".venv-peers" / name
    wanted = hashlib.sha256(b"".join((lock / file).read_bytes() for file in FILES)).hexdigest()
    stamp = folder / STAMP
    if not (stamp.exists() and stamp.read_text("utf-8") == wanted):
        print(f"Installing {name} into {folder.relative_to(ROOT)} ...", file=sys.stderr)
        stamp.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            shutil.copy(lock / file, folder / file)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        try:
            done = subprocess.run(
                command, cwd=folder, stdout=sys.stderr, timeout=INSTALL_S, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            done = 1
        if done:
            print(f"- {name} is left out: it could not be installed; npm has said why")
            return None
        stamp.write_text(wanted, encoding="utf-8")
    return folder / "node_modules" / name
