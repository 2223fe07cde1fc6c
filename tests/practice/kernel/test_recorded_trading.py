"""Orders in recorded markets: they trade as they would have, and nothing of the past changes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.engine.market_files import dbn_records
from tests.practice.kernel.stand import (
    BUY,
    JOIN_BID,
    LIMIT,
    MARKET,
    OPEN,
    SELL,
    START,
    Stand,
    stand,
    transcript,
)

from tradedesk.practice.market.events import ASKS
from tradedesk.practice.market.replay import open_recording

MBO = "cme_esm4_20240508_mbo.dbn.zst"
STREAM = "binance_coinm_btcusd_perp_20240808_stream.txt.gz"
ACCEPT = timedelta(milliseconds=8)


def stamp(ts_ns: int) -> datetime:
    return datetime.fromtimestamp(ts_ns // 1_000_000_000, UTC) + timedelta(
        microseconds=ts_ns % 1_000_000_000 // 1_000
    )


async def listening(s: Stand) -> str:
    """Subscribe to all market data of the one contract of a recording."""
    (contract,) = s.venue.world.market.active()
    for kind in ("MarketDepth", "Trades", "Quotes"):
        await s.market.subscribe(f"Contract{kind}", contract.contract_id)
    return contract.contract_id


async def order(s: Stand, contract: str, **members: Any) -> int:
    answer = await s.rest(
        "Order/place", accountId=s.accounts[0], contractId=contract, **{"size": 1, **members}
    )
    assert answer["success"], answer
    order_id: int = answer["orderId"]
    return order_id


# ------------------------------------------------------------------ a queue known by its sums


@dataclass
class Resting:
    """A buy or sell of some contracts at a price, in the raw messages of the exchange."""

    side: int
    px: str
    left: int
    ahead: int
    fills: list[tuple[datetime, int]] = field(default_factory=list)
    doubtful: bool = False
    """The market came through the price: more than its queue decides."""

    def trade(self, at: datetime, data: dict[str, Any]) -> None:
        hits = data["m"] if self.side == BUY else not data["m"]
        beyond = (Decimal(data["p"]) - Decimal(self.px)) * (1 if self.side == BUY else -1)
        if beyond < 0:
            self.doubtful = True
        if not hits or beyond:
            return
        qty = int(data["q"])
        filled = min(self.left, max(0, qty - self.ahead))
        self.ahead = max(0, self.ahead - qty)
        if filled:
            self.left -= filled
            self.fills.append((at, filled))

    def depth(self, data: dict[str, Any]) -> None:
        own, other = ("b", "a") if self.side == BUY else ("a", "b")
        for px, qty in data[own]:
            if Decimal(px) == Decimal(self.px):
                self.ahead = min(self.ahead, int(qty))
        for px, qty in data[other]:
            beyond = (Decimal(px) - Decimal(self.px)) * (1 if self.side == BUY else -1)
            self.doubtful |= beyond <= 0 and int(qty) > 0


class Message(NamedTuple):
    at: datetime
    kind: str
    data: dict[str, Any]


def messages(path: Path) -> Iterator[Message]:
    for line in gzip.decompress(path.read_bytes()).splitlines():
        received, _, text = line.partition(b" ")
        data = json.loads(text)
        data = data.get("data", data)
        yield Message(stamp(int(received)), data.get("e", "picture"), data)


async def _compare(s: Stand, path: Path, tried: list[tuple[int, Resting]]) -> None:
    """Fills over the wire against those that the raw messages lead to."""
    rows = [s.venue.world.exchange.rows[id_] for id_, _ in tried]
    spans = [(stamp(row.rank_ns), stamp(row.updated_ns)) for row in rows]
    for message in messages(path):
        for (_, resting), (since, until) in zip(tried, spans, strict=True):
            if since < message.at <= until and resting.left:
                if message.kind == "trade":
                    resting.trade(message.at, message.data)
                elif message.kind == "depthUpdate":
                    resting.depth(message.data)
    trades = await s.trades(s.accounts[0])
    for id_, resting in tried:
        if resting.doubtful:
            continue
        told = [
            (datetime.fromisoformat(row["creationTimestamp"]), row["size"])
            for row in trades
            if row["orderId"] == id_
        ]
        assert told == resting.fills, (id_, resting)
        assert all(
            Decimal(repr(row["price"])) == Decimal(resting.px)
            for row in trades
            if row["orderId"] == id_
        )


async def _stream_session(path: Path, trading: bool) -> tuple[bytes, list[tuple[int, Resting]]]:
    """Rest at the best price every six seconds, first on one side, then on the other."""
    market = open_recording(path)
    (contract,) = market.active()
    tape, tick = market.tape(contract), contract.product.tick
    tried: list[tuple[int, Resting]] = []
    async with stand(replay=path, start=None) as s:
        contract_id = await listening(s)
        await s.step(5.0)
        first = await s.now()
        for turn in range(20):
            at = first + turn * timedelta(seconds=6)
            await s.step_to(at)
            if not trading:  # the same steps, which records are published by
                await s.step(0.008)
                await s.step_to(at + timedelta(seconds=5.9))
                continue
            side = (BUY, SELL)[turn % 2]
            works_ns = round((at + ACCEPT).timestamp() * 1_000_000) * 1_000
            levels = tape.depth(works_ns).bids if side == BUY else tape.depth(works_ns).asks
            px = tick.price_lossy(levels[0].px)
            id_ = await order(s, contract_id, type=LIMIT, side=side, size=3, limitPrice=px)
            await s.step(0.008)
            row = s.venue.world.exchange.rows[id_]
            if not row.filled:  # else the price had gone through it in these 8 ms
                assert row.ahead == levels[0].size
                tried.append((id_, Resting(side, f"{px:.1f}", 3, row.ahead)))
            await s.step_to(at + timedelta(seconds=5.9))
            await s.rest("Order/cancel", accountId=s.accounts[0], orderId=id_)
        await s.heard()
        await _compare(s, path, tried)
        return transcript(s.market), tried


async def test_resting_orders_fill_behind_their_queue_and_change_nothing(
    shared_data: Callable[[str], Path],
) -> None:
    path = shared_data(STREAM)
    with_orders, tried = await _stream_session(path, trading=True)
    sure = [resting for _, resting in tried if not resting.doubtful]
    assert len(sure) >= 6
    assert sum(1 for resting in sure if resting.fills) >= 3
    assert sum(1 for resting in sure if not resting.fills) >= 2
    without, _ = await _stream_session(path, trading=False)
    assert with_orders == without
    assert len(with_orders) > 100_000


# ----------------------------------------------------------------- a queue known order by order


def ahead_by_id(at: datetime) -> tuple[int, int]:
    """Contracts in front of a sell at 5,214.25 that came at a moment: then, and at the end."""
    queue: dict[int, int] = {}
    then = 0
    frozen = False
    for row in dbn_records(MBO):
        if not hasattr(row, "order_id"):
            continue
        if not frozen and stamp(row.ts_recv) > at:
            frozen, then = True, sum(queue.values())
        action, mine = str(row.action), str(row.side) == "A" and row.price == 5_214_250_000_000
        known = row.order_id in queue
        if action == "A" and mine and not frozen:
            queue[row.order_id] = row.size
        elif action == "C" and known:
            queue[row.order_id] -= row.size
            if not queue[row.order_id]:
                del queue[row.order_id]
        elif action == "M" and known:
            if not mine or row.size > queue[row.order_id]:
                del queue[row.order_id]
            else:
                queue[row.order_id] = row.size
    return then, sum(queue.values())


@pytest.mark.parametrize("wait_s", [0.2, 1.2])
async def test_the_place_in_a_recorded_queue_is_that_of_the_orders_ahead(
    shared_data: Callable[[str], Path], wait_s: float
) -> None:
    path = shared_data(MBO)
    async with stand(replay=path, start=None) as s:
        contract = await listening(s)
        await s.step(1.0 + wait_s)
        id_ = await order(s, contract, type=LIMIT, side=SELL, limitPrice=5_214.25)
        await s.step(0.008)
        row = s.venue.world.exchange.rows[id_]
        then, finally_ = ahead_by_id(stamp(row.rank_ns))
        assert row.ahead == then > 6
        await s.step(4.0)
        assert (row.ahead, (await s.order(s.accounts[0], id_))["status"]) == (finally_, OPEN)
        assert finally_ < then


async def test_a_large_order_slips_through_the_recorded_levels_and_leaves_them_there(
    shared_data: Callable[[str], Path],
) -> None:
    path = shared_data(MBO)
    market = open_recording(path)
    (contract,) = market.active()
    tape, tick = market.tape(contract), contract.product.tick

    async def session(trading: bool) -> bytes:
        async with stand(replay=path, start=None) as s:
            contract_id = await listening(s)
            await s.step(1.01)
            if trading:
                works_ns = s.venue.world.now_ns() + 8_000_000
                asks = tape.depth(works_ns).asks
                size = asks[0].size + asks[1].size + 5
                await order(s, contract_id, type=MARKET, side=BUY, size=size)
                await s.step(0.008)
                fills = [(row["price"], row["size"]) for row in await s.trades(s.accounts[0])]
                assert fills == [
                    (tick.price_lossy(one.px), size)
                    for one, size in zip(asks, (asks[0].size, asks[1].size, 5), strict=False)
                ]
                # What is gone is gone: the next one begins where that one ended.
                assert tape.depth(works_ns + 8_000_000).asks[:3] == asks[:3]
                await order(s, contract_id, type=MARKET, side=BUY, size=asks[2].size)
                await s.step(0.008)
                fills = [(row["price"], row["size"]) for row in await s.trades(s.accounts[0])]
                assert fills[3:] == [
                    (tick.price_lossy(asks[2].px), asks[2].size - 5),
                    (tick.price_lossy(asks[3].px), 5),
                ]
                await s.step(0.984)
            else:
                await s.step(0.008)
                await s.step(0.008)
                await s.step(0.984)
            await s.step(1.0)
            assert s.venue.world.floor.book(contract).market.size(ASKS, asks_px(tick)) == 17
            return transcript(s.market)

    assert await session(True) == await session(False)


def asks_px(tick: Any) -> int:
    """5,214.25 in ticks."""
    ticks: int = tick.nearest_lossy(5_214.25)
    return ticks


@pytest.mark.parametrize("kinds", [("Quotes", "Trades"), ("Quotes", "MarketDepth")])
@pytest.mark.parametrize("name", [None, STREAM, MBO])
async def test_the_market_never_hears_of_practice_orders(
    shared_data: Callable[[str], Path], name: str | None, kinds: tuple[str, ...]
) -> None:
    """Nor does it look different because a book is kept for somebody's orders."""
    path = None if name is None else shared_data(name)

    async def session(trading: bool) -> bytes:
        start = START if path is None else None
        async with stand("practice", "express-50k", replay=path, start=start) as s:
            contract = s.venue.world.market.active()[0].contract_id
            for kind in kinds:
                await s.market.subscribe(f"Contract{kind}", contract)
            for turn in range(8):
                await s.step(0.4)
                if trading:
                    side = (BUY, SELL)[turn % 3 % 2]
                    await order(s, contract, type=MARKET, side=side, size=40 + turn)
                    await order(s, contract, type=JOIN_BID, side=BUY)
                await s.step(1.1)
            return transcript(s.market)

    with_orders = await session(True)
    assert with_orders == await session(False)
    assert with_orders.count(b"GatewayQuote") >= 3
