"""What a stop or target dragged off the position would be. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderType, Side
from tradedesk.services.chart_line import ChartLine, LineKind, order_word
from tradedesk.services.signed_text import r_text, short_money, ticks_text
from tradedesk.ui.chart.placing import NO_PRICE, wrong_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.instrument import Instrument
    from tradedesk.ui.chart.marks import Market

_STOP_TYPES = (OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP)


class ExitKind(Enum):
    """Which exit; the value is what its handle says."""

    STOP = "SL"
    TARGET = "TP"

    @property
    def noun(self) -> str:
        """``stop`` or ``target``."""
        return self.name.lower()

    @property
    def order_type(self) -> OrderType:
        """What is sent."""
        return OrderType.STOP if self is ExitKind.STOP else OrderType.LIMIT


@dataclass(frozen=True, slots=True)
class ExitOffer:
    """An exit at a price; `refusal` says why it would not be asked for, empty if it would."""

    kind: ExitKind
    side: Side
    price_ticks: int
    size: int
    text: str
    refusal: str = ""

    @property
    def label(self) -> str:
        """What stands at the line."""
        return self.refusal or self.text


@dataclass(frozen=True, slots=True)
class Held:
    """A position as the chart shows it.

    Attributes
    ----------
    average_ticks : Decimal
        Average price in ticks; may lie between two.
    lacking : dict
        Contracts without a stop, and without a target.
    risk_ticks : Decimal or None
        How far the nearest stop in a loss stands behind the average; None without one.
    """

    side: Side
    size: int
    average_ticks: Decimal
    lacking: dict[ExitKind, int]
    risk_ticks: Decimal | None = None

    @classmethod
    def of(cls, lines: Sequence[ChartLine], instrument: Instrument) -> Held | None:
        """Read it from the lines of a chart; None while flat."""
        line = next((x for x in lines if x.kind is LineKind.POSITION), None)
        if line is None or line.average_price is None:
            return None
        average = line.average_price / instrument.tick.size
        exits = [
            x for x in lines if x.type is not None and x.side is not line.side and not x.waiting
        ]
        stops = [x for x in exits if x.type in _STOP_TYPES]
        behind = [(average - x.price_ticks) * line.side.sign for x in stops]
        lacking = {
            ExitKind.STOP: line.size - sum(x.size for x in stops),
            ExitKind.TARGET: line.size - sum(x.size for x in exits if x not in stops),
        }
        return cls(
            line.side,
            line.size,
            average,
            {kind: max(0, count) for kind, count in lacking.items()},
            min((risk for risk in behind if risk > 0), default=None),
        )

    def kind_at(self, price_ticks: int, market: Market) -> ExitKind:
        """What an exit at a price can only be: beyond the market a target, behind it a stop.

        Where the market is not known its place is taken by the entry.
        """
        last = None if market.stale else market.last_ticks
        middle = self.average_ticks if last is None else Decimal(last)
        beyond = (price_ticks - middle) * self.side.sign > 0
        return ExitKind.TARGET if beyond else ExitKind.STOP

    def start_ticks(self, kind: ExitKind, distance: int) -> int:
        """Where an exit stands at a distance from the average, to the nearest tick."""
        way = self.side.sign if kind is ExitKind.TARGET else -self.side.sign
        return int(self.average_ticks.to_integral_value(ROUND_HALF_EVEN)) + way * distance

    def offer(
        self,
        kind: ExitKind,
        price_ticks: int,
        market: Market,
        instrument: Instrument,
        exits_off: str = "",
    ) -> ExitOffer:
        """The exit for all contracts that lack one, at a price."""
        side, size = self.side.other, self.lacking[kind]
        refusal = exits_off
        if not refusal and size < 1:
            refusal = f"Every contract has a {kind.noun} already: drag that one."
        if not refusal and price_ticks < 1:
            refusal = NO_PRICE
        refusal = refusal or wrong_side(side, kind.order_type, price_ticks, market)
        return ExitOffer(
            kind, side, price_ticks, size, self._text(kind, price_ticks, instrument), refusal
        )

    def _text(self, kind: ExitKind, price_ticks: int, instrument: Instrument) -> str:
        gained = (price_ticks - self.average_ticks) * self.side.sign
        size = self.lacking[kind]
        word = "STP" if kind is ExitKind.STOP else "TGT"
        money = short_money(instrument.money(gained, size))
        text = f"{word} {size} {money} ({ticks_text(gained)})"
        if self.risk_ticks is not None:
            text += f" {r_text(gained / self.risk_ticks)}"
        if size < self.size:
            text += f" · for {size} of {self.size}"
        return text


def waiting_text(found: ExitOffer) -> str:
    """First words of the line that waits for the venue."""
    return f"{order_word(found.side, found.kind.order_type)} {found.size}"
