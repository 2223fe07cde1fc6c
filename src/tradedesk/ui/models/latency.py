"""Rows of the latency table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.services.latency import STEP_NAMES, OrderLatency
from tradedesk.ui import words
from tradedesk.ui.models.table import Cell, Column, Row, TableModel
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = (
    Column("Time", "14:32:07.123"),
    Column("Order", "Sell 100 Stop limit"),
    Column("Held", "999.9 ms", right=True),
    *(Column(name.capitalize(), "999.9 ms", right=True) for name in STEP_NAMES),
    Column("Click to answer", "999.9 ms", right=True),
    Column("Total", "999.9 ms", right=True),
)


class LatencyModel(TableModel):
    """Orders of this run and what each step took, newest first."""

    def __init__(self) -> None:
        super().__init__(
            COLUMNS, "No order yet. Each order is measured from the click that sends it."
        )


def latency_rows(orders: Sequence[OrderLatency]) -> list[Row]:
    """One row for each order, newest first."""
    return [
        Row(
            order.key,
            (
                Cell(words.clock_ms(order.created_ns) if order.created_ns else words.NONE),
                Cell(order.text),
                _time(order.held_ms),
                *(_time(step.took_ms) for step in order.steps),
                _time(order.reply_ms),
                _time(order.total_ms),
            ),
        )
        for order in reversed(orders)
    ]


def _time(value_ms: float | None) -> Cell:
    return Cell(words.milliseconds(value_ms), Tone.TEXT if value_ms is not None else Tone.LABEL)
