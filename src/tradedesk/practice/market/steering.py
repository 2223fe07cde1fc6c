"""How a test or a demonstration bends a generated price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Steering:
    """Drifts laid over one underlying; each goes on from where the others stand and stays."""

    def __init__(self) -> None:
        self._ramps: list[tuple[int, int, float]] = []

    def add(self, ticks: float, from_ns: int, seconds: float) -> None:
        """Move the price by `ticks` of the path between `from_ns` and `seconds` later."""
        self._ramps.append((from_ns, max(int(seconds * 1e9), 1), ticks))

    def shift(self, ts_ns: NDArray[np.int64], num: int = 1, den: int = 1) -> NDArray[np.int32]:
        """Ticks to add at each time, of a tick that is `num` / `den` of the path's; shape (n,)."""
        total = np.zeros(len(ts_ns))
        for from_ns, length_ns, ticks in self._ramps:
            total += ticks * np.clip((ts_ns - from_ns) / length_ns, 0.0, 1.0)
        return np.rint(total * den / num).astype(np.int32)

    @property
    def idle(self) -> bool:
        """Whether nothing was ever bent."""
        return not self._ramps
