"""A hub server, and hubs that run against it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.ids import ContractId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.price import TickSize
from tradedesk.gateway.signalr.link import HubLink
from tradedesk.gateway.signalr.timing import HubTiming

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from tests.gateway.hub_server import HubServer

MNQ = Instrument(
    ContractId("CON.F.US.MNQ.Z25"),
    "MNQZ5",
    "",
    TickSize(Decimal("0.25")),
    Decimal("0.5"),
    "F.US.MNQ",
)
ES = Instrument(
    ContractId("CON.F.US.EP.Z25"), "ESZ5", "", TickSize(Decimal("0.25")), Decimal("12.5"), "F.US.EP"
)
QUICK = HubTiming(
    open_s=2.0, handshake_s=0.3, call_s=0.3, back_off_s=(0.0, 0.01), patient_s=0.02, settled_s=0.2
)


class Tokens:
    """Hands out numbered tokens; a doubted one is followed by the next."""

    def __init__(self) -> None:
        self.number = 1
        self.doubted: list[str] = []

    async def usable(self) -> str:
        return f"token-{self.number}"

    def doubt(self, token: str) -> None:
        self.doubted.append(token)
        self.number += 1

    def prove(self, token: str) -> None:
        pass


def link_to(
    server: HubServer, tokens: Tokens | None = None, timing: HubTiming = QUICK, **options: Any
) -> HubLink:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return HubLink(server.url, tokens or Tokens(), tls, SystemClock(), timing, **options)


@contextlib.asynccontextmanager
async def running(work: Coroutine[Any, Any, Any]) -> AsyncIterator[asyncio.Task[Any]]:
    """Run until the block ends; a failure of its own surfaces there."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
