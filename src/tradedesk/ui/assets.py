"""Finds the files of ``resources/`` and gives Qt the bundled fonts."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from PySide6.QtGui import QFontDatabase

log = logging.getLogger(__name__)

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "resources", _PACKAGE.parents[1] / "resources")
"""Inside the installed package, or at the top of a source checkout."""


def resource_dir() -> Path | None:
    """Folder of the shipped files; None if the package came without them."""
    return next((place for place in _PLACES if place.is_dir()), None)


@cache
def load_fonts() -> str | None:
    """Register the bundled fonts once; returns the family, None if it could not be loaded.

    Needs a ``QGuiApplication``.
    """
    folder = resource_dir()
    files = sorted((folder / "fonts").glob("*.ttf")) if folder is not None else []
    families: list[str] = []
    for file in files:
        font_id = QFontDatabase.addApplicationFont(str(file))
        if font_id < 0:
            log.info("The font %s could not be loaded; the system's own is used.", file.name)
            continue
        families += QFontDatabase.applicationFontFamilies(font_id)
    return min(families, key=len, default=None)
