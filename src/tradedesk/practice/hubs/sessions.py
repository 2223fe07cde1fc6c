"""How many connections a user may have on one hub, and what becomes of the oldest."""

from __future__ import annotations

from typing import Final, Protocol

from tradedesk.practice.hubs import framing

_GOODBYE: Final = framing.event(
    "GatewayLogout",
    {
        "reason": "Logged in elsewhere",
        "message": "This session was ended because another session of the same user began.",
    },
)


class Session(Protocol):
    """A connection, as far as its end goes."""

    def end(
        self, error: str | None = None, allow_reconnect: bool = True, last: bytes = b""
    ) -> None:
        """Say goodbye and close, with a record before it."""


class Sessions:
    """Connections of one hub by user, oldest first.

    Parameters
    ----------
    most : int
        How many a user may have; 0 any number.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_user: dict[str, list[Session]] = {}

    def enter(self, user: str, connection: Session) -> None:
        """A connection of a user is through its handshake; the oldest may have to go."""
        open_now = self._by_user.setdefault(user, [])
        open_now.append(connection)
        while self._most and len(open_now) > self._most:
            # Told that it may come back it would, and take the hub over in its turn.
            open_now.pop(0).end(last=_GOODBYE, allow_reconnect=False)

    def leave(self, user: str, connection: Session) -> None:
        """A connection is over."""
        left = [one for one in self._by_user.get(user, ()) if one is not connection]
        if left:
            self._by_user[user] = left
        else:
            self._by_user.pop(user, None)
