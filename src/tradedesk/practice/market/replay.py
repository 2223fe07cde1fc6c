"""A recorded market: what was traded then, at the time it was traded then."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.domain.price import MAX_TICKS, TickSize
from tradedesk.engine import Bars, aggregate
from tradedesk.practice.market.prints import Prints
from tradedesk.practice.market.source import day_of, expired, session_offset_ns
from tradedesk.practice.market.tape import Touch
from tradedesk.practice.products import (
    MONTH_LETTERS,
    PRODUCTS,
    Contract,
    Product,
    Underlying,
    active_contract,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.practice.market.recordings import RecordedTrade, Recording
    from tradedesk.practice.market.tape import Tape

_RAW_SYMBOL: Final = re.compile(
    rf"(?P<symbol>[A-Z0-9]+?)(?P<letter>[{MONTH_LETTERS}])(?P<year>\d{{1,2}})"
)
_NOWHERE: Final = Underlying("recorded", 0, 0.0, 0.0, "recorded")


class ReplayTape:
    """Recorded trades of one contract, with a touch made up around them.

    Whoever bought took the best ask, whoever sold took the best bid, and the other side stands
    one tick away. Before the first trade the touch is the one it will leave.

    Parameters
    ----------
    contract : Contract
        What was traded.
    prints : Prints
        The trades.
    offset_ns : int
        Start of the trading day relative to midnight UTC.
    """

    def __init__(self, contract: Contract, prints: Prints, offset_ns: int) -> None:
        self.contract = contract
        self._prints = prints
        self._batch = prints.batch()
        from tradedesk.practice.market.depth_made import MadeDepth

        self._made = MadeDepth(self, 7, contract.product.touch_size)
        self._offset_ns = offset_ns

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`."""
        return self._prints.window(after_ns, until_ns)

    def events(self, a, b):
        return self._made.events(a, b)

    def depth(self, a):
        return self._made.depth(a)

    def next_ns(self, after_ns: int) -> int | None:
        """When the first trade later than `after_ns` happened; None at the end."""
        row = int(self._prints.ts_ns.searchsorted(after_ns, side="right"))
        return int(self._prints.ts_ns[row]) if row < len(self._prints.ts_ns) else None

    def touch(self, now_ns: int) -> Touch:
        """State of the market after the last trade; at the end it stays."""
        row = max(int(self._prints.ts_ns.searchsorted(now_ns, side="right")) - 1, 0)
        return Touch(
            int(self._prints.px[row]), int(self._prints.bid[row]), int(self._prints.ask[row])
        )

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, now_ns: int) -> Bars:
        """Bars of what was replayed so far."""
        played = int(self._prints.ts_ns.searchsorted(now_ns, side="right"))
        bars = aggregate(self._batch[:played], spec, self._offset_ns)
        first, last = np.searchsorted(bars.ts_ns, (start_ns, end_ns + 1))
        return bars[max(int(first), int(last) - limit) : int(last)]

    def steer(self, ticks: int, from_ns: int, seconds: float) -> bool:
        """What happened cannot be bent."""
        return False


class ReplayMarket:
    """The contracts of one recording, all of them active.

    Parameters
    ----------
    recording : dict of str to list of RecordedTrade
        By symbol.

    Raises
    ------
    InputError
        If prices do not lie on the product's tick grid.
    """

    def __init__(self, recording: Recording) -> None:
        self.first_ns = min(trades[0].ts_ns for trades in recording.values())
        day = day_of(self.first_ns)
        self.session_offset_ns = session_offset_ns(day)
        self._tapes: dict[str, ReplayTape] = {}
        for symbol, trades in recording.items():
            contract = contract_of(symbol, trades, day)
            tape = ReplayTape(contract, columns(contract, trades), self.session_offset_ns)
            self._tapes[contract.contract_id] = tape

    def active(self) -> list[Contract]:
        """The recorded contracts."""
        return [tape.contract for tape in self._tapes.values()]

    def find(self, contract_id: str) -> Contract | None:
        """A recorded contract, or an earlier expiry of one."""
        tape = self._tapes.get(contract_id)
        return expired(contract_id, self.active()) if tape is None else tape.contract

    def tape(self, contract: Contract) -> Tape:
        """The tape of a recorded contract."""
        return self._tapes[contract.contract_id]


