"""A list that is searched by typing, with words about it below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from tradedesk.ui.theme.style import restyle
from tradedesk.ui.widgets.layout import column, small
from tradedesk.ui.widgets.line_box import LineBox


class SearchList(LineBox):
    """Arrows choose in the list while the keys stay with the line; a click takes a row.

    Parameters
    ----------
    parent : QWidget
        What it lies over.
    help_text : str
        What stands below the list until something else is said.

    Signals
    -------
    searched(str)
        The text to search by is another one, or none: the list is to be filled.
    clicked(QListWidgetItem)
        A row that was clicked.

    Attributes
    ----------
    list : QListWidget
        What was found. Rows that cannot be selected are headings.
    note : QLabel
        The words below.
    """

    searched = Signal(str)
    clicked = Signal(object)

    def __init__(self, parent: QWidget, help_text: str, *, wrap: bool = False) -> None:
        super().__init__(parent)
        self._help = help_text
        self.line.textEdited.connect(self.searched.emit)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self.clicked.emit)
        self.note = small(help_text, wrap=wrap)
        layout = column(self.line, self.list, self.note)
        layout.setContentsMargins(12, 12, 12, 8)
        self.setLayout(layout)

    @property
    def typed(self) -> str:
        """What is searched by."""
        return self.line.text().strip()

    def open(self) -> None:
        """Show it, with all that there is, ready to type."""
        self.line.clear()
        self.searched.emit("")
        self.say(self._help)
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Answer under the list."""
        self.note.setText(text)
        restyle(self.note, "tone", "error" if wrong else "label")

    def add_row(self, text: str) -> QListWidgetItem:
        """Add a row at the end."""
        item = QListWidgetItem(text)
        self.list.addItem(item)
        return item

    def key_pressed(self, key: Qt.Key) -> bool:
        """Arrows go through the list."""
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(1 if key is Qt.Key.Key_Down else -1)
            return True
        return super().key_pressed(key)

    def step(self, by: int) -> None:
        """Choose the next row up or down; headings are passed over."""
        row = max(self.list.currentRow() + by, 0)
        while 0 <= row < self.list.count():
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsSelectable:
                self.list.setCurrentRow(row)
                return
            row += by
