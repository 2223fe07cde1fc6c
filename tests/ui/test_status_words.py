"""Words of the status bar: how far the venue's clock is from ours, and which venue it is."""

from __future__ import annotations

import pytest

from tradedesk.app.practice_process import PracticeOptions
from tradedesk.app.session import SessionOptions
from tradedesk.ui.status_bar.view_model import Health, clock_entry

MAY_2024_NS = 1_715_176_800 * 10**9
"""14:00 UTC on 8 May 2024."""


@pytest.mark.parametrize(
    ("skew_ms", "text", "health"),
    [
        (None, "Clock —", Health.NONE),
        (0.3, "Clock +0 ms", Health.GOOD),
        (-420.0, "Clock \N{MINUS SIGN}420 ms", Health.GOOD),
        (1_234.0, "Clock +1,234 ms", Health.OLD),
        (-9_999.0, "Clock \N{MINUS SIGN}9,999 ms", Health.BAD),
        (201_784.0, "Clock +202 s", Health.BAD),
        (3_599_000.0, "Clock +3,599 s", Health.BAD),
        (-8.0e10, "8 May 2024", Health.OLD),
    ],
)
def test_the_clock_is_told_in_words_that_fit(
    skew_ms: float | None, text: str, health: Health
) -> None:
    entry = clock_entry(skew_ms, MAY_2024_NS)
    assert (entry.text, entry.health) == (text, health)


def test_a_practice_venue_says_what_it_plays_and_how_fast() -> None:
    def note(**options: object) -> str:
        return SessionOptions(practice=PracticeOptions(**options)).note  # type: ignore[arg-type]

    assert note(seed=7) == "Practice venue · seed 7"
    assert note(seed=7, speed=20.0) == "Practice venue · seed 7 ×20"
    assert note(replay="x.dbn", speed=2.5) == "Practice venue · replay ×2.5"
    assert SessionOptions(venue="topstepx").note == "topstepx"
