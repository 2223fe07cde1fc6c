"""The narrowest window: the top bar folds what has no room, and the sheet of keys fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from tradedesk.ui.key_sheet import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

    MakeDesk = Callable[..., FakeDesk]


@pytest.mark.parametrize("account", ["Practice 150K", "TOPSTEPX-EXPRESS-FUNDED-150K-28345"])
def test_nothing_in_the_top_bar_is_cut(make_desk: MakeDesk, account: str) -> None:
    desk = make_desk(1_180, 640)
    desk.ready()
    desk.frame()
    top = desk.window.widgets.top
    top.show_account(f"SIM  {account}", live=False, choice=True)
    desk.frame()
    assert not top.interval.isHidden()
    assert top.intervals.isHidden()
    assert top.interval.text() == "1m ▾"
    for button in top.findChildren(QPushButton):
        if button.isVisible() and button.parentWidget() is not top.intervals:
            assert button.width() >= button.minimumSizeHint().width(), button.text()
    assert top.kill.geometry().right() <= top.width()


def test_bar_sizes_stand_side_by_side_where_there_is_room(make_desk: MakeDesk) -> None:
    desk = make_desk(1_180, 640)
    desk.ready()
    top = desk.window.widgets.top
    chosen: list[str] = []
    top.interval_chosen.connect(chosen.append)
    menu = top.interval.menu()
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert texts[:4] == ["5s", "15s", "1m", "5m"]
    menu.actions()[3].trigger()
    assert chosen == ["5m"]
    desk.window.resize(1_900, 900)
    desk.frame()
    assert not top.intervals.isHidden()
    assert top.interval.isHidden()
    assert top.intervals.taken == "5m"
    desk.window.resize(1_180, 640)
    desk.frame()
    assert top.intervals.isHidden()


def test_the_sheet_of_keys_fits_the_smallest_window(make_desk: MakeDesk) -> None:
    desk = make_desk(1_180, 640)
    sheet = desk.window.key_sheet
    sheet.toggle()
    desk.frame()
    assert desk.window.rect().contains(sheet.geometry())
    labels = sheet.findChildren(QLabel)
    for label in labels:
        assert label.width() >= label.sizeHint().width(), label.text()
    listed = [key for groups in COLUMNS for _, keys in groups for key, _ in keys]
    assert len(listed) == len(set(listed))
    assert set(listed) <= {label.text() for label in labels}
