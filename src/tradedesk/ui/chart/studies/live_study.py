"""One indicator on the chart: its lines kept beside the bars, its failure in a sentence."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.errors import InputError
from tradedesk.engine import indicators
from tradedesk.engine.indicators import LiveLines
from tradedesk.ui.chart.studies.catalogue import Face, Kind, LineFace, face_of
from tradedesk.ui.chart.studies.curve import Curve
from tradedesk.ui.chart.studies.joined_values import JoinedValues
from tradedesk.ui.chart.study_look import INKS, SIDES, LineLook, StudyLook

if TYPE_CHECKING:
    from tradedesk.engine import BarSeries
    from tradedesk.engine.indicators import Indicator, Sessions
    from tradedesk.engine.indicators.core import Lines


class DrawnLine(NamedTuple):
    """One line as it is to be drawn.

    Attributes
    ----------
    output : int
        Which output of its indicator it is.
    ink : str
        Palette member; `SIDES` for columns whose colour goes by the sign.
    """

    output: int
    kind: Kind
    ink: str
    width: int
    dotted: bool
    curve: Curve
    joined: JoinedValues


class LiveStudy:
    """An indicator beside the bars of a chart.

    Attributes
    ----------
    look : StudyLook
        What was chosen for it.
    face : Face
        How its kind is shown.
    indicator : Indicator or None
        None where the text could not be read.
    failure : str
        Why there are no lines, in a sentence; empty if there are.
    """

    def __init__(self, look: StudyLook, series: BarSeries, sessions: Sessions | None) -> None:
        self.look = look
        self.failure = ""
        self.indicator: Indicator | None = None
        self._series, self._sessions = series, sessions
        self._live: LiveLines | None = None
        self._failed_rows = -1
        self._joined: dict[tuple[int, int], JoinedValues] = {}
        self._drawn: tuple[StudyLook, Lines | None, list[DrawnLine]] | None = None
        try:
            self.indicator = read(look.text, sessions)
        except InputError as error:
            self.failure = str(error)
        self.face: Face = face_of(look.text.partition("(")[0].strip().lower())
        self.update()

    # --- values -------------------------------------------------------------------------------

    def follow(self, series: BarSeries) -> None:
        """Go on beside other bars."""
        if series is not self._series:
            self._series, self._live, self._failed_rows = series, None, -1
            self._forget(0)
        self.update()

    def update(self) -> int:
        """Take in what changed in the bars.

        Returns
        -------
        int
            The first bar with another value drawn at it; that behind the last one if there is
            none, 0 when all may have changed.
        """
        rows = len(self._series)
        if self.indicator is None or rows == self._failed_rows:
            return rows
        try:
            if self._live is None:
                self._live = LiveLines(self.indicator, self._series)
                first = 0
            else:
                first = self._live.update()
        except InputError as error:
            self.failure, self._live, self._failed_rows = str(error), None, rows
            self._forget(0)
            return 0
        if self.failure:
            self.failure, first = "", 0
        if first < rows:
            self._forget(first)
        return first

    def lines(self) -> list[DrawnLine]:
        """What is to be drawn; empty while it is hidden or failed."""
        columns = None if self._live is None else self._live.lines
        if self._drawn is None or self._drawn[0] is not self.look or self._drawn[1] is not columns:
            self._drawn = (self.look, columns, self._lines())
        return self._drawn[2]

    def _lines(self) -> list[DrawnLine]:
        live = self._live
        if live is None or self.look.hidden:
            return []
        drawn: list[DrawnLine] = []
        for at, values in enumerate(live.lines):
            look, face = self.line_look(at), self.face.line(at)
            if look.hidden or face.kind is Kind.NOTHING:
                continue
            shift = self.shift(at)
            if face.side is None:
                curves = [(look.ink, Curve(values, shift))]
            else:
                side, by_side = live.lines[face.side], look.ink == SIDES
                inks = ("buy_fill", "sell_fill") if by_side else (look.ink, look.ink)
                curves = [
                    (ink, Curve(values, shift, side, wanted))
                    for ink, wanted in zip(inks, (1, -1), strict=True)
                ]
            for part, (ink, curve) in enumerate(curves):
                joined = self._joined.setdefault((at, part), JoinedValues())
                drawn.append(DrawnLine(at, face.kind, ink, look.width, look.dotted, curve, joined))
        return drawn

    def curve(self, output: int) -> Curve | None:
        """All of an output, drawn or not; None while there is none."""
        if self._live is None or output >= len(self._live.lines):
            return None
        return Curve(self._live.lines[output], self.shift(output))

    def value(self, output: int, row: int) -> float | None:
        """The value drawn at a bar; None if there is none."""
        curve = self.curve(output)
        if curve is None or not curve.shift <= row < curve.stop:
            return None
        found = float(curve.values[row - curve.shift])
        return None if found != found else found

    # --- how it looks -------------------------------------------------------------------------

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the lines."""
        return () if self.indicator is None else self.indicator.outputs

    @property
    def title(self) -> str:
        """``MACD 12 26 9``; words only where they are not the usual ones."""
        if self.indicator is None:
            return self.look.text
        inside = str(self.indicator).partition("(")[2].rstrip(")")
        parts = [part.strip() for part in inside.split(",") if part.strip()]
        shown = [part.partition("=")[2] or part for part in parts if "without_flow" not in part]
        if self.indicator.name in ("vwap", "anchored_vwap"):
            shown = [part for part in shown[-1:] if part != "1"]
        return " ".join((self.face.title, *shown))

    def shift(self, output: int) -> int:
        """By how many bars to the right an output is drawn."""
        shifts = () if self.indicator is None else self.indicator.shifts
        return shifts[output] if output < len(shifts) else 0

    def line_look(self, output: int) -> LineLook:
        """What was chosen for an output, or how it is usually drawn."""
        if output < len(self.look.lines):
            return self.look.lines[output]
        return usual_line(self.face.line(output), 0)

    def _forget(self, first: int) -> None:
        for (output, _), joined in self._joined.items():
            joined.forget(first + self.shift(output) if first else 0)


def read(text: str, sessions: Sessions | None = None) -> Indicator:
    """Read an indicator, with trading hours where it takes some.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    made = indicators.parse(text)
    takes = is_dataclass(made) and any(each.name == "sessions" for each in fields(made))
    return replace(made, sessions=sessions) if takes and sessions is not None else made  # type: ignore[type-var]


def usual_line(face: LineFace, first: int) -> LineLook:
    """How a line is drawn unless told otherwise, by the first colour of its indicator."""
    if isinstance(face.ink, str):
        return LineLook(color=face.ink, hidden=face.hidden)
    return LineLook(color=INKS[(first + face.ink) % len(INKS)], hidden=face.hidden)
