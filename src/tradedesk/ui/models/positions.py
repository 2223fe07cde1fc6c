"""Rows of the positions table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.safety import ShieldState
from tradedesk.services.cover import cover_of
from tradedesk.ui import words
from tradedesk.ui.cover_words import cover_word
from tradedesk.ui.models.table import Cell, CellKind, Column, Row, TableModel, action
from tradedesk.ui.readiness import is_stale
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.position import Position
    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.ports import Book

_COVER_TONES = {
    ShieldState.COVERED: Tone.COVERED,
    ShieldState.CHECKING: Tone.SOFT,
    ShieldState.BARE: Tone.DANGER,
    ShieldState.PROTECTING: Tone.WARN,
    ShieldState.CLOSING: Tone.WARN,
}
COLUMNS = (
    Column("Contract", "MNQ Z26 00"),
    Column("Side", "▼ Short 00"),
    Column("Qty", "1,000", right=True),
    Column("Average", "121,482.25", right=True),
    Column("Last", "121,482.25", right=True),
    Column("Open P&L", "+$100,000.00", right=True),
    Column("Cover", "Covered · stop at server", stretch=2),
    Column("", "×", right=True, stretch=0),
)


class PositionsModel(TableModel):
    """Open positions of the selected account."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "No open position. Positions of this account appear here.")


def position_rows(state: DeskState, books: Mapping[ContractId, Book], mono_ns: int) -> list[Row]:
    """One row for each open position."""
    return [_row(state, p, books.get(p.contract_id), mono_ns) for p in state.open_positions()]


def _row(state: DeskState, position: Position, book: Book | None, mono_ns: int) -> Row:
    instrument = state.instruments.get(position.contract_id)
    long = position.net_size > 0
    tone = Tone.BUY if long else Tone.SELL
    name, average, last, pnl = str(position.contract_id), str(position.average_price), "", ""
    last_tone = pnl_tone = Tone.TEXT
    if instrument is not None:
        name = instrument.short_name
        average = f"{position.average_price:,.{instrument.tick.digits}f}"
        if book is not None and book.last_ticks is not None:
            money = instrument.open_pnl(position.average_price, book.last_ticks, position.net_size)
            last, pnl = instrument.tick.text(book.last_ticks), words.money(money)
            pnl_tone = Tone.PROFIT if money > 0 else Tone.LOSS if money < 0 else Tone.TEXT
            if is_stale(book, mono_ns):
                last_tone = pnl_tone = Tone.LABEL
    held = cover_of(state, position, mono_ns)
    cover = Cell(cover_word(held), _COVER_TONES[held.state], CellKind.BADGE, held.text)
    return Row(
        str(position.contract_id),
        (
            Cell(name),
            Cell(f"{'▲ Long' if long else '▼ Short'}", tone),
            Cell(f"{abs(position.net_size):,}"),
            Cell(average),
            Cell(last or words.NONE, last_tone),
            Cell(pnl or words.NONE, pnl_tone),
            cover,
            action(f"Close {words.position(position.net_size).lower()} at market"),
        ),
    )
