"""How long one order or change took, as it is kept."""

from __future__ import annotations

import msgspec

from tradedesk.domain.ids import AccountId, ContractId


class LatencyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Nanoseconds from the deciding click to each step; None where it has not happened.

    A monotonic stamp means nothing after the next start of the machine, so only the distances are
    kept, with the wall time of the order.

    Parameters
    ----------
    key : str
        Tag of the order, or key of the change.
    wall_ns : int
        When it was asked for, UTC.
    kind : str
        ``place``, ``modify``, ``cancel`` or ``close``.
    type : str
        The order type in words; empty for a change.
    text : str
        What was asked for, for a person.
    outcome : str
        State of the order or change when it was last heard of.
    held : int or None
        How long the button was down before its release decided; no part of the rest.
    received, journaled, written : int or None
        By the executor; on disk; the last byte handed to the kernel.
    reply, hub_echo, fill : int or None
        The venue's answer, its first event, and the first fill.
    told, shown : int or None
        When the window heard of the answer, and had it on the screen.
    """

    key: str
    wall_ns: int
    venue: str
    account_id: AccountId
    contract_id: ContractId
    kind: str
    type: str = ""
    text: str = ""
    outcome: str = ""
    held: int | None = None
    received: int | None = None
    journaled: int | None = None
    written: int | None = None
    reply: int | None = None
    hub_echo: int | None = None
    fill: int | None = None
    told: int | None = None
    shown: int | None = None
