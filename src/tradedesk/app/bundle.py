"""A file for whoever helps: logs, versions, settings and figures, without secrets and names."""

from __future__ import annotations

import io
import os
import re
import sqlite3
import zipfile
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.app.log_setup import redact, register_secret
from tradedesk.domain.errors import StoreError
from tradedesk.store.atomic import write_atomic
from tradedesk.store.credentials import KEY_VARIABLE, USERNAME_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tradedesk.store.credentials import Credentials
    from tradedesk.store.paths import Paths

CONTENTS: Final = """\
What goes into the bundle:
  findings.json   what `tradedesk doctor` found: versions, folders, name of the keyring, the venue
  settings.toml   your settings, as they are
  logs/           the log and crash files of desk, executor and practice venue
  journal.json    for each order journal: its size, and how many rows of each kind on each day
  latency.json    round trips of orders by kind: count, median, 99th percentile, worst
What does not: keys, tokens, your user name, account numbers and names, orders, positions, money.
Every text is searched for secrets by value and by pattern once more before it is written.
"""
NEWEST_BYTES: Final = 2_000_000
"""Of each log file so much is taken, from its end."""

_ACCOUNT_NAME: Final = re.compile(r"\b(?:PRAC(?:TICE)?|EXPRESS|\d+KTC)[-\w]*\d[-\w]*")
_HOME: Final = re.compile(r"(/(?:home|Users)/|[A-Z]:\\Users\\)[^/\\\s\"']+")


class Bundle:
    """Collects texts, takes out what must not leave the machine, and writes them as one file.

    Parameters
    ----------
    paths : Paths
        Where everything is.
    known : iterable of Credentials
        What is stored for any firm; its values never show.
    """

    def __init__(self, paths: Paths, known: Iterable[Credentials] = ()) -> None:
        self._paths = paths
        self._names: dict[str, str] = {}
        for pair in known:
            register_secret(pair.api_key)
            self._names[pair.username] = "<user>"
        register_secret(os.environ.get(KEY_VARIABLE, ""))
        self._names[os.environ.get(USERNAME_VARIABLE, "")] = "<user>"
        self._names.pop("", None)

    def write(self, file: Path, findings: bytes) -> tuple[str, ...]:
        """Write the bundle; only its owner may read it.

        Parameters
        ----------
        file : Path
            Where; an old one is replaced.
        findings : bytes
            What the doctor found, as JSON.

        Returns
        -------
        tuple of str
            What is in it.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        journals = {path.name: self._journal(path) for path in self._journals()}
        parts: dict[str, str] = {
            "READ-ME.txt": CONTENTS,
            "findings.json": findings.decode(),
            "journal.json": _json(journals),
            "latency.json": _json(_latency(self._paths.latency_file)),
        }
        if self._paths.settings_file.is_file():
            parts["settings.toml"] = _tail(self._paths.settings_file)
        if self._paths.logs.is_dir():
            for log in sorted(self._paths.logs.glob("*.log*")):
                if log.is_file():
                    parts[f"logs/{log.name}"] = _tail(log)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(name, self.clean(text))
        write_atomic(file, packed.getvalue())
        return tuple(parts)

    def clean(self, text: str) -> str:
        """Give the text without secrets, user name and account."""
        text = _ACCOUNT_NAME.sub("<account>", redact(text))
        for value, word in sorted(self._names.items(), key=lambda item: -len(item[0])):
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", word, text, flags=re.IGNORECASE)
        return _HOME.sub(r"\1<user>", text)

    def _journals(self) -> list[Path]:
        folder = self._paths.journals
        return sorted(folder.glob("*.sqlite3*")) if folder.is_dir() else []

    def _journal(self, path: Path) -> Mapping[str, object]:
        """Figures of one journal, and its accounts added to what never shows."""
        summary: dict[str, object] = {"bytes": path.stat().st_size}
        if not path.name.endswith(".sqlite3"):
            return summary
        try:
            with closing(_read_only(path)) as db:
                rows = db.execute("SELECT t_wall / 86400000000000, kind, account FROM event")
                days: dict[int, Counter[str]] = {}
                for day, kind, account in rows:
                    days.setdefault(day, Counter())[kind] += 1
                    if account:
                        self._names[str(account)] = "<account>"
                summary["rows by day since 1970 and kind"] = {str(d): days[d] for d in sorted(days)}
                (summary["check"],) = db.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            summary["trouble"] = str(error)
        return summary


def _latency(file: Path) -> Mapping[str, object]:
    """Round trips by what was sent, in milliseconds; nothing where there is no file of them."""
    found: dict[str, list[float]] = {}
    if not file.is_file():
        return found
    try:
        with closing(_read_only(file)) as db:
            rows = db.execute(
                "SELECT kind, (reply - written) / 1e6 FROM latency "
                "WHERE reply IS NOT NULL AND written IS NOT NULL"
            )
            for kind, took_ms in rows:
                found.setdefault(str(kind), []).append(took_ms)
    except sqlite3.Error as error:
        return {"trouble": str(error)}
    return {kind: _figures(sorted(took)) for kind, took in found.items()}


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=1)


def _figures(took_ms: list[float]) -> Mapping[str, float]:
    last = len(took_ms) - 1
    return {
        "count": len(took_ms),
        "p50_ms": round(took_ms[last // 2], 3),
        "p99_ms": round(took_ms[last * 99 // 100], 3),
        "worst_ms": round(took_ms[last], 3),
    }


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=1).decode()


def _tail(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - NEWEST_BYTES))
            return stream.read().decode("utf-8", "replace")
    except OSError as error:
        raise StoreError(
            f"{file} cannot be read ({error.strerror}): correct its permissions."
        ) from error
