"""What the sheet of frames says, and what its copy button gives. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S
from tradedesk.ui import words
from tradedesk.ui.frame_stats import LOOKED_INTO_MS, PARTS, STALL_MS, FrameReport, FrameStats
from tradedesk.ui.meter.histogram import names

if TYPE_CHECKING:
    from tradedesk.services.stress.figures import StressFigures
    from tradedesk.ui.frame_stats import Stall

SHOWN: Final = 4
"""Stalls in the sheet; the copy has all that are known."""
_PARTS: Final = {
    "intake": "Market intake",
    "model": "Model and figures",
    "paint": "Painting",
}
_OURS: Final = ("app/", "domain/", "engine/", "gateway/", "services/", "store/", "trading/", "ui/")
"""Rooms of this program; a library's function is named where none of ours called it."""
_LOOPS: Final = ("app/gui/loop.py", "ui/frame_clock.py", "qasync/", "asyncio/")
"""Files that only run what the window does."""
OFF: Final = "off"


@dataclass(frozen=True, slots=True)
class StallLine:
    """One stall: when, how long, what was done, and the same at length."""

    when: str
    long: str
    doing: str
    tip: str


@dataclass(frozen=True, slots=True)
class MeterView:
    """Everything in the sheet."""

    figures: tuple[tuple[str, str], ...]
    span: str
    counts: tuple[int, ...]
    parts: tuple[tuple[str, str, str], ...]
    stalls: tuple[StallLine, ...]
    stress: tuple[tuple[str, str], ...]
    stress_note: str


def meter_view(
    stats: FrameStats,
    report: FrameReport,
    stress: StressFigures | None,
    wall_of_mono_ns: int,
) -> MeterView:
    """Put all of it into words.

    Parameters
    ----------
    stats, report : FrameStats, FrameReport
        Of the frame clock.
    stress : StressFigures or None
        None while the test is off.
    wall_of_mono_ns : int
        Wall time minus monotonic time, nanoseconds.
    """
    return MeterView(
        figures=(
            ("Frames a second", f"{stats.fps:.0f}"),
            ("Work, median", words.milliseconds(stats.work_ms)),
            ("Distance, p99", words.milliseconds(stats.p99_ms)),
            ("Longest pause", words.milliseconds(stats.worst_ms)),
            ("Stalls", f"{stats.stalls:,}"),
        ),
        span=f"{report.frames:,} frames in {words.duration(int(report.span_ms * NS_PER_MS))}",
        counts=report.counts,
        parts=tuple(
            (_PARTS[name], words.milliseconds(p50), words.milliseconds(p99))
            for name, (p50, p99) in zip(PARTS, report.parts_ms, strict=True)
        ),
        stalls=tuple(stall_line(x, wall_of_mono_ns) for x in report.stalls[:SHOWN]),
        stress=() if stress is None else stress_figures(stress, stats),
        stress_note=stress_note(stress),
    )


def stall_line(stall: Stall, wall_of_mono_ns: int) -> StallLine:
    """When it ended, how long it was, and the innermost function that was at work."""
    parts = (
        f"{_PARTS[n].lower()} {ms:.0f} ms" for n, ms in zip(PARTS, stall.parts_ms, strict=True)
    )
    spent = ", ".join(parts)
    looks = [
        f"{sample.late_ms:.0f} ms late, innermost first:\n  " + "\n  ".join(sample.stack)
        for sample in stall.samples
    ]
    return StallLine(
        when=words.clock(stall.at_ns + wall_of_mono_ns),
        long=words.milliseconds(stall.distance_ms),
        doing=doing(stall),
        tip="\n".join((f"In this frame: {spent}", *looks)),
    )


def doing(stall: Stall) -> str:
    """What the window was doing, in a few words."""
    for sample in stall.samples:
        at_work = [line for line in sample.stack if not line.startswith(_LOOPS)]
        ours = [line for line in at_work if line.startswith(_OURS)]
        if at_work:
            return (ours or at_work)[0]
    if stall.samples:
        return "nothing of ours: waiting for its turn, or for the system"
    name, spent = max(zip(PARTS, stall.parts_ms, strict=True), key=lambda part: part[1])
    if spent < stall.distance_ms / 3:
        short = stall.distance_ms < 2 * LOOKED_INTO_MS
        return "too short to be looked into" if short else "unknown: nothing got its turn"
    return f"mostly {_PARTS[name].lower()}, {spent:.0f} ms"


def stress_figures(now: StressFigures, stats: FrameStats) -> tuple[tuple[str, str], ...]:
    """The live figures of the test."""
    return (
        ("Events a second", f"{now.delivered:,.0f}"),
        ("Waiting, most", f"{now.most_queued:,}"),
        ("To the bars, p50", microseconds(now.p50_us)),
        ("To the bars, p99", microseconds(now.p99_us)),
        ("Frames a second", f"{stats.fps:.0f}"),
    )


def stress_note(now: StressFigures | None) -> str:
    """What the test is while it is off, and how it stands while it is on."""
    if now is None:
        return (
            "Made-up trades and quotes of a contract called STRESS take the way of the market: "
            "thread, queue, tape, bars, chart. Entries are off, nothing is sent to the venue, and "
            "it ends by itself after 10 minutes."
        )
    missing = f" {now.left_out:,} were left out." if now.left_out else ""
    return (
        f"{now.taken:,} events taken in.{missing} The newest {now.kept:,} trades are in memory; "
        f"older ones live on in bars. Ends in {words.duration(now.left_ns)}."
    )


def microseconds(value: float | None) -> str:
    """A short time: ``148 µs``, ``2.4 ms``."""
    if value is None:
        return words.NONE
    return f"{value:.0f} µs" if value < 1_000 else words.milliseconds(value / 1_000)


def band_text(rate: int, left_ns: int) -> str:
    """How the test stands, for the band over the chart."""
    left = left_ns // NS_PER_S
    return f"{rate:,} events a second · ends in {left // 60}:{left % 60:02}"


def report_text(stats: FrameStats, report: FrameReport, view: MeterView, offset_ns: int) -> str:
    """All of it as text, for a message to whoever is to mend it."""
    lines = ["tradedesk: frames and stalls", view.span]
    lines += [f"{name}: {value}" for name, value in view.figures]
    lines += ["", "Distances between frames (ms: frames)"]
    lines += [f"{name}: {n:,}" for name, n in zip(names(), view.counts, strict=True)]
    lines += ["", "Work of a frame (median, p99)"]
    lines += [f"{name}: {p50}, {p99}" for name, p50, p99 in view.parts]
    lines += ["", f"Longest stalls (more than {STALL_MS:.0f} ms), {stats.stalls:,} in all"]
    for stall in report.stalls:
        line = stall_line(stall, offset_ns)
        lines += [f"{line.when} {line.long}: {line.doing}", line.tip]
    if view.stress:
        lines += ["", "Stress test", *(f"{name}: {value}" for name, value in view.stress)]
        lines.append(view.stress_note)
    return "\n".join(lines) + "\n"
