"""The list of all indicators: search, choose, add; and those on the chart, to change or remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from tradedesk.domain.errors import InputError
from tradedesk.engine import indicators
from tradedesk.ui.chart.studies.catalogue import GROUPS, face_of
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.search_list import SearchList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.studies.study_set import StudySet

_SIZE: Final = QSize(460, 520)
_SMALLEST: Final = 120
_MARGIN: Final = 8
_WORDS_AT: Final = 158
_ROW: Final = 28
_WORDS, _NAME, _KEY = (Qt.ItemDataRole.UserRole + n for n in range(3))
_HERE: Final = "On this chart"
_HELP: Final = "Enter adds, or opens settings of one on the chart; Delete removes it; Esc closes."


class StudyPicker(SearchList):
    """Lies over the chart while it is open.

    Signals
    -------
    settings_requested(str)
        Key of the indicator on the chart whose settings are wanted.
    """

    settings_requested = Signal(str)

    def __init__(self, studies: StudySet, parent: QWidget) -> None:
        super().__init__(parent, _HELP)
        self._studies, self._over = studies, parent
        self.line.setPlaceholderText("Search indicators, or type one such as ema(34)")
        self.line.setAccessibleName("Search indicators")
        self.list.setAccessibleName("Indicators")
        self.list.setItemDelegate(_TwoWords(self.list))
        self.searched.connect(self._fill)
        self.clicked.connect(self._take)
        self.entered.connect(lambda: self._take(self.list.currentItem()))

    def open_at(self, left: int) -> None:
        """Show it at the top of the chart, ready to type."""
        parent = self._over
        room = QSize(parent.width() - 2 * _MARGIN, parent.height() - 2 * _MARGIN)
        size = _SIZE.boundedTo(room).expandedTo(QSize(_SMALLEST, _SMALLEST))
        self.resize(size)
        left = min(max(left, _MARGIN), max(_MARGIN, parent.width() - size.width() - _MARGIN))
        self.move(QPoint(left, _MARGIN))
        self.open()

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Answer under the list in one line; the tool tip has what is cut off."""
        shown = self.note.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, max(self.width() - 24, 40)
        )
        super().say(shown, wrong=wrong)
        self.note.setToolTip(text if shown != text else "")

    def key_pressed(self, key: Qt.Key) -> bool:
        """Delete removes the chosen one from the chart."""
        chosen = self.list.currentItem()
        if key is Qt.Key.Key_Delete and self._key_of(chosen):
            self._remove(chosen)
            return True
        return super().key_pressed(key)

    # --- deeds --------------------------------------------------------------------------------

    def _take(self, item: QListWidgetItem | None) -> None:
        key = self._key_of(item)
        if key:
            self.hide()
            self.settings_requested.emit(key)
            return
        name = item.data(_NAME) if item is not None else None
        self._add(name or self.typed)

    def _add(self, text: str) -> None:
        if not text:
            return
        try:
            key = self._studies.add_at_view(text)
        except InputError as error:
            self.say(str(error), wrong=True)
            return
        study = self._studies.book.study(key)
        self._fill(self.line.text())
        if study is not None and study.failure:
            self.say(study.failure, wrong=True)
        elif study is not None:
            self.say(f"{study.title} is on the chart. Esc closes.")

    def _remove(self, item: QListWidgetItem) -> None:
        self._studies.remove(self._key_of(item))
        self._fill(self.line.text())
        self.say("Removed.")

    # --- the list -----------------------------------------------------------------------------

    def _fill(self, text: str) -> None:
        wanted = text.strip().lower()
        self.list.clear()
        here = [] if wanted else self._studies.book.studies
        if here:
            self._head(_HERE)
            for study in here:
                words = study.failure or study.face.words
                self._row(study.title, words, key=study.look.key)
        for group in GROUPS:
            found = list(_matching(group, wanted))
            if found:
                self._head(group)
                for name in found:
                    face = face_of(name)
                    self._row(face.title, face.words, name=name)
        if wanted:
            self.list.setCurrentRow(-1)
            self.step(1)

    def _head(self, text: str) -> None:
        self.add_row(text.upper()).setFlags(Qt.ItemFlag.NoItemFlags)

    def _row(self, title: str, words: str, *, name: str = "", key: str = "") -> None:
        item = self.add_row(title)
        item.setData(_WORDS, words)
        item.setData(_NAME, name)
        item.setData(_KEY, key)
        item.setToolTip(words)

    def _key_of(self, item: QListWidgetItem | None) -> str:
        return (item.data(_KEY) or "") if item is not None else ""


class _TwoWords(QStyledItemDelegate):
    """Title, then what it says in quieter words; headings small."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        words = index.data(_WORDS)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.save()
        if words is None:
            painter.setFont(fonts.ui_font(METRICS.label_px, fonts.SEMIBOLD, 0.4))
            painter.setPen(color("tx3"))
            painter.drawText(rect.adjusted(8, 4, -8, 0), left, index.data())
        else:
            state = option.state
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            if chosen or state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(rect, color("bg3"))
            painter.setFont(fonts.body())
            painter.setPen(color("tx"))
            painter.drawText(rect.adjusted(8, 0, -8, 0), left, index.data())
            wide = painter.fontMetrics().horizontalAdvance(index.data()) + 24
            painter.setPen(color("tx2"))
            at = rect.adjusted(max(_WORDS_AT, wide), 0, -8, 0)
            elided = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, at.width()
            )
            painter.drawText(at, left, elided)
        painter.restore()


def _matching(group: str, wanted: str) -> Iterable[str]:
    """Names of a group whose name, title or words hold what is typed, best first."""
    found = []
    for name in indicators.names():
        face = face_of(name)
        if face.group != group:
            continue
        title = face.title.lower()
        if title.startswith(wanted) or name.startswith(wanted):
            found.append((0, title, name))
        elif wanted in title or wanted in face.words.lower() or wanted in group.lower():
            found.append((1, title, name))
    return [name for _, _, name in sorted(found)]
