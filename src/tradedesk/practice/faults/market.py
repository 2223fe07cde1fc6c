"""What is wrong with market data at this moment. Pure: asked by the hub for every record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.practice.faults.kinds import DATA
from tradedesk.practice.faults.model import ANY
from tradedesk.practice.faults.windows import open_windows

if TYPE_CHECKING:
    from tradedesk.practice.faults.register import Register

QUOTES, TRADES, DEPTH = "quotes", "trades", "depth"
_FREEZE: Final = ("freeze",)
_STALE: Final = ("stale",)
_CROSSED: Final = ("crossed",)


class MarketFaults:
    """Asked by whoever publishes market data.

    Parameters
    ----------
    register : Register
        What is armed.
    """

    def __init__(self, register: Register) -> None:
        self._register = register

    def passes(self, contract_id: str, data: str) -> bool:
        """Whether the next record is sent; ask once for each record.

        Parameters
        ----------
        contract_id : str
            Of what.
        data : str
            ``quotes``, ``trades`` or ``depth``.

        Returns
        -------
        bool
            False loses the record for good, as production repeats nothing.
        """
        if not self._register.any(DATA):
            return True
        for armed in open_windows(self._register, DATA, _FREEZE, contract_id):
            if armed.fault.data in (ANY, data):
                return False
        return not self._in_gap(contract_id, data)

    def crossed(self, contract_id: str) -> int:
        """Ticks by which the best bid is to stand above the best ask; 0 if all is well."""
        if not self._register.any(DATA):
            return 0
        windows = open_windows(self._register, DATA, _CROSSED, contract_id)
        return max((armed.fault.ticks for armed in windows), default=0)

    def age_ns(self, contract_id: str, data: str) -> int:
        """Nanoseconds by which time stamps are to be too old; 0 if all is well."""
        if not self._register.any(DATA):
            return 0
        return max(
            (
                int((armed.fault.seconds or 0) * NS_PER_S)
                for armed in open_windows(self._register, DATA, _STALE, contract_id)
                if armed.fault.data in (ANY, data)
            ),
            default=0,
        )

    def _in_gap(self, contract_id: str, data: str) -> bool:
        for armed in self._register.of(DATA):
            fault = armed.fault
            if fault.kind != "gap" or fault.data not in (ANY, data):
                continue
            if not fault.means_contract(contract_id):
                continue
            if armed.left == 0:
                if not armed.strikes(self._register.now_s):
                    continue
                self._register.note(armed, f"{data} of {contract_id}")
                armed.left = fault.count
            armed.left -= 1
            return True
        return False
