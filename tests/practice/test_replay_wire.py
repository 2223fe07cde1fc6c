"""Recordings replayed over the wire: what a client ends up with is what the file says."""

from __future__ import annotations

import asyncio
import csv
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.engine.market_files import dbn_records
from tests.practice.kernel.stand import BUY, MARKET, Stand, moment, stand
from tests.practice.kernel.watching import ASK, BID, DepthBook, bars_of, merged_quote, trades_heard

from tradedesk.practice.market.book import MarketBook
from tradedesk.practice.market.events import ASKS, BIDS
from tradedesk.practice.market.prints import Print
from tradedesk.practice.market.replay import ReplayMarket, open_recording

MBO = "cme_esm4_20240508_mbo.dbn.zst"
TRADES = "cme_esu4_20240701_trades.dbn.zst"
MBP1 = "cme_esu4_20240701_mbp1.dbn.zst"
STREAM = "binance_coinm_btcusd_perp_20240808_stream.txt.gz"
EVER = 2**62


def stamp(ts_ns: int) -> datetime:
    return datetime.fromtimestamp(ts_ns // 1_000_000_000, UTC) + timedelta(
        microseconds=ts_ns % 1_000_000_000 // 1_000
    )


async def played_to_the_end(s: Stand, market: ReplayMarket) -> str:
    """Listen to everything of the one contract until the recording is over."""
    (contract,) = market.active()
    contract_id = contract.contract_id
    for kind in ("MarketDepth", "Trades", "Quotes"):
        await s.market.subscribe(f"Contract{kind}", contract_id)
    async with asyncio.timeout(60):
        while await s.now() < stamp(market.last_ns):
            await s.heard()
    await s.heard()
    return contract_id


def kept(s: Stand, contract_id: str, look: Callable[[DepthBook], None] | None = None) -> DepthBook:
    """The book of a client, with a look at it behind each record."""
    book = DepthBook()
    for rows in DepthBook.events(s.market, contract_id):
        book.apply(rows)
        if look is not None:
            look(book)
    return book


def is_uncrossed(book: DepthBook) -> None:
    bids, asks = book.side(BID), book.side(ASK)
    assert not bids or not asks or bids[0][0] < asks[0][0]


def trades_of(market: ReplayMarket) -> list[dict[str, Any]]:
    """Trades of the one contract as the wire prints them."""
    (contract,) = market.active()
    tick = contract.product.tick

    def printed(one: Print) -> dict[str, Any]:
        return {
            "symbolId": contract.product.symbol_id,
            "price": tick.price_lossy(one.px),
            "timestamp": stamp(one.ts_ns).isoformat(),
            "type": 0 if one.buy_qty * 2 > one.qty else 1,
            "volume": one.qty,
        }

    return [printed(one) for one in market.tape(contract).prints(0, EVER).each()]


