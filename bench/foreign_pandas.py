"""pandas as another environment has it: the version below 3 that nautilus_trader asks for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from bench import bar_frames as frames

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.bar_data import Columns


def prepare(
    columns: Columns, sizes: list[int] | None = None, every: list[str] | None = None
) -> tuple[dict[str, Callable[[], object]], dict[str, Any]]:
    """Bars of trades for each of `every`, or of minute bars for each of `sizes` in minutes."""
    pd = importlib.import_module("pandas")
    candidates: dict[str, Callable[[], object]] = {}
    found: dict[str, Any] = {"version": pd.__version__}
    for size in sizes or ():
        run = candidates[str(size)] = frames.pandas_resample(pd, columns, size)
        found[str(size)] = len(run())
    for text in every or ():
        come = candidates[text] = frames.pandas_trades(pd, columns, text)
        found[text] = frames.digest(come(), in_prices=True)
        candidates[f"{text}, our columns"] = frames.pandas_integers(pd, columns, text)
    return candidates, found
