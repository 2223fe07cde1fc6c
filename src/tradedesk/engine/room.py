"""Memory of columns that grow: large ones lie apart from the heap and go back to the system."""

from __future__ import annotations

from mmap import mmap
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LARGE: Final = 1 << 20
"""Bytes. C libraries begin by giving such arrays pages of their own, but once one was let go of
glibc takes the next ones from the heap, where whatever lies behind them keeps their room."""


def room_for(rows: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """A writable column whose values are not set.

    Parameters
    ----------
    rows : int
        1 or more.
    dtype : numpy.dtype
        Of a fixed size.

    Returns
    -------
    ndarray, shape (rows,)
        Pages of it take memory once they are written to.
    """
    nbytes = rows * dtype.itemsize
    if nbytes < _LARGE:
        return np.empty(rows, dtype)
    return np.frombuffer(mmap(-1, nbytes), dtype)
