"""When the last calls to the venue were made; survives the death of the process at no cost."""

from __future__ import annotations

import logging
import mmap
import os
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

CALLS: Final = 512
_MOMENT: Final = struct.Struct("<q")
_SIZE: Final = CALLS * _MOMENT.size


class CallRing:
    """The moments of the last 512 calls in a mapped file: one store into memory for each.

    Nothing is synced: what is lost with the power is older than a minute when the machine is up
    again. Where the file cannot be used, calls are counted in this process only.

    Parameters
    ----------
    file : Path
        Made if it is missing, readable by its owner only; its folder too.
    """

    def __init__(self, file: Path) -> None:
        self._map: mmap.mmap | None = None
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                # real bytes and no hole: a full disk must show here, not as a fault of the memory
                if (missing := _SIZE - os.fstat(handle).st_size) > 0:
                    os.lseek(handle, 0, os.SEEK_END)
                    os.write(handle, bytes(missing))
                self._map = mmap.mmap(handle, _SIZE)
            finally:
                os.close(handle)
        except (OSError, ValueError) as error:
            log.info("calls are counted in this process only: %s", error)

    def recall(self) -> Sequence[int]:
        """Monotonic nanoseconds of the calls that are kept, in any order; forgets them."""
        if self._map is None:
            return ()
        moments = [moment for (moment,) in _MOMENT.iter_unpack(self._map[:]) if moment > 0]
        self._map[:] = bytes(_SIZE)
        return moments

    def put(self, number: int, moment_ns: int) -> None:
        """Keep the moment of call ``number``, in place of the one 512 calls before."""
        if self._map is not None:
            _MOMENT.pack_into(self._map, number % CALLS * _MOMENT.size, moment_ns)

    def close(self) -> None:
        """Give the file back; safe to call twice."""
        if self._map is not None:
            self._map.close()
            self._map = None
