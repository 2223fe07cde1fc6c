"""Holds what the person at the desk has set, for all who change a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.settings import Settings


class SettingsKeeper(QObject):
    """One place, so that nobody writes an older part of the settings over a newer one.

    Signals
    -------
    changed(object)
        The `Settings` that hold from now on; they are saved already.
    """

    changed = Signal(object)

    def __init__(
        self, settings: Settings, save: Callable[[Settings], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._now = settings
        self._save = save

    @property
    def now(self) -> Settings:
        """What holds."""
        return self._now

    def keep(self, settings: Settings) -> None:
        """Let these hold and save them, if they differ at all."""
        if settings != self._now:
            self._now = settings
            self._save(settings)
            self.changed.emit(settings)

    def change(self, **values: object) -> None:
        """Change some of them.

        Raises
        ------
        InputError
            If a name or a value is unusable; nothing is changed then.
        """
        self.keep(self._now.changed(**values))
