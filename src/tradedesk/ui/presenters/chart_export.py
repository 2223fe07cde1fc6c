"""Where pictures and bars of charts go: clipboard and files, and the words about it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QIODevice, QSaveFile
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from tradedesk.domain.errors import StoreError
from tradedesk.services.bar_file import BarFile
from tradedesk.ui import words
from tradedesk.ui.chart.time_zone import LocalTime

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.chart.exports import Exports
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.ports import Markets
    from tradedesk.ui.presenters.asking import Say

_NATIVE: Final = QFileDialog.Option.DontUseNativeDialog
_MANY: Final = 50_000
"""From so many bars on it is said that writing them takes a while."""


class ChartExport:
    """Serves all charts of a desk.

    Parameters
    ----------
    say : callable
        Says what came of it.
    """

    def __init__(self, state: DeskState, markets: Markets, say: Say) -> None:
        self._state, self._markets, self._say = state, markets, say
        self._files: list[BarFile] = []

    def wire(self, chart: ChartPanel) -> None:
        """Serve one more chart."""
        exports = chart.viewing.exports
        exports.copy_requested.connect(partial(self.copy, exports))
        exports.picture_requested.connect(partial(self._ask_picture, chart))
        exports.bars_requested.connect(partial(self._ask_bars, chart))

    def frame(self) -> None:
        """Once a frame: write on at what is not whole yet."""
        for file in list(self._files):
            try:
                if not file.step():
                    continue
                self._say("info", f"Wrote {len(file):,} bars to {file.path.name}")
            except StoreError as error:
                self._say("error", str(error))
            self._files.remove(file)

    def stop(self) -> None:
        """Leave nothing half-written behind; call when the window closes."""
        for file in self._files:
            file.abandon()
        self._files.clear()

    def copy(self, exports: Exports) -> None:
        """Put the picture into the clipboard."""
        QGuiApplication.clipboard().setImage(exports.picture(self.footer(exports)))
        self._say("info", "Picture copied")

    def save_picture(self, path: Path, exports: Exports) -> None:
        """Write the picture to a file and say what came of it."""
        path = _ending(path, ".png")
        error = write_picture(path, exports.picture(self.footer(exports)))
        if error:
            self._say("error", f"{path.name} was not written ({error}): choose another place.")
        else:
            self._say("info", f"Picture saved as {path.name}")

    def save_bars(self, path: Path, exports: Exports, *, everything: bool) -> None:
        """Begin to write bars to a file; `frame` writes on."""
        instrument = exports.instrument
        if instrument is None:
            return
        path = _ending(path, ".csv")
        try:
            file = BarFile(path, exports.bars(everything=everything), instrument.tick)
        except StoreError as error:
            self._say("error", str(error))
            return
        self._files.append(file)
        if len(file) >= _MANY:
            self._say("info", f"Writing {len(file):,} bars to {path.name}…")
        self.frame()

    def footer(self, exports: Exports) -> str:
        """What the picture is of: contract, bar size, time, whose money."""
        session = self._state.session
        parts = [exports.instrument.name] if exports.instrument is not None else []
        parts += [exports.spec.label] if exports.spec is not None else []
        zone = words.exchange_zone()
        at = LocalTime(zone).datetime(self._markets.market_ns)
        parts.append(f"{at:%a} {at.day} {at:%b %Y %H:%M:%S} {'exchange' if zone else 'local'} time")
        if session is not None:
            parts.append(f"{'LIVE' if session.live else 'SIM'} {session.venue}".strip())
        return "  ·  ".join([*parts, "tradedesk"])

    def file_name(self, exports: Exports, ending: str) -> str:
        """``MNQZ6-5m-2026-11-30.png``."""
        at = LocalTime(words.exchange_zone()).datetime(self._markets.market_ns)
        symbol = "chart" if exports.instrument is None else exports.instrument.name
        size = "" if exports.spec is None else f"-{exports.spec}"
        return f"{symbol}{size}-{at:%Y-%m-%d}{ending}"

    # --- asking where -------------------------------------------------------------------------

    def _ask_picture(self, chart: ChartPanel) -> None:
        exports = chart.viewing.exports
        chosen, _filter = QFileDialog.getSaveFileName(
            chart.window(),
            "Save picture",
            self.file_name(exports, ".png"),
            "PNG picture (*.png)",
            options=_NATIVE,
        )
        if chosen:
            self.save_picture(Path(chosen), exports)

    def _ask_bars(self, chart: ChartPanel, everything: bool) -> None:
        exports = chart.viewing.exports
        chosen, _filter = QFileDialog.getSaveFileName(
            chart.window(),
            "Save all bars" if everything else "Save bars in view",
            self.file_name(exports, ".csv"),
            "CSV (*.csv)",
            options=_NATIVE,
        )
        if chosen:
            self.save_bars(Path(chosen), exports, everything=everything)


def write_picture(path: Path, image: QImage) -> str:
    """Write a PNG whole or not at all; returns why it could not be, empty if it was."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    file = QSaveFile(str(path))
    data = buffer.data()
    whole = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == data.size()
    if whole and file.commit():
        return ""
    reason = file.errorString()
    file.cancelWriting()
    return reason or "the disk took only a part of it"


def _ending(path: Path, ending: str) -> Path:
    return path if path.suffix else path.with_name(path.name + ending)
