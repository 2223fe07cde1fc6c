"""Asks one venue whether it can be reached and what its clock says, without logging in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import msgspec

from tradedesk.gateway.rest.health import RestHealth
from tradedesk.gateway.tls import tls_context

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.config import GatewayConfig

DEADLINE_S = 5.0
QUESTIONS = 3


class VenueAnswer(msgspec.Struct, frozen=True):
    """What a venue answered.

    Parameters
    ----------
    reached : bool
        Whether every question was answered with a good status.
    text : str
        Round trip, or why not, in a few words.
    round_trip_ms : float or None
        Median of the questions.
    clock_skew_ms : float or None
        Venue's clock minus ours; good to half a second.
    """

    reached: bool
    text: str
    round_trip_ms: float | None = None
    clock_skew_ms: float | None = None


def ask_venue(config: GatewayConfig, clock: Clock) -> VenueAnswer:
    """Ping a venue three times over one connection.

    Returns
    -------
    VenueAnswer
        Trouble of any kind is an answer too; nothing is raised.
    """
    health = RestHealth()
    url = f"{config.rest_url}/api/Status/ping"
    try:
        with httpx.Client(
            verify=tls_context(config), timeout=DEADLINE_S, trust_env=False, follow_redirects=False
        ) as client:
            client.get(url)  # the first one pays for the connection
            for _ in range(QUESTIONS):
                sent_ns = clock.mono_ns()
                reply = client.get(url)
                date = reply.headers.get("date")
                health.note_reply(sent_ns, clock.mono_ns(), clock.wall_ns(), date)
                if reply.status_code != httpx.codes.OK:
                    return VenueAnswer(False, f"{url} answered with status {reply.status_code}")
    except httpx.TimeoutException:
        return VenueAnswer(False, f"no answer from {config.rest_url} within {DEADLINE_S:.0f} s")
    except httpx.HTTPError as error:
        return VenueAnswer(False, f"{config.rest_url} cannot be reached ({error})")
    text = f"answers in {health.p50_ms:.0f} ms"
    return VenueAnswer(True, text, health.p50_ms, health.clock_skew_ms)
