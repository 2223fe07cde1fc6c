"""Who began a trade, out of the words that files have for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUY: Final = 0
SELL: Final = 1
UNKNOWN_SIDE: Final = -1

_BUYS: Final = frozenset({"buy", "b", "bid", "buyer", "0", "false"})
_SELLS: Final = frozenset({"sell", "s", "a", "ask", "seller", "1", "true"})
# "true" and "false" answer the question of some exchanges, whether the buyer was the maker.


def sides(column: Any) -> NDArray[np.int8]:
    """Read a column of sides.

    Parameters
    ----------
    column : pyarrow.Array
        Words, numbers or truth values.

    Returns
    -------
    ndarray of int8
        ``BUY``, ``SELL`` or, for everything else, ``UNKNOWN_SIDE``.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type):
        if pa.types.is_nested(column.type):
            return np.full(len(column), UNKNOWN_SIDE, np.int8)
        column = pc.dictionary_encode(column)
    words = [str(word).strip().lower() for word in column.dictionary.to_pylist()]
    # the last place is for rows that say nothing
    table = np.array([*map(_side, words), UNKNOWN_SIDE], np.int8)
    places = column.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    found: NDArray[np.int8] = table[places]
    return found


def _side(word: str) -> int:
    if word in _BUYS:
        return BUY
    return SELL if word in _SELLS else UNKNOWN_SIDE
