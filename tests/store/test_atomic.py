"""A file holds the old content or the new, whatever goes wrong."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradedesk.domain.errors import StoreError
from tradedesk.store.atomic import set_aside, write_atomic


@given(contents=st.lists(st.binary(max_size=300), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_last_content_stands_alone(tmp_path: Path, contents: list[bytes]) -> None:
    path = tmp_path / "file"
    for content in contents:
        write_atomic(path, content)
        assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no permission bits")
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    write_atomic(tmp_path / "file", b"x")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failing_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "file"
    write_atomic(path, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(StoreError, match=r"No space left on device.*old file is unchanged"):
            write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="file cannot be written"):
        write_atomic(tmp_path / "none" / "file", b"x")


def test_set_aside_never_overwrites_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    kept = []
    for content in (b"1", b"2", b"3"):
        path.write_bytes(content)
        kept.append(set_aside(path))
    assert [k.name for k in kept] == ["file.broken-1", "file.broken-2", "file.broken-3"]
    assert [k.read_bytes() for k in kept] == [b"1", b"2", b"3"]
    assert not path.exists()
