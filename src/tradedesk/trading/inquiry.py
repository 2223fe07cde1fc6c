"""When to ask about an unknown order, and what the answers prove."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.events import IntentState
from tradedesk.trading.limits import Timings, ns

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId, Tag

CLEAN_NEEDED = 2


class Verdict(msgspec.Struct, frozen=True):
    """The end of an inquiry."""

    state: IntentState
    reason: str


class Inquiry:
    """The questions about one unknown order.

    Finding the tag anywhere ends an inquiry at once, elsewhere. Not finding it proves something
    only after a quiet time without a gap in the hub: then two clean, complete searches without
    the tag and a position that our fills explain make the order absent. What is still open after
    ``give_up_s`` is a person's to look at; the asking goes on, slowly but
    for the search that completes a proof.

    Parameters
    ----------
    tag : Tag
        The order asked about.
    account_id : AccountId
        Where it was sent.
    since_ns : int
        Wall time from which to search, nanoseconds UTC.
    started_ns : int
        Monotonic moment from which the quiet time counts.
    """

    def __init__(
        self, tag: Tag, account_id: AccountId, since_ns: int, started_ns: int, timings: Timings
    ) -> None:
        self.tag = tag
        self.account_id = account_id
        self.since_ns = since_ns
        self._timings = timings
        self._started_ns = started_ns
        self._tries = 0
        self._clean = 0
        self._hub_since: int | None = None
        self._given_up = False
        self.next_ns = started_ns + ns(timings.search_backoff_s[0])

    def searched(
        self, asked_ns: int, now_ns: int, *, clean: bool, hub_since_ns: int | None
    ) -> None:
        """A search that was asked at ``asked_ns`` did not show the tag.

        Parameters
        ----------
        clean : bool
            Whether every page came.
        hub_since_ns : int or None
            Since when the user hub has been connected without a gap; None while it is not.
        """
        if hub_since_ns != self._hub_since:
            self._hub_since = hub_since_ns
            self._clean = 0
        if clean and hub_since_ns is not None:
            quiet_from = max(self._started_ns, hub_since_ns)
            if asked_ns >= quiet_from + ns(self._timings.quiet_s):
                self._clean += 1
        self._tries += 1
        self.next_ns = now_ns + ns(self._pause_s())

    @property
    def tries(self) -> int:
        """How often the venue was asked."""
        return self._tries

    @property
    def is_ripe(self) -> bool:
        """Whether the searches alone would prove it absent."""
        return self._clean >= CLEAN_NEEDED

    def verdict(self, now_ns: int, *, position_explained: bool) -> Verdict | None:
        """What the answers so far prove, or None."""
        if self.is_ripe and position_explained:
            return Verdict(
                IntentState.ABSENT,
                f"The venue was asked {self._tries} times over {self._age_s(now_ns):.0f} s and "
                "does not know it. It was not placed.",
            )
        if not self._given_up and now_ns - self._started_ns >= ns(self._timings.give_up_s):
            self._given_up = True
            why = (
                "the user hub was not connected without a gap"
                if not self.is_ripe
                else "the position moved in a way that no known trade explains"
            )
            return Verdict(
                IntentState.NEEDS_HUMAN,
                f"It could not be found out in {self._age_s(now_ns):.0f} s: {why}. Look at the "
                "venue's own page.",
            )
        return None

    def _pause_s(self) -> float:
        back_off = self._timings.search_backoff_s
        if self._given_up and not 0 < self._clean < CLEAN_NEEDED:
            return self._timings.search_slow_s
        return (
            back_off[self._tries] if self._tries < len(back_off) else self._timings.search_every_s
        )

    def _age_s(self, now_ns: int) -> float:
        return (now_ns - self._started_ns) / 1e9
