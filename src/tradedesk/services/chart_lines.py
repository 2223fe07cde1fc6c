"""The horizontal lines of a chart: working orders, the position and orders on their way.

The chart draws them and asks `moved` for the figures while one is dragged.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.order import Order, OrderStatus, OrderType, Role
from tradedesk.domain.safety import ShieldState
from tradedesk.services.chart_line import ChartLine, LineBasis, LineKind, LinePart, order_word
from tradedesk.services.cover import Cover, cover_of
from tradedesk.services.signed_text import money_text, r_text, ticks_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Position
    from tradedesk.services.desk_state import DeskState

_LOUD = {
    ShieldState.BARE: "NO STOP FOR {}",
    ShieldState.PROTECTING: "placing stop…",
    ShieldState.CLOSING: "closing…",
}
_DOUBTS = {
    IntentState.UNKNOWN: "unknown, asking…",
    IntentState.NEEDS_HUMAN: "unknown: look",
}


def chart_lines(
    state: DeskState, instrument: Instrument, last_ticks: int | None = None, mono_ns: int = 0
) -> list[ChartLine]:
    """Lines of the selected account for one instrument, the position first.

    Parameters
    ----------
    state : DeskState
        Read only.
    instrument : Instrument
        The contract on the chart.
    last_ticks : int, optional
        Last price in ticks; without it the position shows no open profit and entries no distance.
    mono_ns : int
        Monotonic now; a proof of cover that is old by then is no proof.
    """
    position = state.position(instrument.contract_id)
    orders = state.working_orders(instrument.contract_id)
    basis = _basis(instrument, position, orders)
    lines = []
    if position is not None:
        cover = cover_of(state, position, mono_ns)
        lines.append(_position_line(instrument, position, cover, last_ticks))
    for order in orders:
        line = _order_line(state, instrument, order, position, basis, last_ticks)
        if line is not None:
            lines.append(line)
    for intent in state.unplaced_intents(instrument.contract_id):
        line = _intent_line(intent)
        if line is not None:
            lines.append(line)
    return lines


def moved(
    line: ChartLine, instrument: Instrument, price_ticks: int, last_ticks: int | None = None
) -> ChartLine:
    """The same line at another price, with the figures it would have there.

    A dragged stop shows R as well: the multiple of the risk it had before the drag.
    """
    if line.basis is None:
        figures = _distance(price_ticks, last_ticks)
    else:
        figures = _exit_figures(instrument, line.basis, price_ticks, line.size, always_r=True)
    return msgspec.structs.replace(
        line, price_ticks=price_ticks, parts=(LinePart(line.head), *figures)
    )


def _basis(
    instrument: Instrument, position: Position | None, orders: Sequence[Order]
) -> LineBasis | None:
    if position is None:
        return None
    sign = position.side.sign
    average = position.average_price / instrument.tick.size
    risks = [
        (average - order.stop_ticks) * sign
        for order in orders
        if order.stop_ticks is not None and order.side is position.side.other
    ]
    risk = min((r for r in risks if r > 0), default=None)
    return LineBasis(position.average_price, position.net_size, risk)


def _position_line(
    instrument: Instrument, position: Position, cover: Cover, last_ticks: int | None
) -> ChartLine:
    size = abs(position.net_size)
    average = position.average_price
    digits = instrument.tick.digits
    parts = [
        LinePart(f"{'LONG' if position.net_size > 0 else 'SHORT'} {size}"),
        LinePart(f"@ {average.quantize(Decimal(1).scaleb(-digits)):,}", keep=2),
    ]
    if cover.state in _LOUD:
        parts.insert(1, LinePart(_LOUD[cover.state].format(cover.bare)))
    if last_ticks is not None:
        pnl = instrument.open_pnl(average, last_ticks, position.net_size)
        parts.append(LinePart(money_text(pnl), keep=1))
    return ChartLine(
        key="position",
        kind=LineKind.POSITION,
        side=position.side,
        price_ticks=instrument.tick.nearest(average),
        size=size,
        parts=tuple(parts),
        average_price=average,
        shield=cover.state,
    )


def _order_line(
    state: DeskState,
    instrument: Instrument,
    order: Order,
    position: Position | None,
    basis: LineBasis | None,
    last_ticks: int | None,
) -> ChartLine | None:
    price = order.price_ticks
    if price is None:
        return None
    reduces = position is not None and order.side is position.side.other
    fits = position is not None and reduces and order.remaining <= abs(position.net_size)
    kind = _kind(state.role(order), order, reduces=reduces, fits=fits)
    exit_basis = basis if reduces else None
    cancelling = order.status is OrderStatus.PENDING_CANCELLATION
    held = order.status is OrderStatus.SUSPENDED
    word = {LineKind.STOP: "STP", LineKind.TARGET: "TGT"}.get(kind)
    head = LinePart(f"{word or order_word(order.side, order.type)} {_size_text(order)}")
    stranger = state.role(order) is Role.EXTERNAL
    figures: tuple[LinePart, ...]
    if cancelling:
        figures = (LinePart("cancelling…", keep=1),)
    elif held:
        figures = (LinePart("waits for entry", keep=1),)
    elif exit_basis is not None:
        figures = _exit_figures(instrument, exit_basis, price, order.remaining)
    else:
        figures = _distance(price, last_ticks)
    open_at_venue = order.status in (OrderStatus.OPEN, OrderStatus.PENDING)
    return ChartLine(
        key=f"order:{order.order_id}",
        kind=kind,
        side=order.side,
        price_ticks=price,
        size=order.remaining,
        parts=(head, *((LinePart("not ours"),) if stranger else ()), *figures),
        draggable=open_at_venue and order.type is not OrderType.TRAILING_STOP,
        cancellable=not cancelling,
        waiting=cancelling or held or order.status is OrderStatus.PENDING,
        basis=exit_basis,
        type=order.type,
    )


def _kind(role: Role, order: Order, *, reduces: bool, fits: bool) -> LineKind:
    """What an order is to the position: one of ours that only shrinks it is an exit as well."""
    if role is Role.STOP:
        return LineKind.STOP
    if role is Role.TARGET:
        return LineKind.TARGET
    if fits or (role is Role.EXTERNAL and reduces):
        return LineKind.TARGET if order.stop_ticks is None else LineKind.STOP
    return LineKind.ENTRY


def _intent_line(intent: Intent) -> ChartLine | None:
    command = intent.command
    price = command.limit_ticks if command.limit_ticks is not None else command.stop_ticks
    if price is None:
        return None
    known = intent.state not in _DOUBTS
    word = order_word(command.side, command.type)
    return ChartLine(
        key=f"intent:{intent.tag}",
        kind=LineKind.PENDING if known else LineKind.UNKNOWN,
        side=command.side,
        price_ticks=price,
        size=command.size,
        parts=(
            LinePart(f"{'' if known else '? '}{word} {command.size}"),
            LinePart(_DOUBTS.get(intent.state, "sending…"), keep=1),
        ),
        waiting=True,
    )


def _size_text(order: Order) -> str:
    return f"{order.filled}/{order.size}" if order.filled else str(order.size)


def _distance(price_ticks: int, last_ticks: int | None) -> tuple[LinePart, ...]:
    return () if last_ticks is None else (LinePart(ticks_text(price_ticks - last_ticks), keep=1),)


def _exit_figures(
    instrument: Instrument,
    basis: LineBasis,
    price_ticks: int,
    size: int,
    *,
    always_r: bool = False,
) -> tuple[LinePart, ...]:
    sign = 1 if basis.net_size > 0 else -1
    closes = min(size, abs(basis.net_size))
    gained = (price_ticks - basis.average_price / instrument.tick.size) * sign
    parts = [
        LinePart(money_text(instrument.money(gained, closes)), keep=1),
        LinePart(ticks_text(gained), keep=2),
    ]
    if basis.risk_ticks is not None and (gained > 0 or always_r):
        parts.append(LinePart(r_text(gained / basis.risk_ticks), keep=3))
    return tuple(parts)
