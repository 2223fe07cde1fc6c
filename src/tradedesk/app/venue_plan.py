"""Which venue a desk trades at, and how it gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.app.executor_config import GivenCredentials, KeyringCredentials
from tradedesk.domain.errors import AuthError
from tradedesk.gateway.config import GatewayConfig, firm_config

if TYPE_CHECKING:
    from tradedesk.app.practice_process import PracticeReady
    from tradedesk.store.credentials import CredentialStore

PRACTICE = "practice"


class VenuePlan(msgspec.Struct, frozen=True):
    """Where to go and who to be there.

    Attributes
    ----------
    name : str
        ``practice`` or a firm.
    live : bool
        False only on practice.
    """

    name: str
    live: bool
    addresses: GatewayConfig
    credentials: GivenCredentials | KeyringCredentials


def practice_plan(ready: PracticeReady) -> VenuePlan:
    """Plan for a practice venue that said it is ready."""
    return VenuePlan(
        name=PRACTICE,
        live=False,
        addresses=GatewayConfig(ready.rest, ready.user_hub, ready.market_hub),
        credentials=GivenCredentials(ready.username, ready.api_key),
    )


def firm_plan(firm: str, store: CredentialStore) -> VenuePlan:
    """Plan for a firm, with the credentials that its executor will find.

    Raises
    ------
    InputError
        If the firm is not known.
    AuthError
        If no credentials are stored for it.
    """
    addresses = firm_config(firm)
    name = firm.strip().lower()
    found = store.load(name)
    if found is None:
        raise AuthError(
            f"No user name and API key are stored for {name}. Open the desk and sign in, "
            f"or set TRADEDESK_USERNAME and TRADEDESK_API_KEY where there is no keyring."
        )
    return VenuePlan(
        name=name,
        live=True,
        addresses=addresses,
        credentials=KeyringCredentials(name),
    )
