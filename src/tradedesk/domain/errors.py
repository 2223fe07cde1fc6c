"""Every error that tradedesk raises on purpose.

::

    TradeDeskError
    ├── InputError              a value somebody gave is unusable
    │   ├── OffGridError        a price between two ticks
    │   ├── BarSpecError        a bar size that cannot be read
    │   ├── BatchError          market data columns that do not fit together
    │   └── OtherKindError      a file of bars where trades are asked for, or the reverse
    ├── GatewayError            the venue could not be used
    │   ├── AuthError           user name or key refused, or the token is no longer good
    │   ├── RateLimitedError    HTTP 429
    │   ├── VenueRefusedError   the venue answered ``success: false``
    │   ├── NotSentError        provably no byte of the request left this machine
    │   └── OutcomeUnknownError the request may or may not have been carried out
    ├── UnknownSymbolError      no active contract has this symbol
    ├── StoreError              a file of ours is unreadable or cannot be written
    └── StartError              the desk, the executor or the venue could not start

Messages are sentences for the person at the desk: they name the value and the fix.
"""

from __future__ import annotations


class TradeDeskError(Exception):
    """Root of all errors raised on purpose."""


class InputError(TradeDeskError, ValueError):
    """A value somebody gave is unusable; nothing was changed."""


class OffGridError(InputError):
    """A price that lies between two ticks."""


class BarSpecError(InputError):
    """A bar size that cannot be read, such as ``0m`` or ``7q``."""


class BatchError(InputError):
    """Market data columns that do not fit together; names row and value."""


class OtherKindError(InputError):
    """A file of bars where trades are asked for, or the reverse."""


class GatewayError(TradeDeskError):
    """The venue could not be used."""


class AuthError(GatewayError):
    """User name or key refused, or the token is no longer good."""


class RateLimitedError(GatewayError):
    """HTTP 429.

    Attributes
    ----------
    retry_after_s : float or None
        What the venue asked for, in seconds.
    """

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class VenueRefusedError(GatewayError):
    """The venue answered ``success: false``.

    Attributes
    ----------
    endpoint : str
        Path of the request; codes mean different things on different endpoints.
    code : int
        The venue's ``errorCode``.
    order_id : int or None
        Set when the venue created a rejected row all the same.
    """

    def __init__(self, message: str, endpoint: str, code: int, order_id: int | None = None) -> None:
        super().__init__(message)
        self.endpoint = endpoint
        self.code = code
        self.order_id = order_id


class NotSentError(GatewayError):
    """Provably no byte of the request left this machine."""


class OutcomeUnknownError(GatewayError):
    """The request may or may not have been carried out; only the venue knows."""


class UnknownSymbolError(TradeDeskError):
    """No active contract has this symbol."""


class StoreError(TradeDeskError):
    """A file of ours is unreadable or cannot be written."""


class StartError(TradeDeskError):
    """The desk, the executor or the venue could not start."""
