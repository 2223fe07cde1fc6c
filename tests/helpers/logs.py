"""Fails a test that logged a warning nobody announced."""

from __future__ import annotations

import logging
import re


class LogWatch(logging.Handler):
    """Collects records of level WARNING and above, and the patterns that a test expects."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self._expected: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record."""
        self.records.append(record)

    def expect(self, pattern: str) -> None:
        """Announce records whose ``logger: message`` matches; at least one must come."""
        self._expected.append(re.compile(pattern))

    def complaints(self) -> list[str]:
        """One line for every unexpected record and every expected one that never came."""
        texts = [f"{r.name}: {r.getMessage()}" for r in self.records]
        wrong = [
            f"unexpected log {r.levelname} {text}" + (f" ({r.exc_info[1]!r})" if r.exc_info else "")
            for r, text in zip(self.records, texts, strict=True)
            if not any(p.search(text) for p in self._expected)
        ]
        return wrong + [
            f"expected log record never came: {p.pattern}"
            for p in self._expected
            if not any(p.search(text) for text in texts)
        ]
