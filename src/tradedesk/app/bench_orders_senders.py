"""Those who take a click to the venue: the executor in both of its places, and bare clients."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import ssl
from typing import TYPE_CHECKING, Any

import msgspec

from tradedesk.app.bench_orders_venue import ACCOUNT, CONTRACT_ID
from tradedesk.app.cores import executor_cores, take_window_cores
from tradedesk.app.executor_config import ExecutorConfig, GivenCredentials
from tradedesk.app.executor_inline import InlineExecutor
from tradedesk.domain import events as ev
from tradedesk.domain.commands import PlaceOrder, SetArmed, Sync, TrackContract
from tradedesk.domain.errors import StartError
from tradedesk.domain.ids import AccountId, ContractId
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import RiskRules, TradingRules
from tradedesk.gateway.wire.orders import BracketModel, PlaceOrderRequest
from tradedesk.services.executor_process import ExecutorProcess
from tradedesk.trading.live.task_owner import TaskOwner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tradedesk.app.bench_orders_plan import CellPlan
    from tradedesk.domain.clock import Clock

READY_S = 30.0
SETTLE_S = 0.2


class DeskSender:
    """The executor, as a process or on this loop.

    Attributes
    ----------
    replies : dict of int to (tag, reply)
        The tag of each answered click and when its reply was read, monotonic nanoseconds.
    answered : asyncio.Event
        Set when the newest click is answered, in the window's loop.
    refused : str
        Why a click was not sent, or nothing.
    """

    def __init__(self, plan: CellPlan, ports: dict[str, int], home: Path, clock: Clock) -> None:
        scheme = "https" if plan.certificate else "http"
        inline = plan.sender == "inline"
        config = ExecutorConfig(
            home=str(home),
            venue="bench",
            live=False,
            rest_url=f"{scheme}://127.0.0.1:{ports['http']}",
            user_hub_url=f"http://127.0.0.1:{ports['hub']}/hubs/user",
            market_hub_url=f"http://127.0.0.1:{ports['hub']}/hubs/market",
            credentials=GivenCredentials("bench", "bench-key"),
            rules=TradingRules(
                risk=RiskRules(max_position_size=10**6, repeat_guard_ms=0, orders_per_10_s=0)
            ),
            ca_file=plan.certificate,
            cores=() if inline else executor_cores(),
        )
        self.replies: dict[int, tuple[str, int]] = {}
        self.answered = asyncio.Event()
        self.refused = ""
        self._inline = inline
        self._ready = asyncio.Event()
        self._known = asyncio.Event()
        self._port: InlineExecutor | ExecutorProcess
        if inline:
            self._port = InlineExecutor(config, self._take, clock)
        else:
            line = msgspec.json.encode(config)
            self._port = ExecutorProcess(line, config.runtime_file, self._take, clock)

    async def start(self) -> None:
        """Ready and armed."""
        await self._port.start()
        if not self._inline:
            take_window_cores()
        async with asyncio.timeout(READY_S):
            await self._ready.wait()
            self._port.send(TrackContract(click_id="t", press_ns=0, symbol="MNQ"))
            await self._known.wait()
        self._port.send(SetArmed(click_id="a", press_ns=0, armed=True))

    def click(self, number: int, press_ns: int) -> None:
        """Ask for one order."""
        self._port.send(
            PlaceOrder(
                click_id=f"c{number}",
                press_ns=press_ns,
                account_id=AccountId(ACCOUNT),
                contract_id=ContractId(CONTRACT_ID),
                side=Side(number % 2),
                type=OrderType.MARKET,
                size=1,
                stop_loss_ticks=40,
                take_profit_ticks=80,
            )
        )

    async def settle(self) -> None:
        """Let the executor ask what is open: its budget of calls counts each order until then."""
        self._port.send(Sync(click_id=f"s{len(self.replies)}", press_ns=0))
        await asyncio.sleep(SETTLE_S)

    async def close(self) -> None:
        """End the executor."""
        await self._port.close(shutdown=True)

    def _take(self, event: ev.AnyEvent) -> None:
        match event:
            case ev.SessionChanged(phase=ev.Phase.READY):
                self._ready.set()
            case ev.InstrumentResolved():
                self._known.set()
            case ev.IntentChanged(intent=intent):
                self._note(intent)
            case _:
                pass

    def _note(self, intent: ev.Intent) -> None:
        if intent.stamps.reply is not None:
            number = int(intent.command.click_id[1:])
            self.replies[number] = (intent.tag, intent.stamps.reply)
            self.answered.set()
        elif intent.state in {ev.IntentState.DENIED, ev.IntentState.NOT_SENT}:
            self.refused = intent.reason
            self.answered.set()


class BareSender:
    """One of the HTTP libraries, called straight from the click, as a script would.

    Its attributes are those of ``DeskSender``.
    """

    def __init__(self, plan: CellPlan, ports: dict[str, int], clock: Clock) -> None:
        scheme = "https" if plan.certificate else "http"
        self._url = f"{scheme}://127.0.0.1:{ports['http']}/api/Order/place"
        self._name = plan.sender
        self._certificate = plan.certificate
        self._clock = clock
        self._owner = TaskOwner(self._failed)
        self._ends = contextlib.AsyncExitStack()
        self._post: Callable[[bytes], Any]
        self.replies: dict[int, tuple[str, int]] = {}
        self.answered = asyncio.Event()
        self.refused = ""

    async def start(self) -> None:
        """Open a session with the library's own habits."""
        headers = {"Content-Type": "application/json", "Authorization": "Bearer bench"}
        tls = ssl.create_default_context(cafile=self._certificate) if self._certificate else None
        if self._name == "requests":
            session = self._ends.enter_context(importlib.import_module("requests").Session())
            session.headers.update(headers)
            session.verify = self._certificate or True
            session.trust_env = False  # a bundle named in the environment would win over it

            async def post(body: bytes) -> None:
                await asyncio.to_thread(session.post, self._url, data=body, timeout=10)
        elif self._name == "aiohttp":
            aiohttp = importlib.import_module("aiohttp")
            client = await self._ends.enter_async_context(aiohttp.ClientSession(headers=headers))

            async def post(body: bytes) -> None:
                async with client.post(self._url, data=body, ssl=tls or True) as answer:
                    await answer.read()
        else:
            httpx = importlib.import_module("httpx")
            made = httpx.AsyncClient(headers=headers, verify=tls or True)
            bare = await self._ends.enter_async_context(made)

            async def post(body: bytes) -> None:
                await bare.post(self._url, content=body)

        self._post = post

    def click(self, number: int, press_ns: int) -> None:
        """Start the request."""
        self._owner.start(self._send(number), f"click {number}")

    async def settle(self) -> None:
        """Nothing to be done."""

    async def close(self) -> None:
        """Close the session."""
        await self._owner.cancel()
        await self._ends.aclose()

    async def _send(self, number: int) -> None:
        tag = f"bare-{number}"
        body = PlaceOrderRequest(
            account_id=ACCOUNT,
            contract_id=CONTRACT_ID,
            type=OrderType.MARKET.value,
            side=number % 2,
            size=1,
            custom_tag=tag,
            stop_loss_bracket=BracketModel(ticks=-40, type=OrderType.STOP.value),
            take_profit_bracket=BracketModel(ticks=80, type=OrderType.LIMIT.value),
        )
        await self._post(msgspec.json.encode(body))
        self.replies[number] = (tag, self._clock.mono_ns())
        self.answered.set()

    def _failed(self, name: str, error: BaseException) -> None:
        self.refused = f"{name}: {error!r}"
        self.answered.set()


def make_sender(
    plan: CellPlan, ports: dict[str, int], home: Path, clock: Clock
) -> DeskSender | BareSender:
    """The sender that a plan names.

    Raises
    ------
    StartError
        If its library is not installed.
    """
    if plan.sender in {"process", "inline"}:
        return DeskSender(plan, ports, home, clock)
    if importlib.util.find_spec(plan.sender) is None:
        raise StartError(f"{plan.sender} is not installed.")
    return BareSender(plan, ports, clock)
