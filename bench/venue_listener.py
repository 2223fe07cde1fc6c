"""One subscriber of the market hub: a process that counts what it is told and how late it was.

Run as a process by ``venue.py``; takes a plan as JSON on the command line, says ``listening`` when
every subscription is confirmed, and prints one line of JSON per second and one at the end.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from websockets.asyncio.client import ClientConnection, connect

SUBSCRIBED_S = 600
"""A market that is a hundred times as busy takes long to be made."""
SEPARATOR = b"\x1e"
KINDS = ("ContractQuotes", "ContractTrades", "ContractMarketDepth")


class Record(msgspec.Struct):
    """As much of a record as counting needs."""

    type: int = 0
    target: str = ""
    arguments: msgspec.Raw = msgspec.Raw(b"")
    invocationId: str = ""  # noqa: N815  the wire's name
    error: str = ""


class Row(msgspec.Struct):
    """As much of a trade, a quote or a level as counting needs."""

    timestamp: str


_record = msgspec.json.Decoder(Record)
_rows = msgspec.json.Decoder(tuple[str, list[Row]])
_row = msgspec.json.Decoder(tuple[str, Row])


class Tally:
    """Events counted, and delays in nanoseconds of trades and of depth records."""

    def __init__(self) -> None:
        self.counts = {"GatewayTrade": 0, "GatewayDepth": 0, "GatewayQuote": 0}
        self.trades: list[int] = []
        self.depth: list[int] = []
        self.frames = 0
        self.bytes = 0
        self.busy_ns = 0
        self.first = self.last = (0, 0)
        self._times: dict[str, int] = {}

    def take(self, frame: bytes, now_ns: int) -> None:
        """Count a frame that arrived at a wall time."""
        begun = time.perf_counter_ns()
        self.frames += 1
        self.bytes += len(frame)
        for part in frame.split(SEPARATOR):
            if not part:
                continue
            record = _record.decode(part)
            if record.target == "GatewayQuote":
                self.counts[record.target] += 1
            elif record.target:
                rows = _rows.decode(record.arguments)[1]
                self.counts[record.target] += len(rows)
                if record.target == "GatewayDepth":
                    self.depth.append(now_ns - self._ns(rows[-1].timestamp))
                else:
                    self.trades += [now_ns - self._ns(row.timestamp) for row in rows]
                    self.last = (now_ns, now_ns - self.trades[-1])
                    self.first = self.first if self.first[0] else self.last
        self.busy_ns += time.perf_counter_ns() - begun

    def _ns(self, text: str) -> int:
        at_ns = self._times.get(text)
        if at_ns is None:
            if len(self._times) > 1_000:
                self._times.clear()
            whole = datetime.fromisoformat(text)
            at_ns = int(whole.timestamp()) * 1_000_000_000 + whole.microsecond * 1_000
            self._times[text] = at_ns
        return at_ns

    def report(self) -> dict[str, Any]:
        """Counts and delays, milliseconds."""
        return {
            **self.counts,
            "frames": self.frames,
            "bytes": self.bytes,
            "busy_s": self.busy_ns / 1e9,
            "real_s": (self.last[0] - self.first[0]) / 1e9,
            "venue_s": (self.last[1] - self.first[1]) / 1e9,
            "trade_ms": _spread(self.trades),
            "depth_ms": _spread(self.depth),
        }


def _spread(delays: list[int]) -> list[float]:
    """p50, p99, p99.9 and the longest, in milliseconds."""
    if not delays:
        return []
    return [float(ms) for ms in np.percentile(delays, (50, 99, 99.9, 100)) / 1e6]


async def subscribe(socket: ClientConnection, contracts: list[str]) -> None:
    """Shake hands and subscribe to everything of each contract."""
    await socket.send('{"protocol":"json","version":1}\x1e')
    waiting = set()
    for number, contract in enumerate(contracts):
        for kind in KINDS:
            waiting.add(f"{number}{kind}")
            call = {
                "type": 1,
                "invocationId": f"{number}{kind}",
                "target": f"Subscribe{kind}",
                "arguments": [contract],
            }
            await socket.send(json.dumps(call) + "\x1e")
    while waiting:
        frame = await socket.recv(decode=False)
        for part in frame.split(SEPARATOR):
            if part:
                record = _record.decode(part)
                if record.error:
                    raise SystemExit(record.error)
                waiting.discard(record.invocationId)


async def listen(plan: dict[str, Any]) -> None:
    """Count for so many seconds, after a warm-up that is not counted."""
    async with connect(
        plan["url"], max_size=None, ping_interval=None, proxy=None, compression=None, max_queue=None
    ) as socket:
        async with asyncio.timeout(SUBSCRIBED_S):
            await subscribe(socket, plan["contracts"])
        print("listening", flush=True)
        tally = Tally()
        ends_s = time.perf_counter() + plan["warm_s"]
        warm, ping_s = True, time.perf_counter() + 10
        begun = before = ends_s
        while True:
            frame = await socket.recv(decode=False)
            now_ns, now_s = time.time_ns(), time.perf_counter()
            if now_s >= ping_s:
                await socket.send('{"type":6}\x1e')
                ping_s += 10
            if now_s >= ends_s:
                if not warm:
                    break
                warm, tally, begun = False, Tally(), now_s
                before = _cpu_s()
                ends_s = now_s + plan["seconds"]
            tally.take(frame, now_ns)
        used = {"seconds": now_s - begun, "cpu_s": _cpu_s() - before}
        print(json.dumps({**tally.report(), **used}), flush=True)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(listen(json.loads(sys.stdin.readline())))
