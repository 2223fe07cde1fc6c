"""Bars of a chart into a CSV file, a part at a time: a million of them would hold the window up.

The text is that of `tradedesk.history.export.write_bars`, and `read_bars` gives the bars back.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import StoreError
from tradedesk.engine import Bars
from tradedesk.history.replacing import TEMPORARY, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from numpy.typing import NDArray

    from tradedesk.domain.price import TickSize

A_STEP: Final = 4_000
"""Bars written in one step: about ten milliseconds."""
_HEADER: Final = "time,open,high,low,close,volume,buy_volume,turnover,count\n"
_SECOND_NS: Final = 1_000_000_000


class BarFile:
    """Writes a copy of bars beside a file, and puts it in its place when it is whole.

    Parameters
    ----------
    path : Path
        File to make or to replace.
    bars : Bars
        Copied at once: they may change while the file is written.
    tick : TickSize
        Price of one tick.

    Raises
    ------
    StoreError
        If nothing can be written there; what stood there still does.
    """

    def __init__(self, path: Path, bars: Bars, tick: TickSize) -> None:
        self.path = path
        self._bars = Bars.unchecked(tuple(column.copy() for column in bars.columns()))
        self._tick, self._written = tick, 0
        self._whole_seconds = not (self._bars.ts_ns % _SECOND_NS).any()
        self._beside = path.with_name(f".{path.name}.{os.getpid()}.part{TEMPORARY}")
        self._file: IO[str] | None = None
        with self._telling():
            self._file = self._beside.open("w", encoding="utf-8", newline="")
            self._file.write(_HEADER)

    def __len__(self) -> int:
        """Bars to be written."""
        return len(self._bars)

    @property
    def written(self) -> int:
        """Bars written so far."""
        return self._written

    def step(self, count: int = A_STEP) -> bool:
        """Write some more; True once the file is whole and in its place.

        Raises
        ------
        StoreError
            If it cannot be written. Nothing is left behind, and what stood there still does.
        """
        part = self._bars[self._written : self._written + count]
        with self._telling():
            if self._file is None:
                return True
            self._file.writelines(_lines(part, self._tick, whole_seconds=self._whole_seconds))
            self._written += len(part)
            if self._written < len(self._bars):
                return False
            self._file.close()
            self._file = None
        try:
            replace_file(self.path, lambda to: os.replace(self._beside, to))
        finally:
            self.abandon()
        return True

    def abandon(self) -> None:
        """Leave nothing of a file that is not whole; what stood there still does."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
        with suppress(OSError):
            self._beside.unlink(missing_ok=True)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn an error of the system into a sentence, with nothing left behind."""
        try:
            yield
        except OSError as error:
            self.abandon()
            raise StoreError(
                f"{self.path} cannot be written ({error.strerror or error}): check that its "
                "folder is there, free space and permissions. What was there is unchanged."
            ) from error


def _lines(bars: Bars, tick: TickSize, *, whole_seconds: bool) -> list[str]:
    moments = np.datetime_as_string(
        bars.ts_ns.astype("datetime64[ns]"), unit="s" if whole_seconds else "ns"
    )
    columns = [_prices(c, tick) for c in (bars.open, bars.high, bars.low, bars.close)]
    flow: list[list[Any]] = [
        bars.buy_volume.tolist(),
        _prices(bars.turnover, tick),
        bars.count.tolist(),
    ]
    for row in np.flatnonzero(~bars.flow_known).tolist():
        for column in flow:
            column[row] = ""
    rows = zip(moments.tolist(), *columns, bars.volume.tolist(), *flow, strict=True)
    return [
        f"{at}Z,{o},{h},{low},{c},{volume},{bought},{traded},{count}\n"
        for at, o, h, low, c, volume, bought, traded, count in rows
    ]


def _prices(ticks: NDArray[np.int32] | NDArray[np.int64], tick: TickSize) -> list[str]:
    """Exact prices with the decimals of the tick."""
    digits = tick.digits
    if not digits:
        return [f"{tick.size * count:f}" for count in ticks.tolist()]
    each, unit = int(tick.size.scaleb(digits)), 10**digits
    found = []
    for count in ticks.tolist():
        whole, rest = divmod(abs(count * each), unit)
        found.append(f"{'-' if count < 0 else ''}{whole}.{rest:0{digits}}")
    return found
