"""Folders: one variable moves them all, and nobody else may read them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tradedesk.domain.errors import StoreError
from tradedesk.store.paths import home_paths, resources_dir


def test_the_variable_moves_everything(desk_home: Path) -> None:
    paths = home_paths()
    files = (paths.settings_file, paths.layout_file, paths.lock_file, paths.log_file("desk"))
    for path in (
        *paths.folders(),
        *files,
        paths.crash_file("desk"),
        paths.journal_file("practice"),
    ):
        assert path.is_relative_to(desk_home)


def test_without_the_variable_the_systems_own_folders_are_used(
    monkeypatch: pytest.MonkeyPatch, desk_home: Path
) -> None:
    monkeypatch.delenv("TRADEDESK_HOME")
    paths = home_paths()
    for folder in paths.folders():
        assert folder.is_absolute()
        assert not folder.is_relative_to(desk_home)
        assert "tradedesk" in folder.as_posix()


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEDESK_HOME", "")
    assert "tradedesk" in home_paths().data.as_posix()


@pytest.mark.skipif(os.name != "posix", reason="other systems have no permission bits")
def test_folders_belong_to_their_owner_alone(desk_home: Path) -> None:
    (desk_home / "data").mkdir(mode=0o755)
    paths = home_paths().create()
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in paths.folders()} == {0o700}
    assert paths.create() == paths


def test_a_file_in_the_way_is_named(desk_home: Path) -> None:
    (desk_home / "data").write_text("not a folder")
    with pytest.raises(StoreError, match=r"data cannot be used .*TRADEDESK_HOME"):
        home_paths().create()


@pytest.mark.parametrize("name", ["", "../up", "a/b", "a.b", "C:x"])
def test_a_venue_name_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(StoreError, match="no venue name"):
        home_paths().journal_file(name)


def test_the_fonts_are_found() -> None:
    fonts = resources_dir() / "fonts"
    assert {f.name for f in fonts.glob("*.ttf")} == {
        "Inter-Regular.ttf",
        "Inter-Medium.ttf",
        "Inter-SemiBold.ttf",
    }
    assert "SIL Open Font License" in (fonts / "LICENSE-Inter.txt").read_text("utf-8")
