"""Says where in a file a row of a table stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RowNames:
    """Names of the rows of a table, for sentences.

    Parameters
    ----------
    path : Path
        The file.
    word : str
        What a row is called there: ``line``, ``row`` or ``record``.
    help_text : str
        What the file should look like.
    number : callable, optional
        Number of a row of the file for people; counts from 1 if left out. Asked only when
        something is wrong, so it may be slow.
    picked : ndarray of int, optional
        Rows of the file that the table has, if not all of them.
    """

    path: Path
    word: str
    help_text: str
    number: Callable[[int], int] | None = None
    picked: NDArray[np.intp] | None = None

    def where(self, row: int) -> str:
        """Return the file and the number of a row of the table."""
        if self.picked is not None:
            row = int(self.picked[row])
        number = row + 1 if self.number is None else self.number(row)
        return f"{self.path} {self.word} {number}"

    def of(self, picked: NDArray[np.intp]) -> RowNames:
        """Return the names of some of the rows."""
        rows = picked if self.picked is None else self.picked[picked]
        return replace(self, picked=rows)
