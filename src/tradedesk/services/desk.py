"""The desk without a window: the same state and the same door, awaited from a script."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import InputError, UnknownSymbolError
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Order, OrderType, Side
from tradedesk.services.event_wait import (
    COMMAND_DEADLINE_S,
    answer_after,
    carried_out,
    joined_or_quiet,
    known_order,
    order_id_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from decimal import Decimal

    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.position import Fill, Position
    from tradedesk.engine import BarSeries
    from tradedesk.services.desk_state import DeskState
    from tradedesk.services.market_desk import MarketDesk
    from tradedesk.services.trade_desk import TradeDesk


class Desk:
    """What ``tradedesk.connect`` gives: orders, positions, fills and bars of one account.

    Attributes
    ----------
    state : DeskState
        Everything known; read it at any time, subscribe to hear of changes.
    trade : TradeDesk
        The door that the window uses too: calls that return at once.
    markets : MarketDesk
        Books and chart feeds.
    """

    def __init__(self, state: DeskState, trade: TradeDesk, markets: MarketDesk) -> None:
        self.state = state
        self.trade = trade
        self.markets = markets

    # --- orders ---------------------------------------------------------------------------------

    async def place_market_order(
        self,
        symbol: str,
        side: Side,
        quantity: int,
        *,
        stop_loss_ticks: int | None = None,
        take_profit_ticks: int | None = None,
        custom_tag: str | None = None,
    ) -> OrderId:
        """Buy or sell at market; returns the venue's order id once the venue has accepted.

        Parameters
        ----------
        symbol : str
            ``MNQ``, ``MNQZ6`` or a contract id.
        stop_loss_ticks, take_profit_ticks : int, optional
            Distances from the entry, positive; the exits rest at the venue.

        Raises
        ------
        InputError
            Refused before anything was sent; a price off the grid is an ``OffGridError``.
        VenueRefusedError
            The venue refused it.
        NotSentError
            Provably not sent.
        OutcomeUnknownError
            Nobody can say yet. Do not place it again; look at ``state.intents``.

        Notes
        -----
        Cancelling this call leaves the order as it is.
        """
        return await self._place(
            symbol,
            side,
            OrderType.MARKET,
            quantity,
            stop_loss_ticks=stop_loss_ticks,
            take_profit_ticks=take_profit_ticks,
            custom_tag=custom_tag,
        )

    async def place_limit_order(
        self,
        symbol: str,
        side: Side,
        quantity: int,
        price: Decimal | str,
        *,
        stop_loss_ticks: int | None = None,
        take_profit_ticks: int | None = None,
        custom_tag: str | None = None,
    ) -> OrderId:
        """Buy or sell at ``price`` or better. Raises as ``place_market_order``."""
        return await self._place(
            symbol,
            side,
            OrderType.LIMIT,
            quantity,
            price=price,
            stop_loss_ticks=stop_loss_ticks,
            take_profit_ticks=take_profit_ticks,
            custom_tag=custom_tag,
        )

    async def place_stop_order(
        self,
        symbol: str,
        side: Side,
        quantity: int,
        price: Decimal | str,
        *,
        stop_loss_ticks: int | None = None,
        take_profit_ticks: int | None = None,
        custom_tag: str | None = None,
    ) -> OrderId:
        """Buy or sell at market once ``price`` trades. Raises as ``place_market_order``."""
        return await self._place(
            symbol,
            side,
            OrderType.STOP,
            quantity,
            price=price,
            stop_loss_ticks=stop_loss_ticks,
            take_profit_ticks=take_profit_ticks,
            custom_tag=custom_tag,
        )

    async def modify_order(
        self, order_id: OrderId, *, price: Decimal | str | None = None, quantity: int | None = None
    ) -> None:
        """Change price or quantity of a working order; returns when the venue has done it.

        Raises
        ------
        InputError
            No such working order, or a price that cannot be read or is off the grid.
        VenueRefusedError, OutcomeUnknownError
            As ``place_market_order``.
        """
        order = await known_order(self.state, order_id)
        if order is None or not order.is_working:
            raise InputError(f"Order {order_id} is not working, so it cannot be changed.")
        ticks = None
        if price is not None:
            ticks = self.state.instruments[order.contract_id].tick.parse(str(price))
        stop = order.stop_ticks is not None
        await carried_out(
            self.state,
            lambda: self.trade.modify(
                order_id,
                size=quantity,
                limit_ticks=None if stop else ticks,
                stop_ticks=ticks if stop else None,
            ),
        )

    async def cancel_order(self, order_id: OrderId) -> None:
        """Cancel a working order; raises as ``modify_order``."""
        await carried_out(self.state, lambda: self.trade.cancel(order_id))

    async def cancel_all(self, symbol: str | None = None, *, include_exits: bool = False) -> None:
        """Cancel working orders, of all contracts or of one; raises as ``modify_order``."""
        contract_id = None if symbol is None else (await self.instrument(symbol)).contract_id
        await carried_out(
            self.state, lambda: self.trade.cancel_all(contract_id, include_exits=include_exits)
        )

    async def flatten(self, symbol: str | None = None) -> None:
        """Cancel everything and close positions; returns when the venue has proven it flat."""
        contract_id = None if symbol is None else (await self.instrument(symbol)).contract_id
        await carried_out(self.state, lambda: self.trade.flatten(contract_id))

    # --- reading --------------------------------------------------------------------------------

    async def instrument(self, symbol: str) -> Instrument:
        """Active contract of a symbol.

        Raises
        ------
        UnknownSymbolError
            If the venue has none.
        """
        known = self.state.instrument_by_symbol(symbol)
        if known is not None:
            return known
        clicks: list[str] = []

        def found(event: ev.AnyEvent) -> Instrument | str | None:
            if isinstance(event, ev.CommandFailed) and event.click_id in clicks:
                return event.reason
            return self.state.instrument_by_symbol(symbol)

        answer = await answer_after(
            self.state,
            lambda: clicks.append(self.trade.track(symbol)),
            found,
        )
        if isinstance(answer, Instrument):
            return answer
        raise UnknownSymbolError(answer)

    def position(self, symbol: str) -> Position | None:
        """Open position of a symbol; None when flat."""
        instrument = self.state.instrument_by_symbol(symbol)
        return None if instrument is None else self.state.position(instrument.contract_id)

    def working_orders(self) -> list[Order]:
        """Working orders, oldest first."""
        return self.state.working_orders()

    async def bars(self, symbol: str, spec: str) -> BarSeries:
        """Bars that stay current; returns once history and live trades are joined.

        Where nothing trades for ten seconds, as in a closed market, history alone is returned; it
        is joined with the first trade that comes.

        Raises
        ------
        BarSpecError
            If ``spec`` cannot be read.
        TimeoutError
            If the venue gave no history in time.
        """
        feed = self.markets.chart(await self.instrument(symbol), BarSpec.parse(spec))
        await joined_or_quiet(feed)
        return feed.series

    async def events(self) -> AsyncIterator[ev.AnyEvent]:
        """Every event from now on; ends when the caller stops asking."""
        queue: asyncio.Queue[ev.AnyEvent] = asyncio.Queue()
        leave = self.state.subscribe(queue.put_nowait)
        try:
            while True:
                yield await queue.get()
        finally:
            leave()

    async def fills(self) -> AsyncIterator[Fill]:
        """Give every fill from now on."""
        async for event in self.events():
            if isinstance(event, ev.FillReceived):
                yield event.fill

    async def until(
        self, condition: Callable[[DeskState], bool], deadline_s: float = COMMAND_DEADLINE_S
    ) -> None:
        """Wait until ``condition`` holds; raises ``TimeoutError`` after ``deadline_s`` seconds."""
        if not condition(self.state):
            await answer_after(
                self.state, lambda: None, lambda _: condition(self.state) or None, deadline_s
            )

    async def _place(
        self,
        symbol: str,
        side: Side,
        type: OrderType,
        quantity: int,
        *,
        price: Decimal | str | None = None,
        stop_loss_ticks: int | None = None,
        take_profit_ticks: int | None = None,
        custom_tag: str | None = None,
    ) -> OrderId:
        instrument = await self.instrument(symbol)
        ticks = None if price is None else instrument.tick.parse(str(price))
        book = self.markets.books.get(instrument.contract_id)
        return await order_id_of(
            self.state,
            lambda: self.trade.place(
                instrument.contract_id,
                side,
                type,
                quantity,
                limit_ticks=None if type is OrderType.STOP else ticks,
                stop_ticks=ticks if type is OrderType.STOP else None,
                stop_loss_ticks=stop_loss_ticks,
                take_profit_ticks=take_profit_ticks,
                reference_ticks=None if book is None else book.last_ticks,
                custom_tag=custom_tag,
            ),
        )
