"""Rows of the fills table."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tradedesk.domain.order import Side
from tradedesk.ui import words
from tradedesk.ui.models.table import Cell, Column, Row, TableModel
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Fill
    from tradedesk.services.desk_state import DeskState

COLUMNS = (
    Column("Time", "14:32:07.123"),
    Column("Contract", "MNQ Z26 00"),
    Column("Side", "▼ Sell 00"),
    Column("Qty", "1,000", right=True),
    Column("Price", "121,482.25", right=True),
    Column("P&L", "+$100,000.00", right=True),
    Column("Fees", "−$1,000.00", right=True),
    Column("Order", "1234567890", right=True),
    Column("", "voided", stretch=1),
)


class FillsModel(TableModel):
    """Fills of the selected account, newest first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "No fills yet. Each trade of this account appears here.")


def fill_rows(state: DeskState) -> list[Row]:
    """One row for each fill."""
    known = state.instruments
    return [_row(fill, known.get(fill.contract_id)) for fill in state.account_fills()]


@lru_cache(maxsize=4_096)
def _row(fill: Fill, instrument: Instrument | None) -> Row:
    price = instrument.tick.text(fill.price_ticks) if instrument is not None else words.NONE
    pnl = Cell("opens", Tone.LABEL)
    if fill.pnl is not None:
        tone = Tone.PROFIT if fill.pnl > 0 else Tone.LOSS if fill.pnl < 0 else Tone.TEXT
        pnl = Cell(words.money(fill.pnl), tone)
    return Row(
        str(fill.trade_id),
        (
            Cell(words.clock_ms(fill.ts_ns)),
            Cell(instrument.short_name if instrument is not None else str(fill.contract_id)),
            Cell(words.side(fill.side), Tone.BUY if fill.side is Side.BUY else Tone.SELL),
            Cell(f"{fill.size:,}"),
            Cell(price),
            pnl,
            Cell(words.money(-fill.fees), Tone.SOFT),
            Cell(str(fill.order_id), Tone.SOFT),
            Cell("voided" if fill.voided else "", Tone.WARN),
        ),
    )
