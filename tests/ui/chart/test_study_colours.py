"""Colours of indicators: readable, and apart for every kind of eyes."""

from __future__ import annotations

from itertools import combinations

import pytest
from tests.ui.colours import DEFICIENCIES, apart, contrast

from tradedesk.ui.chart.study_look import INKS
from tradedesk.ui.theme.tokens import PALETTES, Palette

every_palette = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
FAR = {"greyscale": 5}
"""Greys have only lightness; lines can be dotted as well."""


@every_palette
@pytest.mark.parametrize("ink", INKS)
def test_figures_in_legends_and_chips_can_be_read(palette: Palette, ink: str) -> None:
    assert contrast(getattr(palette, ink), palette.bg0) >= 4.5
    assert contrast(palette.on_chip, getattr(palette, ink)) >= 4.5


@every_palette
@pytest.mark.parametrize("eyes", [None, *DEFICIENCIES])
def test_lines_are_told_apart(palette: Palette, eyes: str | None) -> None:
    for one, other in combinations(INKS, 2):
        distance = apart(getattr(palette, one), getattr(palette, other), eyes)
        assert distance > FAR.get(palette.name, 20), (one, other)
