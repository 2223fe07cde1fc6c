"""A desk and its trader at their worst, on the shipped gateway: who calls the venue, and when."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from reliability.budget_venue import ACCOUNT, CONTRACT, TOKEN, CountingVenue, ModelPool
from reliability.virtual_time import VirtualClock
from tradedesk.domain.errors import GatewayError, NotSentError, RateLimitedError, TradeDeskError
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.urgency import on_the_way_out
from tradedesk.gateway.order_side import wire_gateway
from tradedesk.gateway.rest.calls import Caller
from tradedesk.gateway.rest.contracts import ContractDirectory
from tradedesk.gateway.rest.health import RestHealth
from tradedesk.gateway.rest.history import MINUTE, History
from tradedesk.gateway.rest.limiter import MARKET_SIDE_LIMIT, Limiter
from tradedesk.gateway.rest.reader import Reader
from tradedesk.gateway.rest.tokens import GivenTokens

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Sequence

    from tradedesk.domain.instrument import Instrument
    from tradedesk.gateway.rest.gateway import ProjectXGateway

ACCOUNT_ID: Final = AccountId(ACCOUNT)
CONTRACT_ID: Final = ContractId(CONTRACT)
BACK_OFF_S: Final = (0.75, 1.5, 3.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0)

MOODS: Final = ("all", "market", "ladder", "stops", "drag", "cancel", "storm")
_REASONS: Final = {
    "leave no room": "refused at once for the limit",
    "may be open": "refused for what is open",
    "new one is being made": "refused while signing in",
    "not signed in": "refused while signing in",
    "no connection": "without a connection",
    "said too many requests": "refused after a 429",
}


class Memory:
    """What ``CallRing`` keeps in a file, kept here."""

    def __init__(self) -> None:
        self.kept: dict[int, int] = {}

    def recall(self) -> Sequence[int]:
        """Give what is kept and forget it."""
        moments, self.kept = list(self.kept.values()), {}
        return moments

    def put(self, number: int, moment_ns: int) -> None:
        """Keep one."""
        self.kept[number % 512] = moment_ns


class Desk:
    """Everything of one login that calls the venue.

    Attributes
    ----------
    seen : Counter
        What came of it, by a few words.
    longest_look_s : float
        The longest that a flatten waited for one look.
    """

    def __init__(self, venue: CountingVenue, chance: random.Random) -> None:
        self.venue = venue
        self.seen: Counter[str] = Counter()
        self.longest_look_s = 0.0
        self._chance = chance
        self._rough_until_s = 0.0
        self._memory = Memory()
        self._open_for_entries = False
        self._cancelling: set[OrderId] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._market = self._new_market()
        self.instrument: Instrument | None = None
        self.gateway = self._new_gateway()

    # --- parts ------------------------------------------------------------------------------

    def pool(self) -> Any:
        """A way to the venue with today's weather."""
        return ModelPool(
            self.venue,
            self._chance,
            lambda: asyncio.get_running_loop().time() < self._rough_until_s,
        )

    def _new_gateway(self) -> ProjectXGateway:
        clock = VirtualClock()
        return wire_gateway(
            [self.pool(), self.pool()],
            self.pool(),
            Limiter(clock, asyncio.sleep, memory=self._memory),
            lambda: ("trader", "key"),
            clock,
            health=RestHealth(),
        )

    def _new_market(self) -> tuple[ContractDirectory, History]:
        clock = VirtualClock()
        limiter = Limiter(clock, asyncio.sleep, general=MARKET_SIDE_LIMIT, reserves={})
        reader = Reader(Caller(self.pool(), limiter, clock), GivenTokens(lambda: TOKEN))
        return ContractDirectory(reader, clock, live=False), History(reader, clock, live=False)

    # --- the executor's own work ------------------------------------------------------------

    async def executor(self) -> None:
        """Sign in, reconcile, ping; killed every two hours or so, and back at once."""
        while True:
            lives_s = self._chance.expovariate(1 / 7_200)
            try:
                async with asyncio.timeout(lives_s), asyncio.TaskGroup() as group:
                    self.gateway, self._open_for_entries = self._new_gateway(), False
                    group.create_task(self._reconcile())
                    group.create_task(self._ping())
            except TimeoutError:
                self.seen["executors killed"] += 1
            for task in list(self._tasks):
                task.cancel()
            await asyncio.sleep(self._chance.choice((0.2, 1.0, 5.0)))

    async def _reconcile(self) -> None:
        while True:
            await self._read(self.gateway.orders_since(ACCOUNT_ID, 0))
            await self._read(self.gateway.fills_since(ACCOUNT_ID, 0))
            await self._read(self.gateway.working_orders(ACCOUNT_ID))
            looked = await self._read(self.gateway.positions(ACCOUNT_ID))
            self._open_for_entries |= looked is not None
            busy = self.venue.orders or self.venue.net
            await asyncio.sleep(5.0 if busy else 30.0)

    async def _ping(self) -> None:
        while True:
            await self._read(self.gateway.ping())
            await asyncio.sleep(15.0)

    async def _read(self, call: Awaitable[Any]) -> Any:
        """A question with the executor's deadline; None if there is no answer."""
        try:
            async with asyncio.timeout(8.0):
                return await call
        except RateLimitedError as error:
            ours = "put off" in str(error)
            self.seen["questions put off by us" if ours else "429 met by a question"] += 1
        except TimeoutError:
            self.seen["questions put off by us or lost"] += 1
        except GatewayError:
            self.seen["questions lost"] += 1
        return None

    # --- what happens now and then ----------------------------------------------------------

    async def weather(self) -> None:
        """Bad minutes: stalls, lost answers, no connection."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / 1_800))
            length_s = self._chance.uniform(5, 90)
            self._rough_until_s = asyncio.get_running_loop().time() + length_s
            self.seen["bad minutes of the network"] += 1

    async def charts(self) -> None:
        """Charts opened in a row: bars page by page, and contracts looked up."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / 900))
            contracts, history = self._market
            calls: list[Awaitable[Any]] = []
            for number in range(self._chance.randint(1, 60)):
                if self.instrument is not None:
                    calls.append(
                        history.retrieve_bars(
                            self.instrument, MINUTE, 1, 0, 10**18, 100, include_partial=True
                        )
                    )
                if number % 5 == 0:
                    calls.append(contracts.resolve(f"CON.F.US.X{self._chance.random()}.Z26"))
            await asyncio.gather(*(self._market_read(call) for call in calls))

    async def _market_read(self, call: Awaitable[Any]) -> None:
        try:
            await call
        except TradeDeskError:
            self.seen["chart questions put off or lost"] += 1

    # --- the trader -------------------------------------------------------------------------

    async def trader(self, every_s: float) -> None:
        """Quiet for a while, then wild for a minute or two, then often out of it all."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / every_s))
            self.seen["bursts"] += 1
            if self.instrument is None:
                self.instrument = await self._read(self.gateway.resolve(CONTRACT))
            end_s = asyncio.get_running_loop().time() + self._chance.uniform(5, 150)
            pace_s = self._chance.choice((0.03, 0.1, 0.2, 0.5))
            mood = self._chance.choice(MOODS)
            while asyncio.get_running_loop().time() < end_s:
                self._click(mood)
                await asyncio.sleep(pace_s * self._chance.uniform(0.2, 1.8))
            if self._chance.random() < 0.7:
                for _ in range(self._chance.choice((1, 1, 3))):
                    self._start(self.flatten())
                    await asyncio.sleep(self._chance.uniform(0.1, 3))

    def _click(self, mood: str) -> None:
        if mood == "all":
            mood = self._chance.choice(MOODS[1:])
        if mood == "market":
            self._start(self._place(OrderType.MARKET))
        elif mood == "ladder":
            self._start(self._place(OrderType.LIMIT))
        elif mood == "stops":
            self._start(self._place(OrderType.STOP))
        elif mood == "drag":
            self._start(self._drag())
        elif mood == "storm":
            self._start(self._resolve())
        else:
            self._start(self._place(OrderType.LIMIT))
            for order_id in list(self.venue.orders)[:3]:
                self._start(self._cancel(OrderId(order_id)))

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _place(self, kind: OrderType) -> None:
        if self.instrument is None or not self._open_for_entries:
            return
        bracket = 40 if kind is OrderType.MARKET else None
        what = "stops" if kind is OrderType.STOP else "entries"
        self.seen[f"{what} asked for"] += 1
        try:
            await self.gateway.place(
                account_id=ACCOUNT_ID,
                instrument=self.instrument,
                side=Side.BUY,
                type=kind,
                size=1,
                limit_ticks=80_000 if kind is OrderType.LIMIT else None,
                stop_ticks=80_000 if kind is OrderType.STOP else None,
                stop_loss_ticks=bracket,
                take_profit_ticks=bracket,
                tag=Tag("t"),
                on_written=lambda: None,
            )
        except NotSentError as error:
            self.seen[f"{what} {_why(str(error))}"] += 1
        except GatewayError as error:
            if "429" in str(error):
                self.seen["429 met by an order"] += 1
            await self._resolve()

    async def _drag(self) -> None:
        """A stop follows the mouse."""
        stop = next((row for row in self.venue.orders.values() if row["type"] == 4), None)
        if stop is None or self.instrument is None:
            await self._place(OrderType.MARKET)
            return
        order = Order(
            order_id=OrderId(stop["id"]),
            account_id=ACCOUNT_ID,
            contract_id=CONTRACT_ID,
            side=Side.SELL,
            type=OrderType.STOP,
            size=1,
            status=OrderStatus.OPEN,
        )
        self.seen["changes asked for"] += 1
        try:
            await self.gateway.modify(
                account_id=ACCOUNT_ID,
                order=order,
                instrument=self.instrument,
                size=None,
                limit_ticks=None,
                stop_ticks=79_000,
            )
        except NotSentError as error:
            self.seen[f"changes {_why(str(error))}"] += 1
        except GatewayError:
            self.seen["changes unknown or refused"] += 1

    async def _resolve(self) -> None:
        """One unknown order is asked about until it would be given up."""
        for pause_s in BACK_OFF_S:
            await asyncio.sleep(pause_s)
            found = await self._read(self.gateway.orders_since(ACCOUNT_ID, 0)) is not None
            if found and self._chance.random() < 0.6:
                return

    async def _cancel(self, order_id: OrderId) -> None:
        if order_id in self._cancelling:
            return  # one is under way: the executor joins them
        self._cancelling.add(order_id)
        try:
            await self._exit(self.gateway.cancel(account_id=ACCOUNT_ID, order_id=order_id))
        finally:
            self._cancelling.discard(order_id)

    async def _exit(self, call: Awaitable[None]) -> None:
        self.seen["exits asked for"] += 1
        try:
            async with asyncio.timeout(10.0):
                await call
        except TimeoutError:
            self.seen["exits held 10 s"] += 1
        except NotSentError as error:
            away = "no connection" in str(error)
            self.seen["exits without a connection" if away else "exits refused by us"] += 1
        except GatewayError as error:
            if "429" in str(error):
                self.seen["exits met by 429"] += 1

    async def flatten(self) -> None:
        """Cancel, close, look, until two looks in a row show nothing."""
        on_the_way_out()
        loop = asyncio.get_running_loop()
        self.seen["flattens"] += 1
        end_s, clean = loop.time() + 30, 0
        gap_s = 0.25
        cancel = [OrderId(order_id) for order_id in self.venue.orders]
        while loop.time() < end_s and clean < 2:
            await asyncio.gather(*(self._cancel(order_id) for order_id in cancel))
            asked_s = loop.time()
            working, positions = await asyncio.gather(
                self._read(self.gateway.working_orders(ACCOUNT_ID)),
                self._read(self.gateway.positions(ACCOUNT_ID)),
            )
            if working is None or positions is None:
                await asyncio.sleep(0.5)
                continue
            self.longest_look_s = max(self.longest_look_s, loop.time() - asked_s)
            cancel = [order.order_id for order in working]
            if positions:
                await self._exit(
                    self.gateway.close_contract(
                        account_id=ACCOUNT_ID, contract_id=CONTRACT_ID, size=None
                    )
                )
            clean = 0 if working or positions else clean + 1
            await asyncio.sleep(gap_s)
            gap_s = min(gap_s * 1.5, 2.0)
        self.seen["flattens done" if clean == 2 else "flattens not done in 30 s"] += 1


def _why(text: str) -> str:
    for words, why in _REASONS.items():
        if words in text:
            return why
    return text
