"""What a practice venue trades: a recording has its own contracts, not the one of the settings."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import httpx
import msgspec

from tradedesk.gateway.rest import to_domain
from tradedesk.gateway.wire.rest import ContractsResponse, LoginKeyRequest, LoginResponse

if TYPE_CHECKING:
    from tradedesk.app.practice_process import PracticeReady

log = logging.getLogger(__name__)

DEADLINE_S = 5.0


async def symbols_of(venue: PracticeReady) -> tuple[str, ...]:
    """Symbols of the active contracts of a practice venue, in its order; none if it is mute."""
    login = LoginKeyRequest(user_name=venue.username, api_key=venue.api_key)
    try:
        async with httpx.AsyncClient(
            base_url=venue.rest, trust_env=False, timeout=DEADLINE_S
        ) as client:
            told = await client.post("/api/Auth/loginKey", json=msgspec.to_builtins(login))
            token = msgspec.json.decode(told.content, type=LoginResponse).token
            found = await client.post(
                "/api/Contract/available",
                json={"live": False},
                headers={"Authorization": f"Bearer {token}"},
            )
        contracts = msgspec.json.decode(found.content, type=ContractsResponse).contracts or []
    except (httpx.HTTPError, msgspec.DecodeError) as error:
        log.info("the practice venue did not tell its contracts: %s", error)
        return ()
    return tuple(to_domain.instrument(contract).symbol for contract in contracts)
