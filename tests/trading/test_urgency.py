"""What a flatten asks the venue does not wait behind ordinary questions."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.sim_desk import SimDesk
from tests.fakes.virtual_time import run_virtual

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import CommandDone
from tradedesk.domain.urgency import is_on_the_way_out, on_the_way_out


def test_the_looks_of_a_flatten_say_what_they_are() -> None:
    looked: list[tuple[str, bool]] = []

    async def main() -> None:
        desk = SimDesk()
        gateway: Any = desk.executor.parts.calls.gateway
        working = gateway.working_orders

        async def noted(account_id: Any) -> Any:
            looked.append(("flatten" if flattening else "other", is_on_the_way_out()))
            return await working(account_id)

        flattening = False
        gateway.working_orders = noted
        await desk.ready()
        desk.place(size=1, stop_loss_ticks=60)
        await desk.settle(7)
        flattening = True
        click = desk.give(cmd.Flatten)
        await desk.until(lambda: any(e.click_id == click for e in desk.heard(CommandDone)))
        await desk.stop()

    run_virtual(main)
    assert ("other", False) in looked
    assert ("flatten", True) in looked
    assert ("other", True) not in looked


async def test_it_is_inherited_by_what_a_task_starts_and_by_nothing_else() -> None:
    seen: list[bool] = []

    async def child() -> None:
        seen.append(is_on_the_way_out())

    async def way_out() -> None:
        on_the_way_out()
        await asyncio.gather(child(), child())

    await asyncio.gather(way_out(), child())
    await child()
    assert sorted(seen) == [False, False, True, True]
