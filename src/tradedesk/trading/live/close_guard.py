"""The venue's order side as the executor holds it: one close of a position at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import NotSentError, VenueRefusedError

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ids import AccountId, ContractId
    from tradedesk.domain.ports import OrderGateway, Stamp
    from tradedesk.trading.ways_out import WaysOut


class CloseGuard:
    """Satisfies ``OrderGateway``; everything but closes goes straight through.

    Two closes of one position within milliseconds are both filled, and the second one opens a
    position the other way. Whoever closes, and for whatever reason, passes here.
    """

    def __init__(self, gateway: OrderGateway, ways_out: WaysOut, clock: Clock) -> None:
        self._gateway = gateway
        self._ways_out = ways_out
        self._clock = clock
        self.login = gateway.login
        self.accounts = gateway.accounts
        self.resolve = gateway.resolve
        self.place = gateway.place
        self.modify = gateway.modify
        self.cancel = gateway.cancel
        self.orders_since = gateway.orders_since
        self.working_orders = gateway.working_orders
        self.positions = gateway.positions
        self.fills_since = gateway.fills_since
        self.ping = gateway.ping
        self.aclose = gateway.aclose

    @property
    def clock_skew_ms(self) -> float | None:
        """The venue's clock minus ours; None where it is not measured."""
        return getattr(self._gateway, "clock_skew_ms", None)

    @property
    def calls_left(self) -> int | None:
        """Calls left to entries in this minute; None where nobody counts."""
        return getattr(self._gateway, "calls_left", None)

    async def close_contract(
        self,
        *,
        account_id: AccountId,
        contract_id: ContractId,
        size: int | None,
        on_written: Stamp | None = None,
    ) -> None:
        """Close a position at market, or ``size`` of it.

        Raises
        ------
        NotSentError
            Also while another close of the position is on its way, or came back a moment ago.
        """
        key, begun_ns = (account_id, contract_id), self._clock.mono_ns()
        if not self._ways_out.may_close(key, begun_ns, 0):
            raise NotSentError(
                "Not sent: a close of this position is on its way already; wait for it."
            )
        filling_ns: int | None = begun_ns  # an answer that is lost may have been written any time
        self._ways_out.close_began(key, begun_ns)
        try:
            await self._gateway.close_contract(
                account_id=account_id, contract_id=contract_id, size=size, on_written=on_written
            )
            filling_ns = self._clock.mono_ns()
        except (NotSentError, VenueRefusedError):
            filling_ns = None
            raise
        finally:
            now_ns = self._clock.mono_ns()
            self._ways_out.close_ended(key, begun_ns, now_ns, filling_ns=filling_ns)
