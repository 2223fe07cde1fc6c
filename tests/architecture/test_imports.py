"""The import contracts of pyproject.toml hold, and the executor starts light."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"

LIGHT = [
    name
    for name in ("domain.ports", "trading", "store.paths", "gateway.rest", "app.executor_main")
    if list(SRC.glob(f"tradedesk/{name.replace('.', '/')}*"))
]


def test_contracts() -> None:
    program = shutil.which("lint-imports", path=sysconfig.get_path("scripts"))
    assert program, "import-linter is not installed: make test installs it"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", LIGHT)
def test_the_order_path_loads_neither_qt_nor_numpy(module: str) -> None:
    code = (
        f"import sys, tradedesk.{module}\n"
        "heavy = {'numpy', 'PySide6', 'pyqtgraph', 'qasync'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
