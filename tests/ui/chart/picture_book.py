"""Small pictures of a chart in every style and palette, as they are kept beside the tests.

    python -m tests.ui.chart.picture_book FOLDER          # at scale 1
    QT_SCALE_FACTOR=2 python -m ... FOLDER                # at scale 2

Written anew, after looking at them, with FOLDER = tests/ui/chart/pictures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from tests.ui.chart.chart_bench import ChartBench
from tests.ui.chart.samples import stop, target, walk

from tradedesk.ui.chart.reading.styles import STYLES
from tradedesk.ui.theme.style import apply_theme
from tradedesk.ui.theme.tokens import PALETTES

SIZE = (420, 260)


def name_of(scale: str, palette: str, style: str) -> str:
    """File of one picture; a footprint without live trades shows candles and says so."""
    return f"{scale}-{palette.replace('/', '-').replace(' ', '-')}-{style}.png"


def paint_all(app: QApplication, folder: Path, scale: str) -> list[str]:
    """Write one picture for every palette and style; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for key, palette in PALETTES.items():
        apply_theme(app, palette)
        for style in STYLES:
            names.append(name_of(scale, key, style))
            if not _picture(style).save(str(folder / names[-1])):
                raise OSError(f"{folder / names[-1]} could not be written.")
    return names


def _picture(style: str) -> QImage:
    bench = ChartBench(walk(120, seed=11), SIZE)
    try:
        bench.panel.looks.change(style=style)
        bench.panel.studies.add("vwap")
        bench.panel.set_lines([target(bench.last + 24), stop(bench.last - 20)])
        bench.frame()
        return bench.panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    finally:
        bench.close()


def main() -> int:
    """Write them all to the folder that was named."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    scale = os.environ.get("QT_SCALE_FACTOR", "1")
    paint_all(app, Path(sys.argv[1]), scale)
    return 0


if __name__ == "__main__":
    sys.exit(main())
