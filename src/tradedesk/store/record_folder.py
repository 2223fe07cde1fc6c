"""One struct a key, each in a JSON file of its own in one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import quote

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.store.atomic import write_atomic
from tradedesk.store.record_file import Form, RecordFile, plain_form

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T", bound=msgspec.Struct)


class RecordFolder(Generic[T]):
    """Loads and saves structs by key.

    Parameters
    ----------
    folder : Path
        Made when something is first saved.
    default : struct
        What stands in for a missing or unreadable file; its type is what is read.
    form : Form, optional
        How it stands in a file; JSON of its members without one.
    """

    def __init__(self, folder: Path, default: T, form: Form[T] | None = None) -> None:
        self._folder = folder
        self._default = default
        self._form = form or plain_form(type(default))

    def file(self, key: str) -> Path:
        """The file of a key.

        It begins with a prefix: ``CON``, with which contract ids begin, is a device on Windows.
        """
        return self._folder / f"of-{quote(key, safe='')}.json"

    def load(self, key: str) -> tuple[T, str]:
        """Read the struct of a key, as `RecordFile.load` does.

        Raises
        ------
        StoreError
            If an unreadable file cannot be renamed.
        """
        return RecordFile(self.file(key), self._default, self._form).load()

    def save(self, key: str, record: T) -> None:
        """Write the struct of a key, all of it or nothing.

        Raises
        ------
        StoreError
            If it cannot be written; the old file is then unchanged.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {self._folder} cannot be made ({error.strerror}): "
                "make the one above it writable."
            ) from error
        write_atomic(self.file(key), self._form.write(record))
