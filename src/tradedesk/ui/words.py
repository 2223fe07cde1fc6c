"""How values are written: money, ticks, ages, sides. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.order import Side

MINUS = "−"
EXCHANGE_ZONE = "America/Chicago"
"""Where the exchange's clock hangs; every time of day in the window is its time."""
NONE = "—"
_CENT = Decimal("0.01")


def money(value: Decimal, *, signed: bool = True) -> str:
    """Dollars and cents: ``+$7.00``, ``−$20.00``; unsigned ``$150,212.40``."""
    rounded = value.quantize(_CENT, ROUND_HALF_EVEN)
    text = f"${abs(rounded):,.2f}"
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def ticks(count: int | Decimal) -> str:
    """Signed distance: ``+26 t``, ``−34 t``, ``0 t``; a part of a tick shows one digit."""
    whole = count == int(count)
    shown = abs(Decimal(count)).quantize(Decimal(1) if whole else Decimal("0.1"))
    return f"{_sign(count, shown)}{shown:,} t"


def points(value: Decimal, digits: int) -> str:
    """Signed distance in the price's own unit: ``+3.50 pt``."""
    shown = abs(value).quantize(Decimal(1).scaleb(-digits))
    return f"{_sign(value, shown)}{shown:,} pt"


def _sign(value: int | Decimal, shown: Decimal) -> str:
    """What stands before a figure; nothing before what is shown as zero."""
    return "" if not shown else MINUS if value < 0 else "+"


def milliseconds(value: float | None) -> str:
    """A measured time: ``0.3 ms``, ``96.4 ms``, ``1.20 s``."""
    if value is None:
        return NONE
    return f"{value:.1f} ms" if abs(value) < 1_000 else f"{value / 1_000:.2f} s"


def age(value_ms: float | None) -> str:
    """How old data is: ``38 ms``, ``0.4 s``, ``12 s``, ``3 min``."""
    if value_ms is None:
        return NONE
    if value_ms < 100:
        return f"{value_ms:.0f} ms"
    seconds = value_ms / 1_000
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def took(value_ms: float) -> str:
    """How long something took, in whole milliseconds below a second: ``118 ms``, ``1.5 s``."""
    return f"{value_ms:.0f} ms" if value_ms < 1_000 else age(value_ms)


def duration(value_ns: int) -> str:
    """Time since something: ``00:41``, ``1:02:03``."""
    seconds = max(0, value_ns // NS_PER_S)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def sentence(text: str) -> str:
    """A reason with a capital letter and one mark at its end."""
    end = "" if text.endswith((".", "…", "!", "?")) else "."
    return f"{text[:1].upper()}{text[1:]}{end}" if text else ""


def brief(text: str) -> str:
    """A reason without what to do about it or what follows from it."""
    return text.partition(": ")[0].partition("; ")[0]


def side(value: Side) -> str:
    """Side with its arrow, so that colour is never the only cue."""
    return f"{'▲' if value is Side.BUY else '▼'} {value.word}"


def position(net_size: int) -> str:
    """``Long 2``, ``Short 1``, ``Flat``."""
    if net_size == 0:
        return "Flat"
    return f"{'Long' if net_size > 0 else 'Short'} {abs(net_size)}"


@cache
def _exchange_zone() -> tuple[tzinfo, str]:
    try:
        return ZoneInfo(EXCHANGE_ZONE), "CT"
    except ZoneInfoNotFoundError:
        return UTC, "UTC"


def exchange_zone() -> str | None:
    """IANA name of the zone that times are shown in; None where this machine has no zone data."""
    return EXCHANGE_ZONE if _exchange_zone()[1] == "CT" else None


def clock(wall_ns: int, *, zone: bool = True) -> str:
    """Exchange time of day: ``14:32:07 CT``."""
    where, name = _exchange_zone()
    text = f"{datetime.fromtimestamp(wall_ns // NS_PER_S, where):%H:%M:%S}"
    return f"{text} {name}" if zone else text


def day(wall_ns: int) -> str:
    """Exchange date: ``1 Jul 2024``."""
    where, _ = _exchange_zone()
    moment = datetime.fromtimestamp(wall_ns // NS_PER_S, where)
    return f"{moment.day} {moment:%b %Y}"


def clock_ms(wall_ns: int) -> str:
    """Exchange time of day with milliseconds: ``14:32:07.123``."""
    return f"{clock(wall_ns, zone=False)}.{wall_ns // 1_000_000 % 1_000:03}"
