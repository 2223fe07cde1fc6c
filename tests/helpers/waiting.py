"""Waiting for what no event tells, with a deadline."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

STEP_S = 0.02


async def until(condition: Callable[[], object], deadline_s: float = 20.0) -> None:
    """Look again and again until ``condition`` gives something true."""
    async with asyncio.timeout(deadline_s):
        while not condition():  # noqa: ASYNC110 - the point of this helper
            await asyncio.sleep(STEP_S)
