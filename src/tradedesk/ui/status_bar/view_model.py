"""What the status bar says. Colours come from the age of data, not from the state of a socket."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tradedesk.ui import words
from tradedesk.ui.frame_stats import LATE_MS, STALL_MS
from tradedesk.ui.readiness import STALE_AFTER_MS

if TYPE_CHECKING:
    from tradedesk.domain.events import HealthSampled
    from tradedesk.ui.frame_stats import FrameStats
    from tradedesk.ui.ports import LinkStatus

TRADES_OLD_MS = 10_000.0
FRAMES_OLD_MS = LATE_MS
"""One frame in a hundred is so late that movement is seen to stutter."""
FRAMES_BAD_MS = STALL_MS
WORK_OLD_MS = 8.0
"""Half of a frame at 60 a second: the other half is for what comes unexpected."""
PAUSE_BAD_MS = 500.0
STALL_OLD_MS = 10_000.0
"""So long a stall is shown as news."""
USER_OLD_MS = 20_000.0
"""The user hub pings every 15 s; longer silence is suspicious."""
USER_BAD_MS = 45_000.0
REST_OLD_MS = 60_000.0
REST_SLOW_MS = 1_000.0
SKEW_OLD_MS = 500.0
SKEW_BAD_MS = 5_000.0
SKEW_SECONDS_MS = 10_000.0
"""From here on seconds say enough."""
OTHER_DAY_MS = 3_600_000.0
SAMPLE_OLD_NS = 5_000_000_000
"""The executor samples once a second; without one for so long, its figures are old as well."""


class Health(Enum):
    """How good something is."""

    NONE = "none"
    GOOD = "good"
    OLD = "old"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Entry:
    """A dot and its words."""

    health: Health
    text: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything in the bar."""

    entries: tuple[tuple[str, Entry], ...]
    venue: str
    clock: str
    details: tuple[tuple[str, str], ...] = ()


def trades_entry(age_ms: float | None, link: LinkStatus, *, stale: bool) -> Entry:
    """Age of the newest trade of the contract on the chart; a pause is old when all is stale."""
    tip = "Age of the newest trade of this contract; a quiet market has long pauses"
    return _market("Trades", age_ms, STALE_AFTER_MS if stale else TRADES_OLD_MS, link, tip)


def quotes_entry(age_ms: float | None, link: LinkStatus) -> Entry:
    """Age of its newest bid and ask."""
    tip = "Age of the newest bid and ask of this contract"
    return _market("Quotes", age_ms, STALE_AFTER_MS, link, tip)


def _market(name: str, age_ms: float | None, old_ms: float, link: LinkStatus, tip: str) -> Entry:
    tip = tip if link.connected else link.detail or "The market hub is not connected"
    bad = Health.OLD if link.connected else Health.BAD
    if age_ms is None:
        return Entry(Health.NONE if link.connected else Health.BAD, f"{name} {words.NONE}", tip)
    return Entry(bad if age_ms > old_ms else Health.GOOD, f"{name} {words.age(age_ms)}", tip)


WINDOW_TIP = (
    "Frames a second · median work of one · the distance that 1 in 100 exceeds · stalls, which are "
    f"pauses of more than {STALL_MS:.0f} ms.\n"
    f"Amber: p99 above {FRAMES_OLD_MS:.0f} ms, work above {WORK_OLD_MS:.0f} ms, or a stall in the "
    f"last {STALL_OLD_MS / 1_000:.0f} s.\n"
    f"Red: p99 above {FRAMES_BAD_MS:.0f} ms, or a pause above {PAUSE_BAD_MS:.0f} ms among the last "
    "600 frames.\nClick for the histogram, the longest stalls and the stress test."
)


def window_entry(stats: FrameStats) -> Entry:
    """How evenly this window shows what is new."""
    if not stats.fps:
        return Entry(Health.NONE, f"{words.NONE} fps", WINDOW_TIP)
    text = f"{stats.fps:.0f} fps · {stats.work_ms:.1f} ms · p99 {_pause(stats.p99_ms)}"
    if stats.stall_age_ms is not None:
        number = "1 stall" if stats.stalls == 1 else f"{stats.stalls:,} stalls"
        text += f" · {number}, {words.age(stats.stall_age_ms)}"
    return Entry(_evenness(stats), text, WINDOW_TIP)


