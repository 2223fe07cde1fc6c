"""Busts and corrections that came before their trades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Figures = tuple[int, int, int]
"""Price in ticks, contracts, contracts bought."""


class WordAhead:
    """What is to be done with a trade when it comes; forgotten once it came.

    As many entries as busts and corrections of trades that never come: their number is in the
    counts of the intake.
    """

    __slots__ = ("_figures",)

    def __init__(self) -> None:
        self._figures: dict[int, Figures | None] = {}

    def __bool__(self) -> bool:
        return bool(self._figures)

    def bust(self, trade_id: int) -> None:
        """The trade is not to be kept, whatever else is said of it."""
        self._figures[trade_id] = None

    def correct(self, trade_id: int, figures: Figures) -> None:
        """The trade is to be kept with these figures, unless it was busted."""
        if self._figures.get(trade_id, figures) is not None:
            self._figures[trade_id] = figures

    def busted(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which of these trades are not to be kept."""
        return np.isin(ids, [key for key, figures in self._figures.items() if figures is None])

    def apply(
        self,
        ids: NDArray[np.int64],
        px_ticks: NDArray[np.int32],
        qty: NDArray[np.int32],
        buy_qty: NDArray[np.int32],
    ) -> int:
        """Give trades that are kept their corrected figures, in place; returns how many."""
        rows = np.flatnonzero(np.isin(ids, list(self._figures))).tolist()
        for row in rows:
            figures = self._figures[int(ids[row])]
            if figures is not None:
                px_ticks[row], qty[row], buy_qty[row] = figures
        return len(rows)

    def forget(self, ids: NDArray[np.int64]) -> None:
        """These trades came."""
        for trade_id in ids[np.isin(ids, list(self._figures))].tolist():
            self._figures.pop(trade_id, None)
