"""No error ends unseen: every uncaught exception reaches the log and the person at the desk."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

from tradedesk.app.log_setup import open_private, redact
from tradedesk.domain.errors import StoreError, TradeDeskError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

log = logging.getLogger(__name__)


class CrashHandlers:
    """Hooks for uncaught errors, installed by `install` and taken out by `remove`.

    Parameters
    ----------
    crash_file : Path
        Where the interpreter writes all stacks if it dies of a signal; appended to.
    tell : callable or None
        Given one sentence per uncaught error, from whatever thread it happened in.
    """

    def __init__(self, crash_file: Path, tell: Callable[[str], None] | None = None) -> None:
        self._crash_file = crash_file
        self._tell = tell
        self._stream: Any = None

    def install(self) -> None:
        """Take over the interpreter's hooks.

        Raises
        ------
        StoreError
            If the crash file cannot be opened.
        """
        try:
            self._stream = open_private(self._crash_file)
        except OSError as error:
            raise StoreError(
                f"The crash file {self._crash_file} cannot be opened ({error.strerror}): "
                "make its folder writable."
            ) from error
        faulthandler.enable(self._stream, all_threads=True)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable

    def remove(self) -> None:
        """Give the hooks back; safe to call twice.

        Called while an error nobody caught is on its way out, it reports that one while the log is
        still open, and sees to it that Python's own report of it shows no secret either.
        """
        if self._stream is None:
            return
        error = sys.exc_info()[1]
        lost = isinstance(error, Exception) and not isinstance(error, TradeDeskError)
        if lost and error is not None:
            self._report("Uncaught error", error)
        sys.excepthook = _say_without_secrets if lost else sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        faulthandler.disable()
        self._stream.close()
        self._stream = None

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of errors that no task's owner fetched on this loop."""
        loop.set_exception_handler(self._on_loop_error)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._report("Uncaught error", error)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread else "gone"
        if args.exc_value is not None:
            self._report(f"Uncaught error in thread {name}", args.exc_value)

    def _on_unraisable(self, args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            self._report(f"Error in {args.object!r}", args.exc_value)

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        what = f"Event loop: {context.get('message', 'unknown trouble')}"
        if isinstance(error, BaseException):
            self._report(what, error)
        else:
            log.error("%s", what)

    def _report(self, what: str, error: BaseException) -> None:
        log.critical("%s", what, exc_info=error)
        if self._tell is not None:
            self._tell(redact(f"{what}: {str(error) or type(error).__name__}"))


def _say_without_secrets(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))
