"""``python -m bench [--quick] [NAME ...]``: every benchmark, one after the other.

Each runs in a process of its own, so that none measures what another has left in memory.
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
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; choose of {', '.join(NAMES)}")
    missed = False
    for name in chosen.names or NAMES:
        command = [sys.executable, str(FOLDER / f"{name}.py"), *(["--quick"] * chosen.quick)]
        missed |= subprocess.run(command, check=False).returncode != 0
        print(flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
