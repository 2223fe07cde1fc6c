"""What charts ask of a venue's history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.clock import NS_PER_S

if TYPE_CHECKING:
    from tradedesk.engine import Bars, HistoryRange

_DAY_NS = 86_400 * NS_PER_S
_LONGEST_MONTH_NS = 31 * _DAY_NS
_DEPTH = {BarUnit.HOUR: 2_000, BarUnit.DAY: 500, BarUnit.WEEK: 200, BarUnit.MONTH: 60}
_DEFAULT_DEPTH = 5_000
_MOST = 20_000


class HistoryRequest(NamedTuple):
    """What to ask the venue for; times are UTC nanoseconds, ``end_ns`` exclusive.

    Others go before one that is ``patient``.
    """

    spec: BarSpec
    start_ns: int
    end_ns: int
    limit: int
    partial: bool
    patient: bool = False


def depth_of(spec: BarSpec) -> int:
    """Bars that fill a chart."""
    return _DEPTH.get(spec.unit, _DEFAULT_DEPTH)


def first_look(spec: BarSpec, market_ns: int) -> HistoryRequest:
    """Ask for enough bars to fill a chart, up to the one that is forming."""
    depth = depth_of(spec)
    start = max(0, market_ns - _span_of(spec, depth))
    return HistoryRequest(spec, start, market_ns + 60 * NS_PER_S, depth, partial=True)


def older_look(spec: BarSpec, oldest_ns: int, count: int, reach_ns: int) -> HistoryRequest:
    """Ask for `count` bars in front of the one that opens at `oldest_ns`.

    The window is as long as so many bars need, and at least `reach_ns`.
    """
    start = max(0, oldest_ns - max(reach_ns, _span_of(spec, count)))
    # Asked for whole bars only, the newest might be left out by a clock that is behind.
    return HistoryRequest(spec, start, oldest_ns, count, partial=True, patient=True)


def _span_of(spec: BarSpec, count: int) -> int:
    # Markets are closed on weekends, so a span of wall time holds fewer bars.
    return 2 * count * (spec.period_ns or _LONGEST_MONTH_NS) + 3 * _DAY_NS


def part_of_join(wanted: HistoryRange, known: Bars) -> HistoryRequest:
    """Ask for one range of a stitcher; of the deep one only what `known` does not have for good."""
    start = wanted.start_ns
    if start is None:
        # The older bars are known from the first look; only what was forming then may differ.
        start = int(known.ts_ns[-2]) if len(known) > 1 else 0
    period = wanted.spec.period_ns or _LONGEST_MONTH_NS
    limit = min(_MOST, max(1, (wanted.end_ns - start) // period) + 10)
    return HistoryRequest(wanted.spec, start, wanted.end_ns, limit, partial=False)
