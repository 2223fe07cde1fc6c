"""What an order that is not placed yet would be, in the words of the chart. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderType
from tradedesk.services.chart_line import order_word
from tradedesk.services.signed_text import r_text, short_money, ticks_text

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Side


def entry_text(
    side: Side, type: OrderType, size: int, price: str, away_ticks: int | None = None
) -> str:
    """``BUY LMT 2 @ 21,470.00 · −8t``; ``away_ticks`` is the distance from the last price.

    Nobody knows the price of a market order before: ``BUY MKT 2 ≈ 21,470.00``.
    """
    at = "≈" if type is OrderType.MARKET else "@"
    text = f"{order_word(side, type)} {size} {at} {price}"
    return text if away_ticks is None else f"{text} · {ticks_text(away_ticks)}"


def stop_text(instrument: Instrument, size: int, ticks: int) -> str:
    """``STP −$80 (−8t)`` for a stop so many ticks behind the entry."""
    return f"STP {short_money(-instrument.money(ticks, size))} ({ticks_text(-ticks)})"


def target_text(instrument: Instrument, size: int, ticks: int, risk_ticks: int | None) -> str:
    """``TGT +$160 (+16t) 2.0R``; without a stop there is no R."""
    text = f"TGT {short_money(instrument.money(ticks, size))} ({ticks_text(ticks)})"
    return text if not risk_ticks else f"{text} {r_text(Decimal(ticks) / risk_ticks)}"


def legs_text(
    instrument: Instrument, size: int, stop_ticks: int | None, target_ticks: int | None
) -> str:
    """Both legs in short, ``−$80 / +$160 · 2.0R``; empty without any."""
    loss = None if stop_ticks is None else short_money(-instrument.money(stop_ticks, size))
    gain = None if target_ticks is None else short_money(instrument.money(target_ticks, size))
    text = " / ".join(part for part in (loss, gain) if part is not None)
    if stop_ticks and target_ticks:
        text += f" · {r_text(Decimal(target_ticks) / stop_ticks)}"
    return text
