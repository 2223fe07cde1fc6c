"""What every way to say where time bars open can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.hours.cut import Cut


class BarGrid(Protocol):
    """Bar boundaries of one time spec.

    Attributes
    ----------
    spec : BarSpec
        The size.
    period_ns : int
        Length of a whole bar; 0 for months.
    months : int
        Months in a bar; 0 for other sizes.
    """

    spec: BarSpec
    period_ns: int
    months: int

    def span(self, ts_ns: int) -> tuple[int, int]:
        """Return when the bar holding `ts_ns` opens, and when it closes."""

    def floor(self, ts_ns: int) -> int:
        """Return when the bar holding `ts_ns` opens."""

    def next(self, ts_ns: int) -> int:
        """Return when the bar after the one holding `ts_ns` opens."""

    def cut(self, ts_ns: NDArray[np.int64]) -> Cut:
        """Cut a column of ascending times, at least one, into bars."""

    def nests_in(self, longer: BarGrid) -> bool:
        """Tell whether a bar of `longer` never opens or closes inside a bar of this grid."""

    def fits(self, period_ns: int, anchor_ns: int) -> bool:
        """Tell whether all bars open and close a whole number of periods after `anchor_ns`."""
