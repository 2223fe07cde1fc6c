"""Which panes stand below the bars, in which order and how high."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.panes import VOLUME, PaneWish
from tradedesk.ui.chart.study_look import PRICE

if TYPE_CHECKING:
    from tradedesk.ui.chart.look import ChartLook


def pane_keys(look: ChartLook) -> tuple[str, ...]:
    """Keys of the panes below, from top to bottom."""
    there = [VOLUME] if look.volume else []
    there += [study.pane for study in look.studies if study.pane != PRICE]
    known = [key for key in look.pane_order if key in there]
    return tuple(dict.fromkeys((*known, *there)))


def pane_wishes(look: ChartLook) -> tuple[PaneWish, ...]:
    """The panes below with the heights that were chosen."""
    return tuple(PaneWish(key, look.pane_heights.get(key)) for key in pane_keys(look))


def moved(look: ChartLook, key: str, by: int) -> tuple[str, ...]:
    """The order with a pane so many places further down; the same if it cannot go there."""
    order = list(pane_keys(look))
    if key not in order:
        return tuple(order)
    at = order.index(key)
    to = min(max(at + by, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    return tuple(order)
