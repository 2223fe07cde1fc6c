"""A column of int64 that grows at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALLEST: Final = 256


class LongColumn:
    """Int64 values, added at the end; a full array is replaced by one larger by half."""

    __slots__ = ("_array", "_rows")

    def __init__(self) -> None:
        self._array: NDArray[np.int64] = np.empty(_SMALLEST, np.int64)
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    @property
    def values(self) -> NDArray[np.int64]:
        """All values; a view, shape (n,)."""
        return self._array[: self._rows]

    def extend(self, values: NDArray[np.int64]) -> None:
        """Add values at the end."""
        stop = self._rows + len(values)
        if stop > len(self._array):
            array = np.empty(max(stop, self._rows + self._rows // 2), np.int64)
            array[: self._rows] = self.values
            self._array = array
        self._array[self._rows : stop] = values
        self._rows = stop
