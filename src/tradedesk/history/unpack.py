"""Opens packed files, and stops before a small file becomes a large one."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import InputError
from tradedesk.history.zstd_frame import is_whole

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 8 << 30
"""What a file may unpack to; a busy contract's orders of one day are less."""
_CHUNK: Final = 1 << 22


def gunzip(path: Path, raw: bytes, most: int = MOST_BYTES) -> bytes:
    """Unpack a gzip file.

    Raises
    ------
    InputError
        If it is truncated or damaged, or unpacks to more than `most` bytes.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            return _drained(path, packed, most)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} is truncated or no text: {error}.") from error


def unzstd(path: Path, raw: bytes, most: int = MOST_BYTES) -> bytes:
    """Unpack a Zstandard file.

    Raises
    ------
    InputError
        If it is truncated or damaged, or unpacks to more than `most` bytes.
    """
    if not is_whole(raw):
        raise InputError(f"{path} is truncated: fetch it again.")
    import pyarrow as pa

    try:
        with pa.CompressedInputStream(pa.BufferReader(raw), "zstd") as packed:
            return _drained(path, packed, most)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} is not a Databento file or is damaged: {error}.") from error


def _drained(path: Path, packed: io.BufferedIOBase, most: int) -> bytes:
    parts, size = [], 0
    while part := packed.read(_CHUNK):
        size += len(part)
        if size > most:
            raise InputError(
                f"{path} unpacks to more than {most >> 20} MB: cut it into shorter files."
            )
        parts.append(part)
    return b"".join(parts)
