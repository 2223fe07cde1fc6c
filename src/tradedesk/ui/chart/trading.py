"""Trading on the chart beyond aim and drag: exits, keys on a line, alerts, marks, aborts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tradedesk.services.chart_line import ChartLine, LineKind, LinePart
from tradedesk.ui.chart.exits import ExitKind, ExitOffer, waiting_text
from tradedesk.ui.chart.items.alert_marks import AlertMarks
from tradedesk.ui.chart.items.exit_handles import ExitHandles
from tradedesk.ui.chart.items.fill_links import FillLinks
from tradedesk.ui.chart.items.hover_note import HoverNote
from tradedesk.ui.chart.tools.alert_tool import AlertTool
from tradedesk.ui.chart.tools.exit_tool import ExitTool
from tradedesk.ui.chart.tools.fill_tool import FillTool
from tradedesk.ui.chart.tools.select_tool import SelectTool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.services.trips import Trip
    from tradedesk.ui.chart.aiming import Aim
    from tradedesk.ui.chart.interaction import Interaction
    from tradedesk.ui.chart.marks import AlertMark, FillMark
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.tools.line_tool import Cancel, Move

OTHER_CONTRACT = "The chart shows another contract now: nothing was sent."
STALE = "Prices stopped coming: what was begun on the chart ended and nothing was sent."
_HANDLES_Z = 6.8
_MARKS_Z = 4.1
_LINKS_Z = 3.9
_NOTE_Z = 9.5


class ChartTrading(QObject):
    """What a chart asks for a position that is held, and what ends a gesture from outside.

    Signals
    -------
    exit_requested(object, object)
        An `ExitOffer` that was let go of, press_ns. It is shown as waiting until `exit_answered`.
    alert_requested(int)
        Wait for a price in ticks. Its line comes as ``alert:<id>`` among the others.
    said(str)
        A sentence about something that was not done.
    """

    alert_requested = Signal(int)
    exit_requested = Signal(object, object)
    said = Signal(str)

    def __init__(self, stage: Stage, aim: Aim, move: Move, cancel: Cancel, parent: QObject) -> None:
        super().__init__(parent)
        self._stage, self._aim = stage, aim
        self._before: dict[ExitKind, frozenset[str]] = {}
        self.handles = ExitHandles(stage.model, _HANDLES_Z)
        stage.add(self.handles)
        stage.overlay.beside.append(self.handles.boxes)
        self._alert_marks = AlertMarks(stage.model, _MARKS_Z)
        self.links = FillLinks(stage.model, _LINKS_Z)
        self.note = HoverNote(stage.model, _NOTE_Z)
        stage.add(self._alert_marks, self.links, self.note)
        self.marks = FillTool(
            stage.model,
            stage.fills,
            self.links,
            self.note,
            self._alert_marks.rows_at,
        )
        self.alerts = AlertTool(stage, self.alert_requested.emit)
        self.exits = ExitTool(stage, aim, self.handles, self._ask_exit)
        self.keys = SelectTool(
            stage, move, cancel, lambda: aim.permission.exits_off, self.said.emit
        )

    def exit_answered(self, kind: ExitKind) -> None:
        """What became of an exit is told by its order or by a toast: the waiting line goes."""
        self._stage.moves.take_away(_key(kind))
        self._stage.lines_changed()

    def settle_move(self, key: str) -> None:
        """A move was carried out, or a newer one took its place."""
        self._stage.moves.settle(key)
        self._stage.lines_changed()

    def show_fills(self, marks: Sequence[FillMark], trips: Sequence[Trip]) -> None:
        """Mark fills at their bars, and join those of which one closed the other."""
        model = self._stage.model
        model.fills, model.trips = tuple(marks), tuple(trips)
        self._stage.fills.locate()
        self.links.locate()

    def show_alert_marks(self, marks: Sequence[AlertMark]) -> None:
        """Where alerts of this contract have fired."""
        self._alert_marks.show_marks(marks)

    def frame(self, now_ns: int) -> None:
        """Once a frame."""
        self.keys.frame(now_ns)

    # --- from outside -------------------------------------------------------------------------

    def permit(self, interaction: Interaction, *, armed: bool, reason: str, exits_off: str) -> None:
        """Take another permission; what was begun under the old one ends if that was a yes."""
        known = self._aim.permission
        self._aim.permit(armed=armed, reason=reason, exits_off=exits_off)
        withdrawn = (known.armed and not armed) or (exits_off and not known.exits_off)
        if withdrawn and self.end(interaction):
            self.said.emit(f"{reason} What was begun on the chart ended; nothing was sent.")

    def prices_stopped(self, interaction: Interaction) -> None:
        """The feed was lost."""
        if self.end(interaction):
            self.said.emit(STALE)

    def contract_changed(self, interaction: Interaction) -> None:
        """The chart goes to another contract: its gestures, its selection and its exits end."""
        if self.end(interaction):
            self.said.emit(OTHER_CONTRACT)
        self._stage.select_line(None)
        self._alert_marks.show_marks(())
        for kind in ExitKind:
            self._stage.moves.take_away(_key(kind))

    def lines_came(self, interaction: Interaction) -> None:
        """What a gesture holds may be gone."""
        moves = self._stage.moves
        for kind in ExitKind:
            own = moves.line(_key(kind))
            known = self._before.get(kind, frozenset())
            if own is not None and any(
                _is_same(own, line) for line in moves.lines if line.key not in known
            ):
                self.exit_answered(kind)
        reason = interaction.end_lost()
        if reason:
            self.said.emit(reason)

    def end(self, interaction: Interaction) -> bool:
        """End what would ask the venue for something; tells whether there was anything."""
        by_keys = self.keys.undo()
        return interaction.abort_trading() or by_keys

    # --- inside -------------------------------------------------------------------------------

    def _ask_exit(self, found: ExitOffer, press_ns: int) -> None:
        if found.refusal:
            self.said.emit(found.refusal)
            return
        if self._stage.moves.line(_key(found.kind)) is not None:
            self.said.emit(f"A {found.kind.noun} is on its way already; wait for the answer.")
            return
        self._before[found.kind] = frozenset(line.key for line in self._stage.moves.lines)
        parts = (LinePart(waiting_text(found)), LinePart("sending…", keep=1))
        self._stage.moves.add(
            ChartLine(
                key=_key(found.kind),
                kind=LineKind.PENDING,
                side=found.side,
                price_ticks=found.price_ticks,
                size=found.size,
                parts=parts,
                waiting=True,
            )
        )
        self._stage.lines_changed()
        self.exit_requested.emit(found, press_ns)


def _is_same(own: ChartLine, line: ChartLine) -> bool:
    """Whether the desk shows by itself what the chart showed as waiting."""
    return line.key != own.key and line.price_ticks == own.price_ticks and line.side is own.side


def _key(kind: ExitKind) -> str:
    return f"exit:{kind.noun}"
