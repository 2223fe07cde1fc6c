"""Values of indicators as people read them."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING, Final

from tradedesk.services.signed_text import MINUS
from tradedesk.ui.chart.studies.catalogue import Unit

if TYPE_CHECKING:
    from decimal import Decimal

    from tradedesk.domain.instrument import Instrument

_SHORT: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_PLACES: Final = 2
_MOST_PLACES: Final = 5
_LONGEST: Final = 1e15
NO_VALUE: Final = "—"


def figure(value: float | None, unit: Unit, instrument: Instrument | None) -> str:
    """A value for a legend or a chip."""
    if value is None:
        return NO_VALUE
    if unit is Unit.COUNT:
        return signed(f"{value:,.0f}") if abs(value) < 1e6 else short(value, 2)
    if unit is Unit.NUMBER or instrument is None:
        return number(value, _PLACES)
    return number(value * float(instrument.tick.size), places_of(instrument.tick.size))


def label(value: float, step: float, unit: Unit, instrument: Instrument | None) -> str:
    """A round value for the axis, as exact as the step between two labels asks for."""
    if unit is Unit.COUNT:
        return short(value, 1 if step < abs(value) / 10 or step % 1000 else 0)
    if unit is not Unit.NUMBER and instrument is not None:
        size = float(instrument.tick.size)
        value, step = value * size, step * size
    places = max(0, -floor(log10(step) + 1e-9))
    # 2.5 has a digit more than its decade
    places += abs(step * 10**places - round(step * 10**places)) > 1e-6
    return number(value, min(places, _MOST_PLACES))


def number(value: float, places: int) -> str:
    """With so many decimals; very large ones in powers of ten."""
    if abs(value) >= _LONGEST:
        return signed(f"{value:.3g}")
    return signed(f"{value:,.{places}f}")


def short(value: float, places: int) -> str:
    """``1.2M``, ``34k``."""
    for size, letter in _SHORT:
        if abs(value) >= size:
            text = f"{value / size:.{places}f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return signed(f"{text}{letter}") if abs(value) < _LONGEST else signed(f"{value:.2g}")
    return signed(f"{value:,.0f}")


def signed(text: str) -> str:
    """With a true minus, and none before a zero."""
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.replace("-", MINUS)


def places_of(size: Decimal) -> int:
    """Decimals of prices: those of a tick, at least two where a tick has any."""
    exponent = size.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return min(max(places, _PLACES if places else 0), _MOST_PLACES)
