"""One struct in one JSON file: what the program remembers by itself."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.store.atomic import set_aside, write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """How a struct stands in a file.

    Attributes
    ----------
    read : callable
        Makes it of the content; raises `msgspec.DecodeError` if that is damaged.
    write : callable
        Makes the content.
    """

    read: Callable[[bytes], T]
    write: Callable[[T], bytes]


def plain_form(kind: type[T]) -> Form[T]:
    """JSON of the members of a struct."""
    return Form(
        lambda content: msgspec.json.decode(content, type=kind),
        lambda record: msgspec.json.format(msgspec.json.encode(record)),
    )


class RecordFile(Generic[T]):
    """Loads and saves one struct.

    Parameters
    ----------
    path : Path
        The file; it need not exist.
    default : struct
        What stands in for a missing or unreadable file; its type is what is read.
    form : Form, optional
        How it stands in the file; JSON of its members without one.
    """

    def __init__(self, path: Path, default: T, form: Form[T] | None = None) -> None:
        self._path = path
        self._default = default
        self._form = form or plain_form(type(default))

    def load(self) -> tuple[T, str]:
        """Read the file.

        Returns
        -------
        tuple of struct and str
            What it holds, or the default; and a sentence when the file was unreadable, which is
            then kept under another name.

        Raises
        ------
        StoreError
            If a file with unreadable content cannot be renamed.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return self._default, ""
        except OSError as error:
            return self._default, self._unread(error)
        try:
            return self._form.read(content), ""
        except msgspec.DecodeError as error:
            kept = set_aside(self._path)
            return self._default, (
                f"{self._path.name} was unreadable ({error}); defaults are used and the old file "
                f"is kept as {kept.name}."
            )

    def save(self, record: T) -> None:
        """Write the file; trouble is logged, because what is lost is only a convenience."""
        try:
            write_atomic(self._path, self._form.write(record))
        except StoreError as error:
            log.warning("%s", error)

    def _unread(self, error: OSError) -> str:
        """Keep a file that the disk does not give: the next save would take its place."""
        said = f"{self._path} cannot be read ({error.strerror})"
        try:
            kept = set_aside(self._path)
        except StoreError:
            return f"{said}; defaults are used."
        return f"{said}; defaults are used and the old file is kept as {kept.name}."