def contract_of(symbol: str, trades: Sequence[RecordedTrade], day: date) -> Contract:
    """Find the contract a recording is about.

    ``ESU4`` is an expiry of a known product, ``ES`` its active one on that day; anything else
    becomes a product of its own whose tick is the finest step its prices need.
    """
    name = re.split(r"[^A-Z0-9]", symbol.upper())[0]
    for product in PRODUCTS:
        if name == product.symbol:
            return active_contract(product, day)
        found = _RAW_SYMBOL.fullmatch(name)
        if found and found["symbol"] == product.symbol:
            return Contract(product, _year(found["year"], day), _month(found["letter"]))
    return active_contract(_new_product(symbol, trades), day)


def columns(contract: Contract, trades: Sequence[RecordedTrade]) -> Prints:
    """Turn recorded trades into columns, touch included.

    Raises
    ------
    InputError
        If a price lies between two ticks of the contract.
    """
    ticks = _ticks(contract, trades)
    buys: list[bool] = []
    for row, trade in enumerate(trades):
        buy = trade.buy
        if buy is None and row and ticks[row] != ticks[row - 1]:
            buy = ticks[row] > ticks[row - 1]
        buys.append(buy if buy is not None else bool(buys and buys[-1]))
    px = np.array(ticks, np.int32)
    is_buy = np.array(buys, np.bool_)
    qty = np.array([trade.size for trade in trades], np.int32)
    bid = np.where(is_buy, px - 1, px).astype(np.int32)
    ts_ns = np.array([trade.ts_ns // 1_000 * 1_000 for trade in trades], np.int64)
    buy_qty = np.where(is_buy, qty, 0).astype(np.int32)
    return Prints(np.maximum.accumulate(ts_ns), px, qty, buy_qty, bid, bid + np.int32(1))


def _ticks(contract: Contract, trades: Sequence[RecordedTrade]) -> list[int]:
    tick = contract.product.tick
    ticks = [trade.price / tick.size for trade in trades]
    for count, trade in zip(ticks, trades, strict=True):
        if count != count.to_integral_value() or count > MAX_TICKS:
            raise InputError(
                f"The recorded price {trade.price} does not lie on the {tick.size} grid of "
                f"{contract.name}: name the file after another symbol."
            )
    return [int(count) for count in ticks]


def _new_product(symbol: str, trades: Sequence[RecordedTrade]) -> Product:
    letters = re.sub(r"[^A-Z0-9]", "", symbol.upper())[:12] or "TAPE"
    digits = max(max(0, -int(trade.price.as_tuple().exponent)) for trade in trades)
    steps = math.gcd(*(int(trade.price.scaleb(digits)) for trade in trades))
    tick = TickSize(Decimal(steps).scaleb(-digits))
    return Product(
        symbol=letters,
        root=letters,
        title=f"Recorded {symbol}",
        tick=tick,
        tick_value=tick.size,
        fee=Decimal(0),
        months="HMUZ",
        roll="index",
        underlying=_NOWHERE,
        trades_per_s=0.0,
        lots=1.0,
        touch_size=10,
    )


def _year(digits: str, day: date) -> int:
    """Year of an expiry code, the one nearest to the day of the recording."""
    span = 10 if len(digits) == 1 else 100
    guess = day.year // span * span + int(digits)
    return min((guess - span, guess, guess + span), key=lambda year: abs(year - day.year))


def _month(letter: str) -> int:
    return MONTH_LETTERS.index(letter) + 1
