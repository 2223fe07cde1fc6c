"""The shipped rules, files of one's own, and the accounts made from them."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from tradedesk.domain.errors import InputError
from tradedesk.practice.accounts.opening import Account, open_accounts
from tradedesk.practice.accounts.rules import load_rules
from tradedesk.practice.products import PRODUCTS


def test_the_shipped_kinds() -> None:
    kinds = load_rules().kinds
    assert list(kinds) == [
        "practice",
        *(f"combine-{size}k" for size in (50, 100, 150)),
        *(f"express-{size}k" for size in (50, 100, 150)),
    ]
    figures: dict[int, tuple[object, ...]] = {
        size: (k.start_balance, k.profit_target, k.maximum_loss, k.daily_loss, k.position_cap)
        for size, k in ((size, kinds[f"combine-{size}k"]) for size in (50, 100, 150))
    }
    assert figures == {
        50: (50_000, 3_000, 2_000, 1_000, 5),
        100: (100_000, 6_000, 3_000, 2_000, 10),
        150: (150_000, 9_000, 4_500, 3_000, 15),
    }
    assert not any(k.daily_loss_on for k in kinds.values())
    assert {k.flat_by for n, k in kinds.items() if n != "practice"} == {time(15, 10)}
    assert {kinds[f"express-{size}k"].start_balance for size in (50, 100, 150)} == {0}
    practice = kinds["practice"]
    assert practice.start_balance == 150_000
    assert practice.maximum_loss is practice.position_cap is practice.flat_by is None


def test_every_weight_is_of_a_product_and_every_micro_has_one() -> None:
    weights = load_rules().weights
    assert set(weights) - {product.symbol for product in PRODUCTS} == set()
    micros = {p.symbol for p in PRODUCTS if "Micro" in p.title}
    assert micros - set(weights) == set()


def test_a_file_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[kinds.mine]\nname = "MINE"\nstart_balance = 10_000.50\nmaximum_loss = 250\n'
        "daily_loss = 99.99\ndaily_loss_on = true\nflat_by = 14:00:00\n"
        '[kinds.practice]\nname = "PRACTICE"\nstart_balance = 1\n'
        "[weights]\nMNQ = 1\nZZ = 0.05\n"
    )
    book = load_rules(path)
    assert book.kinds["mine"].start_balance == Decimal("10000.50")
    assert book.kinds["mine"].flat_by == time(14)
    assert book.kinds["practice"].start_balance == 1
    assert book.kinds["combine-50k"] == load_rules().kinds["combine-50k"]
    weights = [book.weight(symbol) for symbol in ("MNQ", "MES", "ZZ", "ES")]
    assert weights == [1, Decimal("0.1"), Decimal("0.05"), 1]
    assert book.codes == load_rules().codes


GOOD = '[kinds.x]\nname = "X"\nstart_balance = 5\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[kinds.x\n", ["no TOML", "line 1"]),
        ("a = 1\na = 2\nb = 3", ["no TOML", "line 2"]),
        ("kinds = 3", ["kinds: Expected `object`"]),
        ("kinds.x = 4", ["kinds.x: Expected `object`"]),
        ("other = 1", ["unknown field `other`"]),
        ('[kinds.x]\nname = "X"', ["kinds.x", "missing required field `start_balance`"]),
        (GOOD + "max_loss = 4", ["kinds.x", "unknown field `max_loss`"]),
        (GOOD.replace("5", "true"), ["kinds.x.start_balance", "bool"]),
        (GOOD.replace("5", '"much"'), ["kinds.x.start_balance"]),
        (GOOD.replace("5", "nan"), ["kinds.x.start_balance: NaN", "Give dollars"]),
        (GOOD.replace("5", "inf"), ["kinds.x.start_balance: Infinity", "Give dollars"]),
        (GOOD.replace("5", "-1"), ["kinds.x.start_balance: -1", "Give dollars"]),
        (GOOD.replace("5", "1e9999999"), ["kinds.x.start_balance: 1E+9999999", "Give dollars"]),
        (GOOD.replace("5", "1.005"), ["kinds.x.start_balance: 1.005", "Give dollars and cents"]),
        (GOOD.replace('"X"', '""'), ["kinds.x.name: ''", "Try 50KTC-V2"]),
        (GOOD.replace('"X"', '"X\\nY"'), ["kinds.x.name", "Try 50KTC-V2"]),
        (GOOD + "maximum_loss = 0", ["kinds.x.maximum_loss: 0"]),
        (GOOD + "daily_loss_on = true", ["kinds.x.daily_loss: missing"]),
        (GOOD + "position_cap = 0", ["kinds.x.position_cap: 0", "above 0"]),
        (GOOD + "consistency = 1.5", ["kinds.x.consistency: 1.5", "such as 0.5"]),
        (GOOD + 'flat_by = "3pm"', ["kinds.x.flat_by"]),
        (GOOD + "flat_by = 17:00:00", ["kinds.x.flat_by: 17:00:00", "15:10:00"]),
        (GOOD + 'flat_by = "15:10:00Z"', ["kinds.x.flat_by", "15:10:00"]),
        (GOOD + "oversize_grace_s = nan", ["kinds.x.oversize_grace_s: nan"]),
        (GOOD + "scaling = [{ profit = 1, lots = 2 }]", ["kinds.x.scaling", "first_lots"]),
        (GOOD + "first_lots = 1", ["kinds.x.scaling", "first_lots"]),
        (GOOD + "scaling = [{ profit = 1 }]", ["kinds.x.scaling[0]", "`lots`"]),
        (
            GOOD + "first_lots=1\nscaling = [{profit=5,lots=2},{profit=5,lots=3}]",
            ["kinds.x.scaling[1].profit: 5", "Lowest profit first"],
        ),
        ("[weights]\nMES = 0", ["weights.MES: 0", "such as 0.1"]),
        ("[weights]\nMES = nan", ["weights.MES: NaN"]),
        ("[codes]\nclosed = 11", ["codes.closed: 11", "1 to 10"]),
    ],
)
def test_a_bad_file_is_named_with_field_and_fix(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load_rules(path)
    message = str(caught.value)
    assert [word for word in [str(path), *words] if word not in message] == []
    assert "\n" not in message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_rules(tmp_path / "absent.toml")
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        load_rules(path)


def test_ids_and_names_are_distinct_and_always_the_same() -> None:
    book = load_rules()
    wanted = ["practice", "combine-50k", "combine-50k", "express-100k"]
    accounts = open_accounts(book, wanted)
    assert accounts == open_accounts(book, wanted)
    assert [(a.id, a.name) for a in accounts] == [
        (50_012_345, "PRAC-V2-70001-10000001"),
        (50_012_346, "50KTC-V2-70001-10000002"),
        (50_012_347, "50KTC-V2-70001-10000003"),
        (50_012_348, "EXPRESS-V2-70001-10000004"),
    ]


def test_the_daily_limit_is_a_knob_of_each_account() -> None:
    def daily(account: Account) -> tuple[bool, Decimal | None]:
        return account.rules.daily_loss_on, account.rules.daily_loss

    wanted = ["combine-50k", "combine-50k:daily-loss", "combine-50k:daily-loss=750.5"]
    assert [daily(a) for a in open_accounts(load_rules(), wanted)] == [
        (False, Decimal(1_000)),
        (True, Decimal(1_000)),
        (True, Decimal("750.50")),
    ]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (["combine-75k"], "'combine-75k' is no kind of account. Choose practice, combine-50k"),
        (["combine-50k:turbo"], "unknown option 'turbo'"),
        (["combine-50k:daily-loss=x"], "gives no daily limit"),
        (["combine-50k:daily-loss=nan"], "gives no daily limit"),
        (["combine-50k:daily-loss=-5"], "gives no daily limit"),
        (["practice:daily-loss"], "gives no daily limit"),
        ([], "name 1 to 100"),
        (["practice"] * 101, "name 1 to 100"),
    ],
)
def test_an_account_that_cannot_be_opened(wanted: list[str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        open_accounts(load_rules(), wanted)
    assert words in str(caught.value)
