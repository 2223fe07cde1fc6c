"""What is traded: one expiry of one product."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from tradedesk.domain.ids import ContractId
from tradedesk.domain.price import TickSize

_MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = dict(zip("FGHJKMNQUVXZ", _MONTH_NAMES.split(), strict=True))


class Instrument(msgspec.Struct, frozen=True):
    """One contract as the venue describes it.

    Parameters
    ----------
    contract_id : ContractId
        ``CON.F.US.MNQ.Z26``; what orders name.
    name : str
        Exchange symbol, month letter, one-digit year: ``MNQZ6``.
    description : str
        ``Micro E-mini Nasdaq-100: December 2026``.
    tick : TickSize
        Smallest price step.
    tick_value : Decimal
        Dollars per tick and contract.
    symbol_id : str
        ``F.US.MNQ``; what quotes and trades carry.
    active : bool
        Whether it can be traded now.
    """

    contract_id: ContractId
    name: str
    description: str
    tick: TickSize
    tick_value: Decimal
    symbol_id: str
    active: bool = True

    @property
    def symbol(self) -> str:
        """The exchange's product symbol: ``MNQ``."""
        return self.name.rstrip("0123456789")[:-1]

    @property
    def expiry_code(self) -> str:
        """Month letter and two-digit year: ``Z26``."""
        return self.contract_id.rsplit(".", 1)[-1]

    @property
    def expiry_label(self) -> str:
        """Month and year in words: ``Dec 26``; what does not begin with a month, as it is."""
        code = self.expiry_code
        return f"{_MONTHS[code[:1]]} {code[1:]}" if code[:1] in _MONTHS else code

    @property
    def short_name(self) -> str:
        """What tables show: ``MNQ Z26``."""
        return f"{self.symbol} {self.expiry_code}"

    def money(self, ticks: int | Decimal, size: int = 1) -> Decimal:
        """Dollars that ``ticks`` are worth on ``size`` contracts."""
        return self.tick_value * ticks * size

    def open_pnl(self, average_price: Decimal, last_ticks: int, net_size: int) -> Decimal:
        """Dollars a position of ``net_size`` (short negative) is ahead, before fees."""
        return (
            (self.tick.price(last_ticks) - average_price)
            / self.tick.size
            * (self.tick_value * net_size)
        )
