"""Account names as the pill of the top bar shows them."""

from __future__ import annotations

MOST = 16
"""Characters that the pill has room for."""
_TAIL = 4
_HEADS = {"PRAC": "Practice", "EXPRESS": "Express"}


def short_account(name: str) -> str:
    """A form that fits and still tells accounts apart: ``Practice ·0001``.

    The first part of the name says what it is, the last digits which one. A short name stays.
    """
    if len(name) <= MOST:
        return name
    head, last = name.split("-")[0], name.split("-")[-1]
    if last == name or not last.isdigit():
        return f"{name[: MOST - 1].rstrip()}…"
    head = _HEADS.get(head, head)
    room = MOST - _TAIL - 2
    if len(head) > room:
        head = f"{head[: room - 1].rstrip()}…"
    return f"{head} ·{last[-_TAIL:]}"
