"""The shipped executor process, killed by itself at a chosen line of our own code.

A command whose click id is ``doom-<n>-...`` starts the count, the first time that it comes; after
``n`` executed lines of tradedesk the process gets SIGKILL, in the middle of whatever it was doing.
Calls are not counted: a run asks, start after start, more than any venue allows in a minute.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tradedesk
from tradedesk.app import executor_build
from tradedesk.app.executor_main import main
from tradedesk.gateway import order_side
from tradedesk.gateway.rest.limiter import Limiter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from tradedesk.app.executor_build import BuiltExecutor
    from tradedesk.app.executor_config import ExecutorConfig
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.commands import AnyCommand

ROOT = str(Path(tradedesk.__file__).parent)
COUNT = "lines-counted"
"""File in the home with how many lines were executed, written at a command ``tell-...``."""


class NoMemory:
    """Remembers no calls."""

    def __init__(self, _: object) -> None: ...

    def recall(self) -> Sequence[int]:
        """None."""
        return ()

    def put(self, number: int, moment_ns: int) -> None:
        """Nothing is kept."""


class Doom:
    """Counts lines and ends the process."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._left = self._counted = 0

    def handler(self, handle: Callable[[AnyCommand], None]) -> Callable[[AnyCommand], None]:
        """Watch for the command that starts the count."""

        def take(command: AnyCommand) -> None:
            word, _, rest = command.click_id.partition("-")
            if word == "doom" and self._is_first(command.click_id):
                self._left, self._counted = int(rest.split("-")[0]), 0
                sys.settrace(self._call)
            elif word == "tell":
                sys.settrace(None)
                (self._home / COUNT).write_text(str(self._counted))
            handle(command)

        return take

    def _is_first(self, click_id: str) -> bool:
        """Not what is asked for again after the restart."""
        try:
            (self._home / click_id).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _call(self, frame: FrameType, event: str, _: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(ROOT) else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self._counted += 1
            if self._counted > self._left:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._line


def build(config: ExecutorConfig, clock: Clock) -> BuiltExecutor:
    """As shipped, with a watch on its commands."""
    setattr(executor_build, "CallRing", NoMemory)  # noqa: B010 - not a name of that module
    setattr(order_side, "Limiter", partial(Limiter, general=10**9))  # noqa: B010 - as above
    built = executor_build.build_executor(config, clock)
    doom = Doom(Path(config.home))
    built.executor.handle = doom.handler(built.executor.handle)  # type: ignore[assignment, method-assign]
    return built


if __name__ == "__main__":
    sys.exit(main(build))
