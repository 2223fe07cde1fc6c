"""A practice venue as a process of its own, and what the system says about a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_START_S = 30
_STOP_S = 10


class Usage(NamedTuple):
    """What a process has used: processor seconds so far, resident bytes at this moment."""

    cpu_s: float
    rss: int


def usage(pid: int) -> Usage | None:
    """Ask the system; None where it does not keep /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    ticks = int(fields[11]) + int(fields[12])
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))


class VenueProcess:
    """A venue that listens.

    Parameters
    ----------
    ready : dict
        The line it printed.
    """

    def __init__(self, ready: dict[str, Any]) -> None:
        self.rest: str = ready["rest"]
        self.market_hub: str = ready["market_hub"]
        self.user_hub: str = ready["user_hub"]
        self.pid: int = ready["pid"]
        self.account: int = ready["accounts"][0]["id"]
        self.login = {"userName": ready["username"], "apiKey": ready["api_key"]}
        self.token: str = self.call("/api/Auth/loginKey", self.login)["token"]

    def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST, and decode the answer."""
        head = {"Content-Type": "application/json"}
        if path != "/api/Auth/loginKey":
            head["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.rest + path, json.dumps(body).encode(), head)
        with urllib.request.urlopen(request, timeout=_START_S) as reply:
            answer: dict[str, Any] = json.loads(reply.read())
        if not answer["success"]:
            raise SystemExit(f"{path} was refused: {answer}")
        return answer

    def contracts(self) -> list[str]:
        """Ids of all contracts that trade."""
        rows = self.call("/api/Contract/available", {"live": False})["contracts"]
        return [row["id"] for row in rows]

    def usage(self) -> Usage:
        """What it has used so far; zeros where the system does not say."""
        return usage(self.pid) or Usage(0.0, 0)


@contextmanager
def running_venue(*arguments: str) -> Iterator[VenueProcess]:
    """Start ``tradedesk practice`` without call limits; ended by its process id."""
    command = [sys.executable, "-m", "tradedesk", "practice", "--set", "limits=false", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"The venue did not start: {' '.join(command)}")
        yield VenueProcess(json.loads(line))
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
