"""``python -m bench [--quick] [NAME ...]``: every benchmark, one after the other.

Each runs in a process of its own, so that none measures what another has left in memory. With one
name, options that this does not know go to that benchmark: ``chart --soak-minutes 10``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NAMES = ("bars", "chart", "kill", "orders", "start", "venue")


def main() -> int:
    """Run the chosen benchmarks; 1 if one of them missed a target."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller and fewer runs")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    words, further = split(sys.argv[1:])
    chosen = parser.parse_args(words)
    unknown = [name for name in chosen.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; choose of {', '.join(NAMES)}")
    if further and len(chosen.names) != 1:
        parser.error(f"{further[0]} is for one benchmark alone: name it first")
    missed = False
    for name in chosen.names or NAMES:
        command = [sys.executable, str(FOLDER / f"{name}.py"), *(["--quick"] * chosen.quick)]
        missed |= subprocess.run([*command, *further], check=False).returncode != 0
        print(flush=True)
    return int(missed)


def split(words: list[str]) -> tuple[list[str], list[str]]:
    """Our own words, and from the first foreign option on those of the benchmark."""
    for at, word in enumerate(words):
        if word.startswith("-") and word not in ("--quick", "-h", "--help"):
            return words[:at], words[at:]
    return words, []


if __name__ == "__main__":
    sys.exit(main())
