"""The contract of the stress test: none that a venue knows, and none that can be traded."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from tradedesk.domain.ids import ContractId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.price import TickSize

STRESS_ID: Final = ContractId("NO.VENUE.STRESS.made-up")

STRESS: Final = Instrument(
    contract_id=STRESS_ID,
    name="STRESSX0",
    description="Stress test: made-up prices, not a contract",
    tick=TickSize(Decimal("0.25")),
    tick_value=Decimal("0.50"),
    symbol_id="NO.VENUE.STRESS",
    active=False,
)
"""What the chart shows during the test. Its tick is that of MNQ, so that it draws alike."""

NOT_TRADED: Final = "made-up prices: end the stress test to trade"
"""Why no order may be placed."""


def is_made_up(contract_id: ContractId) -> bool:
    """Whether a contract is the one of the stress test."""
    return contract_id == STRESS_ID
