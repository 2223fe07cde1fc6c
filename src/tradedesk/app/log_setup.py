"""Where log records go, and what never goes there: secrets.

Redaction works on the finished text, traceback included; see ``app.redaction``.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from typing import TYPE_CHECKING, Any

from tradedesk.app.redaction import Redactor
from tradedesk.domain.errors import StoreError

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path

FILE_BYTES = 2_000_000
FILES_KEPT = 5
FORMAT = "%(asctime)s.%(msecs)03d %(process)d %(levelname)-7s %(name)s: %(message)s"

QUIET = ("httpx", "httpcore", "websockets", "uvicorn.access", "keyring", "asyncio")
"""Libraries whose finer records carry headers and URLs; only their warnings are kept."""

_redactor = Redactor()


def register_secret(value: str) -> None:
    """Keep a live secret out of everything written from now on.

    Parameters
    ----------
    value : str
        Key or token. Shorter ones than 6 characters are left alone: they would eat ordinary words.
    """
    _redactor.register(value)


def redact(text: str) -> str:
    """Give the text with every registered secret, and whatever looks like one, replaced."""
    return _redactor.redact(text)


def open_private(file: str | os.PathLike[str]) -> TextIOWrapper:
    """Open a text file that only its owner can read, however the process was started."""
    return open(
        file,
        "a",
        encoding="utf-8",
        errors="backslashreplace",
        opener=lambda path, flags: os.open(path, flags, 0o600),
    )


class RedactingFormatter(logging.Formatter):
    """Formats a record, then takes the secrets out of the finished text."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the record's text without secrets."""
        return redact(super().format(record))


class _NoGossip(logging.Handler):
    """A record that cannot be formatted is reported without its arguments.

    logging itself would print them on stderr as they are, past every formatter.
    """

    def handleError(self, record: logging.LogRecord) -> None:
        """Say where the record came from, and what was wrong with it."""
        error = sys.exc_info()[1]
        where = f"{record.name} ({record.filename}:{record.lineno})"
        try:
            sys.stderr.write(
                redact(f"a log record of {where} was lost: {type(error).__name__}: {error}") + "\n"
            )
        except (OSError, ValueError, AttributeError):
            pass  # there is no stderr, and nowhere left to say so


class _File(_NoGossip, logging.handlers.RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        return open_private(self.baseFilename)


class _Screen(_NoGossip, logging.StreamHandler[Any]):
    pass


class LogSetup:
    """Handlers of one process: a rotating file, and stderr for warnings.

    Parameters
    ----------
    file : Path
        Newest log file; older ones stand beside it with a number.
    level : int
        Least level that goes into the file.

    Raises
    ------
    StoreError
        If the file cannot be opened.
    """

    def __init__(self, file: Path, level: int = logging.INFO) -> None:
        try:
            to_file = _File(file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
        except OSError as error:
            raise StoreError(
                f"The log file {file} cannot be opened ({error.strerror}): "
                "make its folder writable or set TRADEDESK_HOME to one that is."
            ) from error
        to_file.setLevel(level)
        to_screen = _Screen(sys.stderr)
        to_screen.setLevel(logging.WARNING)
        self._handlers: tuple[logging.Handler, ...] = (to_file, to_screen)
        root = logging.getLogger()
        self._level_before = root.level
        root.setLevel(min(level, logging.WARNING))
        for handler in self._handlers:
            handler.setFormatter(RedactingFormatter(FORMAT, "%Y-%m-%d %H:%M:%S"))
            root.addHandler(handler)
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)

    def close(self) -> None:
        """Detach and close the handlers; safe to call twice."""
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()
        if self._handlers:
            root.setLevel(self._level_before)
        self._handlers = ()
