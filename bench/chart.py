"""The chart against other charts, alone, four at once, and under load.

``python bench/chart.py [--quick] [--soak-minutes N] [--parts PART,PART]``. Everything is drawn
offscreen by the processor. Candidates take turns within a run, so that ratios hold where times do
not.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
os.environ.setdefault("QT_API", "pyside6")
if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyqtgraph as pg
from bench.chart_compare import compare, flat
from bench.chart_linked import linked
from bench.chart_load_tables import load, soak
from bench.timing import Target, machine, table
from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication

PARTS = ("peers", "million", "linked", "load", "soak")
SOAK_MINUTES = 10.0


def run_part(part: str, soak_minutes: float, *, quick: bool) -> list[Target]:
    """One of `PARTS`; returns what it promised."""
    if part == "peers":
        # Not all of them can be dragged further left than their first bar.
        return compare(100_000, (200, 2_000, 50_000), peers=True, quick=quick)
    if part == "million":
        views = (200, 2_000, 1_000_000)
        return compare(1_000_000, views, peers=False, quick=quick) + flat(quick=quick)
    if part == "linked":
        return linked(quick=quick)
    if part == "load":
        return load(quick=quick)
    return soak(soak_minutes)


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen parts; returns 1 if a full run missed a target."""
    parser = argparse.ArgumentParser(prog="chart", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--soak-minutes", type=float, metavar="N", help="and a soak")
    parser.add_argument("--parts", metavar="PART,PART", help=f"of {', '.join(PARTS)}")
    chosen = parser.parse_args(arguments)
    parts = chosen.parts.split(",") if chosen.parts else list(PARTS[:-1])
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; choose of {', '.join(PARTS)}")
    if chosen.soak_minutes and "soak" not in parts:
        parts.append("soak")
    app = QApplication.instance() or QApplication(["bench"])
    print(f"# Chart\n\n{machine()}, Qt {qVersion()}, pyqtgraph {pg.__version__}, offscreen")
    targets: list[Target] = []
    for part in parts:
        targets += run_part(part, chosen.soak_minutes or SOAK_MINUTES, quick=chosen.quick)
    title = "Targets, which are set for the full run" if chosen.quick else "Targets"
    table(title, ["promise", "this run", ""], [target.row() for target in targets])
    app.quit()
    return int(not chosen.quick and any(target.met is False for target in targets))


if __name__ == "__main__":
    sys.exit(main())
