"""Rows of one contract to domain values: merged quotes, trade columns, book levels. No I/O."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain import market
from tradedesk.gateway.timestamps import TimeParser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.instrument import Instrument
    from tradedesk.gateway.signalr.market_payloads import DepthRow, QuoteRow, TradeRow

_BUY: Final = 0
_RESET: Final = 6
_SIDES: Final = {1: False, 3: False, 10: False, 2: True, 4: True, 9: True}
"""DomType to is-bid: ask, best ask, new best ask; bid, best bid, new best bid."""


class TradeColumns(NamedTuple):
    """Trades in parallel lists, times ascending."""

    ts_ns: list[int]
    px_ticks: list[int]
    qty: list[int]
    buy_qty: list[int]


class ContractRows:
    """Converts what one connection says about one contract.

    Parameters
    ----------
    instrument : Instrument
        Whose ticks.
    """

    __slots__ = ("_last", "_parser", "instrument")

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._last = market.Quote(contract_id=instrument.contract_id, ts_ns=0)
        self._parser = TimeParser()

    def quote(self, row: QuoteRow) -> market.Quote:
        """Merge one quote into the ones before; absent members stay as they were.

        Raises
        ------
        ValueError
            If its time cannot be read.
        """
        last = self._last
        time_text = row.timestamp or row.last_updated
        self._last = market.Quote(
            contract_id=last.contract_id,
            ts_ns=last.ts_ns if time_text is None else self._parser.ns(time_text),
            last_ticks=self._merged(row.last_price, last.last_ticks),
            bid_ticks=self._merged(row.best_bid, last.bid_ticks),
            ask_ticks=self._merged(row.best_ask, last.ask_ticks),
            open_ticks=self._merged(row.open, last.open_ticks),
            high_ticks=self._merged(row.high, last.high_ticks),
            low_ticks=self._merged(row.low, last.low_ticks),
            volume=last.volume if row.volume is None else int(row.volume),
        )
        return self._last

    def trades(self, rows: Sequence[TradeRow]) -> TradeColumns:
        """Columns of one event, put in order of time where the venue did not.

        Raises
        ------
        ValueError
            If a time cannot be read.
        """
        parse, nearest = self._parser.ns, self.instrument.tick.nearest_lossy
        ts_ns = [parse(row.timestamp) for row in rows]
        if len(rows) > 1 and any(later < earlier for earlier, later in pairwise(ts_ns)):
            order = sorted(range(len(rows)), key=ts_ns.__getitem__)
            rows = [rows[i] for i in order]
            ts_ns.sort()
        qty = [int(row.volume) for row in rows]
        return TradeColumns(
            ts_ns,
            [nearest(row.price) for row in rows],
            qty,
            [n if row.type == _BUY else 0 for n, row in zip(qty, rows, strict=True)],
        )

    def depth(self, rows: Sequence[DepthRow]) -> list[market.DepthRow]:
        """Levels of one event; rows that are no levels (last trade, high, low) are left out.

        Raises
        ------
        ValueError
            If a time cannot be read.
        """
        levels = []
        for row in rows:
            ts_ns = self._parser.ns(row.timestamp)
            if row.type == _RESET:
                levels.append(market.DepthRow(is_bid=None, price_ticks=0, size=0, ts_ns=ts_ns))
            elif (is_bid := _SIDES.get(row.type)) is not None:
                ticks = self.instrument.tick.nearest_lossy(row.price)
                levels.append(market.DepthRow(is_bid, ticks, int(row.volume), ts_ns))
        return levels

    def _merged(self, px: float | None, before: int | None) -> int | None:
        return before if px is None else self.instrument.tick.nearest_lossy(px)
