"""The practice venue as a process, and what its REST side says with no client in between."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import urllib.request
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]

SYMBOL = "F.US.MNQ"
"""What every session trades."""

START_S = 30.0
CALL_S = 10.0
END_S = 15.0


class Venue:
    """A running venue, read over plain HTTP.

    Answers are kept: ask when the client has left and nothing moves any more.

    Parameters
    ----------
    ready : dict
        The venue's first line.
    """

    def __init__(self, ready: Row) -> None:
        self.ready = ready
        self.since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        self.account = int(ready["accounts"][0]["id"])
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        self._token = ""
        self._contracts: dict[str, Row] = {}

    def call(self, path: str, **body: Any) -> Row:
        """POST with a token of its own; the decoded answer, which must be a success."""
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(
            self.ready["rest"] + path, json.dumps(body).encode(), headers
        )
        with self._open(request, timeout=CALL_S) as answer:
            found: Row = json.load(answer)
        if not found["success"]:
            raise AssertionError(f"{path} {body} gives {found}")
        return found

    def login(self) -> None:
        """Take a token; the client's stays as it is."""
        found = self.call(
            "/api/Auth/loginKey", userName=self.ready["username"], apiKey=self.ready["api_key"]
        )
        self._token = found["token"]

    @cached_property
    def accounts(self) -> list[Row]:
        """All accounts."""
        return self._rows("/api/Account/search", "accounts", onlyActiveAccounts=True)

    @cached_property
    def orders(self) -> dict[int, Row]:
        """Every order of the session that REST shows, by id."""
        rows = self._rows(
            "/api/Order/search", "orders", accountId=self.account, startTimestamp=self.since
        )
        return {row["id"]: row for row in rows}

    @cached_property
    def trades(self) -> dict[int, Row]:
        """Every fill of the session, by id."""
        rows = self._rows(
            "/api/Trade/search", "trades", accountId=self.account, startTimestamp=self.since
        )
        return {row["id"]: row for row in rows}

    @cached_property
    def positions(self) -> list[Row]:
        """What is open."""
        return self._rows("/api/Position/searchOpen", "positions", accountId=self.account)

    @cached_property
    def available(self) -> list[Row]:
        """All contracts."""
        return self._rows("/api/Contract/available", "contracts", live=False)

    @cached_property
    def traded(self) -> Row:
        """The contract of the session."""
        return next(row for row in self.available if row["symbolId"] == SYMBOL)

    def contract(self, contract: str) -> Row:
        """One contract."""
        if contract not in self._contracts:
            found = self.call("/api/Contract/searchById", contractId=contract)
            self._contracts[contract] = found["contract"]
        return self._contracts[contract]

    def minutes(self, start: str, end: str) -> list[Row]:
        """Minute bars of the session's contract, newest first; none that is still forming."""
        return self._bars(start, end, unit=2, includePartialBar=False)

    def seconds(self, start: str, end: str) -> list[Row]:
        """Bars of one second, the one that is still forming too."""
        return self._bars(start, end, unit=1, includePartialBar=True)

    def _bars(self, start: str, end: str, **wanted: Any) -> list[Row]:
        wanted |= {"contractId": self.traded["id"], "startTime": start, "endTime": end}
        wanted |= {"unitNumber": 1, "limit": 20000, "live": False}
        return self._rows("/api/History/retrieveBars", "bars", **wanted)

    def _rows(self, path: str, member: str, **body: Any) -> list[Row]:
        rows: list[Row] = self.call(path, **body)[member]
        return rows


@contextlib.contextmanager
def venue() -> Iterator[Venue]:
    """Start ``tradedesk practice`` on a free port; ended by its pid.

    Raises
    ------
    RuntimeError
        It did not start, or did not end with exit code 0 when it was told to.
    """
    command = [sys.executable, "-m", "tradedesk", "practice", "--port", "0", "--linger", "60"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    too_late = threading.Timer(START_S, process.kill)
    too_late.start()
    line = ""
    try:
        line = process.stdout.readline()
        too_late.cancel()
        if line:
            yield Venue(json.loads(line))
    finally:
        too_late.cancel()
        said = ended(process)
        if process.returncode or not line:
            raise RuntimeError(f"the venue ended with exit code {process.returncode}: {said}")


def ended(process: subprocess.Popen[str]) -> str:
    """End a venue; gives what it wrote on stderr."""
    process.terminate()
    try:
        return process.communicate(timeout=END_S)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[1]