def whole_book(market: ReplayMarket) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Bids and asks at the end of a recording, the best first."""
    (contract,) = market.active()
    tape, tick = market.tape(contract), contract.product.tick
    book = MarketBook(tape.depth(0))
    book.apply(tape.events(0, EVER).each())
    bids, asks = (
        [(tick.price_lossy(px), size) for px, size in book.levels(side)] for side in (BIDS, ASKS)
    )
    return bids, asks


async def test_every_order_of_the_es_ends_where_the_file_does(
    shared_data: Callable[[str], Path],
) -> None:
    path = shared_data(MBO)
    market = open_recording(path)
    async with stand(replay=path, start=None, stepped=False) as s:
        contract_id = await played_to_the_end(s, market)
        book = kept(s, contract_id, is_uncrossed)
        assert book.side(BID)[0] == (5214.00, 28)
        assert book.side(ASK)[0] == (5214.25, 17)
        assert (book.side(BID), book.side(ASK)) == whole_book(market)
        assert book.resets == 1
        quote = await merged_quote(s.market, contract_id, 0, None, "bestAsk")
        assert (quote["bestBid"], quote["bestAsk"]) == (5214.00, 5214.25)
        assert trades_heard(s.market, contract_id) == trades_of(market)


@pytest.mark.parametrize("speed", [60.0, 400.0])
async def test_the_recorded_stream_is_the_tapes_own_book_at_any_speed(
    shared_data: Callable[[str], Path], speed: float
) -> None:
    path = shared_data(STREAM)
    market = open_recording(path)
    async with stand(replay=path, start=None, stepped=False, speed=speed) as s:
        contract_id = await played_to_the_end(s, market)
        looks = 0

        def look(book: DepthBook) -> None:
            nonlocal looks
            looks += 1
            if looks % 4 == 0:
                is_uncrossed(book)

        book = kept(s, contract_id, look)
        # A venue that cannot keep up sends fewer and larger steps; how many is up to the machine.
        assert looks >= 8, "at least two of them were looked at"
        assert (book.side(BID), book.side(ASK)) == whole_book(market)
        heard = trades_heard(s.market, contract_id)
        assert heard == trades_of(market)
        assert heard == trades_in(path)


def trades_in(path: Path) -> list[dict[str, Any]]:
    """Trades of the raw recording, read without any code of the venue."""
    found = []
    for line in gzip.decompress(path.read_bytes()).splitlines():
        received, _, text = line.partition(b" ")
        message = json.loads(text)
        data = message.get("data", message)
        if data.get("e") == "trade":
            found.append(
                {
                    "symbolId": "F.US.BTCUSDPERP",
                    "price": float(data["p"]),
                    "timestamp": stamp(int(received)).isoformat(),
                    "type": 1 if data["m"] else 0,
                    "volume": int(data["q"]),
                }
            )
    return found


@pytest.mark.parametrize("name", [TRADES, MBP1])
async def test_bars_of_a_replay_equal_the_vendors(
    shared_data: Callable[[str], Path], name: str
) -> None:
    path, market = shared_data(name), open_recording(shared_data(name))
    async with stand(replay=path, start=None, stepped=False, speed=300) as s:
        contract_id = await played_to_the_end(s, market)
        assert contract_id == "CON.F.US.EP.U24"
        heard = trades_heard(s.market, contract_id)
        assert (len(heard), sum(row["volume"] for row in heard)) == (120, 253)
        assert heard == trades_of(market)
        kept(s, contract_id, is_uncrossed)
        answer = await s.rest(
            "History/retrieveBars",
            contractId=contract_id,
            live=False,
            startTime="2024-07-01T23:58:00Z",
            endTime="2024-07-02T00:02:00Z",
            unit=2,
            unitNumber=1,
            limit=100,
            includePartialBar=True,
        )
        bars = answer["bars"][::-1]
        assert bars == bars_of(heard, 2)
        assert bars == vendor_bars()
        assert [bar["v"] for bar in bars] == [18, 23, 175, 37]


def vendor_bars() -> list[dict[str, Any]]:
    """Minute bars of the ESU4 from 23:58 to 00:01, as the vendor made them."""
    (instrument,) = {trade.instrument_id for trade in dbn_records(TRADES)}
    first, last = datetime(2024, 7, 1, 23, 58, tzinfo=UTC), datetime(2024, 7, 2, 0, 1, tzinfo=UTC)
    found = []
    for bar in dbn_records("cme_esu4_nqu4_20240701_ohlcv1m.dbn.zst"):
        at = stamp(bar.ts_event)
        if first <= at <= last and bar.instrument_id == instrument:
            prices = (bar.open / 1e9, bar.high / 1e9, bar.low / 1e9, bar.close / 1e9)
            found.append(dict(zip("tohlcv", (at.isoformat(), *prices, bar.volume), strict=True)))
    return found


async def test_a_recorded_tape_is_sought_in(shared_data: Callable[[str], Path]) -> None:
    """Forward, back, to both ends: depth begins anew with the book of that moment."""
    path = shared_data(STREAM)
    market = open_recording(path)
    (contract,) = market.active()
    tape, tick, contract_id = market.tape(contract), contract.product.tick, contract.contract_id
    first, last = stamp(market.first_ns), stamp(market.last_ns)
    async with stand(replay=path, start=None, stepped=False, speed=20) as s:
        for kind in ("MarketDepth", "Quotes", "Trades"):
            await s.market.subscribe(f"Contract{kind}", contract_id)
        await s.control("pause")
        for seconds in (200.0, 30.5, 120.123456, 0.0, 340.0):
            target = min(first + timedelta(seconds=seconds), last)
            mark = len(s.market.records)
            answer = await s.control("seek", time=target.isoformat())
            assert answer["success"], answer
            await s.heard()
            now_ns = round((target - first) / timedelta(microseconds=1)) * 1_000 + market.first_ns
            (rows,) = DepthBook.events(s.market, contract_id, mark)
            assert rows[0]["type"] == 6
            book, depth = DepthBook(), tape.depth(now_ns)
            book.apply(rows)
            for side, levels in ((BID, depth.bids), (ASK, depth.asks)):
                assert book.side(side) == [(tick.price_lossy(px), size) for px, size in levels]
            touch = tape.touch(now_ns)
            so_far = [row for row in trades_of(market) if moment(row["timestamp"]) <= target]
            quote = await merged_quote(
                s.market, contract_id, mark, target, "volume" if so_far else "bestAsk"
            )
            assert (quote["bestBid"], quote["bestAsk"], quote["lastPrice"]) == tuple(
                tick.price_lossy(px) for px in (touch.bid, touch.ask, touch.last)
            )
            if so_far:
                assert quote["volume"] == sum(row["volume"] for row in so_far)
                assert quote["high"] == max(row["price"] for row in so_far)
                assert quote["low"] == min(row["price"] for row in so_far)
        for when in (first - timedelta(seconds=1), last + timedelta(seconds=1)):
            answer = await s.control("seek", time=when.isoformat())
            assert not answer["success"]
            assert "The tape reaches from 2024-08-08T23:5" in answer["errorMessage"]
        # It goes on from where it was put, and can be traded in.
        mark, target = len(s.market.records), first + timedelta(seconds=100)
        await s.control("seek", time=target.isoformat())
        await s.control("resume")
        await s.market.until(lambda: len(trades_heard(s.market, contract_id, mark)) > 20)
        await s.rest(
            "Order/place",
            accountId=s.accounts[0],
            contractId=contract_id,
            type=MARKET,
            side=BUY,
            size=1,
        )
        await s.user.until(lambda: s.user.user("Position"))
        heard = trades_heard(s.market, contract_id, mark)
        after = [row for row in trades_of(market) if moment(row["timestamp"]) > target]
        assert heard == after[: len(heard)]


async def test_a_csv_of_trades_is_played_as_it_is(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    """Two hours of the spot recording at 5,000 times its speed, or as fast as it can be played."""
    with gzip.open(shared_data("spot_xrpeth_201910_trades.csv.gz"), "rt") as file:
        rows = list(csv.reader(file))[:601]
    path = tmp_path / "XRPETH.csv"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n")
    market = open_recording(path)
    async with stand(replay=path, start=None, stepped=False, speed=5_000) as s:
        contract_id = await played_to_the_end(s, market)
        heard = trades_heard(s.market, contract_id)
        assert heard == trades_of(market)
        assert [round(row["price"], 9) for row in heard] == [float(row[3]) for row in rows[1:]]
        kept(s, contract_id, is_uncrossed)
