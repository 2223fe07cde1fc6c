"""Sentences of refused moves: whole, within the pane, and not over their own tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from tests.ui.chart.samples import stop, target
from tests.ui.chart.test_painting import same

from tradedesk.ui.chart.note_places import place_note
from tradedesk.ui.chart.primitives import Texts
from tradedesk.ui.theme.fonts import ui_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication
    from tests.ui.chart.chart_bench import ChartBench

LONG = "The change was refused: the venue rejected it; the order may be done already."


@pytest.fixture(scope="module")
def texts(qapp: QApplication) -> Texts:
    return Texts(ui_font(12))


@given(
    width=st.integers(180, 1_200),
    height=st.integers(150, 600),
    right=st.integers(0, 160),
    top=st.integers(2, 578),
    words=st.integers(1, 14),
)
def test_a_note_is_whole_and_covers_no_tag_of_its_own(
    texts: Texts, width: int, height: int, right: int, top: int, words: int
) -> None:
    pane = QRectF(0, 0, width, height)
    tag = QRectF(width - 8 - right - 70, min(top, height - 22), 70, 20)
    text = " ".join(LONG.split(" ")[:words])
    note = place_note(text, tag, pane, texts)
    assert pane.contains(note.box)
    assert not note.box.intersects(tag)
    assert " ".join(note.rows) == text
    for row in note.rows:
        assert texts.width(row) <= note.box.width() - 15


def test_one_row_at_the_left_where_there_is_room(texts: Texts) -> None:
    tag = QRectF(900, 300, 80, 20)
    note = place_note(LONG, tag, QRectF(0, 0, 1_000, 500), texts)
    assert note.rows == (LONG,)
    assert (note.box.right(), note.box.top(), note.box.height()) == (894, 300, 20)


@pytest.mark.parametrize("size", [(290, 260), (420, 300), (1_000, 600)])
def test_a_refusal_is_read_whole_at_every_size(
    make_chart: Callable[..., ChartBench], size: tuple[int, int]
) -> None:
    chart = make_chart(size=size)
    chart.panel.set_lines([target(chart.last + 8), stop(chart.last - 8)])
    chart.frame()
    for key in ("order:1", "order:2"):
        chart.panel.reject_move(key, LONG)
        for _ in range(4):
            chart.frame(130)
            same(chart)
        tag = chart.stage.overlay.tag_of(key)
        assert tag is not None
        note = chart.stage.overlay.note_of(tag)
        assert chart.stage.model.panes.price.contains(note.box)
        assert not note.box.intersects(tag.box)
        chart.frame(6_000)
        same(chart)
