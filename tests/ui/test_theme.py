"""Colours, contrast and the style sheet."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFontMetricsF, QPalette
from tests.ui.colours import DEFICIENCIES, apart, contrast, linear

import tradedesk.ui
from tradedesk.domain.settings import Settings, check_settings, setting_fields
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.choice import chosen_palette
from tradedesk.ui.theme.style import qt_palette, style_sheet
from tradedesk.ui.theme.tokens import PALETTES, Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

UI = Path(tradedesk.ui.__file__).parent

GROUNDS = ("bg0", "bg1", "bg2", "bg3")
TAGS = ("buy_tag", "sell_tag", "target_tag", "stop_tag", "position_tag", "danger_tag")
MEANINGS = ("buy_text", "sell_text", "profit", "loss", "target", "stop", "danger", "warn")
CHIPS = ("warn", "buy_fill", "sell_fill", "buy_text", "sell_text", "target", "stop", "position")
PAIRS = (
    *[(text, ground) for text in ("tx", "tx2") for ground in (*GROUNDS, *TAGS)],
    *[("tx3", ground) for ground in ("bg0", "bg1", "bg2")],
    *[(text, ground) for text in MEANINGS for ground in GROUNDS],
    *[("ok", ground) for ground in ("bg0", "bg1")],
    *[("accent", ground) for ground in ("bg0", "bg1")],
    *[("on_button", f"{kind}_button") for kind in ("buy", "sell", "danger")],
    ("buy_text", "buy_tag"),
    ("sell_text", "sell_tag"),
    ("target", "target_tag"),
    ("stop", "stop_tag"),
    ("danger", "danger_tag"),
    ("position", "position_tag"),
    *[("covered", ground) for ground in (*GROUNDS, "covered_ground")],
    ("sim", "sim_ground"),
    ("tx", "accent_ground"),
    *[("on_chip", chip) for chip in (*CHIPS, "tx2", "tx3")],
)
OPPOSITES = (
    ("buy_fill", "sell_fill"),
    ("buy_text", "sell_text"),
    ("buy_button", "sell_button"),
    ("profit", "loss"),
    ("profit_fill", "loss_fill"),
    ("target", "stop"),
)
FAR = {"blue-orange": 50, "ladder": 50}
"""How far apart opposites are at least in the palettes made for eyes with a deficiency."""

every_palette = pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_distances_are_those_of_cie76() -> None:
    assert apart("#000000", "#FFFFFF") == pytest.approx(100, abs=0.01)
    assert apart("#FF0000", "#00FF00") == pytest.approx(170.6, abs=0.2)  # of published tables


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_a_deficiency_leaves_grey_as_it_is(deficiency: str) -> None:
    assert apart("#808080", "#808080", deficiency) == 0
    seen = DEFICIENCIES[deficiency] @ linear("#808080")
    assert seen == pytest.approx(linear("#808080"), abs=1e-5)


def test_red_and_green_of_one_lightness_meet_under_deuteranopia() -> None:
    """Else the simulation would not show what the palettes are tested for."""
    assert apart("#C05A30", "#708A2A") > 50
    assert apart("#C05A30", "#708A2A", "deuteranopia") < 15


@every_palette
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_text_can_be_read_on_its_ground(palette: Palette, text: str, ground: str) -> None:
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


@every_palette
@pytest.mark.parametrize("eyes", [None, *DEFICIENCIES])
@pytest.mark.parametrize(("one", "other"), OPPOSITES)
def test_opposites_stay_apart_in_all_eyes(
    palette: Palette, eyes: str | None, one: str, other: str
) -> None:
    distance = apart(getattr(palette, one), getattr(palette, other), eyes)
    assert distance > FAR.get(palette.name, 20)


@every_palette
@pytest.mark.parametrize("eyes", [None, *DEFICIENCIES])
def test_real_money_never_looks_like_practice(palette: Palette, eyes: str | None) -> None:
    assert apart(palette.sim_band, palette.live_band, eyes) > 40


def test_where_hues_are_few_shapes_tell_sides() -> None:
    assert PALETTES["greyscale"].shapes
    greys = [getattr(PALETTES["greyscale"], name) for pair in OPPOSITES for name in pair]
    assert [grey for grey in greys if len({grey[1:3], grey[3:5], grey[5:7]}) > 1] == []


def test_the_settings_offer_every_palette_and_no_other() -> None:
    field = next(field for field in setting_fields() if field.name == "palette")
    assert field.examples == tuple(PALETTES)
    assert [check_settings({"palette": name})[1] for name in PALETTES] == [()] * len(PALETTES)


def test_a_palette_that_is_not_there_is_refused_with_all_that_are() -> None:
    settings, problems = check_settings({"palette": "solarized"})
    assert settings.palette == "dark"
    assert len(problems) == 1
    assert "'solarized'" in problems[0]
    assert all(repr(name) in problems[0] for name in PALETTES)


def test_shapes_can_be_had_in_every_palette() -> None:
    for name, found in PALETTES.items():
        assert chosen_palette(Settings(palette=name)) == found
        assert chosen_palette(Settings(palette=name, shapes=True)).shapes


LITERAL = re.compile(r"#[0-9A-Fa-f]{3}(?:[0-9A-Fa-f]{3}){0,1}(?:[0-9A-Fa-f]{2})?\b|\brgba?\s*\(")
NAMED = re.compile(
    r"GlobalColor(?!\.transparent)|Qt\.(?:white|black|red|green|blue|gray|darkGray|lightGray)\b"
)


@pytest.mark.parametrize(
    "path", sorted(UI.rglob("*.py")), ids=lambda path: path.relative_to(UI).as_posix()
)
def test_no_colour_outside_the_tokens(path: Path) -> None:
    if path.parent.name == "palettes":
        return
    tree = ast.parse(path.read_text("utf-8"))
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in strings if LITERAL.search(text)] == []
    assert NAMED.search(path.read_text("utf-8")) is None


def colours_of(palette: Palette) -> set[str]:
    return {str(getattr(palette, f.name)) for f in fields(Palette)}


@every_palette
def test_a_palette_is_written_as_all_others_are(palette: Palette) -> None:
    named = colours_of(palette) - {palette.name, palette.title, str(palette.shapes)}
    assert [value for value in named if not re.fullmatch("#[0-9A-F]{6}", value)] == []


@every_palette
def test_the_style_sheet_names_only_known_tokens_and_leaves_none_open(palette: Palette) -> None:
    sheet = style_sheet(palette)
    assert "$" not in sheet
    known = colours_of(palette)
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)) <= known


@every_palette
def test_every_colour_role_that_qt_draws_with_is_ours(palette: Palette) -> None:
    made = qt_palette(palette)
    ours = {colour.lower() for colour in colours_of(palette)}
    alien = [
        role.name
        for role in QPalette.ColorRole
        if role is not QPalette.ColorRole.NColorRoles
        and role is not QPalette.ColorRole.NoRole
        and made.color(role).name() not in ours
    ]
    assert alien == []


def test_figures_have_one_width(dressed: QApplication) -> None:
    metrics = QFontMetricsF(fonts.body())
    widths = {metrics.horizontalAdvance(figure) for figure in "0123456789"}
    assert len(widths) == 1
    assert dressed.font().family() == "Inter"
