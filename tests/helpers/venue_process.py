"""The real practice venue as a child process of a test."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator


class RunningVenue(msgspec.Struct, frozen=True):
    """The venue's ready line, and what tests ask of it."""

    rest: str
    user_hub: str
    market_hub: str
    username: str
    api_key: str
    accounts: tuple[dict[str, int | str], ...]
    pid: int

    @property
    def account_id(self) -> int:
        """The first account."""
        return int(self.accounts[0]["id"])

    def call(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """POST with a fresh token; the decoded answer."""
        with httpx.Client(base_url=self.rest, trust_env=False, timeout=10) as client:
            login = {"userName": self.username, "apiKey": self.api_key}
            token = client.post("/api/Auth/loginKey", json=login).json()["token"]
            answer = client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
            answer.raise_for_status()
            found: dict[str, object] = answer.json() if answer.content else {}
            return found

    def control(self, **action: object) -> None:
        """Steer the market or arm a fault; the venue must have taken it."""
        answer = self.call("/practice/control", dict(action))
        assert answer["success"], answer


@contextlib.contextmanager
def running_venue(*arguments: str) -> Iterator[RunningVenue]:
    """Start ``tradedesk practice`` on a free port; ended by its pid when the test is done.

    Call limits are off: tests of the desk are hastier than a trader. Switch them on by ``control``.
    """
    command = [sys.executable, "-m", "tradedesk", "practice", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            _, complaint = process.communicate(timeout=10)
            raise AssertionError(f"the venue did not start: {complaint.decode()}")
        venue = msgspec.json.decode(line, type=RunningVenue)
        venue.control(action="limits", enabled=False)
        yield venue
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=10)
