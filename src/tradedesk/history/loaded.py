"""What comes out of a file: engine columns, and the units that they count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.domain.price import TickSize
    from tradedesk.engine import Bars, TradeBatch

ONE_LOT = Decimal(1)


@dataclass(frozen=True, slots=True)
class TradeHistory:
    """Trades of one contract.

    Parameters
    ----------
    batch : TradeBatch
        The trades; prices count ticks, quantities count lots.
    tick_size : TickSize
        Price of one tick; ``tick_size.price(px)`` gives a price back exactly.
    contract : str
        Its name.
    lot_size : Decimal
        Size of one lot: 1 for futures, a decimal fraction where parts of one are traded.
    ids : ndarray of int64 or None
        The venue's ids of the trades, where they are known.
    tick_from : str
        How the tick size was found: ``given``, ``file``, ``definition``, ``product`` or
        ``prices``, the last being the decimal step in which the prices are written.
    """

    batch: TradeBatch
    tick_size: TickSize
    contract: str
    lot_size: Decimal = ONE_LOT
    ids: NDArray[np.int64] | None = None
    tick_from: str = "given"

    def __len__(self) -> int:
        return len(self.batch)


@dataclass(frozen=True, slots=True)
class BarHistory:
    """Bars of one contract; see `TradeHistory` for what its members mean."""

    bars: Bars
    tick_size: TickSize
    contract: str
    lot_size: Decimal = ONE_LOT
    tick_from: str = "given"

    def __len__(self) -> int:
        return len(self.bars)
