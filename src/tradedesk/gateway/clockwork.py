"""Waiting as a parameter, so that tests need not wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Sleep = Callable[[float], Awaitable[object]]
"""``asyncio.sleep`` or what a test puts in its place; seconds."""
