"""Which positions are being left right now, and when a market close last went out for each."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.domain.ids import AccountId, ContractId
    from tradedesk.trading.blotter import PositionKey

NEVER_WITHIN_NS = 250_000_000
"""Two closes of one position nearer than this could both be filled, and the second would open a
position the other way, whatever else is known."""
OVERTAKE_NS = 2_000_000_000
"""How long a close without an answer is waited for. The venue carries one out in milliseconds or
has lost it; the next one may follow, for a position must not stand bare for a whole deadline."""


class WaysOut:
    """Shared by everything that closes: flatten, close, reverse, kill switch, cover.

    A close at market may be filled a while after it was sent, so one position is closed by one
    request at a time, and the next one waits until the first must have been filled or has provably
    not been sent.
    """

    def __init__(self) -> None:
        self._running: dict[tuple[AccountId, ContractId | None], list[int]] = defaultdict(list)
        self._sending: dict[PositionKey, list[int]] = defaultdict(list)
        self._closed_ns: dict[PositionKey, int] = {}
        self._failed_ns: dict[PositionKey, int] = {}

    @contextmanager
    def running(
        self, account_id: AccountId, contract_id: ContractId | None, now_ns: int
    ) -> Iterator[None]:
        """Something is leaving a contract (all of an account if None) until the block ends."""
        begun = self._running[account_id, contract_id]
        begun.append(now_ns)
        try:
            yield
        finally:
            begun.remove(now_ns)

    def is_running(self, key: PositionKey) -> bool:
        """Whether a position is being left."""
        return bool(self._running[key] or self._running[key[0], None])

    def is_young(self, key: PositionKey, now_ns: int, most_ns: int) -> bool:
        """Whether a position is being left, and the oldest attempt at it is no older than that."""
        begun = self._running[key] + self._running[key[0], None]
        return bool(begun) and now_ns - min(begun) < most_ns

    def may_close(self, key: PositionKey, now_ns: int, gap_ns: int) -> bool:
        """Whether a close may be sent now, ``gap_ns`` after the end of the one before it."""
        if any(now_ns - begun_ns < OVERTAKE_NS for begun_ns in self._sending[key]):
            return False
        failed_ns, closed_ns = self._failed_ns.get(key), self._closed_ns.get(key)
        if failed_ns is not None and now_ns - failed_ns < NEVER_WITHIN_NS:
            return False
        return closed_ns is None or now_ns - closed_ns >= max(gap_ns, NEVER_WITHIN_NS)

    def close_began(self, key: PositionKey, now_ns: int) -> None:
        """A close request goes out; whoever sends it asked ``may_close`` in the same step."""
        self._sending[key].append(now_ns)

    def close_ended(
        self, key: PositionKey, begun_ns: int, now_ns: int, *, filling_ns: int | None
    ) -> None:
        """Its answer came or its deadline passed.

        Parameters
        ----------
        begun_ns : int
            When it went out.
        filling_ns : int or None
            From when on it may be filling; None if it was certainly not carried out, so that the
            next one need not wait for a fill.
        """
        self._sending[key].remove(begun_ns)
        if filling_ns is None:
            self._failed_ns[key] = now_ns
        else:
            self._closed_ns[key] = max(filling_ns, self._closed_ns.get(key, filling_ns))
