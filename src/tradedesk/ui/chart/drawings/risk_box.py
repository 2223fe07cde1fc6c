"""The figure of a planned trade: its two areas, what it costs and brings, and its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.services.drawings.risk_plan import RiskPlan, risk_plan
from tradedesk.ui import words
from tradedesk.ui.chart import inks
from tradedesk.ui.chart.drawings.boxes import stretched
from tradedesk.ui.chart.drawings.clip import Box, cut
from tradedesk.ui.chart.drawings.figure import Area, Figure, Stroke
from tradedesk.ui.chart.drawings.inks import token
from tradedesk.ui.chart.drawings.plates import PLATE_PX, plate, row_of_plates

if TYPE_CHECKING:
    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.ui.chart.drawings.view import View

TICKET: Final = "ticket"
PLACE: Final = "place"
_SHARE: Final = 0.16
_NEAR: Final = PLATE_PX / 2 + 4


def risk(drawing: Drawing, view: View, figure: Figure, *, selected: bool) -> None:
    """Two areas on the entry's line; all figures while it is selected, the main ones else."""
    reward, loss = stretched(drawing, view, 0, 2), stretched(drawing, view, 0, 1)
    inner = []
    for box, ink in ((reward, inks.TARGET.line), (loss, inks.STOP.line)):
        shown = box.within(view.pane)
        if shown is not None:
            figure.areas.append(Area(shown, ink, _SHARE))
            inner.append(shown)
    if inner:
        figure.inside = Box(
            min(b.left for b in inner),
            min(b.top for b in inner),
            max(b.right for b in inner),
            max(b.bottom for b in inner),
        )
    _edges(drawing, view, figure, reward)
    instrument = view.model.instrument
    if instrument is None or figure.inside is None:
        return
    plan = risk_plan(drawing, instrument, view.rules)
    middle = (figure.inside.left + figure.inside.right) / 2
    _say(plan, drawing, view, figure, middle, selected=selected)


def _edges(drawing: Drawing, view: View, figure: Figure, box: Box) -> None:
    entry, stop, target = drawing.anchors
    own, width = token(drawing.style.ink), drawing.style.width
    for anchor, ink in ((entry, own), (stop, inks.STOP.line), (target, inks.TARGET.line)):
        y = view.mapping.y(anchor.ticks)
        span = cut(box.left, y, box.right, y, view.pane, before=False, after=False)
        if span is not None:
            figure.strokes.append(Stroke(span, ink, width, drawing.style.dash))


def _say(
    plan: RiskPlan,
    drawing: Drawing,
    view: View,
    figure: Figure,
    middle: float,
    *,
    selected: bool,
) -> None:
    """Plates at the three lines: beyond stop and target, on the loss's side of the entry."""
    texts, pane = view.texts, view.pane
    sign = plan.side.sign
    entry_y, stop_y, target_y = (view.mapping.y(a.ticks) for a in drawing.anchors)
    if not selected:
        if pane.top <= entry_y <= pane.bottom:
            short = f"{size_words(plan)} · {plan.reward_ratio} R"
            figure.words.append(plate(texts, pane, (middle, entry_y), short))
        return
    shown = max(1, plan.size)
    price = view.model.price_text
    target = (
        f"Target {price(drawing.anchors[2].ticks)} · {words.ticks(plan.target_distance)} · "
        f"{words.money(plan.each / plan.stop_distance * plan.target_distance * shown)} · "
        f"{plan.reward_ratio} R"
    )
    stop = (
        f"Stop {price(drawing.anchors[1].ticks)} · {words.ticks(-plan.stop_distance)} · "
        f"{words.money(-plan.each * shown)}"
    )
    figure.words.append(
        plate(texts, pane, (middle, target_y - sign * _NEAR), target, border=inks.TARGET.line)
    )
    figure.words.append(
        plate(texts, pane, (middle, stop_y + sign * _NEAR), stop, border=inks.STOP.line)
    )
    figure.words.append(plate(texts, pane, (middle, entry_y), _headline(plan)))
    if plan.size:
        row = (middle, stop_y + sign * (_NEAR + PLATE_PX + 4))
        buttons = [
            ("Use in ticket", "accent", TICKET),
            (f"Place {size_words(plan)}", inks.of_side(plan.side).line, PLACE),
        ]
        figure.words += row_of_plates(texts, pane, row, buttons)
    _spread(figure, pane)


def size_words(plan: RiskPlan) -> str:
    """``BUY 2``, or ``BUY —`` where the risk does not pay for one contract."""
    return f"{plan.side.name} {plan.size or words.NONE}"


def _headline(plan: RiskPlan) -> str:
    risk_text = words.money(plan.risk, signed=False).removesuffix(".00")
    if not plan.size:
        return f"Risk {risk_text} < {words.money(plan.each, signed=False)} for one contract"
    contracts = "contract" if plan.size == 1 else "contracts"
    most = ", your limit" if plan.at_most else ""
    return f"{plan.side.name} · risk {risk_text} → {plan.size} {contracts}{most}"


def _spread(figure: Figure, pane: Box) -> None:
    """Move plates apart that would cover each other where the box is flat."""
    rows: dict[float, list[int]] = {}
    for at, each in enumerate(figure.words):
        rows.setdefault(each.box.top, []).append(at)
    tops = sorted(rows)
    placed: list[float] = []
    for top in tops:
        placed.append(top if not placed else max(top, placed[-1] + PLATE_PX + 2))
    over = placed[-1] + PLATE_PX + 3 - pane.bottom if placed else 0.0
    for top, new in zip(tops, placed, strict=True):
        shift = new - top - max(0.0, over)
        for at in rows[top]:
            figure.words[at] = figure.words[at].lower(shift)
