"""What the position card shows and what its buttons would do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.order import Order, OrderType, Role
from tradedesk.services.cover import cover_of
from tradedesk.ui import words
from tradedesk.ui.cover_words import NO_COVER, CoverView, cover_view
from tradedesk.ui.readiness import is_told
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Position
    from tradedesk.services.desk_state import DeskState

_FLAT = "there is no position"


@dataclass(frozen=True, slots=True)
class PositionView:
    """The card. ``*_block`` says why a button would do nothing; empty if it would act."""

    net_size: int = 0
    title: str = "Flat"
    tone: Tone = Tone.SOFT
    average: str = ""
    pnl: str = ""
    pnl_ticks: str = ""
    pnl_points: str = ""
    pnl_tone: Tone = Tone.TEXT
    cover: CoverView = NO_COVER
    breakeven_ticks: int | None = None
    breakeven_block: str = _FLAT
    half_size: int = 0
    half_block: str = _FLAT
    close_block: str = _FLAT
    reverse_block: str = _FLAT


def _unknown() -> PositionView:
    """Before the venue has told what is held, flat would be a guess."""
    why = "what is held is not known yet"
    return PositionView(
        title="Not known yet",
        breakeven_block=why,
        half_block=why,
        close_block=why,
        reverse_block=why,
    )


def exit_stops(state: DeskState, position: Position) -> list[Order]:
    """Working stops that protect a position."""
    return [
        order
        for order in state.working_orders(position.contract_id)
        if order.stop_ticks is not None
        and order.side is position.side.other
        and order.type in (OrderType.STOP, OrderType.STOP_LIMIT)
        and state.role(order) is not Role.ENTRY
    ]


def position_view(
    state: DeskState,
    instrument: Instrument | None,
    last_ticks: int | None,
    *,
    stale: bool,
    entry_block: str,
    mono_ns: int,
) -> PositionView:
    """Card of the position in one contract."""
    position = state.position(instrument.contract_id) if instrument is not None else None
    if instrument is None or position is None:
        return PositionView() if is_told(state.session) else _unknown()
    average = instrument.tick.nearest(position.average_price)
    pnl, pnl_ticks, pnl_points, pnl_tone = "", "", "", Tone.TEXT
    if last_ticks is not None:
        money = instrument.open_pnl(position.average_price, last_ticks, position.net_size)
        gained = (last_ticks - position.average_price / instrument.tick.size) * position.side.sign
        pnl = words.money(money)
        pnl_ticks = words.ticks(gained)
        pnl_points = words.points(gained * instrument.tick.size, instrument.tick.digits)
        pnl_tone = Tone.LABEL if stale else _sign_tone(money > 0, money < 0)
    size = abs(position.net_size)
    return PositionView(
        net_size=position.net_size,
        title=words.position(position.net_size),
        tone=Tone.BUY if position.net_size > 0 else Tone.SELL,
        average=f"@ {position.average_price:,.{instrument.tick.digits}f}",
        pnl=pnl,
        pnl_ticks=pnl_ticks,
        pnl_points=pnl_points,
        pnl_tone=pnl_tone,
        cover=cover_view(cover_of(state, position, mono_ns), instrument, mono_ns),
        breakeven_ticks=average,
        breakeven_block=_breakeven_block(
            state, position, instrument, average, None if stale else last_ticks
        ),
        half_size=size // 2,
        half_block="" if size > 1 else "one contract cannot be halved",
        close_block="",
        reverse_block=entry_block,
    )


def _sign_tone(up: bool, down: bool) -> Tone:
    return Tone.PROFIT if up else Tone.LOSS if down else Tone.TEXT


def _breakeven_block(
    state: DeskState,
    position: Position,
    instrument: Instrument,
    average: int,
    last_ticks: int | None,
) -> str:
    stops = exit_stops(state, position)
    if not stops:
        return "there is no stop to move"
    if all(order.stop_ticks == average for order in stops):
        return "the stop is at the entry already"
    sign = position.side.sign
    if last_ticks is not None and (last_ticks - average) * sign <= 0:
        place = "above" if sign > 0 else "below"
        return f"needs the market {place} {instrument.tick.text(average)}"
    return ""
