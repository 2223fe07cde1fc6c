"""What the tests of the whole program share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tradedesk.domain.settings import Settings
from tradedesk.store.paths import home_paths
from tradedesk.store.settings_file import SettingsFile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_hour_of_going_flat(desk_home: Path) -> None:
    """Practice goes flat at 15:05 Chicago; a test that happens to run then must not."""
    paths = home_paths().create()
    SettingsFile(paths.settings_file).save(Settings(practice_flat_at=""))
