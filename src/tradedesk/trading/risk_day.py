"""What the trading day has brought an account: closed by its fills, open by the last prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.clock import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradedesk.domain.commands import Mark
    from tradedesk.domain.ids import AccountId, ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Fill, Position
    from tradedesk.trading.blotter import Blotter

STALE_NS: Final = 10 * NS_PER_S
RECOUNT_NS: Final = 10 * NS_PER_S
_ZERO: Final = Decimal(0)


class DayResult(NamedTuple):
    """Dollars of the day so far.

    ``unpriced`` names the contracts held whose price is missing or too old, so that their open
    part is not in ``open``.
    """

    closed: Decimal
    open: Decimal
    unpriced: tuple[ContractId, ...]

    @property
    def total(self) -> Decimal:
        """Closed and open together."""
        return self.closed + self.open


def closed_result(
    account_id: AccountId, fills: Iterable[Fill], start_ns: int, end_ns: int
) -> Decimal:
    """Dollars of the fills of a trading day, fees off."""
    return sum(
        (
            (fill.pnl or _ZERO) - fill.fees
            for fill in fills
            if fill.account_id == account_id and start_ns <= fill.ts_ns < end_ns and not fill.voided
        ),
        _ZERO,
    )


def open_result(
    positions: Iterable[Position],
    instruments: Mapping[ContractId, Instrument],
    marks: Mapping[ContractId, Mark],
    now_ns: int,
) -> tuple[Decimal, tuple[ContractId, ...]]:
    """Dollars that positions are ahead, and those of which no fresh price is known."""
    total, unpriced = _ZERO, []
    for position in positions:
        instrument = instruments.get(position.contract_id)
        mark = marks.get(position.contract_id)
        if instrument is None or mark is None or now_ns - mark.seen_ns > STALE_NS:
            unpriced.append(position.contract_id)
        else:
            total += instrument.open_pnl(position.average_price, mark.ticks, position.net_size)
    return total, tuple(unpriced)


class DayBook:
    """The day's results, counting the fills anew only when there are others."""

    def __init__(self, blotter: Blotter) -> None:
        self._blotter = blotter
        self._counted: tuple[int, int, int] | None = None
        self._closed: dict[AccountId, Decimal] = {}
        self.marks: dict[ContractId, Mark] = {}

    def result(
        self,
        account_id: AccountId,
        instruments: Mapping[ContractId, Instrument],
        span_ns: tuple[int, int],
        now_ns: int,
    ) -> DayResult:
        """How an account stands.

        Parameters
        ----------
        span_ns : tuple of int
            Start and end of the trading day in the venue's time.
        now_ns : int
            Monotonic, for the age of prices.
        """
        # a trade that is taken back changes a fill in its place; that is seen at the next recount
        state = (len(self._blotter.fills), span_ns[0], now_ns // RECOUNT_NS)
        if state != self._counted:
            self._counted = state
            self._closed.clear()
        closed = self._closed.get(account_id)
        if closed is None:
            closed = closed_result(account_id, self._blotter.fills.values(), *span_ns)
            self._closed[account_id] = closed
        positions = self._blotter.open_positions(account_id)
        return DayResult(closed, *open_result(positions, instruments, self.marks, now_ns))


class BlindWatch:
    """Finds contracts held that had no fresh price for long enough to say so, once each time."""

    def __init__(self) -> None:
        self._since_ns: dict[ContractId, int] = {}
        self._said: set[ContractId] = set()

    def check(
        self, held: set[ContractId], marks: Mapping[ContractId, Mark], now_ns: int
    ) -> list[ContractId]:
        """Those to be spoken of now."""
        blind = {
            contract_id
            for contract_id in held
            if contract_id not in marks or now_ns - marks[contract_id].seen_ns > STALE_NS
        }
        self._since_ns = {one: self._since_ns.get(one, now_ns) for one in blind}
        self._said &= blind
        fresh = [
            one
            for one, since_ns in self._since_ns.items()
            if one not in self._said and now_ns - since_ns >= STALE_NS
        ]
        self._said.update(fresh)
        return fresh