def _pause(value_ms: float) -> str:
    return f"{value_ms:.0f} ms" if value_ms < 1_000 else words.age(value_ms)


def _evenness(stats: FrameStats) -> Health:
    if stats.p99_ms > FRAMES_BAD_MS or stats.worst_ms > PAUSE_BAD_MS:
        return Health.BAD
    fresh = stats.stall_age_ms is not None and stats.stall_age_ms <= STALL_OLD_MS
    late = stats.p99_ms > FRAMES_OLD_MS or stats.work_ms > WORK_OLD_MS
    return Health.OLD if late or fresh else Health.GOOD


def details(sample: HealthSampled | None) -> tuple[tuple[str, str], ...]:
    """What the bar has no room for: a name and a sentence each."""
    skew = sample.clock_skew_ms if sample is not None else None
    left = sample.calls_left if sample is not None else None
    if skew is None:
        clock = "not measured yet"
    else:
        way = "ahead of" if skew >= 0 else "behind"
        clock = f"{abs(skew):,.0f} ms {way} this machine's, by its answers"
    calls = "not known yet" if left is None else f"{left} in this minute; exits have their own"
    return (("Venue's clock", clock), ("Calls left for entries", calls))


def health_entries(
    sample: HealthSampled | None, sample_age_ns: int
) -> tuple[tuple[str, Entry], ...]:
    """User hub and REST, moved on by how old the sample is."""
    if sample is None:
        none = Health.NONE
        return (
            ("user", Entry(none, "User hub —")),
            ("rest", Entry(none, "REST —")),
        )
    since_ms = sample_age_ns / 1_000_000
    silent = sample_age_ns > SAMPLE_OLD_NS
    note = f"No word from the executor for {words.age(since_ms)}" if silent else ""
    return (
        ("user", _user(sample, since_ms, note)),
        ("rest", _rest(sample, since_ms, note)),
    )


def _user(sample: HealthSampled, since_ms: float, note: str) -> Entry:
    age_ms = sample.user_hub_age_ms
    if age_ms is None:
        return Entry(Health.BAD, "User hub —", note or "Orders and fills are not heard")
    age_ms += since_ms
    tip = note or "Age of the last record of the user hub; it pings every 15 s"
    if not sample.user_hub_connected or age_ms > USER_BAD_MS:
        return Entry(Health.BAD, f"User hub {words.age(age_ms)} lost", tip)
    health = Health.OLD if note or age_ms > USER_OLD_MS else Health.GOOD
    return Entry(health, f"User hub {words.age(age_ms)}", tip)


def _rest(sample: HealthSampled, since_ms: float, note: str) -> Entry:
    p50, p99 = sample.rest_p50_ms, sample.rest_p99_ms
    if p50 is None or p99 is None:
        return Entry(Health.NONE, "REST —", note)
    old = note or p99 > REST_SLOW_MS or (sample.rest_age_ms or 0) + since_ms > REST_OLD_MS
    tip = note or (
        f"Round trips, median and p99; the last one was {words.age(sample.rest_age_ms)} ago"
    )
    return Entry(Health.OLD if old else Health.GOOD, f"REST {p50:,.0f} / {p99:,.0f} ms", tip)


def clock_entry(skew_ms: float | None, market_ns: int) -> Entry:
    """How far the venue's clock is from ours; a practice venue may live on another day."""
    if skew_ms is None:
        return Entry(Health.NONE, "Clock —", "Shown with the first quote")
    if abs(skew_ms) > OTHER_DAY_MS:
        tip = "The venue lives at another time: it plays a recording, or was started at one"
        return Entry(Health.OLD, words.day(market_ns), tip)
    sign = words.MINUS if skew_ms < -0.5 else "+"
    health = Health.GOOD
    if abs(skew_ms) > SKEW_OLD_MS:
        health = Health.BAD if abs(skew_ms) > SKEW_BAD_MS else Health.OLD
    tip = "Venue's clock against this machine's, by the stamps of quotes and trades"
    if abs(skew_ms) < SKEW_SECONDS_MS:
        return Entry(health, f"Clock {sign}{abs(skew_ms):,.0f} ms", tip)
    return Entry(health, f"Clock {sign}{abs(skew_ms) / 1_000:,.0f} s", tip)
