"""TradingView's lightweight-charts in a Chromium without a window.

The library (Apache-2.0, https://github.com/tradingview/lightweight-charts) is installed as
published and not changed. Two times are taken in the page itself:

- "drawn": a step, then at once what the library would do in its next frame, then one pixel of each
  canvas is read, which makes all of them. Nothing of it is shown.
- "shown": a step in each frame that the browser asks for, from frame to frame, with Chromium's own
  limit of 60 frames a second off. Laying the canvases over one another is in it.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bench.browser import Browser, BrowserError, find
from bench.chart_data import SIZE, TICK
from bench.node_package import package

if TYPE_CHECKING:
    from tradedesk.engine import Bars

NAME = "lightweight-charts"
LIBRARY = "dist/lightweight-charts.standalone.production.js"
PAGE = Path(__file__).with_name("lightweight_charts.js")


class LightweightCharts:
    """The page with candles and volume.

    Attributes
    ----------
    title : str
        Versions of library and browser.

    Raises
    ------
    BrowserError
        If browser or page do not do what they are told.
    """

    def __init__(self, program: str, folder: Path, bars: Bars) -> None:
        self.browser = Browser(program, SIZE)
        try:
            for script in ((folder / LIBRARY).read_text("utf-8"), PAGE.read_text("utf-8")):
                self.browser.evaluate(f"{script}\n;0")
            given = json.dumps([SIZE, _rows(bars), TICK])
            version = self.browser.evaluate(f"prepare(...{given})")
            self.title = f"{NAME} {version} in {self.browser.version}"
        except BaseException:
            self.browser.close()
            raise

    def candidates(self) -> dict[str, BrowserChart]:
        """One for each way in which the time is taken."""
        return {f"{NAME}, {how}": BrowserChart(self, how) for how in ("drawn", "shown")}

    def save(self, path: Path) -> None:
        """Write a picture of the page."""
        path.write_bytes(base64.b64decode(self.browser.picture()))

    def close(self) -> None:
        """End the browser."""
        self.browser.close()


class BrowserChart:
    """The page as one candidate."""

    def __init__(self, page: LightweightCharts, how: str) -> None:
        self._page = page
        self.pan = BrowserRun(page.browser, how, "pan")
        self.tick = BrowserRun(page.browser, how, "tick")

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""
        self._page.browser.evaluate(f"show({visible})")

    def close(self) -> None:
        """The page is closed by whoever made it."""


class BrowserRun:
    """A step in the page, which takes its time over there."""

    def __init__(self, browser: Browser, how: str, what: str) -> None:
        self._browser = browser
        self._call = f"{how}({what}, %s)"

    def __call__(self) -> float:
        """Run once."""
        return self.timed(0.0)

    def timed(self, turn_s: float) -> float:
        """Return the mean time of a step in seconds."""
        return float(self._browser.evaluate(self._call % (turn_s * 1e3))) / 1e3


def lightweight_charts(bars: Bars) -> LightweightCharts | None:
    """The page with these bars, or None with the reason printed."""
    program = find()
    if program is None:
        print(f"- {NAME} is left out: there is no Chromium here")
        return None
    folder = package(NAME)
    if folder is None:
        return None
    try:
        return LightweightCharts(program, folder, bars)
    except BrowserError as error:
        print(f"- {NAME} is left out: {error}")
        return None


def _rows(bars: Bars) -> list[list[int]]:
    """Second, open, high, low and close in ticks, volume."""
    seconds = (bars.ts_ns // 1_000_000_000).tolist()
    columns = (column.tolist() for column in (bars.open, bars.high, bars.low, bars.close))
    return [list(row) for row in zip(seconds, *columns, bars.volume.tolist(), strict=True)]
