"""Describes the whole wire as an OpenAPI 3.1 document, from the structs that the venue uses."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from tradedesk.gateway.wire.rest import ProblemDetails
from tradedesk.practice.endpoints import ENDPOINTS, Endpoint

PATH: Final = "/practice/openapi.json"
_SCHEMAS: Final = "#/components/schemas/"
_TIME: Final = re.compile(r"(Timestamp|Time|After|Before)$|^t$")
_INT64: Final = re.compile(r"^(orderId|parentOrderId|linkedOrderId|v|volume)$")
_LONG_IDS: Final = frozenset({"OrderModel", "TradeModel"})
_TITLE: Final = "ProjectX Gateway, practice venue"
_ABOUT: Final = """\
The ProjectX Gateway as the practice venue of tradedesk speaks it. Every endpoint but ping is a POST
with a JSON body (`application/json`, `text/json` or `application/*+json`) and answers HTTP 200 with
an envelope: `success`, `errorCode`, `errorMessage` and at most two members more. The meaning of
`errorCode` differs from endpoint to endpoint. Unknown members are ignored, null is absent, enums
are integers, prices are JSON numbers, times are ISO 8601 in UTC.

At most 50 calls of retrieveBars in 30 s and 200 others in 60 s per user; beyond that HTTP 429.

**Hubs.** `/hubs/user` and `/hubs/market` speak SignalR's JSON protocol, versions 0 to 2, over
WebSocket: connect directly with `?access_token=` or an Authorization header, or POST
`/hubs/<hub>/negotiate` first and connect with `?id=`. Records end with byte 0x1E; the first is
`{"protocol":"json","version":1}` and is answered by `{}`. The server sends `{"type":6}` every 15 s
and drops a client that is silent for 30 s. A user has one connection per hub: another one ends the
older, which is told by `GatewayLogout` and a record of type 7.

User hub: `SubscribeAccounts()`, `SubscribeOrders(accountId)`, `SubscribePositions(accountId)`,
`SubscribeTrades(accountId)` and the same with `Unsubscribe`; events `GatewayUserAccount`,
`GatewayUserOrder`, `GatewayUserPosition`, `GatewayUserTrade`, each with one argument
`{"action": int, "data": model}`, where the model is that of REST.

