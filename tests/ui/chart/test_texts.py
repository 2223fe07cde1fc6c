"""Laid-out texts: those in use stay, those of a market long gone do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QStaticText

from tradedesk.ui.chart import primitives
from tradedesk.ui.chart.primitives import Texts
from tradedesk.ui.theme.fonts import ui_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

KEPT = 50


@pytest.fixture
def laid_out(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> list[QStaticText]:
    """All texts laid out so far."""
    made: list[QStaticText] = []

    def lay_out(*arguments: Any) -> QStaticText:
        made.append(QStaticText(*arguments))
        return made[-1]

    monkeypatch.setattr(primitives, "QStaticText", lay_out)
    return made


def test_a_text_in_use_is_laid_out_once(laid_out: list[QStaticText]) -> None:
    texts = Texts(ui_font(12), KEPT)
    for at in range(20 * KEPT):
        texts.width("25,061.00")
        texts.width(f"{at}")
    assert [text.text() for text in laid_out].count("25,061.00") == 1
    assert len(laid_out) == 20 * KEPT + 1


def test_no_more_are_kept_than_asked_for_and_as_many_of_the_lot_before(
    laid_out: list[QStaticText],
) -> None:
    texts = Texts(ui_font(12), KEPT)
    for at in range(20 * KEPT):
        texts.width(f"{at}")
    for at in reversed(range(20 * KEPT)):
        texts.width(f"{at}")
    again = len(laid_out) - 20 * KEPT
    assert 18 * KEPT <= again <= 19 * KEPT


def test_a_text_keeps_its_width(laid_out: list[QStaticText]) -> None:
    texts, fresh = Texts(ui_font(12), 3), Texts(ui_font(12), 1_000)
    for text in ("1", "12", "123", "1", "4", "5", "12", "6", "1", "123"):
        assert texts.width(text) == fresh.width(text)
