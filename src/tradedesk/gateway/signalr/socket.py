"""Opens the WebSocket of a hub: token kept out of logs and messages, no proxies, no redirects."""

from __future__ import annotations

import logging
from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus

from tradedesk.gateway.errors import HubLostError, TokenRefusedError
from tradedesk.gateway.signalr.framing import MAX_RECORD_BYTES
from tradedesk.version import __version__

if TYPE_CHECKING:
    import ssl

_CLOSE_S: Final = 0.5
_QUEUED_FRAMES: Final = 64

# The library writes request lines and headers, and so the token, at DEBUG.
_socket_log = logging.getLogger(f"{__name__}.frames")
_socket_log.setLevel(logging.WARNING)


class TokenPlace(Enum):
    """Where the token travels in the upgrade request."""

    HEADER = "header"
    """``Authorization``: addresses are kept in proxies' logs, headers are not."""
    QUERY = "query"
    """``access_token`` in the address, which is what the venue documents."""

    @property
    def other(self) -> TokenPlace:
        """The place that is not this one."""
        return TokenPlace.QUERY if self is TokenPlace.HEADER else TokenPlace.HEADER


class _DirectConnect(connect):
    """A redirect would carry the token to another host; it is an error here."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def open_socket(
    url: str, token: str, place: TokenPlace, tls: ssl.SSLContext, open_s: float
) -> ClientConnection:
    """Open the WebSocket of a hub, without negotiation.

    Raises
    ------
    TokenRefusedError
        If the upgrade is answered with 401 or 403.
    HubLostError
        On any other trouble.
    """
    parts = urlsplit(url)
    secure = parts.scheme in ("https", "wss")
    address = f"{'wss' if secure else 'ws'}://{parts.netloc}{parts.path}"
    headers = {}
    if place is TokenPlace.QUERY:
        address += f"?access_token={quote(token, safe='')}"
    else:
        headers["Authorization"] = f"Bearer {token}"
    try:
        return await _DirectConnect(
            address,
            additional_headers=headers,
            user_agent_header=f"tradedesk/{__version__}",
            compression=None,
            proxy=None,
            ssl=tls if secure else None,
            open_timeout=open_s,
            close_timeout=_CLOSE_S,
            ping_interval=None,
            max_size=MAX_RECORD_BYTES,
            max_queue=_QUEUED_FRAMES,
            logger=_socket_log,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        if status in (401, 403):
            raise TokenRefusedError(
                f"The hub at {parts.netloc} refused the sign-in (HTTP {status})."
            ) from None
        raise HubLostError(
            f"The hub at {parts.netloc} answered HTTP {status} instead of opening."
        ) from None
    except TimeoutError:
        raise HubLostError(f"The hub at {parts.netloc} did not open within {open_s:g} s.") from None
    except (OSError, InvalidHandshake, EOFError) as error:
        # Not the library's text, which may repeat the address with the token in it.
        raise HubLostError(
            f"No connection to the hub at {parts.netloc} ({type(error).__name__})."
        ) from None
