"""The products: roots, ticks and money of the real ones, and which expiry trades when."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tradedesk.domain.errors import InputError
from tradedesk.practice.products import (
    CYCLES,
    MONTH_LETTERS,
    PRODUCTS,
    active_contract,
    read_catalogue,
)

BY_SYMBOL = {product.symbol: product for product in PRODUCTS}

WIRE = """
ES EP 0.25 12.50; NQ ENQ 0.25 5.00; MES MES 0.25 1.25; MNQ MNQ 0.25 0.50; RTY RTY 0.10 5.00
M2K M2K 0.10 0.50; NKD NKD 5 25.00; EMD EMD 0.10 10.00; 6E EU6 0.00005 6.25; E7 EEU 0.0001 6.25
6B BP6 0.0001 6.25; 6C CA6 0.00005 5.00; 6A DA6 0.00005 5.00; 6J JY6 0.0000005 6.25
6M MX6 0.00001 5.00; 6N NE6 0.00005 5.00; 6S SF6 0.00005 6.25; M6A M6A 0.0001 1.00
M6B M6B 0.0001 0.625; M6E M6E 0.0001 1.25; MCD GMCD 0.0001 1.00; MBT MBT 5 0.50
MET GMET 0.5 0.05; GF GF 0.025 12.50; LE GLE 0.025 10.00; HE HE 0.025 10.00; SR3 SR3 0.005 12.50
QG NQG 0.005 12.50; QM NQM 0.025 12.50; YM YM 1 5.00; MYM MYM 1 0.50; CL CLE 0.01 10.00
MCL MCLE 0.01 1.00; NG NGE 0.001 10.00; MNG MNGE 0.001 1.00; GC GCE 0.10 10.00; MGC MGC 0.10 1.00
SI SIE 0.005 25.00; SIL SIL 0.005 5.00; HG CPE 0.0005 12.50; ZN TYA 0.015625 15.625
ZF FVA 0.0078125 7.8125; ZB USA 0.03125 31.25; ZC ZCE 0.25 12.50; HO HOE 0.0001 4.20
RB RBE 0.0001 4.20
"""


def test_the_catalogue_is_the_exchange_s() -> None:
    rows = [row.split() for line in WIRE.strip().splitlines() for row in line.split(";")]
    expected = {symbol: (root, Decimal(tick), Decimal(value)) for symbol, root, tick, value in rows}
    found = {p.symbol: (p.root, p.tick.size, p.tick_value) for p in PRODUCTS}
    assert found == expected
    assert list(found)[:8] == ["MNQ", "MES", "NQ", "ES", "GC", "CL", "MGC", "MCL"]
    assert len({product.symbol_id for product in PRODUCTS}) == len(PRODUCTS)


@pytest.mark.parametrize(
    ("symbols", "fee"),
    [
        ("ES NQ RTY YM", "1.40"),
        ("MES MNQ M2K MYM", "0.37"),
        ("6E 6B 6C 6A 6J 6M 6N 6S GC SI HG CL NG ZC", "1.62"),
        ("M6A M6B M6E", "0.26"),
        ("MGC SIL MCL MNG", "0.62"),
        ("LE HE", "2.12"),
    ],
)
def test_a_side_costs_half_a_round_turn(symbols: str, fee: str) -> None:
    assert {str(BY_SYMBOL[symbol].fee) for symbol in symbols.split()} == {fee}


@pytest.mark.parametrize(
    ("symbol", "day", "contract_id", "name"),
    [
        ("MNQ", date(2025, 12, 1), "CON.F.US.MNQ.Z25", "MNQZ5"),
        ("MES", date(2026, 3, 15), "CON.F.US.MES.H26", "MESH6"),
        ("MES", date(2026, 3, 16), "CON.F.US.MES.M26", "MESM6"),
        ("MGC", date(2026, 7, 24), "CON.F.US.MGC.Q26", "MGCQ6"),
        ("MGC", date(2026, 7, 25), "CON.F.US.MGC.Z26", "MGCZ6"),
        ("SI", date(2026, 8, 25), "CON.F.US.SIE.Z26", "SIZ6"),
        ("MCL", date(2026, 8, 17), "CON.F.US.MCLE.U26", "MCLU6"),
        ("MCL", date(2026, 8, 18), "CON.F.US.MCLE.V26", "MCLV6"),
        ("6E", date(2026, 3, 11), "CON.F.US.EU6.H26", "6EH6"),
        ("6E", date(2026, 3, 12), "CON.F.US.EU6.M26", "6EM6"),
        ("ZN", date(2026, 2, 25), "CON.F.US.TYA.H26", "ZNH6"),
        ("ZN", date(2026, 2, 26), "CON.F.US.TYA.M26", "ZNM6"),
        ("NKD", date(2026, 6, 8), "CON.F.US.NKD.U26", "NKDU6"),
        ("MBT", date(2026, 11, 25), "CON.F.US.MBT.X26", "MBTX6"),
        ("MBT", date(2026, 11, 26), "CON.F.US.MBT.Z26", "MBTZ6"),
    ],
)
def test_active_expiry(symbol: str, day: date, contract_id: str, name: str) -> None:
    contract = active_contract(BY_SYMBOL[symbol], day)
    assert (contract.contract_id, contract.name) == (contract_id, name)


def test_every_month_has_its_turn_and_one_contract_follows_the_other() -> None:
    days = [date(2025, 1, 1) + timedelta(days=day) for day in range(730)]
    for product in PRODUCTS:
        active = [active_contract(product, day) for day in days]
        order = [(one.year, one.month) for one, _ in itertools.groupby(active)]
        assert order == sorted(set(order)), product.symbol
        turns = {MONTH_LETTERS[month - 1] for _, month in order}
        assert turns == set(product.months), product.symbol
        ahead = max(
            (one.year - d.year) * 12 + one.month - d.month
            for one, d in zip(active, days, strict=False)
        )
        assert ahead <= 5, product.symbol


def test_october_gold_is_listed_and_never_active() -> None:
    for symbol in ("GC", "MGC"):
        product = BY_SYMBOL[symbol]
        assert "V" in product.listed
        assert "V" not in product.months
    assert BY_SYMBOL["SI"].months == BY_SYMBOL["ZC"].months == "HKNUZ"


def test_mini_and_micro_share_a_path_and_group() -> None:
    pairs = (
        "ES MES, NQ MNQ, RTY M2K, YM MYM, GC MGC, SI SIL, CL MCL, NG MNG, 6E M6E, 6B M6B, 6A M6A, "
        "6C MCD, 6E E7, CL QM, NG QG"
    )
    for pair in pairs.split(", "):
        mini, small = (BY_SYMBOL[symbol] for symbol in pair.split())
        assert mini.underlying == small.underlying
        assert mini.group == small.group
        assert small.weight < mini.weight == 1
        steps = small.tick.size / mini.tick.size
        assert Decimal(small.ratio[0]) / small.ratio[1] == steps


@pytest.mark.parametrize(
    ("price", "symbol", "ticks", "text"),
    [
        ("117.46875", "ZB", 3_759, "117.46875"),
        ("109.640625", "ZN", 7_017, "109.640625"),
        ("106.6796875", "ZF", 13_655, "106.6796875"),
        ("0.0065595", "6J", 13_119, "0.0065595"),
    ],
)
def test_fine_ticks_are_exact(price: str, symbol: str, ticks: int, text: str) -> None:
    tick = BY_SYMBOL[symbol].tick
    assert tick.to_ticks(Decimal(price)) == ticks
    assert repr(tick.price_lossy(ticks)) == text
    assert tick.nearest_lossy(float(text)) == ticks


SMALL = """
[cycles]
monthly = { months = "FGHJKMNQUVXZ", month = -1, day = 20 }
[underlyings]
tin = { group = "metal", family = "metal", tick = "5", price = "29000", minute = 9, moves = 1 }
[products]
TIN = { root = "TIN", title = "Tin", tick = "5", value = "25", fee = "1", cycle = "monthly", underlying = "tin", trades = 0.5, lots = 1, touch = 4 }
"""  # noqa: E501


def test_a_stranger_can_add_a_product() -> None:
    cycles, (tin,) = read_catalogue(SMALL)
    assert list(cycles) == ["monthly"]
    assert (tin.symbol_id, tin.underlying.base_ticks, tin.ratio) == ("F.US.TIN", 5_800, (1, 1))
    assert "monthly" not in CYCLES


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('underlying = "tin"', 'underlying = "zinc"', "zinc"),
        ('cycle = "monthly"', 'cycle = "weekly"', "weekly"),
        ("touch = 4", "touch = 'four'", "touch"),
        ("lots = 1", "lotz = 1", "lotz"),
        ('group = "metal"', 'group = "gems"', "gems"),
        ('tick = "5", value', "tick = , value", "line"),
    ],
)
def test_a_bad_line_is_named(old: str, new: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        read_catalogue(SMALL.replace(old, new))
