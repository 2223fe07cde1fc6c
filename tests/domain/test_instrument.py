"""Contracts and what their ticks are worth."""

from __future__ import annotations

from decimal import Decimal

from tradedesk.domain.ids import ContractId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.price import TickSize

MNQ = Instrument(
    contract_id=ContractId("CON.F.US.MNQ.Z26"),
    name="MNQZ6",
    description="Micro E-mini Nasdaq-100: December 2026",
    tick=TickSize(Decimal("0.25")),
    tick_value=Decimal("0.5"),
    symbol_id="F.US.MNQ",
)


def test_names_are_read_from_the_contract() -> None:
    assert (MNQ.symbol, MNQ.expiry_code, MNQ.expiry_label, MNQ.short_name) == (
        "MNQ",
        "Z26",
        "Dec 26",
        "MNQ Z26",
    )


def test_a_symbol_with_a_digit_keeps_it() -> None:
    m2k = Instrument(
        contract_id=ContractId("CON.F.US.M2K.H27"),
        name="M2KH7",
        description="",
        tick=TickSize(Decimal("0.1")),
        tick_value=Decimal("0.5"),
        symbol_id="F.US.M2K",
    )
    assert m2k.symbol == "M2K"


def test_forty_ticks_on_two_contracts_are_forty_dollars() -> None:
    assert MNQ.money(40, 2) == Decimal("40.0")


def test_open_profit_of_a_short_falls_when_the_market_rises() -> None:
    average = Decimal("21482.375")
    last = MNQ.tick.to_ticks(Decimal("21485.75"))
    assert MNQ.open_pnl(average, last, -2) == Decimal("-13.5")
    assert MNQ.open_pnl(average, last, 2) == Decimal("13.5")
