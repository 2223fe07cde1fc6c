"""Columns of a table file that are named but not yet understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.history.headers import Names
    from tradedesk.history.row_names import RowNames


@dataclass(slots=True)
class Columns:
    """Arrow arrays of one length by what they are.

    Parameters
    ----------
    names : dict of str to str
        Names of the columns in the file.
    arrays : dict of str to pyarrow.Array
        The columns.
    rows : RowNames
        Names of the rows.
    count : int
        How many rows there are.
    facts : dict of str to str
        What the file says about itself, such as its tick size.
    """

    names: Names
    arrays: dict[str, Any]
    rows: RowNames
    count: int
    facts: dict[str, str] | None = None

    def pick(self, role: str, word: str) -> None:
        """Keep the rows that have a word in a column; without the column, all."""
        if role in self.arrays:
            self._keep(self._equal(role, word))

    def symbols(self) -> list[str]:
        """Different symbols of the column of symbols, sorted; none without one."""
        import pyarrow.compute as pc

        if "symbol" not in self.arrays:
            return []
        return sorted(str(symbol) for symbol in pc.unique(self.arrays["symbol"]).to_pylist())

    def only(self, contract: str | None) -> str | None:
        """Keep the rows of one contract and return its name; None if the file names none.

        Raises
        ------
        InputError
            If there are several and none of them is asked for.
        """
        found = self.symbols()
        if len(found) > 1:
            if contract not in found:
                shown = ", ".join(found[:12])
                raise InputError(
                    f"{self.rows.path} holds {shown}: give the name of one as contract."
                )
            self.pick("symbol", contract)
        return contract or (found[0] if found else None)

    def _equal(self, role: str, word: str) -> NDArray[np.bool_]:
        import pyarrow as pa
        import pyarrow.compute as pc

        same = pc.equal(self.arrays[role].cast(pa.string()), word)
        mask: NDArray[np.bool_] = pc.fill_null(same, fill_value=False).to_numpy(
            zero_copy_only=False
        )
        return mask

    def _keep(self, mask: NDArray[np.bool_]) -> None:
        import pyarrow as pa

        if mask.all():
            return
        chosen = pa.array(mask)
        self.arrays = {role: array.filter(chosen) for role, array in self.arrays.items()}
        self.rows = self.rows.of(np.flatnonzero(mask))
        self.count = int(mask.sum())
