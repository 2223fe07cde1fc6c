"""A range of history to ask a venue for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec


class HistoryRange(NamedTuple):
    """Closed bars to ask the venue for: those that open in ``[start_ns, end_ns)``.

    Attributes
    ----------
    spec : BarSpec
        Size of the bars.
    start_ns : int or None
        First opening time; None leaves the depth to the caller.
    end_ns : int
        Bars that open at or after this time are not wanted.
    """

    spec: BarSpec
    start_ns: int | None
    end_ns: int
