"""What lies between two points of the chart, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.ui import words

if TYPE_CHECKING:
    from tradedesk.services.drawings.drawing import Anchor
    from tradedesk.ui.chart.drawings.mapping import Mapping

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def measured(mapping: Mapping, start: Anchor, end: Anchor, size: int) -> list[str]:
    """Three lines: distance in price, in money, and in time with the volume in between.

    `size` is the number of contracts that the chart would place.
    """
    model, times = mapping.model, mapping.times
    ticks = end.ticks - start.ticks
    lines = [words.ticks(ticks)]
    instrument = model.instrument
    if instrument is not None:
        lines[0] += " · " + words.points(instrument.tick.size * ticks, instrument.tick.digits)
        each = words.money(instrument.money(ticks))
        for_all = f" · {words.money(instrument.money(ticks, size))} for {size}" if size > 1 else ""
        lines.append(f"{each} a contract{for_all}")
    if start.ticks > 0:
        lines[0] += f" · {_percent(Decimal(ticks) / start.ticks)}"
    if times is None:
        return lines
    first, last = times.bar(start.ts_ns), times.bar(end.ts_ns)
    low, high = sorted((first, last))
    shown = model.series.volume[max(0, low) : max(0, high + 1)]
    count = f"{last - first:+,}".replace("-", words.MINUS) if last != first else "0"
    bars = "bar" if abs(last - first) == 1 else "bars"
    lines.append(
        f"{count} {bars} · {duration(abs(end.ts_ns - start.ts_ns))} · vol {int(shown.sum()):,}"
    )
    return lines


def duration(ns: int) -> str:
    """The two largest units: ``2 h 5 min``; ``0 s`` for nothing."""
    left, parts = ns // NS_PER_S, []
    for seconds, unit in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count:,} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _percent(share: Decimal) -> str:
    shown = f"{abs(share) * 100:.2f}%"
    return shown if not share else f"{words.MINUS if share < 0 else '+'}{shown}"
