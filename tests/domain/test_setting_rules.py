"""Rules from settings, their bounds, and which of two is stricter."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.errors import InputError
from tradedesk.domain.safety import CoverPolicy, CoverRules, RiskRules, TradingRules
from tradedesk.domain.session import moment_in_session_ns, session_end_ns, session_start_ns
from tradedesk.domain.setting_rules import (
    check_rules,
    loosened,
    minutes_of,
    rules_of,
    stricter,
)
from tradedesk.domain.settings import Settings, check_settings
from tradedesk.domain.wall_words import time_left, wall_words

NS = 10**9
MONEY = st.none() | st.integers(1, 10**6).map(Decimal)
TIMES = st.just("") | st.integers(0, 17 * 60 - 1).map(lambda m: f"{m // 60:02}:{m % 60:02}")
RULES = st.builds(
    TradingRules,
    risk=st.builds(
        RiskRules,
        max_order_size=st.integers(1, 100),
        max_position_size=st.integers(1, 1_000),
        price_band_percent=st.integers(1, 50),
        min_bracket_ticks=st.integers(1, 100),
        max_click_age_s=st.integers(1, 60).map(float),
        repeat_guard_ms=st.integers(0, 5_000),
        orders_per_10_s=st.integers(0, 1_000),
        daily_loss=MONEY,
        daily_profit=MONEY,
        flatten_at_limit=st.booleans(),
        flat_at=TIMES,
    ),
    cover=st.builds(
        CoverRules,
        bracketed=st.sampled_from(CoverPolicy),
        unbracketed=st.sampled_from(CoverPolicy),
        alarm_after_s=st.floats(0.5, 60),
        act_after_s=st.floats(0.5, 60),
        confirm_s=st.floats(0.5, 60),
        stop_ticks=st.integers(1, 10_000),
    ),
)


@given(RULES, RULES)
def test_the_stricter_of_two_loosens_neither_and_is_made_of_them(
    kept: TradingRules, asked: TradingRules
) -> None:
    both = stricter(kept, asked)
    assert loosened(kept, both) == ()
    assert loosened(asked, both) == ()
    assert stricter(both, kept) == both
    for part in ("risk", "cover"):
        for name, value in msgspec.structs.asdict(getattr(both, part)).items():
            assert value in {getattr(getattr(one, part), name) for one in (kept, asked)}
    assert (loosened(kept, asked) == ()) is (both == asked)


@given(RULES)
def test_rules_in_bounds_have_nothing_wrong(rules: TradingRules) -> None:
    assert check_rules(rules) == ()


def test_every_rule_has_its_order() -> None:
    """A rule that is added and forgotten in the tables would become loose during a lock."""
    for part, other in (
        ("risk", RiskRules(max_order_size=1)),
        ("cover", CoverRules(stop_ticks=1)),
    ):
        names = set(msgspec.structs.asdict(other))
        found = set()
        for name in names:
            for value in (0, 1, 10**6, True, False, "", "00:01", "16:59", Decimal(1), *CoverPolicy):
                try:
                    changed = msgspec.structs.replace(
                        TradingRules(), **{part: msgspec.structs.replace(other, **{name: value})}
                    )
                    base = msgspec.structs.replace(TradingRules(), **{part: other})
                    if loosened(base, changed) or loosened(changed, base):
                        found.add(name)
                except (TypeError, KeyError, ValueError, AttributeError):
                    continue
        assert found == names


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"daily_loss": Decimal(500)}, {"daily_loss": None}),
        ({"daily_loss": Decimal(500)}, {"daily_loss": Decimal(501)}),
        ({"orders_per_10_s": 5}, {"orders_per_10_s": 0}),
        ({"repeat_guard_ms": 250}, {"repeat_guard_ms": 0}),
        ({"min_bracket_ticks": 8}, {"min_bracket_ticks": 4}),
        ({"flat_at": "15:05"}, {"flat_at": ""}),
        ({"flat_at": "15:05"}, {"flat_at": "15:06"}),
        ({"flatten_at_limit": True}, {"flatten_at_limit": False}),
    ],
)
def test_what_is_looser(old: dict[str, object], new: dict[str, object]) -> None:
    before = TradingRules(risk=RiskRules(**old))  # type: ignore[arg-type]
    after = TradingRules(risk=RiskRules(**new))  # type: ignore[arg-type]
    assert loosened(before, after) == tuple(old)
    assert loosened(after, before) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"alarm_after_s": 2.0}, {"alarm_after_s": 3.0}),
        ({"act_after_s": 5.0}, {"act_after_s": 6.0}),
        ({"confirm_s": 3.0}, {"confirm_s": 60.0}),
        ({"stop_ticks": 40}, {"stop_ticks": 41}),
        ({"bracketed": CoverPolicy.STOP}, {"bracketed": CoverPolicy.ALARM}),
    ],
)
def test_what_is_looser_in_the_cover(old: dict[str, object], new: dict[str, object]) -> None:
    before = TradingRules(cover=CoverRules(**old))  # type: ignore[arg-type]
    after = TradingRules(cover=CoverRules(**new))  # type: ignore[arg-type]
    assert loosened(before, after) == tuple(old)
    assert loosened(after, before) == ()
    assert stricter(before, after) == before


def test_times_of_the_cover_and_the_age_of_a_click_come_from_the_settings() -> None:
    assert rules_of(Settings(), practice=True).cover == CoverRules()
    set_by_hand = Settings(
        cover_alarm_after_s=1, cover_act_after_s=4, cover_confirm_s=6, max_click_age_s=1
    )
    rules = rules_of(set_by_hand, practice=False)
    cover = rules.cover
    assert (cover.alarm_after_s, cover.act_after_s, cover.confirm_s) == (1.0, 4.0, 6.0)
    assert rules.risk.max_click_age_s == 1.0
    assert check_rules(rules) == ()


def test_nothing_is_done_before_it_is_told() -> None:
    with pytest.raises(InputError, match="cover_act_after_s 3 must not be below cover_alarm_after"):
        Settings().changed(cover_alarm_after_s=4, cover_act_after_s=3)
    assert Settings().changed(cover_alarm_after_s=3, cover_act_after_s=3).cover_act_after_s == 3
    read, problems = check_settings({"cover_alarm_after_s": 9, "cover_confirm_s": 61})
    assert (read.cover_alarm_after_s, read.cover_confirm_s) == (2, 3), "the defaults stand in"
    assert problems == (
        "cover_confirm_s = 61 cannot be used; it takes 1 to 60 seconds.",
        "cover_act_after_s 5 must not be below cover_alarm_after_s 9.",
    )


def test_practice_has_limits_of_the_day_and_a_firm_only_those_that_were_asked_for() -> None:
    practice = rules_of(Settings(), practice=True).risk
    firm = rules_of(Settings(), practice=False).risk
    assert (practice.daily_loss, practice.flat_at) == (Decimal(1_000), "15:05")
    assert (firm.daily_loss, firm.flat_at) == (None, "")
    assert check_rules(rules_of(Settings(), practice=True)) == ()
    asked = rules_of(Settings(daily_loss=300, flat_at="14:00"), practice=False).risk
    assert (asked.daily_loss, asked.flat_at) == (Decimal(300), "14:00")


@pytest.mark.parametrize("value", ["0.5", "NaN", "Infinity", "-1", "1000001"])
def test_dollars_that_are_none(value: str) -> None:
    rules = TradingRules(risk=RiskRules(daily_loss=Decimal(value)))
    (problem,) = check_rules(rules)
    assert problem.startswith("daily_loss = ")


def test_times_of_the_cover() -> None:
    for seconds in (0.0, -1.0, 61.0, float("nan")):
        (problem,) = check_rules(TradingRules(cover=CoverRules(confirm_s=seconds)))
        assert problem.startswith(f"cover_confirm_s = {seconds:g} cannot be used")


@given(st.integers(1_700_000_000, 2_000_000_000), st.integers(0, 1_439))
def test_a_moment_of_the_session_lies_in_it(now_s: int, minutes: int) -> None:
    now_ns = now_s * NS
    start, end = session_start_ns(now_ns), session_end_ns(now_ns)
    assert start <= now_ns < end
    assert session_start_ns(end) == end
    at = moment_in_session_ns(now_ns, minutes)
    assert start <= at < start + 24 * 3_600 * NS
    assert (at - start) // (60 * NS) == (minutes - 17 * 60) % 1_440


def test_flat_time_in_summer_and_winter() -> None:
    def utc(text: str) -> int:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * NS

    at = minutes_of("15:05")
    assert at is not None
    assert moment_in_session_ns(utc("2026-07-01T12:00"), at) == utc("2026-07-01T20:05")
    assert moment_in_session_ns(utc("2026-12-01T12:00"), at) == utc("2026-12-01T21:05")
    assert moment_in_session_ns(utc("2026-12-01T23:30"), at) == utc("2026-12-02T21:05")


def test_words_of_the_wall() -> None:
    now = int(datetime(2026, 11, 22, 12, 20, tzinfo=UTC).timestamp()) * NS
    assert wall_words(now + 3_600 * NS, now, UTC) == "13:20"
    assert wall_words(now + 12 * 3_600 * NS, now, UTC) == "00:20 on Monday"
    assert [time_left(s * NS) for s in (1, 60, 61, 3_600, 3_661)] == [
        "1 min", "1 min", "2 min", "1 h 0 min", "1 h 2 min",
    ]  # fmt: skip
