"""What an executor is told when it is started: one JSON line on standard input."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from tradedesk.domain.ids import AccountId
from tradedesk.domain.safety import TradingRules
from tradedesk.trading.limits import Timings


class GivenCredentials(msgspec.Struct, frozen=True, tag_field="source", tag="given"):
    """User name and key handed over; they stay in memory."""

    username: str
    api_key: str

    def __repr__(self) -> str:
        return f"GivenCredentials(username={self.username!r}, api_key=<hidden>)"


class KeyringCredentials(msgspec.Struct, frozen=True, tag_field="source", tag="keyring"):
    """User name and key are read from the system keyring, by the executor alone."""

    firm: str


class ExecutorConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one executor needs.

    Parameters
    ----------
    home : str
        Folder of our data; the journal and the runtime file live below it.
    venue : str
        Name of the venue.
    live : bool
        False only on practice.
    rest_url, user_hub_url, market_hub_url : str
        Where the venue is reached.
    account_id : int or None
        The account to select; the first that may trade if None.
    log_file : str
        Where warnings and worse go; standard error if empty.
    ca_file : str
        A certificate to trust as well; see ``GatewayConfig``.
    cores : tuple of int
        Processors that its loop keeps to; any if empty.
    journal_strict : bool
        Whether an order waits until the disk has its row.
    """

    home: str
    venue: str
    live: bool
    rest_url: str
    user_hub_url: str
    market_hub_url: str
    credentials: GivenCredentials | KeyringCredentials
    account_id: AccountId | None = None
    rules: TradingRules = TradingRules()
    timings: Timings = Timings()
    log_file: str = ""
    ca_file: str = ""
    cores: tuple[int, ...] = ()
    journal_strict: bool = False

    @property
    def key(self) -> str:
        """Short name of this login at this venue; one executor serves it."""
        match self.credentials:
            case GivenCredentials(username=who):
                pass
            case KeyringCredentials(firm=who):
                pass
        what = "\0".join((self.venue, self.rest_url, who))
        return f"{self.venue}-{hashlib.sha256(what.encode()).hexdigest()[:10]}"

    @property
    def journal_file(self) -> Path:
        """The order journal."""
        return Path(self.home) / "journal" / f"{self.key}.sqlite3"

    @property
    def latch_file(self) -> Path:
        """Says that the kill switch was tripped while the journal was out of reach."""
        return self.journal_file.with_suffix(".kill")

    @property
    def install_file(self) -> Path:
        """The letters that mark our order tags."""
        return Path(self.home) / "install-id"

    @property
    def runtime_file(self) -> Path:
        """Where a running executor says how it is reached."""
        return runtime_folder(self.home) / f"executor-{self.key}.json"

    @property
    def calls_file(self) -> Path:
        """The calls of the last minute: the venue counts them whether this process lives or not."""
        return self.journal_file.with_suffix(".sqlite3.calls")

    @property
    def cookie_file(self) -> Path:
        """The secret that opens its socket."""
        return runtime_folder(self.home) / f"executor-{self.key}.cookie"


def runtime_folder(home: str) -> Path:
    """Folder of runtime and cookie files."""
    return Path(home) / "run"
