"""The limiter never exceeds a window, whatever comes in whatever rhythm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.clocks import FakeClock

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import NotSentError, RateLimitedError
from tradedesk.gateway.rest.limiter import ALWAYS, BAR_LANES, MARKET_SIDE_RESERVES, Lane, Limiter
from tradedesk.gateway.rest.window import SlidingWindow

GAPS = st.lists(st.integers(0, 3 * NS_PER_S), max_size=120)


@given(GAPS, st.integers(1, 9), st.integers(0, 8))
def test_a_window_agrees_with_counting_all_moments(
    gaps: list[int], limit: int, reserve: int
) -> None:
    reserve = min(reserve, limit - 1)
    window = SlidingWindow(limit, 10 * NS_PER_S)
    taken: list[int] = []
    now = 0
    for gap in gaps:
        now += gap
        inside = [moment for moment in taken if moment > now - 10 * NS_PER_S]
        wait_ns = window.wait_ns(now, reserve)
        assert (wait_ns == 0) == (len(inside) < limit - reserve)
        if wait_ns:
            then = now + wait_ns - 10 * NS_PER_S
            assert sum(moment > then for moment in inside) < limit - reserve
            assert sum(moment > then - 1 for moment in inside) >= limit - reserve
        else:
            window.add(now)
            taken.append(now)


@given(st.lists(st.tuples(st.sampled_from(list(Lane)), st.integers(0, NS_PER_S)), max_size=300))
def test_only_exits_and_sessions_may_exceed_the_general_window(
    steps: list[tuple[Lane, int]],
) -> None:
    clock = FakeClock()
    reserves = {Lane.STOP: 2, Lane.ENTRY: 5}
    limiter = Limiter(clock, general=20, reserves=reserves)
    general: list[int] = []
    for lane, gap in steps:
        clock.now_ns += gap
        if lane in (Lane.READ, Lane.SESSION, *BAR_LANES):
            continue
        inside = sum(moment > clock.now_ns - 60 * NS_PER_S for moment in general)
        room = 10**9 if lane in ALWAYS else 20 - reserves.get(lane, 0)
        try:
            limiter.take(lane)
        except NotSentError:
            assert inside >= room
        else:
            assert inside < room
            general.append(clock.now_ns)


async def test_reads_wait_and_keep_the_window() -> None:
    clock = FakeClock()
    limiter = Limiter(clock, clock.sleep, general=5, reserves={Lane.READ: 2})
    moments = []
    for _ in range(9):
        await limiter.wait(Lane.READ, clock.now_ns + 200 * NS_PER_S)
        moments.append(clock.now_ns)
    for earlier, later in zip(moments, moments[3:], strict=False):
        assert later - earlier >= 60 * NS_PER_S


async def test_a_read_does_not_wait_beyond_its_deadline() -> None:
    clock = FakeClock()
    limiter = Limiter(clock, clock.sleep, general=1, reserves={})
    await limiter.wait(Lane.READ, clock.now_ns)
    with pytest.raises(RateLimitedError) as caught:
        await limiter.wait(Lane.READ, clock.now_ns + 10 * NS_PER_S)
    assert caught.value.retry_after_s == 60
    assert clock.slept == []


async def test_history_has_a_window_of_its_own() -> None:
    clock = FakeClock()
    limiter = Limiter(clock, clock.sleep)
    for _ in range(47):
        await limiter.wait(Lane.HISTORY, clock.now_ns)
    with pytest.raises(RateLimitedError):
        await limiter.wait(Lane.HISTORY, clock.now_ns + 29 * NS_PER_S)
    await limiter.wait(Lane.READ, clock.now_ns)
    limiter.take(Lane.ENTRY)
    await limiter.wait(Lane.HISTORY, clock.now_ns + 30 * NS_PER_S)
    assert clock.slept == [30]


async def test_bars_of_long_ago_leave_room_for_those_a_chart_begins_with() -> None:
    clock = FakeClock()
    limiter = Limiter(clock, clock.sleep, reserves=MARKET_SIDE_RESERVES)
    for _ in range(30):
        await limiter.wait(Lane.PAST, clock.now_ns)
    with pytest.raises(RateLimitedError):
        await limiter.wait(Lane.PAST, clock.now_ns + 29 * NS_PER_S)
    for _ in range(17):
        await limiter.wait(Lane.HISTORY, clock.now_ns)
    assert clock.slept == []


@pytest.mark.parametrize(("asked_s", "closed_s"), [(None, 60), (5.0, 5)])
def test_entries_stay_closed_as_long_as_the_venue_asked(
    asked_s: float | None, closed_s: int
) -> None:
    clock = FakeClock()
    limiter = Limiter(clock)
    limiter.close_entries(asked_s)
    limiter.close_entries(1.0)
    limiter.take(Lane.STOP)
    limiter.take(Lane.EXIT)
    clock.advance(closed_s - 0.5)
    with pytest.raises(NotSentError, match="closed"):
        limiter.take(Lane.ENTRY)
    clock.advance(0.5)
    limiter.take(Lane.ENTRY)
