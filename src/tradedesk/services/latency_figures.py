"""What the kept latencies add up to: by step, by kind, by hour, for a period."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from math import log
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S
from tradedesk.services.latency import percentile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.domain.latency import LatencyRecord

SHARES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0))
KINDS = ("place", "modify", "cancel", "close")
BINS = 40


class Period(StrEnum):
    """How far back."""

    TODAY = "today"
    WEEK = "week"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Spread:
    """Exact percentiles of some milliseconds, in the order of ``SHARES``; None of nothing."""

    count: int
    values: tuple[float | None, ...]

    def is_firm(self, index: int) -> bool:
        """Whether so many values back this percentile that it is not simply the largest one."""
        share = SHARES[index][1]
        return share >= 1.0 or self.count * (1.0 - share) >= 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """One named spread; ``owner`` says whose time it is."""

    name: str
    owner: str
    spread: Spread


@dataclass(frozen=True, slots=True)
class LogBins:
    """Counts in bins of equal width on a logarithmic axis."""

    low_ms: float
    high_ms: float
    counts: tuple[int, ...]

    def place(self, value_ms: float) -> float:
        """Where a value stands on the axis, 0 to 1."""
        if self.high_ms <= self.low_ms:
            return 0.5
        return log(value_ms / self.low_ms) / log(self.high_ms / self.low_ms)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything about one choice of records."""

    count: int
    steps: tuple[Line, ...]
    kinds: tuple[Line, ...]
    hours: tuple[Spread, ...]
    """Click to answer by the hour of the day, 24 of them."""
    replies: LogBins


_STEPS: tuple[tuple[str, str, Callable[[LatencyRecord], tuple[int | None, int | None]]], ...] = (
    ("Click to wire", "this desk", lambda r: (0, r.written)),
    ("Wire to answer", "network and venue", lambda r: (r.written, r.reply)),
    ("Answer to screen", "this desk", lambda r: (r.reply, r.shown)),
    ("Click to answer", "all of it", lambda r: (0, r.reply)),
    ("Wire to hub echo", "network and venue", lambda r: (r.written, r.hub_echo)),
    ("Wire to fill", "market orders", lambda r: (r.written, r.fill)),
)


def chosen(
    records: Sequence[LatencyRecord],
    period: Period,
    kind: str,
    now_ns: int,
    zone: tzinfo | None = None,
) -> list[LatencyRecord]:
    """Records of a period and of a kind, or of every kind if it is empty.

    Parameters
    ----------
    now_ns : int
        Wall time.
    zone : tzinfo or None
        Whose midnight begins a day; the machine's own if None.
    """
    since_ns = _since_ns(period, now_ns, zone)
    return [one for one in records if one.wall_ns >= since_ns and (not kind or one.kind == kind)]


def figures(records: Sequence[LatencyRecord], zone: tzinfo | None = None) -> Figures:
    """Add up records."""
    replies = _took(records, lambda r: (0, r.reply))
    by_hour: dict[int, list[LatencyRecord]] = defaultdict(list)
    for record in records:
        by_hour[_moment(record.wall_ns, zone).hour].append(record)
    return Figures(
        count=len(records),
        steps=tuple(
            Line(name, owner, spread(_took(records, step))) for name, owner, step in _STEPS
        ),
        kinds=tuple(
            Line(
                kind.capitalize(),
                "",
                spread(_took([r for r in records if r.kind == kind], lambda r: (0, r.reply))),
            )
            for kind in KINDS
        ),
        hours=tuple(
            spread(_took(by_hour.get(hour, []), lambda r: (0, r.reply))) for hour in range(24)
        ),
        replies=log_bins(replies),
    )


def spread(values_ms: Sequence[float]) -> Spread:
    """Percentiles of some milliseconds."""
    ordered = sorted(values_ms)
    return Spread(len(ordered), tuple(percentile(ordered, share) for _, share in SHARES))


def log_bins(values_ms: Sequence[float], bins: int = BINS) -> LogBins:
    """Count values in bins that grow by the same factor; every value falls into one."""
    positive = [max(value, 0.001) for value in values_ms]
    if not positive:
        return LogBins(0.0, 0.0, (0,) * bins)
    # a little room, so that one value alone stands in the middle of an axis
    found = LogBins(min(positive) / 1.1, max(positive) * 1.1, ())
    counts = [0] * bins
    for value in positive:
        counts[min(int(found.place(value) * bins), bins - 1)] += 1
    return LogBins(found.low_ms, found.high_ms, tuple(counts))


def _took(
    records: Sequence[LatencyRecord],
    step: Callable[[LatencyRecord], tuple[int | None, int | None]],
) -> list[float]:
    pairs = map(step, records)
    return [
        (end - start) / NS_PER_MS for start, end in pairs if start is not None and end is not None
    ]


def _since_ns(period: Period, now_ns: int, zone: tzinfo | None) -> int:
    if period is Period.ALL:
        return 0
    midnight = _moment(now_ns, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.WEEK:
        midnight -= timedelta(days=6)
    return int(midnight.timestamp()) * NS_PER_S


def _moment(wall_ns: int, zone: tzinfo | None) -> datetime:
    moment = datetime.fromtimestamp(wall_ns // NS_PER_S, UTC)
    return moment.astimezone(zone)
