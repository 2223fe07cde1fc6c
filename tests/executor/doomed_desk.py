"""A desk that opens a position and then waits to be killed. Run as a module by a test."""

from __future__ import annotations

import asyncio
import sys

import msgspec
from tests.executor.live_desk import LiveDesk

from tradedesk.app.executor_config import ExecutorConfig
from tradedesk.domain.events import PositionChanged


async def main() -> None:
    config = msgspec.json.decode(sys.stdin.buffer.readline(), type=ExecutorConfig)
    desk = LiveDesk(config)
    await desk.start()
    click_id = desk.place(size=2, stop_loss_ticks=200)
    await desk.until(lambda: [e for e in desk.heard(PositionChanged) if e.position.net_size == 2])
    sys.stdout.write(f"{click_id} {desk.port.pid}\n")
    sys.stdout.flush()
    await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(main())
