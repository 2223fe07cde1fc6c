"""Larger arrays for columns that will soon be full, filled a piece at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradedesk.engine.room import room_for

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Growth:
    """Moves columns into larger arrays while rows are added to them.

    Millions of rows moved at once would hold up for a tenth of a second whoever adds a handful.
    One column after another is moved, the first one last: as long as that has its old length,
    growing goes on. Rows that were copied must not change until it is over.
    """

    __slots__ = ("_at", "_copied", "_larger")

    def __init__(self) -> None:
        self._at = 0
        self._copied = 0
        self._larger: NDArray[Any] | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of the array that is being filled."""
        return 0 if self._larger is None else self._larger.nbytes

    def step(self, columns: list[NDArray[Any]], used: int, room: int, count: int) -> bool:
        """Copy a piece, and exchange each column whose rows are all copied.

        Parameters
        ----------
        columns : list of ndarray
            Exchanged in place; an old array stays as it is for those who hold views of it.
        used : int
            Rows of each column that are in use.
        room : int
            Rows each is to have room for.
        count : int
            Values to copy at most, 1 or more.

        Returns
        -------
        bool
            Whether all columns have that room.
        """
        while count > 0:
            if self._larger is None and not self._begin(columns, room):
                return True
            assert self._larger is not None
            stop = min(used, self._copied + count)
            self._larger[self._copied : stop] = columns[self._at][self._copied : stop]
            count -= max(1, stop - self._copied)
            self._copied = stop
            if stop == used:
                columns[self._at], self._larger = self._larger, None
        return False

    def stop(self) -> None:
        """Leave the column that is being moved where it is."""
        self._larger = None

    def _begin(self, columns: list[NDArray[Any]], room: int) -> bool:
        small = [at for at, column in enumerate(columns) if len(column) < room]
        if not small:
            return False
        self._at, self._copied = small[-1], 0
        self._larger = room_for(room, columns[self._at].dtype)
        return True
