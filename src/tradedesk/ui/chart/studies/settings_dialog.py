"""Settings of one indicator: every change shows on the chart at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from tradedesk.domain.errors import InputError
from tradedesk.ui.chart.studies.catalogue import Kind, face_of
from tradedesk.ui.chart.studies.line_rows import LineRow, caption, looks_of
from tradedesk.ui.chart.studies.parameter_rows import (
    Parameter,
    added,
    parameters_of,
    read_value,
    text_of,
)
from tradedesk.ui.chart.study_look import PRICE, SIDES
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.field import Field
from tradedesk.ui.widgets.layout import card_title, column, row, rule, small
from tradedesk.ui.widgets.menu_button import MenuButton
from tradedesk.ui.widgets.toggle import CheckBox

if TYPE_CHECKING:
    from tradedesk.ui.chart.studies.live_study import LiveStudy
    from tradedesk.ui.chart.studies.study_set import StudySet
    from tradedesk.ui.chart.study_look import LineLook
    from tradedesk.ui.chart.time_zone import LocalTime

_WIDTH: Final = 560
_INPUT_WIDTH: Final = 208
_OWN_PANE: Final = "own"


class SettingsDialog(QDialog):
    """Parameters, lines and pane. Cancel puts back what was there when it was opened."""

    def __init__(
        self, studies: StudySet, study: LiveStudy, zone: LocalTime, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._studies, self._zone = studies, zone
        self._before = study.look
        self.key = study.look.key
        self._name = study.look.text.partition("(")[0].strip().lower()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{study.face.title} — settings")
        self.setFixedWidth(_WIDTH)
        assert study.indicator is not None
        self._parameters = parameters_of(self._name, study.indicator)
        self.inputs: dict[str, Field | MenuButton] = {}
        self.line_rows: list[LineRow | None] = []
        self.error = small("", "error", wrap=True)
        self.error.setMinimumHeight(2 * self.error.fontMetrics().height() + 2)
        self.setLayout(self._arranged(study))
        self.rejected.connect(self._put_back)

    # --- building -----------------------------------------------------------------------------

    def _arranged(self, study: LiveStudy) -> Any:
        head = QLabel(study.face.title)
        head.setFont(fonts.ui_font(METRICS.figure_px, fonts.SEMIBOLD))
        words = QLabel(f"{study.face.words}.")
        words.setProperty("tone", "soft")
        words.setWordWrap(True)
        parts: list[Any] = [column(head, words, spacing=2), rule()]
        if self._parameters:
            parts += [card_title("PARAMETERS"), *(self._input_row(p) for p in self._parameters)]
            parts.append(rule())
        parts += [card_title("LINES"), *self._lines(study)]
        if study.face.fills:
            self.filled = CheckBox("Tint the room between the bands")
            self.filled.setChecked(study.look.filled)
            self.filled.toggled.connect(lambda on: self._apply(filled=on))
            parts.append(self.filled)
        self.pane = MenuButton("choice")
        self.pane.setFixedWidth(_INPUT_WIDTH)
        self.pane.setAccessibleName("Pane")
        self.pane.offer(self._panes)
        self.pane.chosen.connect(self._to_pane)
        self._show_pane()
        parts += [rule(), self._pair("Pane", self.pane), self.error, self._buttons()]
        layout = column(*parts, spacing=10)
        layout.setContentsMargins(20, 18, 20, 16)
        return layout

    def _buttons(self) -> QHBoxLayout:
        self.reset = QPushButton("Reset")
        self.reset.setToolTip("Parameters and lines as they usually are")
        self.cancel, self.done_button = QPushButton("Cancel"), QPushButton("Done")
        self.done_button.setProperty("kind", "primary")
        self.reset.clicked.connect(self._reset)
        self.cancel.clicked.connect(self.reject)
        self.done_button.clicked.connect(self.accept)
        for button in (self.reset, self.cancel):
            button.setAutoDefault(False)
        self.done_button.setDefault(True)
        return row(self.reset, None, self.cancel, self.done_button)

    def _input_row(self, parameter: Parameter) -> QHBoxLayout:
        text = text_of(parameter, parameter.value, self._zone)
        if parameter.words:
            chooser = MenuButton("choice")
            chooser.setAccessibleName(parameter.title)
            words = dict(parameter.words)
            chooser.setProperty("choice", str(parameter.value))
            chooser.show_text(words.get(str(parameter.value), text))
            chooser.offer(lambda: parameter.words)
            chooser.chosen.connect(lambda key: self._choose(chooser, words, key))
            made: Field | MenuButton = chooser
        else:
            made = Field("", steppers=not parameter.is_moment)
            made.input.setAccessibleName(parameter.title)
            made.show_text(text)
            made.edited.connect(lambda _text: self._take_parameters())
            made.stepped.connect(lambda steps: self._step(parameter, steps))
        made.setFixedWidth(_INPUT_WIDTH)
        self.inputs[parameter.name] = made
        return self._pair(parameter.title, made)

    def _pair(self, name: str, widget: QWidget) -> QHBoxLayout:
        return row(caption(name), widget, None)

    def _lines(self, study: LiveStudy) -> list[LineRow]:
        for at, output in enumerate(study.outputs):
            face = study.face.line(at)
            if face.kind is Kind.NOTHING:
                self.line_rows.append(None)
                continue
            title, by_side = _title(output), face.ink == SIDES
            plain = face.kind is Kind.COLUMNS
            made = LineRow(title, study.line_look(at), by_side=by_side, plain=plain)
            made.changed.connect(self._take_lines)
            self.line_rows.append(made)
        return [each for each in self.line_rows if each is not None]

    # --- changes ------------------------------------------------------------------------------

    def _choose(self, chooser: MenuButton, words: dict[str, str], key: str) -> None:
        chooser.setProperty("choice", key)
        chooser.show_text(words[key])
        self._take_parameters()

    def _step(self, parameter: Parameter, steps: int) -> None:
        field = self.inputs[parameter.name]
        assert isinstance(field, Field)
        try:
            now = read_value(parameter, field.text, self._zone)
            value = parameter.rule.read(parameter.title, added(now, steps * parameter.step))
        except InputError as error:
            self._say(str(error))
            return
        field.show_text(text_of(parameter, value, self._zone))
        self._take_parameters()

    def _take_parameters(self) -> None:
        """Apply what stands in the inputs; the first one that is wrong says so."""
        written, trouble = [], ""
        for parameter in self._parameters:
            made = self.inputs[parameter.name]
            typed = made.text if isinstance(made, Field) else str(made.property("choice"))
            wrong = ""
            try:
                value = read_value(parameter, typed, self._zone)
                written.append(f"{parameter.name}={value}")
            except InputError as error:
                wrong = str(error)
            if isinstance(made, Field):
                made.show_error(wrong)
            trouble = trouble or wrong
        self._say(trouble)
        if not trouble:
            self._apply(text=f"{self._name}({', '.join(written)})" if written else self._name)

    def _take_lines(self) -> None:
        now = self._studies.look(self.key)
        if now is not None:
            self._apply(lines=looks_of(self.line_rows, self._all_lines(now.lines)))

    def _all_lines(self, chosen: tuple[LineLook, ...]) -> tuple[LineLook, ...]:
        study = self._studies.book.study(self.key)
        assert study is not None
        return tuple(study.line_look(at) for at in range(len(self.line_rows))) or chosen

    def _to_pane(self, pane: str) -> None:
        self._studies.to_pane(self.key, None if pane == _OWN_PANE else pane)
        self._show_pane()

    def _apply(self, **members: Any) -> None:
        try:
            self._studies.change(self.key, **members)
        except InputError as error:
            self._say(str(error))
            return
        study = self._studies.book.study(self.key)
        if study is not None and study.failure:
            self._say(study.failure)

    def _reset(self) -> None:
        study = self._studies.book.study(self.key)
        if study is None:
            return
        for parameter in self._parameters:
            made, usual = self.inputs[parameter.name], parameter.usual
            if isinstance(made, Field):
                made.show_text(text_of(parameter, usual, self._zone))
            else:
                made.setProperty("choice", str(usual))
                made.show_text(dict(parameter.words)[str(usual)])
        self._take_parameters()
        for each, look in zip(self.line_rows, self._studies.usual(self.key), strict=False):
            if each is not None:
                each.show_look(look)
        self._take_lines()

    def _put_back(self) -> None:
        self._studies.put(self._before)

    # --- panes --------------------------------------------------------------------------------

    def _panes(self) -> list[tuple[str, str]]:
        own = self._studies.own_pane(self.key)
        found = [pair for pair in self._studies.panes() if pair[0] != own]
        return [*found, (_OWN_PANE, "A pane of its own")]

    def _show_pane(self) -> None:
        look = self._studies.look(self.key)
        pane = PRICE if look is None else look.pane
        self.pane.show_text(dict(self._panes()).get(pane, "A pane of its own"))

    def _say(self, text: str) -> None:
        self.error.setText(text)


def _title(output: str) -> str:
    title = face_of(output).title
    if output in ("k", "d") or title.isupper():
        return title.upper()
    return output.replace("_", " ").capitalize()
