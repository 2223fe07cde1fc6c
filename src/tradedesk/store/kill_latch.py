"""The kill switch's latch as a file, for when the journal belongs to a process that hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import StoreError
from tradedesk.store.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path


class KillLatch:
    """A file whose existence says that the kill switch was tripped.

    Parameters
    ----------
    path : Path
        Beside the journal that an executor will have open.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_set(self) -> bool:
        """Whether it was tripped and no executor has taken that in yet."""
        return self._path.exists()

    def trip(self) -> None:
        """Leave word for the executor.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {self._path.parent} cannot be used ({error.strerror}); make it "
                "writable."
            ) from error
        write_atomic(self._path, b"The kill switch was tripped.\n")

    def clear(self) -> None:
        """The executor has it in its journal.

        Raises
        ------
        StoreError
            If the file cannot be removed.
        """
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"{self._path} cannot be removed ({error.strerror}); remove it by hand."
            ) from error
