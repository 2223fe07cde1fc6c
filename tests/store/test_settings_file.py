"""Settings survive the disk, and a damaged file costs nothing but a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradedesk.domain.errors import InputError, StoreError
from tradedesk.domain.settings import Settings, check_settings, setting_fields
from tradedesk.store.settings_file import SettingsFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def value_for(kind: str, low: int | None, high: int | None):
    if kind == "bool":
        return st.booleans()
    if kind == "str":
        return st.sampled_from(["1m", "ES", "500t", "", "x\n", 'quo"te', "é"])
    number = st.integers(low, high)
    return st.lists(number, min_size=1, max_size=5) if kind == "ints" else number


any_settings = st.fixed_dictionaries(
    {f.name: value_for(f.kind, f.low, f.high) for f in setting_fields()}
).map(lambda values: check_settings(values)[0])


@given(wanted=any_settings)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_settings_that_can_exist_comes_back(path: Path, wanted: Settings) -> None:
    SettingsFile(path).save(wanted)
    loaded = SettingsFile(path).load()
    assert loaded.settings == wanted
    assert loaded.problems == ()


def test_no_file_gives_the_defaults_and_makes_none(path: Path) -> None:
    assert SettingsFile(path).load().settings == Settings()
    assert not path.exists()


def test_the_defaults_are_legal_and_described() -> None:
    assert check_settings({f.name: f.default for f in setting_fields()}) == (Settings(), ())
    for field in setting_fields():
        assert field.help.endswith(".")
        assert (field.low is None) == (field.high is None)


def test_every_problem_is_told_at_once_and_the_good_lines_count(path: Path) -> None:
    text = 'symbol = "mnq!"\nstop_ticks = 0\ntarget_ticks = 60\nbracket_on = 1\ncolour = "red"\n'
    path.write_text(text)
    loaded = SettingsFile(path).load()
    assert loaded.settings == Settings(target_ticks=60)
    assert len(loaded.problems) == 4
    told = "\n".join(loaded.problems)
    for part in ("'mnq!'", "1 to 10000 ticks", "true or false", "colour is no setting"):
        assert part in told
    assert path.read_text() == text


def test_values_that_contradict_each_other_are_told() -> None:
    found, problems = check_settings(
        {"stop_ticks": 3, "order_size": 11, "order_size_presets": [2, 1], "timeframe": "0m"}
    )
    assert found == Settings()
    assert len(problems) == 4


@pytest.mark.parametrize("content", [b"stop_ticks = = 3", b"\xff\xfe", b"[", b"stop_ticks = 1\0"])
def test_a_damaged_file_is_kept_aside(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    loaded = SettingsFile(path).load()
    assert loaded.settings == Settings()
    (problem,) = loaded.problems
    assert "settings.toml.broken-1" in problem
    assert "\n" not in problem
    assert path.with_name("settings.toml.broken-1").read_bytes() == content
    assert SettingsFile(path).load().problems == ()


def test_saving_over_a_file_with_wrong_lines_keeps_it(path: Path) -> None:
    path.write_text("stop_ticks = 0\n")
    SettingsFile(path).save(Settings(stop_ticks=30))
    assert path.with_name("settings.toml.broken-1").read_text() == "stop_ticks = 0\n"
    assert SettingsFile(path).load().settings.stop_ticks == 30


def test_the_file_explains_itself(path: Path) -> None:
    SettingsFile(path).save(Settings())
    text = path.read_text("utf-8")
    for field in setting_fields():
        assert f"\n{field.name} = " in text
        assert field.help in text


@pytest.mark.skipif(os.name != "posix", reason="needs a folder in the file's place")
def test_an_unreadable_file_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match=r"settings.toml cannot be read"):
        SettingsFile(path).load()


def test_a_change_is_checked() -> None:
    assert Settings().changed(stop_ticks=8) == Settings(stop_ticks=8)
    with pytest.raises(InputError, match="stop_ticks = 0 cannot be used") as caught:
        Settings().changed(stop_ticks=0, bracket_on=1)
    assert "true or false" in str(caught.value)
