"""Where two versions of the same bars part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tradedesk.engine.bars import Bars


def first_difference(before: Bars, after: Bars) -> int:
    """Return the first row in which two series of bars differ; the shorter length if in none."""
    first = min(len(before), len(after))
    for old, new in zip(before.columns(), after.columns(), strict=True):
        other = np.flatnonzero(old[:first] != new[:first])
        if len(other):
            first = int(other[0])
    return first
