"""A stitched series in trading hours: mended afterwards, and asked whether its bar is done."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import DAY, MINUTE, SECOND, TIME_SPECS, batch_of
from tests.engine.naive_hours import KNOWN, RTH, naive_hour_bars, tapes_in
from tests.engine.test_stitcher import Venue
from tests.engine.test_trading_hours import at

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import BarSeries, LiveBars, Stitcher


@given(st.data(), st.sampled_from(sorted(KNOWN)), st.sampled_from(TIME_SPECS))
def test_bars_made_anew_are_those_of_the_mended_tape(
    data: st.DataObject, name: str, spec: BarSpec
) -> None:
    """Any live trade behind the boundary is taken out, wherever the market was closed."""
    hours = KNOWN[name]
    tape = data.draw(tapes_in(hours, max_size=25).filter(len))
    subscribed = data.draw(st.integers(0, len(tape) - 1))
    stitcher = Stitcher(spec, hours)
    stitcher.absorb(batch_of(tape[subscribed:]))
    late = tape[-1][0] + DAY
    first, *rest = stitcher.history_request()
    venue = Venue(tape, 0)
    parts = [Venue(tape, hours).bars(first, late), *(venue.bars(one, late) for one in rest)]
    series = BarSeries(stitcher.splice(parts))
    boundary = stitcher.boundary_ns
    assert boundary is not None
    behind = [row for row in range(subscribed, len(tape)) if tape[row][0] >= boundary]
    busted = set(data.draw(st.lists(st.sampled_from(behind), max_size=3))) if behind else set()
    mended = [trade for row, trade in enumerate(tape) if row not in busted]
    live = [trade for row, trade in enumerate(tape) if row not in busted and row >= subscribed]
    bars, opens_ns = stitcher.remake(batch_of(live))
    assert opens_ns is not None
    kept = [bar for bar in series.bars if bar.ts_ns < opens_ns]
    made = [bar[:6] for bar in itertools.chain(kept, bars)]
    assert made == [bar[:6] for bar in naive_hour_bars(mended, spec, hours)]


@pytest.mark.parametrize(
    ("text", "traded", "closes"),
    [
        ("1m", "2026-05-14T14:58:10", "2026-05-14T14:59"),
        ("1h", "2026-05-14T14:58:10", "2026-05-14T15:00"),
        ("4h", "2026-05-15T13:00", "2026-05-15T15:00"),
        ("1d", "2026-11-27T10:00", "2026-11-27T12:15"),
        ("1w", "2026-05-13T10:00", "2026-05-15T15:00"),
        ("1mo", "2026-05-13T10:00", "2026-05-29T15:00"),
    ],
)
def test_a_bar_is_done_at_the_close_and_not_at_the_next_opening(
    text: str, traded: str, closes: str
) -> None:
    spec = BarSpec.parse(text)
    stitcher = Stitcher(spec, RTH)
    live = LiveBars([spec], RTH)
    assert not stitcher.is_forming()
    batch = batch_of([(at(traded), 5, 1, 0)])
    stitcher.absorb(batch)
    live.absorb(batch)
    for forming in (stitcher.is_forming, lambda now_ns: live.is_forming(spec, now_ns)):
        assert forming(None)
        assert forming(at(traded) + SECOND)
        assert forming(at(closes) - 1)
        assert not forming(at(closes))


def test_before_the_first_known_session_no_bar_is_forming() -> None:
    stitcher = Stitcher(BarSpec.parse("1m"), RTH)
    early = int(RTH.opens_ns[0]) - MINUTE
    stitcher.absorb(batch_of([(early, 5, 1, 0)]))
    assert not stitcher.is_forming()
    assert not stitcher.is_forming(early + 1)
    stitcher.absorb(batch_of([(early + MINUTE, 5, 1, 0)]))
    assert stitcher.is_forming(early + MINUTE)
