"""What is told of frames, against plain lists of the same frames."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.ui.frame_log import REPORTED_NS, ROWS, FrameLog
from tradedesk.ui.frame_stats import EDGES_MS, FrameReport, Sample

MS = 1_000_000
frames = st.lists(
    st.tuples(st.integers(1, 400 * MS), st.integers(0, MS), st.integers(0, MS), st.integers(0, MS)),
    min_size=1,
    max_size=700,
)


def filled(rows: list[tuple[int, int, int, int]]) -> tuple[FrameLog, int]:
    log, at = FrameLog(), 1_000 * MS
    log.add(at, 0, 0, 0)
    for distance, intake, model, paint in rows:
        at += distance
        log.add(at, intake, model, paint)
    return log, at


@given(frames)
def test_figures_are_those_of_the_last_frames(rows: list[tuple[int, int, int, int]]) -> None:
    log, at = filled(rows)
    found = log.stats(at + 7 * MS)
    short, long = rows[-240:], sorted(distance for distance, *_ in rows[-600:])
    assert found.fps == pytest.approx(len(short) * 1e9 / sum(row[0] for row in short))
    assert found.work_ms == pytest.approx(statistics.median(sum(row[1:]) for row in short) / MS)
    assert found.worst_ms == long[-1] / MS
    beyond = sum(distance / MS > found.p99_ms for distance in long)
    assert beyond <= len(long) / 100 < sum(distance / MS >= found.p99_ms for distance in long)
    stalls = [row[0] for row in rows if row[0] > 50 * MS]
    assert found.stalls == len(stalls)
    assert (found.stall_age_ms is None) == (not stalls)


@given(frames)
def test_a_report_is_that_of_the_last_minutes(rows: list[tuple[int, int, int, int]]) -> None:
    log, at = filled(rows)
    moments, moment = [], 1_000 * MS
    for distance, *_ in rows:
        moment += distance
        moments.append(moment)
    now = at + REPORTED_NS // 1_000
    recent = [row for row, when in zip(rows, moments, strict=True) if when >= now - REPORTED_NS]
    found = log.report(now)
    counts = [0] * (len(EDGES_MS) + 1)
    for distance, *_ in recent:
        counts[sum(distance / MS > edge for edge in EDGES_MS)] += 1
    assert found.counts == tuple(counts)
    assert found.frames == len(recent)
    assert found.span_ms == pytest.approx(sum(row[0] for row in recent) / MS)
    for part, (median, _) in enumerate(found.parts_ms, 1):
        assert median == pytest.approx(statistics.median(row[part] for row in recent) / MS)
    longest = sorted((row[0] / MS for row in recent if row[0] > 50 * MS), reverse=True)
    kept = [stall.distance_ms for stall in found.stalls]
    assert len(kept) == min(20, len(longest))
    if len(longest) <= 200:
        assert kept == longest[:20]


def test_only_so_many_frames_are_kept() -> None:
    log = FrameLog()
    for at in range(ROWS + 5_000):
        log.add(at * 2 * MS, 0, 0, at)
    found = log.report((ROWS + 5_000) * 2 * MS)
    assert found.frames == ROWS
    assert found.counts == (ROWS, *(0 for _ in EDGES_MS))


def test_a_pause_is_no_stall() -> None:
    log = FrameLog()
    log.add(0, 0, 0, 0)
    log.add(16 * MS, 0, 0, 0)
    log.pause()
    assert log.stats(20 * MS).fps == pytest.approx(62.5)
    assert not log.is_stall(9_000 * MS)
    log.begin()
    log.add(9_000 * MS, 0, 0, 0)
    assert log.stats(9_000 * MS).fps == 0
    log.add(9_020 * MS, 0, 0, 0)
    assert log.stats(9_020 * MS).fps == pytest.approx(50)
    assert log.stats(9_020 * MS).stalls == 0


def test_a_stall_keeps_what_was_seen() -> None:
    log = FrameLog()
    seen = (Sample(120.0, ("ui/chart/panel.py:1 refresh",)),)
    log.add(0, 0, 0, 0)
    assert log.is_stall(130 * MS)
    log.add(130 * MS, 10 * MS, 20 * MS, 30 * MS, seen)
    (stall,) = log.report(200 * MS).stalls
    assert (stall.distance_ms, stall.parts_ms, stall.samples) == (130, (10, 20, 30), seen)
    assert log.stats(200 * MS).stall_age_ms == 70


def test_nothing_is_told_before_there_are_frames() -> None:
    log = FrameLog()
    assert log.stats(5).fps == 0
    assert log.report(5) == FrameReport()
