"""The kill switch from a shell: works with the window frozen or gone.

It attaches to the running executor and trips its switch. Where there is none, or it does not
answer, an executor in this process does the work, with the journal if nobody else has it. Else it
leaves a latch beside the journal, which the next executor, or the one that hung, takes in.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import msgspec

from tradedesk.app.executor_build import build_executor, wire_executor
from tradedesk.app.executor_config import ExecutorConfig, runtime_folder
from tradedesk.app.practice_process import PracticeReady
from tradedesk.app.system_clock import SystemClock
from tradedesk.app.venue_plan import PRACTICE, firm_plan, practice_plan
from tradedesk.domain.commands import Kill
from tradedesk.domain.errors import StartError, StoreError
from tradedesk.domain.events import (
    AccountChanged,
    CommandDone,
    CommandFailed,
    FlattenProgress,
    Phase,
    SessionChanged,
    SnapshotTaken,
)
from tradedesk.domain.ids import AccountId
from tradedesk.services.executor_link import ExecutorLink, find_executor
from tradedesk.store.credentials import CredentialStore
from tradedesk.store.kill_latch import KillLatch
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tradedesk.app.venue_plan import VenuePlan
    from tradedesk.domain.events import AnyEvent, Intent
    from tradedesk.trading.live.executor import Executor

SIGN_IN_S = 20.0
DONE_S = 60.0
EXIT_FLAT, EXIT_NOT_PROVEN = 0, 1


class _Watch:
    """Follows one kill switch and prints its phases."""

    def __init__(self, account_id: AccountId, say: Callable[[str], None]) -> None:
        self.account_id = account_id
        self.changed = asyncio.Event()
        self.accounts: set[AccountId] = set()
        self.phase = Phase.STARTING
        self.detail = ""
        self.result: int | None = None
        self._say = say
        now_ns = SystemClock().mono_ns()
        self.is_lost = False
        self.command = Kill(click_id=f"panic-{now_ns}", press_ns=now_ns, account_id=account_id)

    def take(self, event: AnyEvent) -> None:
        """Take one event."""
        if isinstance(event, SessionChanged):
            self.phase, self.detail = event.phase, event.detail
        elif isinstance(event, SnapshotTaken):
            self.accounts |= {account.account_id for account in event.accounts}
        elif isinstance(event, AccountChanged):
            self.accounts.add(event.account.account_id)
        elif getattr(event, "click_id", None) == self.command.click_id:
            self._follow(event)
        self.changed.set()

    def lost(self, reason: str) -> None:
        """The executor went away."""
        self._say(f"the executor is gone: {reason}")
        self.is_lost = True
        self.changed.set()

    async def until(self, holds: Callable[[], bool], deadline_s: float) -> bool:
        """Wait until ``holds()``; False when the deadline passes first."""
        try:
            async with asyncio.timeout(deadline_s):
                while not holds():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            return False
        return True

    async def finish(self) -> int:
        """Wait for the end of the work."""
        await self.until(lambda: self.result is not None or self.is_lost, DONE_S)
        if self.result is None and not self.is_lost:
            self._say(f"no end after {DONE_S:.0f} s; look at the venue's own page")
        return EXIT_NOT_PROVEN if self.result is None else self.result

    def _follow(self, event: AnyEvent) -> None:
        if isinstance(event, FlattenProgress):
            self._say(f"{event.elapsed_ms:8.0f} ms  {event.text}")
        elif isinstance(event, CommandDone):
            self.result = EXIT_FLAT
        elif isinstance(event, CommandFailed):
            self._say(event.reason)
            self.result = EXIT_NOT_PROVEN


class _NothingToWrite:
    """A journal for somebody who places nothing, where the journal proper is out of reach."""

    def append(self, intent: Intent) -> None:
        """Nothing is kept: the journal proper belongs to the executor."""

    def recall(self, since_ns: int) -> Sequence[Intent]:
        """Nothing is known."""
        return ()

    def record(self, kind: str, account: int, key: str, payload: bytes) -> None:
        """Nothing is kept."""

    def recorded(self, kind: str) -> Mapping[str, bytes]:
        """Nothing is known."""
        return {}

    def reserve(self) -> tuple[int, int]:
        """No tag is ever taken."""
        return 0, 1


def main(account: int, venue: str, say: Callable[[str], None] | None = None) -> int:
    """Trip the kill switch: lock entries, cancel all orders, close all positions, and prove it.

    Parameters
    ----------
    account : int
        Account id.
    venue : str
        ``practice`` or a firm.
    say : callable, optional
        Where each phase is told; standard output if None.

    Returns
    -------
    int
        0 when flat and empty was seen twice, 1 otherwise.

    Raises
    ------
    TradeDeskError
        If the venue cannot be reached at all.
    """
    return asyncio.run(_panic(AccountId(account), venue.strip().lower(), say or _write))


async def _panic(account_id: AccountId, venue: str, say: Callable[[str], None]) -> int:
    watch = _Watch(account_id, say)
    data = home_paths().data
    for runtime_file in sorted(runtime_folder(str(data)).glob(f"executor-{venue}-*.json")):
        code = await _through_executor(runtime_file, watch, say)
        if code is not None:
            return code
    say("no executor answers for this account; signing in directly")
    return await _directly(_plan(venue, data), data, watch, say)


async def _through_executor(
    runtime_file: Path, watch: _Watch, say: Callable[[str], None]
) -> int | None:
    """Trip the switch of a running executor; None if it cannot help."""
    found = find_executor(runtime_file)
    if found is None:
        return None
    try:
        link = await ExecutorLink.open(*found, watch.take, watch.lost, role="panic")
    except StartError:
        return None
    try:
        ready = {Phase.READY, Phase.DEGRADED}
        if not await watch.until(lambda: watch.phase in ready, SIGN_IN_S / 4):
            return None
        if watch.account_id not in watch.accounts:
            return None
        say(f"attached to the executor (process {found[0].pid})")
        link.send(watch.command)
        code = await watch.finish()
        return None if watch.is_lost and watch.result is None else code
    finally:
        await link.close()


async def _directly(plan: VenuePlan, data: Path, watch: _Watch, say: Callable[[str], None]) -> int:
    config = ExecutorConfig(
        home=str(data),
        venue=plan.name,
        live=plan.live,
        rest_url=plan.addresses.rest_url,
        user_hub_url=plan.addresses.user_hub_url,
        market_hub_url=plan.addresses.market_hub_url,
        credentials=plan.credentials,
        account_id=watch.account_id,
    )
    executor, let_go = _build(config, say)
    executor.latch()
    executor.attach(watch.take, controller=False)
    executor.parts.owner.start(executor.run(), "panic")
    try:
        ready = {Phase.READY, Phase.DEGRADED, Phase.REFUSED}
        await watch.until(lambda: watch.phase in ready, SIGN_IN_S)
        if watch.phase is Phase.REFUSED or watch.account_id not in watch.accounts:
            known = ", ".join(map(str, sorted(watch.accounts))) or "none"
            say(watch.detail or f"account {watch.account_id} is not there; known: {known}")
            say("nothing was closed; entries stay locked until the kill switch is released")
            return EXIT_NOT_PROVEN
        say("signed in")
        executor.handle(watch.command)
        return await watch.finish()
    finally:
        executor.stop_asked.set()
        await executor.close()
        let_go()


def _build(
    config: ExecutorConfig, say: Callable[[str], None]
) -> tuple[Executor, Callable[[], None]]:
    """An executor of our own, and how to let go of its journal."""
    clock = SystemClock()
    try:
        built = build_executor(config, clock)
    except (StartError, StoreError) as error:
        say(f"the journal is out of reach ({error})")
    else:
        return built.executor, built.journal.close
    try:
        KillLatch(config.latch_file).trip()
        say(f"entries are locked by {config.latch_file.name}; the executor takes that in")
    except StoreError as error:
        say(f"entries cannot be locked for later: {error}")
    return wire_executor(config, clock, _NothingToWrite(), "panic"), lambda: None


def _plan(venue: str, data: Path) -> VenuePlan:
    if venue != PRACTICE:
        return firm_plan(venue, CredentialStore())
    try:
        ready = msgspec.json.decode(
            (runtime_folder(str(data)) / "practice.json").read_bytes(), type=PracticeReady
        )
    except (OSError, msgspec.DecodeError):
        raise StartError("No practice venue is running, so there is nothing to flatten.") from None
    return practice_plan(ready)


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
