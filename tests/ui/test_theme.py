"""Colours, contrast and the style sheet."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFontMetricsF, QPalette

import tradedesk.ui
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.style import qt_palette, style_sheet
from tradedesk.ui.theme.tokens import DARK, Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

UI = Path(tradedesk.ui.__file__).parent

GROUNDS = ("bg0", "bg1", "bg2", "bg3")
PAIRS = (
    *[(text, ground) for text in ("tx", "tx2") for ground in GROUNDS],
    *[("tx3", ground) for ground in ("bg0", "bg1", "bg2")],
    *[(text, ground) for text in ("buy_text", "sell_text", "warn") for ground in GROUNDS],
    *[("ok", ground) for ground in ("bg0", "bg1")],
    ("accent", "bg1"),
    ("on_button", "buy_button"),
    ("on_button", "sell_button"),
    ("buy_text", "buy_tag"),
    ("sell_text", "sell_tag"),
    ("position", "position_tag"),
    ("covered", "covered_ground"),
    ("sim", "sim_ground"),
    ("tx", "accent_ground"),
    ("on_chip", "warn"),
    ("on_chip", "buy_fill"),
    ("on_chip", "sell_fill"),
    ("on_chip", "position"),
)


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast of two #RRGGBB colours."""

    def luminance(value: str) -> float:
        channels = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(getattr(DARK, text), getattr(DARK, ground)) >= 4.5


LITERAL = re.compile(r"#[0-9A-Fa-f]{3}(?:[0-9A-Fa-f]{3}){0,1}(?:[0-9A-Fa-f]{2})?\b|\brgba?\s*\(")
NAMED = re.compile(
    r"GlobalColor(?!\.transparent)|Qt\.(?:white|black|red|green|blue|gray|darkGray|lightGray)\b"
)


@pytest.mark.parametrize(
    "path", sorted(UI.rglob("*.py")), ids=lambda path: path.relative_to(UI).as_posix()
)
def test_no_colour_outside_the_tokens(path: Path) -> None:
    if path.name == "tokens.py":
        return
    tree = ast.parse(path.read_text("utf-8"))
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in strings if LITERAL.search(text)] == []
    assert NAMED.search(path.read_text("utf-8")) is None


def test_the_style_sheet_names_only_known_tokens_and_leaves_none_open() -> None:
    sheet = style_sheet(DARK)
    assert "$" not in sheet
    known = {getattr(DARK, f.name) for f in fields(Palette)}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)) <= known


def test_every_colour_role_that_qt_draws_with_is_ours() -> None:
    made = qt_palette(DARK)
    ours = {getattr(DARK, f.name).lower() for f in fields(Palette)}
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
