"""The least a server can do: what this machine gives before the venue adds anything.

Run as a process by ``venue.py``; prints its port. It answers every POST with a fixed body through
uvicorn, as the venue does, and streams rows that are stamped when they are sent, as many and as
often as asked for in the query of the socket's address.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]

BODY = b'{"orderId":1,"success":true,"errorCode":0,"errorMessage":null,"token":"t"}'
PAUSE_S = 0.005
SUBSCRIPTIONS = 3


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Serve one request or one socket."""
    if scope["type"] == "websocket":
        await stream(scope, receive, send)
        return
    while (await receive()).get("more_body"):
        pass
    head = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": BODY})


async def stream(scope: Message, receive: Any, send: Any) -> None:
    """Confirm what is subscribed to, then send rows until the listener leaves."""
    rate = float(parse_qs(scope["query_string"].decode())["rate"][0])
    await receive()
    await send({"type": "websocket.accept"})
    await receive()
    await send({"type": "websocket.send", "text": "{}\x1e"})
    for _ in range(SUBSCRIPTIONS):
        call = json.loads((await receive())["text"].rstrip("\x1e"))
        done = {"type": 3, "invocationId": call["invocationId"], "result": 0}
        await send({"type": "websocket.send", "text": json.dumps(done) + "\x1e"})
    gone = asyncio.ensure_future(receive())
    sent, begun = 0, time.perf_counter()
    while not gone.done() or gone.result()["type"] != "websocket.disconnect":
        if gone.done():
            gone = asyncio.ensure_future(receive())
        await asyncio.sleep(PAUSE_S)
        count = int((time.perf_counter() - begun) * rate) - sent
        sent += count
        stamp = datetime.fromtimestamp(time.time_ns() // 1000 / 1e6, UTC).isoformat()
        row = f'{{"symbolId":"F.US.X","price":1234.25,"timestamp":"{stamp}","type":0,"volume":1}}'
        rows = ",".join([row] * count)
        text = f'{{"type":1,"target":"GatewayTrade","arguments":["X",[{rows}]]}}\x1e'
        await send({"type": "websocket.send", "text": text})


async def main() -> None:
    """Serve until ended."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(
        app,
        lifespan="off",
        access_log=False,
        log_level="warning",
        ws="websockets-sansio",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
    )
    await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(main())
