"""The table view of all tabs: flat, fixed column widths, an action at the row's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from tradedesk.ui.models.table import CELL_ROLE, ROW_ROLE, Cell, CellKind, Row, TableModel
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone, color
from tradedesk.ui.theme.tokens import METRICS

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock

Index = QModelIndex | QPersistentModelIndex
_PAD = 12
_ACTION_WIDTH = 44


class CellDelegate(QStyledItemDelegate):
    """Draws one cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell | None = index.data(CELL_ROLE)
        if cell is None:
            return
        rect = option.rect
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, color("bg2"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color("bg3"))
        box = QRectF(rect).adjusted(_PAD, 0, -_PAD, -1)
        if cell.kind is CellKind.BADGE:
            self._badge(painter, box, cell)
        else:
            self._text(painter, box, cell, index, hovered=self._is_hovered(option, index))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, METRICS.table_row)

    def _is_hovered(self, option: QStyleOptionViewItem, index: Index) -> bool:
        view = self.parent()
        return isinstance(view, DeskTable) and view.is_hovered(index)

    def _text(
        self, painter: QPainter, box: QRectF, cell: Cell, index: Index, *, hovered: bool
    ) -> None:
        act = cell.kind is CellKind.ACTION
        font = fonts.ui_font(16) if act else fonts.ui_font()
        painter.setFont(font)
        painter.setPen(color("danger") if act and hovered else cell.tone.color)
        align = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
        text = QFontMetricsF(font).elidedText(
            cell.text, Qt.TextElideMode.ElideRight, box.width() + 1
        )
        painter.drawText(box, align, text)

    def _badge(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        font = fonts.label()
        painter.setFont(font)
        width = min(QFontMetricsF(font).horizontalAdvance(cell.text) + 12, box.width())
        badge = QRectF(box.left(), box.center().y() - 8.5, width, 17)
        grounds = {Tone.COVERED: "covered_ground", Tone.WARN: "warn", Tone.DANGER: "danger_tag"}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(grounds.get(cell.tone, "bg3")))
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(color("on_chip") if cell.tone is Tone.WARN else cell.tone.color)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, cell.text)


class DeskTable(QTableView):
    """Table over a `TableModel`.

    Signals
    -------
    action_requested(str, object)
        Key of the row whose action was clicked, and the moment of the press. The row is the one
        under the pointer at the press, wherever it has moved since.
    """

    action_requested = Signal(str, object)

    def __init__(self, model: TableModel, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._press: tuple[str, int] | None = None
        self._hover = QPersistentModelIndex()
        self._table = model
        model.setParent(self)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(METRICS.table_row)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setFont(fonts.label())
        head.setFixedHeight(28)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        metrics = QFontMetricsF(fonts.body())
        self._least = [
            int(max(metrics.horizontalAdvance(c.widest), metrics.horizontalAdvance(c.title)))
            + 2 * _PAD
            if c.stretch or c.title
            else _ACTION_WIDTH
            for c in model.columns
        ]

    @property
    def table(self) -> TableModel:
        """The model."""
        return self._table

    def is_hovered(self, index: Index) -> bool:
        """Whether the pointer is over this cell."""
        return self._hover.isValid() and (self._hover.row(), self._hover.column()) == (
            index.row(),
            index.column(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        press_ns = self._clock.mono_ns()
        row = self._action_row(event)
        self._press = (row.key, press_ns) if row is not None else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        press, self._press = self._press, None
        row = self._action_row(event)
        if press is not None and row is not None and row.key == press[0]:
            self.action_requested.emit(*press)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        if QPersistentModelIndex(index) != self._hover:
            self._hover = QPersistentModelIndex(index)
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._table.row_at(self.currentIndex())
        if event.key() == Qt.Key.Key_Delete and row is not None and _acts(row):
            self.action_requested.emit(row.key, self._clock.mono_ns())
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._table.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(color("tx3"))
            box = QRectF(self.viewport().rect()).adjusted(_PAD, 0, -_PAD, 0)
            place = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, int(place), self._table.empty_text)
            painter.end()

    def _action_row(self, event: QMouseEvent) -> Row | None:
        index = self.indexAt(event.position().toPoint())
        cell: Cell | None = index.data(CELL_ROLE)
        if cell is None or cell.kind is not CellKind.ACTION or not cell.text:
            return None
        row: Row = index.data(ROW_ROLE)
        return row

    def _share_width(self) -> None:
        """Give every column its least width, and what is left by their shares."""
        columns = self._table.columns
        shares = sum(c.stretch for c in columns) or 1
        spare = max(0, self.viewport().width() - sum(self._least))
        for at, column in enumerate(columns):
            self.setColumnWidth(at, self._least[at] + spare * column.stretch // shares)


def _acts(row: Row) -> bool:
    last = row.cells[-1]
    return last.kind is CellKind.ACTION and bool(last.text)
