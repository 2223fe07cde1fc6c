"""The rules that settings ask for, the check of rules from anywhere, and which are stricter."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tradedesk.domain.safety import CoverPolicy, CoverRules, RiskRules, TradingRules
from tradedesk.domain.settings import check_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.settings import Settings

LONGEST_WITHOUT_STOP_S: Final = 60
"""No step of keeping a position covered may wait longer, seconds."""
_LOOSEST: Final = 10**9
_POLICIES: Final = {CoverPolicy.ALARM: 2, CoverPolicy.STOP: 1, CoverPolicy.CLOSE: 0}


def rules_of(settings: Settings, *, practice: bool) -> TradingRules:
    """What the executor is to keep, on practice or at a firm."""
    loss = settings.practice_daily_loss if practice else settings.daily_loss
    return TradingRules(
        risk=RiskRules(
            max_order_size=settings.max_order_size,
            max_position_size=settings.max_position_size,
            price_band_percent=settings.price_band_percent,
            min_bracket_ticks=settings.min_bracket_ticks,
            max_click_age_s=float(settings.max_click_age_s),
            repeat_guard_ms=settings.repeat_guard_ms,
            orders_per_10_s=settings.orders_per_10_s,
            daily_loss=Decimal(loss) if loss else None,
            daily_profit=Decimal(settings.daily_profit) if settings.daily_profit else None,
            flatten_at_limit=settings.flatten_at_limit,
            flat_at=settings.practice_flat_at if practice else settings.flat_at,
        ),
        cover=CoverRules(
            bracketed=CoverPolicy(settings.cover_bracketed),
            unbracketed=CoverPolicy(settings.cover_unbracketed),
            alarm_after_s=float(settings.cover_alarm_after_s),
            act_after_s=float(settings.cover_act_after_s),
            confirm_s=float(settings.cover_confirm_s),
            stop_ticks=settings.cover_stop_ticks,
        ),
    )


def only_told(rules: TradingRules) -> TradingRules:
    """The same rules, but a missing stop is told and nothing is done about it."""
    alarm = CoverPolicy.ALARM
    cover = msgspec.structs.replace(rules.cover, bracketed=alarm, unbracketed=alarm)
    return msgspec.structs.replace(rules, cover=cover)


def check_rules(rules: TradingRules) -> tuple[str, ...]:
    """What is wrong with rules, a sentence each, by the bounds of the settings."""
    risk, cover, most = rules.risk, rules.cover, LONGEST_WITHOUT_STOP_S
    values: dict[str, object] = {
        **msgspec.structs.asdict(risk),
        "max_click_age_s": _whole(Decimal(str(risk.max_click_age_s))),
        "daily_loss": _whole(risk.daily_loss),
        "daily_profit": _whole(risk.daily_profit),
        "cover_bracketed": cover.bracketed.value,
        "cover_unbracketed": cover.unbracketed.value,
        "cover_stop_ticks": cover.stop_ticks,
    }
    problems = check_values(values)[1]
    problems += [
        f"cover_{name} = {seconds:g} cannot be used; it takes more than 0, at most {most} seconds."
        for name in ("alarm_after_s", "act_after_s", "confirm_s")
        if not 0 < (seconds := getattr(cover, name)) <= most
    ]
    return tuple(problems)


def stricter(kept: TradingRules, asked: TradingRules) -> TradingRules:
    """Of each rule the stricter one of both."""
    return TradingRules(
        risk=_tightest(kept.risk, asked.risk, _RISK),
        cover=_tightest(kept.cover, asked.cover, _COVER),
    )


def loosened(kept: TradingRules, asked: TradingRules) -> tuple[str, ...]:
    """Names of the rules that would become looser."""
    return tuple(
        name
        for old, new, table in ((kept.risk, asked.risk, _RISK), (kept.cover, asked.cover, _COVER))
        for name, rank in table.items()
        if rank(getattr(new, name)) > rank(getattr(old, name))
    )


def minutes_of(time: str) -> int | None:
    """Minutes since midnight of a time such as ``15:05``; None for an empty one."""
    if not time:
        return None
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


# --- inside -------------------------------------------------------------------------------------


def _whole(value: Decimal | None) -> object:
    """Dollars as settings have them; those with cents as they are, to be refused as such."""
    if value is None:
        return 0
    whole = value.is_finite() and value == value.to_integral_value()
    return int(value) if whole else str(value)


def _less(value: Any) -> Any:
    """Smaller is stricter, nothing at all is loosest."""
    return value or _LOOSEST


def _more(value: Any) -> Any:
    return -value


def _clock(value: str) -> int:
    minutes = minutes_of(value)
    return _LOOSEST if minutes is None else minutes


_RISK: Final[dict[str, Callable[[Any], Any]]] = {
    "max_order_size": _less,
    "max_position_size": _less,
    "price_band_percent": _less,
    "min_bracket_ticks": _more,
    "max_click_age_s": _less,
    "repeat_guard_ms": _more,
    "orders_per_10_s": _less,
    "daily_loss": _less,
    "daily_profit": _less,
    "flatten_at_limit": _more,
    "flat_at": _clock,
}
_COVER: Final[dict[str, Callable[[Any], Any]]] = {
    "bracketed": _POLICIES.__getitem__,
    "unbracketed": _POLICIES.__getitem__,
    "alarm_after_s": _less,
    "act_after_s": _less,
    "confirm_s": _less,
    "stop_ticks": _less,
}


def _tightest(kept: Any, asked: Any, table: dict[str, Callable[[Any], Any]]) -> Any:
    return msgspec.structs.replace(
        kept,
        **{
            name: min(getattr(kept, name), getattr(asked, name), key=rank)
            for name, rank in table.items()
        },
    )