Market hub: `SubscribeContractQuotes(contractId)`, `SubscribeContractTrades(contractId)`,
`SubscribeContractMarketDepth(contractId)` and the same with `Unsubscribe`; events `GatewayQuote`
(contractId, object; after the first only changed members), `GatewayTrade` and `GatewayDepth`
(contractId, list of objects; depth begins with a row of type 6, reset).
"""
_MEMBERS: Final = {
    "side": "0 buy (bid), 1 sell (ask).",
    "status": "1 open, 2 filled, 3 cancelled, 4 expired, 5 rejected, 6 pending, "
    "7 cancellation pending, 8 suspended.",
    "unit": "1 second, 2 minute, 3 hour, 4 day, 5 week, 6 month.",
    "live": "Data tier: false simulated, true live. A simulated log-in finds nothing in the other.",
    "limit": "At most 20,000.",
    "trailDistance": "Ticks, signed on bracket legs.",
    "sortBy": "0 creation, 1 id.",
    "sortDirection": "0 ascending, 1 descending.",
    "profitAndLoss": "Gross of fees; null on the opening half.",
    "customTag": "Unique in the account.",
    "linkedOrderId": "In requests ignored: gone from the present schema.",
}
_TYPES: Final = {
    "PositionModel": "1 long, 2 short.",
    "ProblemDetails": "Link to the meaning of the status.",
}
_ORDER_TYPE: Final = "1 limit, 2 market, 4 stop, 5 trailing stop, 6 join bid, 7 join ask."


def document() -> dict[str, Any]:
    """The document, as plain dictionaries."""
    paths = {one.path: {"post": _operation(one)} for one in ENDPOINTS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ProjectX Gateway, practice venue",
            "version": "1",
            "description": _ABOUT,
        },
        "paths": {**paths, "/api/Status/ping": {"get": _ping()}},
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def encoded() -> bytes:
    """The document as the file in docs and the venue's own route have it."""
    return msgspec.json.format(msgspec.json.encode(document(), order="sorted"), indent=2) + b"\n"


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    codes = ", ".join(f"{code} {name}" for code, name in enumerate(endpoint.codes))
    operation: dict[str, Any] = {
        "operationId": endpoint.path.removeprefix("/api/").replace("/", "_"),
        "tags": [endpoint.path.split("/")[2]],
        "summary": endpoint.does,
        "description": f"`errorCode`: {codes}.",
        "responses": _responses(endpoint),
    }
    if not endpoint.anybody:
        operation["security"] = [{"bearer": []}]
    if endpoint.request is not None:
        content = {"application/json": {"schema": _reference(endpoint.request)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    answer = {
        "allOf": [_reference(endpoint.response)],
        "properties": {"errorCode": {"enum": list(range(len(endpoint.codes)))}},
    }
    responses: dict[str, Any] = {
        "200": {
            "description": "Carried out, or refused with `success: false`.",
            "content": {"application/json": {"schema": answer}},
        },
        "429": {"description": "Too many calls; no body."},
    }
    if not endpoint.anybody:
        responses["401"] = {"description": "No token or none that is good; no body."}
    if endpoint.request is not None:
        problem = {"application/problem+json": {"schema": _reference(ProblemDetails)}}
        responses["400"] = {"description": "A body that cannot be read.", "content": problem}
        responses["415"] = {"description": "A content type that is not JSON.", "content": problem}
    return responses


def _ping() -> dict[str, Any]:
    pong = {"schema": {"const": "pong"}}
    return {
        "operationId": "Status_ping",
        "tags": ["Status"],
        "summary": "Says that the venue is there: pong, or a JSON string to who accepts JSON.",
        "responses": {
            "200": {"description": "There.", "content": dict.fromkeys(_PING_MEDIA, pong)}
        },
    }


_PING_MEDIA: Final = ("text/plain", "application/json", "text/json")


def _reference(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": f"{_SCHEMAS}{kind.__name__}"}


def _schemas() -> dict[str, Any]:
    requests = [one.request for one in ENDPOINTS if one.request is not None]
    answers = [one.response for one in ENDPOINTS]
    template = f"{_SCHEMAS}{{name}}"
    _, given = msgspec.json.schema_components(requests, ref_template=template)
    _, taken = msgspec.json.schema_components([*answers, ProblemDetails], ref_template=template)
    for name, schema in taken.items():
        if name != ProblemDetails.__name__:
            # The venue leaves nothing out; the desk, whose structs these are, is more lenient.
            schema["required"] = list(schema["properties"])
    schemas = dict(sorted({**given, **taken}.items()))
    for name, schema in schemas.items():
        for member, shape in schema["properties"].items():
            _refine(name, member, shape)
    return schemas


def _refine(name: str, member: str, shape: dict[str, Any]) -> None:
    """Say of a member what the struct does not: formats and meanings."""
    shape.pop("default", None)
    kinds = shape.get("anyOf", [shape])
    if {"type": "integer"} in kinds and {"type": "string"} in kinds:
        kinds.remove({"type": "string"})  # the desk takes ids as text; the venue never sends them
    for kind in kinds:
        if kind.get("type") == "string" and _TIME.search(member):
            kind["format"] = "date-time"
        elif kind.get("type") == "integer":
            long = _INT64.match(member) or (member == "id" and name in _LONG_IDS)
            kind["format"] = "int64" if long else "int32"
    if member == "type" and (kinds[0].get("type") == "integer" or name in _TYPES):
        shape["description"] = _TYPES.get(name, _ORDER_TYPE)
    elif member in _MEMBERS:
        shape["description"] = _MEMBERS[member]
