"""Where log records go, and what never goes there: secrets.

Redaction works on the finished text, traceback included, by value (every live secret is registered)
and by pattern (what looks like a token or a key although nobody registered it).
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from typing import TYPE_CHECKING

from tradedesk.domain.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

FILE_BYTES = 2_000_000
FILES_KEPT = 5
FORMAT = "%(asctime)s.%(msecs)03d %(process)d %(levelname)-7s %(name)s: %(message)s"
HIDDEN = "<hidden>"
SHORTEST_SECRET = 6

QUIET = ("httpx", "httpcore", "websockets", "uvicorn.access", "keyring", "asyncio")
"""Libraries whose finer records carry headers and URLs; only their warnings are kept."""

PATTERNS = (
    # a JSON Web Token wherever it stands
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*"), HIDDEN),
    (re.compile(r"(access_token=)[^&\s\"'>]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(bearer\s+)[^\s\"',]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    # apiKey=..., "apiKey": "...", api_key='...', loginKey, token, password
    (
        re.compile(
            r"((?:api_?key|login_?key|token|password)[\"']?\s*[=:]\s*[\"']?)[^\s\"',&})]+",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
)

_secrets: set[str] = set()


def register_secret(value: str) -> None:
    """Keep a live secret out of everything written from now on.

    Parameters
    ----------
    value : str
        Key or token. Shorter ones than 6 characters are left alone: they would eat ordinary words.
    """
    if len(value) >= SHORTEST_SECRET:
        _secrets.add(value)


def redact(text: str) -> str:
    """Give the text with every registered secret, and whatever looks like one, replaced."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, then takes the secrets out of the finished text."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the record's text without secrets."""
        return redact(super().format(record))


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
            to_file = logging.handlers.RotatingFileHandler(
                file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
            )
        except OSError as error:
            raise StoreError(
                f"The log file {file} cannot be opened ({error.strerror}): "
                "make its folder writable or set TRADEDESK_HOME to one that is."
            ) from error
        to_file.setLevel(level)
        to_screen = logging.StreamHandler(sys.stderr)
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
