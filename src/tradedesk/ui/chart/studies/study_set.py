"""The indicators of a chart as a set: added, changed, taken off, moved; remembered in its look."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

import msgspec
from PySide6.QtCore import QObject

from tradedesk.ui.chart.pane_plan import moved
from tradedesk.ui.chart.panes import VOLUME
from tradedesk.ui.chart.studies.catalogue import face_of
from tradedesk.ui.chart.studies.live_study import read, usual_line
from tradedesk.ui.chart.studies.study_book import StudyBook
from tradedesk.ui.chart.study_look import INKS, PRICE, StudyLook, next_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradedesk.engine.indicators import Indicator
    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.studies.catalogue import Face
    from tradedesk.ui.chart.study_look import LineLook

_DEFAULTS: Final = {"vwap": "vwap(1, without_flow=hlc3)"}
"""Bars of the history have no order flow: without an estimate there would be no line."""


class StudySet(QObject):
    """What is chosen is a part of the chart's look; whoever draws follows that.

    Attributes
    ----------
    book : StudyBook
        The indicators with their values.
    """

    def __init__(self, model: ChartModel, looks: Looks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._looks = model, looks
        self.book = StudyBook(model)

    # --- for scripts --------------------------------------------------------------------------

    def add(self, text: str, pane: str | None = None) -> str:
        """Add an indicator.

        Parameters
        ----------
        text : str
            As `tradedesk.engine.indicators.parse` reads it, such as ``"ema(21)"``.
        pane : str, optional
            ``""`` over the bars, the key of a pane below, or of one that is not there yet. Left
            out it goes where its kind belongs: over the bars or into a pane of its own.

        Returns
        -------
        str
            Its key.

        Raises
        ------
        InputError
            If the text cannot be read. Nothing changes.
        """
        made = read(text)
        now = self._looks.now.studies
        key = next_key(now)
        face = face_of(_name(made))
        if pane is None:
            pane = PRICE if face.over_bars else key
        lines = usual_lines(face, len(made.outputs), _free_ink(now))
        self._change((*now, StudyLook(key=key, text=str(made), pane=pane, lines=lines)))
        return key

    def add_at_view(self, text: str) -> str:
        """Add an indicator; one that begins at a moment begins with the first bar in view.

        Raises
        ------
        InputError
            If the text cannot be read. Nothing changes.
        """
        model = self._model
        if text == "anchored_vwap" and len(model.series):
            first = min(model.viewport.visible_rows()[0], len(model.series) - 1)
            text = f"anchored_vwap({int(model.series.ts_ns[first])}, 1, without_flow=hlc3)"
        return self.add(_DEFAULTS.get(text, text))

    def remove(self, which: str) -> None:
        """Take an indicator off, by its key or its text; does nothing if there is none."""
        self._change(tuple(x for x in self._looks.now.studies if which not in (x.key, x.text)))

    def list(self) -> tuple[str, ...]:
        """Texts of all indicators in the order of their rows."""
        return tuple(study.text for study in self._looks.now.studies)

    def hovered_moment(self) -> int | None:
        """When the bar under the pointer opens, UTC nanoseconds."""
        row, series = self._model.hovered_row, self._model.series
        return int(series.ts_ns[row]) if row is not None and row < len(series) else None

    # --- for menus, legends and dialogs -------------------------------------------------------

    def look(self, key: str) -> StudyLook | None:
        """What is chosen for an indicator."""
        return next((study for study in self._looks.now.studies if study.key == key), None)

    def change(self, key: str, **members: Any) -> None:
        """Replace members of what is chosen for an indicator.

        Raises
        ------
        InputError
            If a text cannot be read. Nothing changes.
        """
        if "text" in members:
            members["text"] = str(read(members["text"]))
        self._change(
            tuple(
                msgspec.structs.replace(study, **members) if study.key == key else study
                for study in self._looks.now.studies
            )
        )

    def put(self, look: StudyLook) -> None:
        """Draw the indicator with this key as it says; does nothing if there is none."""
        now = self._looks.now.studies
        self._change(tuple(look if study.key == look.key else study for study in now))

    def move_pane(self, pane: str, by: int) -> None:
        """Put a pane so many places further down."""
        self._looks.change(pane_order=moved(self._looks.now, pane, by))

    def to_pane(self, key: str, pane: str | None) -> None:
        """Draw an indicator in another pane; None is one of its own."""
        self.change(key, pane=self.own_pane(key) if pane is None else pane)

    def own_pane(self, key: str) -> str:
        """The key of a pane with nothing but this indicator in it, shown or not."""
        others = {study.pane for study in self._looks.now.studies if study.key != key}
        return next(pane for pane in _names(key) if pane not in others)

    def usual(self, key: str) -> tuple[LineLook, ...]:
        """How the lines of an indicator are drawn unless told otherwise, in its first colour."""
        study = self.book.study(key)
        if study is None:
            return ()
        inks = [look.color for look in study.look.lines[:1] if look.color in INKS]
        first = INKS.index(inks[0]) if inks else 0
        return usual_lines(study.face, len(study.outputs), first)

    def close_pane(self, pane: str) -> None:
        """Take off all that is in a pane."""
        if pane == VOLUME:
            self._looks.change(volume=False)
        else:
            self._change(tuple(x for x in self._looks.now.studies if x.pane != pane))

    def panes(self) -> Sequence[tuple[str, str]]:
        """Key and title of every pane that an indicator can be put into."""
        found = [(PRICE, "Over the bars")]
        for study in self.book.studies:
            if study.look.pane != PRICE and study.look.pane not in dict(found):
                found.append((study.look.pane, f"With {study.title}"))
        return found

    # --- parts --------------------------------------------------------------------------------

    def _change(self, studies: tuple[StudyLook, ...]) -> None:
        self._looks.change(studies=studies)


def usual_lines(face: Face, outputs: int, first: int) -> tuple[LineLook, ...]:
    """How the lines of an indicator are drawn that begins with so many colours taken."""
    return tuple(usual_line(face.line(at), first) for at in range(outputs))


def _names(key: str) -> Iterator[str]:
    """Names for a pane of its own: its key, or more should others be in that one."""
    return (f"{key}.{n}" if n else key for n in count())


def _name(made: Indicator) -> str:
    return str(made).partition("(")[0]


def _free_ink(studies: tuple[StudyLook, ...]) -> int:
    """The first colour that no visible line begins with; else they go round."""
    used = {study.lines[0].color for study in studies if study.lines}
    free = [at for at, ink in enumerate(INKS) if ink not in used]
    return free[0] if free else len(studies) % len(INKS)
