"""What the buttons of legends and menus do, and the windows that they open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from tradedesk.ui.chart.studies.legend_rows import Deed
from tradedesk.ui.chart.studies.picker import StudyPicker
from tradedesk.ui.chart.studies.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.studies.study_set import StudySet


class StudyDesk(QObject):
    """Opens the list and the settings over the chart.

    Attributes
    ----------
    picker : StudyPicker or None
        The list; made when it is first opened.
    dialog : SettingsDialog or None
        The open settings; one at a time.
    """

    def __init__(self, studies: StudySet, stage: Stage, panel: QWidget) -> None:
        super().__init__(panel)
        self._studies, self._stage, self._panel = studies, stage, panel
        self.picker: StudyPicker | None = None
        self.dialog: SettingsDialog | None = None

    def choose(self, left: int) -> None:
        """Open the list of all indicators, or close it."""
        if self.picker is None:
            self.picker = StudyPicker(self._studies, self._panel)
            self.picker.closed.connect(self._focus_chart)
            self.picker.settings_requested.connect(self.settings)
        if self.picker.isVisible():
            self.picker.dismiss()
        else:
            self.picker.open_at(left)

    def do(self, key: str, deed: Deed) -> None:
        """Do what stands on a button of an indicator."""
        look = self._studies.look(key)
        if look is None:
            return
        if deed is Deed.SETTINGS:
            self.settings(key)
        elif deed is Deed.REMOVE:
            self._studies.remove(key)
        elif deed in (Deed.UP, Deed.DOWN):
            self._studies.move_pane(look.pane, -1 if deed is Deed.UP else 1)
        else:
            self._studies.change(key, hidden=deed is Deed.HIDE)

    def fit(self, pane: str, on: bool) -> None:
        """Fit the scale of a pane to what is in view from now on, or keep it as it is."""
        hand = self._studies.book.hand_of(pane)
        if hand is not None:
            hand.auto_y = on
            self._stage.view_changed()

    def settings(self, key: str) -> None:
        """Open the settings of an indicator; one that cannot be read has none."""
        study = self._studies.book.study(key)
        if study is None or study.indicator is None:
            return
        if self.dialog is not None:
            self.dialog.accept()
        self.dialog = SettingsDialog(self._studies, study, self._stage.model.zone, self._panel)
        self.dialog.finished.connect(self._forget)
        self.dialog.show()

    def _forget(self) -> None:
        self.dialog = None
        self._focus_chart()

    def _focus_chart(self) -> None:
        self._stage.view.setFocus(Qt.FocusReason.PopupFocusReason)
