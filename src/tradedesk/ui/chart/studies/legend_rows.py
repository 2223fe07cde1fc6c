"""What the legend of an indicator says, and where its words and buttons stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from tradedesk.ui.chart.studies.catalogue import Kind, Unit
from tradedesk.ui.chart.studies.figures import figure
from tradedesk.ui.chart.study_look import PRICE, SIDES

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from tradedesk.domain.instrument import Instrument
    from tradedesk.ui.chart.studies.live_study import LiveStudy

MOST_FIGURES: Final = 7


class Deed(Enum):
    """What a button in a row does; the value is what stands on it."""

    SETTINGS = "Settings"
    HIDE = "Hide"
    SHOW = "Show"
    UP = "↑"
    DOWN = "↓"
    REMOVE = "×"


WORDS: Final = {
    Deed.SETTINGS: "Parameters, colours and pane of this indicator",
    Deed.HIDE: "Do not draw it; this row stays",
    Deed.SHOW: "Draw it again",
    Deed.UP: "Move its pane up",
    Deed.DOWN: "Move its pane down",
    Deed.REMOVE: "Take it off the chart",
}


@dataclass(frozen=True, slots=True)
class RowText:
    """Title and figures; each figure with its palette member.

    `trouble` is a sentence in place of figures; `off` says that nothing is drawn.
    """

    title: str
    figures: tuple[tuple[str, str], ...] = ()
    trouble: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A row as it stands: its study, what it says, its box, its buttons while it is hovered."""

    key: str
    text: RowText
    box: QRectF
    buttons: tuple[tuple[Deed, QRectF], ...] = ()


def row_text(study: LiveStudy, row: int, instrument: Instrument | None) -> RowText:
    """What an indicator has to say about a bar."""
    if study.failure:
        return RowText(study.title, trouble=f"failed: {study.failure}")
    if study.look.hidden:
        return RowText(study.title, off=True)
    unit = study.face.unit
    if study.look.pane == PRICE and unit is Unit.NUMBER:
        unit = Unit.PRICE
    figures = []
    for at in range(len(study.outputs)):
        look, face = study.line_look(at), study.face.line(at)
        if look.hidden or face.kind is Kind.NOTHING:
            continue
        value = study.value(at, row)
        ink = look.ink
        if ink == SIDES:
            side = value if face.side is None else study.value(face.side, row)
            ink = "sell_text" if side is not None and side < 0 else "buy_text"
        figures.append((figure(value, unit, instrument), ink))
    return RowText(study.title, tuple(figures[:MOST_FIGURES]))


def deeds_of(study: LiveStudy, panes: int) -> tuple[Deed, ...]:
    """Buttons of a row; a pane can be moved where there are several."""
    found = [Deed.SETTINGS] if study.indicator is not None else []
    if not study.failure:
        found.append(Deed.SHOW if study.look.hidden else Deed.HIDE)
    if study.look.pane != PRICE and panes > 1:
        found += [Deed.UP, Deed.DOWN]
    return (*found, Deed.REMOVE)
