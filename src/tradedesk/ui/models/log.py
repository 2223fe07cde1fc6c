"""Rows of the log table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tradedesk.ui import words
from tradedesk.ui.models.table import Cell, Column, Row, TableModel
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.events import Notice

COLUMNS = (
    Column("Time", "14:32:07.123", stretch=0),
    Column("Level", "warning", stretch=0),
    Column("What happened", "What happened", stretch=1),
)

_TONES = {"warning": Tone.WARN, "error": Tone.DANGER, "alarm": Tone.DANGER}


class LogModel(TableModel):
    """What the desk and the executor had to say, newest first."""

    def __init__(self) -> None:
        super().__init__(
            COLUMNS, "Nothing to report. Sign-ins, refusals and reconnects appear here."
        )


def log_rows(notices: Sequence[Notice]) -> list[Row]:
    """One row for each notice, newest first."""
    seen: Counter[str] = Counter()
    rows = []
    for notice in notices:
        key = f"{notice.ts_ns} {notice.text}"
        seen[key] += 1
        rows.append(_row(f"{key} {seen[key]}", notice))
    return rows[::-1]


def _row(key: str, notice: Notice) -> Row:
    return Row(
        key,
        (
            Cell(words.clock_ms(notice.ts_ns), Tone.SOFT),
            Cell(notice.level, _TONES.get(notice.level, Tone.LABEL)),
            Cell(notice.text, tip=notice.text),
        ),
    )
