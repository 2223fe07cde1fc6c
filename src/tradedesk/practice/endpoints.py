"""The REST side of the wire as a table: bodies, answers and error codes of every endpoint."""

from __future__ import annotations

from typing import Final, NamedTuple

from tradedesk.gateway.wire import orders as o
from tradedesk.gateway.wire import rest as r
from tradedesk.gateway.wire.base import Envelope, Request


class Endpoint(NamedTuple):
    """One POST endpoint.

    Parameters
    ----------
    path, does : str
        Where it is, and what it does, in a sentence.
    request : type or None
        Struct of the body; None where any body or none will do.
    response : type
        Struct of the answer.
    codes : tuple of str
        Names of the error codes, from 0.
    anybody : bool
        True needs no token.
    """

    path: str
    does: str
    request: type[Request] | None
    response: type[Envelope]
    codes: tuple[str, ...]
    anybody: bool = False


_LOGIN: Final = (
    "Success",
    "UserNotFound",
    "PasswordVerificationFailed",
    "InvalidCredentials",
    "AppNotFound",
    "AppVerificationFailed",
    "InvalidDevice",
    "AgreementsNotSigned",
    "UnknownError",
    "ApiSubscriptionNotFound",
    "ApiKeyAuthenticationDisabled",
)
_ONLY_SUCCESS: Final = ("Success",)
_NO_CONTRACT: Final = ("Success", "ContractNotFound")
_NO_ACCOUNT: Final = ("Success", "AccountNotFound")
_NO_ORDER: Final = ("Success", "OrderNotFound")
_VALIDATE: Final = (
    "Success",
    "InvalidSession",
    "SessionNotFound",
    "ExpiredToken",
    "UnknownError",
)
_BARS: Final = (
    "Success",
    "ContractNotFound",
    "UnitInvalid",
    "UnitNumberInvalid",
    "LimitInvalid",
)
_PLACE: Final = (
    "Success",
    "AccountNotFound",
    "OrderRejected",
    "InsufficientFunds",
    "AccountViolation",
    "OutsideTradingHours",
    "OrderPending",
    "UnknownError",
    "ContractNotFound",
    "ContractNotActive",
    "AccountRejected",
)
_CANCEL: Final = (
    "Success",
    "AccountNotFound",
    "OrderNotFound",
    "Rejected",
    "Pending",
    "UnknownError",
    "AccountRejected",
)
_CLOSE: Final = (
    "Success",
    "AccountNotFound",
    "PositionNotFound",
    "ContractNotFound",
    "ContractNotActive",
    "OrderRejected",
    "OrderPending",
    "UnknownError",
    "AccountRejected",
)
_PARTIAL_CLOSE: Final = (*_CLOSE[:5], "InvalidCloseSize", *_CLOSE[5:])

ENDPOINTS: Final = (
    Endpoint(
        "/api/Auth/loginKey",
        "Gives a token, good for 24 hours, for a user name and an API key. A wrong key is code 3.",
        r.LoginKeyRequest,
        r.LoginResponse,
        _LOGIN,
        anybody=True,
    ),
    Endpoint(
        "/api/Auth/loginApp",
        "The older log-in of applications. Here the password is the API key and the rest unread.",
        r.LoginAppRequest,
        r.LoginResponse,
        _LOGIN,
        anybody=True,
    ),
    Endpoint(
        "/api/Auth/validate",
        "Says whether the token is good and may give a newer one. Needs no body.",
        None,
        r.ValidateResponse,
        _VALIDATE,
    ),
    Endpoint(
        "/api/Auth/logout",
        "Ends the token. Needs no body.",
        None,
        Envelope,
        ("Success", "InvalidSession", "UnknownError"),
    ),
    Endpoint(
        "/api/Account/search",
        "The user's accounts.",
        r.AccountSearchRequest,
        r.AccountSearchResponse,
        _ONLY_SUCCESS,
    ),
    Endpoint(
        "/api/Contract/search",
        "At most 20 active contracts whose symbol, root or description holds a text.",
        r.ContractSearchRequest,
        r.ContractsResponse,
        _ONLY_SUCCESS,
    ),
    Endpoint(
        "/api/Contract/searchById",
        "One contract; expired ones resolve too.",
        r.ContractByIdRequest,
        r.ContractResponse,
        _NO_CONTRACT,
    ),
    Endpoint(
        "/api/Contract/available",
        "Every active contract.",
        r.ContractAvailableRequest,
        r.ContractsResponse,
        _ONLY_SUCCESS,
    ),
    Endpoint(
        "/api/History/retrieveBars",
        "Bars that open within a window, newest first; of too many the most recent are kept.",
        r.RetrieveBarsRequest,
        r.BarsResponse,
        _BARS,
    ),
    Endpoint(
        "/api/Order/place",
        "Takes an order in. Success means accepted, not filled; a refusal may carry an orderId.",
        o.PlaceOrderRequest,
        o.PlaceOrderResponse,
        _PLACE,
    ),
    Endpoint(
        "/api/Order/modify",
        "Changes a live order; absent and null members stay as they are.",
        o.ModifyOrderRequest,
        Envelope,
        (*_CANCEL, "ContractNotFound"),
    ),
    Endpoint("/api/Order/cancel", "Cancels a live order.", o.CancelOrderRequest, Envelope, _CANCEL),
    Endpoint(
        "/api/Order/search",
        "Orders created within a window, oldest first; no pending and no suspended ones.",
        o.OrderSearchRequest,
        o.OrdersResponse,
        _NO_ACCOUNT,
    ),
    Endpoint(
        "/api/Order/searchOpen",
        "Working orders; suspended bracket legs do not show.",
        o.OrderSearchOpenRequest,
        o.OrdersResponse,
        _NO_ACCOUNT,
    ),
    Endpoint(
        "/api/Order/searchById",
        "One order.",
        o.OrderByIdRequest,
        o.OrderResponse,
        _NO_ORDER,
    ),
    Endpoint(
        "/api/Order/v2/query",
        "Orders by a filter, in pages; the one way to see suspended bracket legs.",
        o.OrderQueryRequest,
        o.OrderQueryResponse,
        _NO_ACCOUNT,
    ),
    Endpoint(
        "/api/Position/searchOpen",
        "Open positions, one netted row per contract.",
        o.OrderSearchOpenRequest,
        r.PositionsResponse,
        _NO_ACCOUNT,
    ),
    Endpoint(
        "/api/Position/closeContract",
        "Closes a position at market; resting bracket legs stay.",
        r.CloseContractRequest,
        Envelope,
        _CLOSE,
    ),
    Endpoint(
        "/api/Position/partialCloseContract",
        "Closes a part of a position at market; resting bracket legs stay.",
        r.PartialCloseRequest,
        Envelope,
        _PARTIAL_CLOSE,
    ),
    Endpoint(
        "/api/Trade/search",
        "Half-turns of a window, newest first.",
        r.TradeSearchRequest,
        r.TradesResponse,
        _NO_ACCOUNT,
    ),
)
