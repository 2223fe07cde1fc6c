"""What is known of one contract's market right now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.order import Side

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.market import Quote
    from tradedesk.engine import TradeBatch


class MarketBook:
    """Top of book, last trade and data age of one contract.

    Read and changed on the desk's loop only. ``version`` rises with every change, so a view that
    remembers it knows whether to look again.
    """

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.quote: Quote | None = None
        self.last_ticks: int | None = None
        self.last_side: Side = Side.BUY
        self.version = 0
        self._trades_ns: int | None = None
        self._quotes_ns: int | None = None

    @property
    def bid_ticks(self) -> int | None:
        """Best bid in ticks."""
        return self.quote.bid_ticks if self.quote is not None else None

    @property
    def ask_ticks(self) -> int | None:
        """Best ask in ticks."""
        return self.quote.ask_ticks if self.quote is not None else None

    def age_ms(self, mono_ns: int) -> float | None:
        """Milliseconds since anything was heard of this contract; None if never."""
        heard = [at for at in (self._trades_ns, self._quotes_ns) if at is not None]
        return _age_ms(max(heard), mono_ns) if heard else None

    def trades_age_ms(self, mono_ns: int) -> float | None:
        """Milliseconds since the newest trades; None if never."""
        return _age_ms(self._trades_ns, mono_ns)

    def quotes_age_ms(self, mono_ns: int) -> float | None:
        """Milliseconds since the newest bid and ask; None if never."""
        return _age_ms(self._quotes_ns, mono_ns)

    def take_quote(self, quote: Quote, mono_ns: int) -> None:
        """A newer top of book."""
        self.quote = quote
        if quote.last_ticks is not None and self.last_ticks is None:
            self.last_ticks = quote.last_ticks
        self._quotes_ns = mono_ns
        self.version += 1

    def take_trades(self, batch: TradeBatch, mono_ns: int) -> None:
        """Newer trades; an empty batch is still a sign of life."""
        if len(batch):
            self.last_ticks = int(batch.px_ticks[-1])
            self.last_side = Side.BUY if batch.buy_qty[-1] else Side.SELL
        self._trades_ns = mono_ns
        self.version += 1


def _age_ms(heard_ns: int | None, mono_ns: int) -> float | None:
    return None if heard_ns is None else max(0, mono_ns - heard_ns) / NS_PER_MS
