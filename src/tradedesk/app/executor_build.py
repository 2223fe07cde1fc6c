"""Puts an executor together from its configuration: the one place that names its adapters."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from tradedesk.app.executor_config import GivenCredentials, KeyringCredentials
from tradedesk.app.log_setup import register_secret
from tradedesk.domain.errors import AuthError, StoreError
from tradedesk.gateway.config import GatewayConfig
from tradedesk.gateway.order_side import build_order_side
from tradedesk.store.call_ring import CallRing
from tradedesk.store.journal import Journal
from tradedesk.store.journal_install import install_id
from tradedesk.store.kill_latch import KillLatch
from tradedesk.trading.live.executor import Executor
from tradedesk.trading.live.session import VenueAddress

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.app.executor_config import ExecutorConfig
    from tradedesk.domain.clock import Clock
    from tradedesk.trading.ports import IntentJournal


log = logging.getLogger(__name__)


class BuiltExecutor(NamedTuple):
    """An executor and the journal that it holds open."""

    executor: Executor
    journal: Journal


def build_executor(config: ExecutorConfig, clock: Clock) -> BuiltExecutor:
    """Open the journal and wire the executor; nothing is sent yet.

    Raises
    ------
    StartError
        If another executor serves this login.
    StoreError
        If the journal can be neither opened nor started anew.
    """
    journal = Journal(config.journal_file, clock, strict=config.journal_strict)
    try:
        executor = wire_executor(config, clock, journal, install_id(config.install_file))
        executor.recover(journal.note)
        take_latch_in(executor, KillLatch(config.latch_file))
    except BaseException:
        journal.close()
        raise
    return BuiltExecutor(executor, journal)


def take_latch_in(executor: Executor, latch: KillLatch) -> None:
    """Latch what `tradedesk panic` left word of, now and whenever it does so again.

    A process that hung while the kill switch was worked by another one goes on afterwards.
    """

    def look() -> None:
        if not latch.is_set:
            return
        if executor.latch():
            try:
                latch.clear()
            except StoreError as error:
                log.warning("%s", error)

    look()
    executor.chores.append(look)


def wire_executor(
    config: ExecutorConfig, clock: Clock, journal: IntentJournal, install: str
) -> Executor:
    """Wire an executor to the venue's gateway and a given journal."""
    tokens: list[Callable[[str], None]] = []

    def on_token(token: str) -> None:
        register_secret(token)
        for tell in tokens:
            tell(token)

    side = build_order_side(
        GatewayConfig(
            rest_url=config.rest_url,
            user_hub_url=config.user_hub_url,
            market_hub_url=config.market_hub_url,
            ca_file=config.ca_file,
        ),
        _credentials(config),
        clock,
        on_token=on_token,
        memory=CallRing(config.calls_file),
    )
    executor = Executor(
        gateway=side.gateway,
        stream=side.stream,
        journal=journal,
        install=install,
        clock=clock,
        address=VenueAddress(
            venue=config.venue,
            live=config.live,
            rest_url=config.rest_url,
            market_hub_url=config.market_hub_url,
            account_id=config.account_id,
        ),
        rules=config.rules,
        timings=config.timings,
    )
    tokens.append(executor.session.granted)
    return executor


def _credentials(config: ExecutorConfig) -> Callable[[], tuple[str, str]]:
    source = config.credentials
    if isinstance(source, GivenCredentials):
        register_secret(source.api_key)
        return lambda: (source.username, source.api_key)
    return lambda: _from_keyring(source)


def _from_keyring(source: KeyringCredentials) -> tuple[str, str]:
    # only here: practice needs no keyring, and its import takes a while
    from tradedesk.store.credentials import CredentialStore

    found = CredentialStore().load(source.firm)
    if found is None:
        raise AuthError(f"No user name and API key are stored for {source.firm}; enter both.")
    register_secret(found.api_key)
    return found.username, found.api_key
