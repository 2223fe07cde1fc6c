"""What trades cost on their way into the store, and bars that do not close by the clock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.bar_peers import FLOOR, floor_of
from bench.timing import interleaved, ratios

from tradedesk.domain.errors import BarSpecError
from tradedesk.engine import BarSpec, TradeBatch, TradeStore, aggregate

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.bar_data import Columns

KINDS = {"500t": "ticks", "1000v": "volume", "10r": "range", "10n": "renko"}
PIECE = 65_536


def ingest(columns: Columns, *, rounds: int) -> None:
    """Trades into a new store: the checks, then in one piece and in pieces."""
    batch = TradeBatch(**columns)

    def whole() -> None:
        TradeStore().append(batch)

    def pieces() -> None:
        store = TradeStore()
        for start in range(0, len(batch), PIECE):
            store.append(batch[start : start + PIECE])

    timings = interleaved(
        {
            FLOOR: floor_of(batch),
            "checks of the columns": lambda: TradeBatch(**columns),
            "append, in one piece": whole,
            f"append, in pieces of {PIECE:,}": pieces,
        },
        rounds=rounds,
        budget_s=20.0,
    )
    ratios(f"{len(batch):,} trades into a new store", timings, len(batch), (FLOOR,))


def other_kinds(columns: Columns, *, rounds: int) -> None:
    """Bars of so many trades, contracts or ticks; those that cannot be made yet are named."""
    batch = TradeBatch(**columns)
    store = TradeStore()
    store.append(batch)
    candidates: dict[str, Callable[[], object]] = {FLOOR: floor_of(batch)}
    for text, kind in KINDS.items():
        spec = BarSpec.parse(text)
        try:
            same = aggregate(batch, spec) == store.bars(spec)
        except BarSpecError:
            print(f"- {kind} bars are not built: left out")
            continue
        if not same:
            raise AssertionError(f"the store makes other {kind} bars than the trades")
        candidates[f"{kind} ({text}), raw trades"] = partial(aggregate, batch, spec)
        candidates[f"{kind} ({text}), from the store"] = partial(store.bars, spec)
    timings = interleaved(candidates, rounds=rounds, budget_s=20.0)
    ratios(f"{len(batch):,} trades to other bars", timings, len(batch), (FLOOR,))
