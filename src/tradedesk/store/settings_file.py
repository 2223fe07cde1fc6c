"""Settings on disk: a commented TOML file that a person may edit."""

from __future__ import annotations

import json
import logging
import tomllib
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.domain.settings import Settings, check_settings, setting_fields
from tradedesk.store.atomic import set_aside, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from tradedesk.domain.settings import SettingField

log = logging.getLogger(__name__)


class LoadedSettings(msgspec.Struct, frozen=True):
    """What a settings file gave.

    Parameters
    ----------
    settings : Settings
        Always usable: the default stands in for whatever was missing or wrong.
    problems : tuple of str
        One sentence for each thing that was wrong; show them to the person at the desk.
    """

    settings: Settings
    problems: tuple[str, ...] = ()


class SettingsFile:
    """Loads and saves the settings; loses nothing that a person wrote.

    Parameters
    ----------
    path : Path
        The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> LoadedSettings:
        """Read the file; report every problem at once.

        A file that is no TOML is renamed to ``<name>.broken-<n>`` and the defaults are used. A file
        with single wrong values stays as it is.

        Raises
        ------
        StoreError
            If the file exists and cannot be read, or a broken one cannot be renamed.
        """
        try:
            text = self._path.read_bytes().decode()
            values = tomllib.loads(text)
        except FileNotFoundError:
            return LoadedSettings(Settings())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            kept = set_aside(self._path)
            problem = (
                f"The settings file was damaged ({error}); it is kept as {kept} "
                "and the defaults are in use."
            )
            log.info("settings file set aside as %s", kept)
            return LoadedSettings(Settings(), (problem,))
        except OSError as error:
            raise StoreError(
                f"{self._path} cannot be read ({error.strerror}): correct its permissions."
            ) from error
        settings, problems = check_settings(values)
        return LoadedSettings(settings, tuple(f"{self._path.name}: {p}" for p in problems))

    def save(self, settings: Settings) -> None:
        """Write all settings.

        A file on disk that held anything unusable is kept beside it first, as ``.broken-<n>``.

        Raises
        ------
        StoreError
            If it cannot be written; the old file is then unchanged.
        """
        if self.load().problems and self._path.exists():
            set_aside(self._path)
        lines = ["# Settings of tradedesk. A missing line means the default."]
        for field in setting_fields():
            lines += ["", f"# {_comment(field)}", f"{field.name} = {_toml(settings, field)}"]
        write_atomic(self._path, ("\n".join(lines) + "\n").encode())


def _comment(field: SettingField) -> str:
    """Help, unit and bounds of one setting on one line."""
    if field.low is not None:
        return f"{field.help} {field.low} to {field.high} {field.unit}."
    return field.help


def _toml(settings: Settings, field: SettingField) -> str:
    # JSON's booleans, numbers, lists and escaped strings are TOML's as well.
    return json.dumps(getattr(settings, field.name))
