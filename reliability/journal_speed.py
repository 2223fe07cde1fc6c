"""What writing to the journal costs an order."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.ids import AccountId, ContractId, Tag
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.stamps import Stamps
from tradedesk.store.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GAP_S = 0.02
"""Between two rows, as between two clicks: the sync of the one before must not be measured."""


def lines(count: int) -> Iterator[str]:
    """A line for each way of writing: microseconds, p50 and p99."""
    with tempfile.TemporaryDirectory(prefix="journal-speed-") as name:
        for strict in (False, True):
            journal = Journal(Path(name) / f"speed-{strict}.sqlite3", SystemClock(), strict=strict)
            word = "synced before the send" if strict else "default"
            for what, (write, then) in _ways(journal, strict=strict).items():
                p50, p99 = _measure(write, then, count)
                yield f"journal, {what}, {word}: p50 {p50:.0f} us, p99 {p99:.0f} us (n={count:,})"
            journal.close()


def _ways(
    journal: Journal, *, strict: bool
) -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
    """What is measured, and what follows it when the bytes have left."""
    armed = _intent()
    sent = msgspec.structs.replace(armed, state=IntentState.SENT)
    ways: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "an order": (lambda: journal.append(armed), lambda: journal.append(sent))
    }
    if not strict:
        note = b"holds" * 30
        ways["a note"] = (lambda: journal.record("lock", 5, "kill", note), lambda: None)
    return ways


def _measure(
    write: Callable[[], None], then: Callable[[], None], count: int
) -> tuple[float, float]:
    spent = []
    for _ in range(count):
        time.sleep(GAP_S)
        started = time.perf_counter_ns()
        write()
        spent.append((time.perf_counter_ns() - started) / 1e3)
        then()
    spent.sort()
    return spent[count // 2], spent[count * 99 // 100]


def _intent() -> Intent:
    command = PlaceOrder(
        click_id="click",
        press_ns=1,
        account_id=AccountId(5),
        contract_id=ContractId("CON.F.US.MNQ.Z26"),
        side=Side.BUY,
        type=OrderType.LIMIT,
        size=1,
        limit_ticks=80_000,
        stop_loss_ticks=40,
        take_profit_ticks=80,
    )
    stamps = Stamps(press=1, received=2)
    return Intent(Tag("td1-abcde-aaaaaaa-aaaa"), command, IntentState.ARMED, stamps, created_ns=1)
