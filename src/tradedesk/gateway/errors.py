"""Errors between the parts of the gateway; callers see the domain's tree."""

from __future__ import annotations

from tradedesk.domain.errors import AuthError, GatewayError


class HttpStatusError(GatewayError):
    """A read was answered with a status that is no success and will not become one.

    Attributes
    ----------
    status : int
        The HTTP status.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class TokenRefusedError(AuthError):
    """HTTP 401: the token is not, or no longer, good."""


class HubLostError(GatewayError):
    """One life of a hub connection is over; the message says why.

    Attributes
    ----------
    patient : bool
        True when coming back at once would only be thrown out again.
    put_out : bool
        True when the venue ended it in favour of another session of the same login.
    """

    def __init__(self, message: str, *, patient: bool = False, put_out: bool = False) -> None:
        super().__init__(message)
        self.patient = patient or put_out
        self.put_out = put_out


class HubCallError(GatewayError):
    """The hub answered an invocation with an error; the connection goes on."""
