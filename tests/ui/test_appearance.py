"""Choosing a palette: by mouse and keys, at once everywhere, and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.scenes import SCENES, walk
from tests.ui.test_pictures import GREYS, ROOT, cut_texts, overlaps, pixels, share_of

from tradedesk.domain.settings import Settings
from tradedesk.store.settings_file import SettingsFile
from tradedesk.ui.theme.current import palette
from tradedesk.ui.theme.style import apply_theme
from tradedesk.ui.theme.tokens import DARK, PALETTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtGui import QAction
    from tests.ui.fakes.desk import FakeDesk

    MakeDesk = Callable[..., FakeDesk]

LEFT = Qt.MouseButton.LeftButton
STATES = ("working", "rejected", "bare", "unknown", "killed", "stale")
OTHERS = [name for name in PALETTES if name != DARK.name]


@pytest.fixture(autouse=True)
def _dark_again(dressed: QApplication) -> Iterator[None]:
    """Whatever a test chose, the next one begins with what it knows."""
    yield
    apply_theme(dressed)


def entries(desk: FakeDesk) -> dict[str, QAction]:
    """Actions of the menu by their text, without the sign of what is taken."""
    actions = desk.window.appearance.menu.actions()
    return {each.text().split("\t")[0]: each for each in actions if each.text()}


def click(desk: FakeDesk, text: str) -> None:
    """Open the menu and click an entry of it."""
    menu = desk.window.appearance.menu
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(entries(desk)[text]).center())
    QApplication.processEvents()


def taken(desk: FakeDesk) -> list[str]:
    """Entries that are checked; those with a picture in place of the mark say so in words."""
    found = [text for text, each in entries(desk).items() if each.isChecked()]
    pictured = [text for text, each in entries(desk).items() if not each.icon().isNull()]
    marked = [text for text in pictured if entries(desk)[text].text().endswith("\t✓")]
    assert marked == [text for text in found if text in pictured]
    return found


def worked(make_desk: MakeDesk, state: str, name: str, *, later: str | None = None) -> FakeDesk:
    """A desk in some state, in one palette from the beginning or in another one since later."""
    desk = make_desk(1_280, 800, bars=walk, settings=Settings(max_order_size=50, palette=name))
    SCENES[state](desk)
    desk.frame()
    if later is not None:
        click(desk, PALETTES[later].title)
    return desk


def picture(desk: FakeDesk) -> np.ndarray:
    desk.frame()
    return pixels(desk.window.grab().toImage())


# --- choosing -----------------------------------------------------------------------------------


def test_a_click_changes_the_palette_and_keeps_it(make_desk: MakeDesk) -> None:
    desk = make_desk()
    assert taken(desk) == ["Dark"]
    click(desk, "Light")
    assert palette() == PALETTES["light"]
    assert taken(desk) == ["Light"]
    assert [settings.palette for settings in desk.kept] == ["light"]
    click(desk, "Light")
    assert len(desk.kept) == 1, "what is taken already is not written again"


def test_the_next_start_opens_in_what_was_chosen(make_desk: MakeDesk) -> None:
    desk = make_desk()
    click(desk, "Blue and orange")
    apply_theme(QApplication.instance())  # type: ignore[arg-type]
    again = make_desk(settings=desk.kept[-1])
    assert palette() == PALETTES["blue-orange"]
    assert taken(again) == ["Blue and orange"]


def test_it_is_written_beside_what_was_set_before(make_desk: MakeDesk, tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.toml")
    file.save(Settings(stop_ticks=12))
    desk = make_desk(settings=file.load().settings)
    click(desk, "Light")
    file.save(desk.kept[-1])
    assert file.load().settings == Settings(stop_ticks=12, palette="light")
    assert file.load().problems == ()


def test_it_is_reached_by_keys(make_desk: MakeDesk) -> None:
    desk = make_desk()
    menu = desk.window.appearance.menu
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    for _ in range(4):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert palette() == PALETTES["ladder"]
    assert entries(desk)["Ladder: blue and red"].isChecked(), "and assistive tools are told"


def test_the_menu_is_offered_in_the_top_bar_each_time(make_desk: MakeDesk) -> None:
    desk = make_desk()
    button, offered = desk.window.widgets.top.chart_menu.menu(), desk.window.appearance.menu
    for _ in range(3):
        button.popup(desk.window.mapToGlobal(desk.window.rect().center()))
        (entry,) = (each for each in button.actions() if each.menu() is offered)
        assert len(offered.actions()) == len(PALETTES) + 2
        button.setActiveAction(entry)
        QTest.keyClick(button, Qt.Key.Key_Return)
        assert offered.isVisible()
        QTest.keyClick(offered, Qt.Key.Key_Escape)
        QTest.keyClick(button, Qt.Key.Key_Escape)


def test_shapes_go_with_every_palette_and_belong_to_one(make_desk: MakeDesk) -> None:
    desk = make_desk()
    shapes = entries(desk)["Shapes as well as colours"]
    assert not palette().shapes
    click(desk, "Shapes as well as colours")
    assert palette().shapes
    assert palette().name == "dark"
    assert taken(desk) == ["Dark", "Shapes as well as colours"]
    click(desk, "Light")
    assert palette().shapes
    click(desk, "Shapes as well as colours")
    assert palette() == PALETTES["light"]
    click(desk, "Greyscale with shapes")
    assert palette().shapes
    assert not shapes.isEnabled(), "this palette is nothing without them"
    click(desk, "Dark")
    assert palette() == DARK


def test_limits_and_palette_do_not_write_over_each_other(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.ready()
    desk.window.risk.open()
    dialog = desk.window.risk.dialog
    assert dialog is not None
    field = dialog.fields.fields["max_order_size"].input
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "3")
    click(desk, "Light")
    assert field.text() == "3", "what is being typed stays"
    QTest.mouseClick(dialog.save_button, LEFT)
    assert desk.kept[-1] == Settings(max_order_size=3, palette="light")
    click(desk, "Dark")
    assert desk.kept[-1] == Settings(max_order_size=3)
    dialog.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


# --- pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("state", STATES)
def test_an_open_desk_looks_as_one_opened_in_the_palette(
    make_desk: MakeDesk, state: str, name: str
) -> None:
    changed = picture(worked(make_desk, state, "dark", later=name))
    wrong = np.argwhere(changed != picture(worked(make_desk, state, name)))
    assert len(wrong) == 0, f"{len(wrong)} pixels differ, first at (y, x) {wrong[0]}"


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("state", ["working", "long_texts", "bare"])
def test_no_palette_cuts_overlaps_or_leaves_default_grey(
    make_desk: MakeDesk, state: str, name: str
) -> None:
    desk = worked(make_desk, state, name)
    seen = picture(desk)
    assert cut_texts(desk.window) == []
    assert overlaps(desk.window.widgets.top) == []
    assert share_of(seen, PALETTES[name].bg1) > 0.1
    assert [grey for grey in GREYS if share_of(seen, grey) > 0.0005] == []


def test_greyscale_has_no_hue_but_amber(make_desk: MakeDesk) -> None:
    seen = picture(worked(make_desk, "working", "greyscale"))
    red, green, blue = (seen >> shift & 0xFF for shift in (16, 8, 0))
    hue = (red != green) | (green != blue)
    amber = (red >= green) & (green >= blue)
    assert hue.any(), "warnings are seen"
    assert (amber | ~hue).all()


ALL_OF_THEM = """
import sys
from PySide6.QtWidgets import QApplication
from tests.ui.fakes.desk import FakeDesk
from tests.ui.scenes import bare, walk
from tradedesk.ui.theme.style import apply_theme
from tradedesk.ui.theme.tokens import PALETTES
app = QApplication([])
apply_theme(app)
desk = FakeDesk(bars=walk)
desk.window.resize(1600, 1000)
desk.window.show()
bare(desk)
for name in PALETTES:
    desk.window.settings.change(palette=name)
    desk.frame()
    assert desk.window.grab().save(f"{sys.argv[1]}/{name}.png")
desk.close()
"""


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_every_palette_is_whole_at_other_scales(tmp_path: Path, scale: float) -> None:
    env = {
        **os.environ,
        "QT_SCALE_FACTOR": str(scale),
        "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", ALL_OF_THEM, str(tmp_path)],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name, found in PALETTES.items():
        seen = pixels(QImage(str(tmp_path / f"{name}.png")))
        assert seen.shape == (1_000 * scale, 1_600 * scale)
        assert share_of(seen, found.bg0) > 0.2
        assert share_of(seen, found.bg1) > 0.1
        # White words on chips and buttons are wider here; a default-grey widget has ten times that.
        assert [grey for grey in GREYS if share_of(seen, grey) > 0.001] == []
        for token in ("buy_fill", "sell_fill", "danger_fill", "position", "buy_button"):
            assert share_of(seen, getattr(found, token)) > 0, f"{token} of {name}"
