"""Where a tick size comes from."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.history.trade_files import write

from tradedesk.domain.price import TickSize
from tradedesk.history import read_trades
from tradedesk.history.known_ticks import TICKS, known_tick
from tradedesk.practice.products import PRODUCTS


def test_known_ticks_are_those_of_the_practice_venue() -> None:
    assert {product.symbol: product.tick for product in PRODUCTS} == TICKS


@pytest.mark.parametrize(
    ("contract", "tick"),
    [
        ("ES", "0.25"),
        ("ESU4", "0.25"),
        ("esu24", "0.25"),
        ("6EH4", "0.00005"),
        ("ZNZ5", "0.015625"),
        ("ESU4-ESZ4", None),
        ("ESU4 C5500", None),
        ("XRPETH", None),
        ("", None),
    ],
)
def test_known_tick(contract: str, tick: str | None) -> None:
    found = known_tick(contract)
    assert (found and found.size) == (tick and Decimal(tick))


@pytest.mark.parametrize("given", [0.5, "0.5", Decimal("0.5"), TickSize(Decimal("0.5"))])
def test_a_given_tick_goes_before_a_known_one(tmp_path: Path, given: object) -> None:
    path = write(tmp_path / "ESU4.csv", "ts,price,size\n1,5.5,1\n")
    assert read_trades(path).batch.px_ticks.tolist() == [22]
    found = read_trades(path, given)  # type: ignore[arg-type]
    assert (found.batch.px_ticks.tolist(), found.tick_from) == ([11], "given")


def test_prices_give_the_step_they_are_written_in(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "ts,price,size\n1,5.50,1\n2,7.25,1\n3,8,1\n")
    found = read_trades(path)
    assert (found.tick_size.size, found.tick_from) == (Decimal("0.01"), "prices")
    assert found.batch.px_ticks.tolist() == [550, 725, 800]
