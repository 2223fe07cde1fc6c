"""The desk on plain asyncio, without a window: what ``tradedesk.connect`` opens."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tradedesk.app.executor_mode import executor_mode
from tradedesk.app.instance_lock import InstanceLock
from tradedesk.app.practice_process import PracticeOptions
from tradedesk.app.session import DeskSession, SessionOptions
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.errors import AuthError, StartError
from tradedesk.domain.events import Phase
from tradedesk.store.credentials import CredentialStore
from tradedesk.store.paths import home_paths
from tradedesk.store.settings_file import SettingsFile

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator, Sequence

    from tradedesk.services.desk import Desk
    from tradedesk.services.desk_state import DeskState

READY_DEADLINE_S = 30.0


@asynccontextmanager
async def connect(
    venue: str = "practice",
    *,
    seed: int = 7,
    replay: str | os.PathLike[str] | None = None,
    speed: float = 1.0,
    practice: Sequence[str] = (),
    home: str | os.PathLike[str] | None = None,
    armed: bool = True,
) -> AsyncIterator[Desk]:
    """Open a desk for a script; see ``tradedesk.connect``."""
    paths = home_paths(home).create()
    # a script that asks twice means it: there is no hand that slips
    settings = SettingsFile(paths.settings_file).load().settings.changed(repeat_guard_ms=0)
    options = SessionOptions(
        venue=venue,
        practice=PracticeOptions(
            seed, None if replay is None else str(replay), speed, tuple(practice)
        ),
        executor=executor_mode(),
    )
    with InstanceLock(paths.lock_file):
        session = DeskSession(options, paths, settings, CredentialStore(), SystemClock())
        await session.start()
        try:
            await _until_ready(session)
            if armed:
                session.trade.arm(armed)
                await session.desk.until(lambda state: state.armed)
            yield session.desk
        finally:
            # What is still open at the end is left to the executor to guard.
            await session.stop(shutdown=not session.has_something_open)


async def _until_ready(session: DeskSession) -> None:
    def settled(state: DeskState) -> bool:
        return state.session is not None and state.session.phase in {Phase.READY, Phase.REFUSED}

    try:
        await session.desk.until(settled, READY_DEADLINE_S)
    except TimeoutError:
        detail = session.state.session.detail if session.state.session is not None else ""
        raise StartError(
            f"The desk was not ready within {READY_DEADLINE_S:.0f} s. {detail}".strip()
        ) from None
    assert session.state.session is not None
    if session.state.session.phase is Phase.REFUSED:
        raise AuthError(session.state.session.detail)
    # One turn, so that the snapshot that opened the gate is in the state.
    await asyncio.sleep(0)
