"""Chromium without a window, told what to do over a pipe (the DevTools protocol).

Only for pages of our own: nothing is loaded from a network, and the profile is thrown away.
"""

from __future__ import annotations

import itertools
import json
import os
import selectors
import shutil
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    "--force-device-scale-factor=1",
    # A pan is drawn as fast as it can be, as here, and not sixty times a second.
    "--disable-frame-rate-limit",
    "--disable-gpu-vsync",
)
READ_FD, WRITE_FD = 3, 4
"""Where Chromium looks for its end of the pipe."""
END_S = 10.0


class BrowserError(Exception):
    """The browser did not do what it was told; the message says what it said."""


def find() -> str | None:
    """Path of a Chromium; the environment's ``CHROMIUM`` goes before those on the path.

    None on Windows too, where the pipe's ends cannot be handed over like this.
    """
    if os.name == "nt":
        return None
    wanted: Iterable[str] = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else NAMES
    return next(filter(None, map(shutil.which, wanted)), None)


class Browser:
    """One page of one size.

    Parameters
    ----------
    program : str
        Path of a Chromium.
    size : tuple of int
        Width and height of the page in pixels.
    deadline_s : float, default 120.0
        For every answer.

    Raises
    ------
    BrowserError
        If it does not start.
    """

    def __init__(self, program: str, size: tuple[int, int], deadline_s: float = 120.0) -> None:
        self._deadline_s = deadline_s
        self._numbers = itertools.count(1)
        self._rest = b""
        self._home = tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)
        command = [program, *FLAGS, f"--user-data-dir={self._home.name}"]
        command += [f"--window-size={size[0]},{size[1]}", "about:blank"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # it refuses to run as root with one
        self._start(command)
        try:
            self._attach(size)
        except BaseException:
            self.close()
            raise

    def evaluate(self, script: str) -> Any:
        """Run a script in the page; what it, or the promise that it returns, came to.

        Raises
        ------
        BrowserError
            If the script throws, or there is no answer within the deadline.
        """
        asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
        answer = self._call("Runtime.evaluate", asked, self._session)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            what = details.get("exception", {}).get("description", details.get("text", ""))
            raise BrowserError(f"the page's script failed: {what}")
        return answer["result"].get("value")

    def picture(self) -> str:
        """The page as a PNG, base64."""
        return str(self._call("Page.captureScreenshot", {}, self._session)["data"])

    @property
    def version(self) -> str:
        """Name and version."""
        return str(self._call("Browser.getVersion", {})["product"])

    def close(self) -> None:
        """End the browser and remove its profile."""
        for end in (self._out, self._in):
            os.close(end)
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._home.cleanup()

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self, command: list[str]) -> None:
        import fcntl  # not on top: there is none on Windows

        low_in, self._out = os.pipe()
        self._in, low_out = os.pipe()
        # Away from the numbers at which the browser looks, where a shell then puts them.
        theirs = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (low_in, low_out)]
        move = f'exec "$@" {READ_FD}<&{theirs[0]} {WRITE_FD}>&{theirs[1]}'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", move, "browser", *command],
            pass_fds=theirs,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (low_in, low_out, *theirs):
            os.close(end)

    def _attach(self, size: tuple[int, int]) -> None:
        targets = self._call("Target.getTargets", {})["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        asked = {"targetId": page["targetId"], "flatten": True}
        self._session = str(self._call("Target.attachToTarget", asked)["sessionId"])
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", metrics, self._session)

    def _call(self, method: str, given: dict[str, Any], session: str | None = None) -> Any:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": given}
        if session is not None:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        try:
            while data:
                data = data[os.write(self._out, data) :]
        except BrokenPipeError:
            raise BrowserError("the browser has ended") from None
        until = time.monotonic() + self._deadline_s
        while True:
            answer = json.loads(self._read(until))
            if answer.get("id") == number:
                break
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def _read(self, until: float) -> bytes:
        """One message."""
        with selectors.DefaultSelector() as ready:
            ready.register(self._in, selectors.EVENT_READ)
            while b"\0" not in self._rest:
                if not ready.select(max(0.0, until - time.monotonic())):
                    raise BrowserError(f"no answer within {self._deadline_s:.0f} s")
                data = os.read(self._in, 1 << 16)
                if not data:
                    raise BrowserError("the browser has ended")
                self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        return message
