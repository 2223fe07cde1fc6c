"""Whether what runs now is on the way out of the market.

A flatten has to look at the venue before it can size an exit, and again to prove that it is done.
Its questions must not wait behind ordinary ones when calls are short, so it says what it is, and
everything that it awaits or starts inherits that.
"""

from __future__ import annotations

from contextvars import ContextVar

_ON_THE_WAY_OUT: ContextVar[bool] = ContextVar("on_the_way_out", default=False)


def on_the_way_out() -> None:
    """Say that this task, and every task it starts from now on, works towards being flat."""
    _ON_THE_WAY_OUT.set(True)


def is_on_the_way_out() -> bool:
    """Whether the running task works towards being flat."""
    return _ON_THE_WAY_OUT.get()
