"""Base of all tables: columns and rows as data, the fewest possible change signals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
MANY = 32
"""More new and gone rows than this at once are told as one change of everything."""
CELL_ROLE = Qt.ItemDataRole.UserRole
ROW_ROLE = Qt.ItemDataRole.UserRole + 1

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CellKind(Enum):
    """How a cell is drawn."""

    TEXT = "text"
    BADGE = "badge"
    """A word on a ground of its own."""
    ACTION = "action"
    """A sign at the row's end that acts when clicked."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row; ``tip`` is its tool tip, for an action also its name."""

    text: str
    tone: Tone = Tone.TEXT
    kind: CellKind = CellKind.TEXT
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. Two rows with the same key are the same thing at different times."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``widest`` is a sample text that sets its width, ``stretch`` shares the rest."""

    title: str
    widest: str
    right: bool = False
    stretch: int = 1


class TableModel(QAbstractTableModel):
    """Rows as data.

    Parameters
    ----------
    columns : sequence of Column
        Fixed for the life of the model.
    empty_text : str
        What an empty table says.
    """

    def __init__(
        self, columns: Sequence[Column], empty_text: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.empty_text = empty_text
        self._rows: list[Row] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows as they stand."""
        return tuple(self._rows)

    def row_at(self, index: Index) -> Row | None:
        """Row of an index; None if it is not valid."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        return self._rows[index.row()]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows: changed cells are signalled alone, new and gone rows one by one."""
        wanted = {row.key for row in rows}
        if len(wanted.symmetric_difference(row.key for row in self._rows)) > MANY:
            self._reset(rows)
            return
        for at in range(len(self._rows) - 1, -1, -1):
            if self._rows[at].key not in wanted:
                self.beginRemoveRows(_NO_PARENT, at, at)
                del self._rows[at]
                self.endRemoveRows()
        known = {row.key for row in self._rows}
        for at, row in enumerate(rows):
            if row.key not in known:
                self.beginInsertRows(_NO_PARENT, at, at)
                self._rows.insert(at, row)
                self.endInsertRows()
        if [row.key for row in rows] != [row.key for row in self._rows]:
            self._reset(rows)
            return
        for at, row in enumerate(rows):
            self._replace(at, row)

    def _reset(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def _replace(self, at: int, row: Row) -> None:
        old = self._rows[at]
        if old == row:
            return
        self._rows[at] = row
        changed = [i for i, cell in enumerate(row.cells) if cell != old.cells[i]]
        if changed:
            self.dataChanged.emit(self.index(at, changed[0]), self.index(at, changed[-1]))

    # --- Qt -----------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        cell = row.cells[index.column()]
        if role == CELL_ROLE:
            return cell
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if self.columns[index.column()].right else _LEFT)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return cell.tip or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.FontRole:
            return fonts.label()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if self.columns[section].right else _LEFT)
        return None


def action(tip: str, *, allowed: bool = True) -> Cell:
    """The × at the end of a row."""
    return Cell("×" if allowed else "", Tone.SOFT, CellKind.ACTION, tip)
