"""Tells whether a Zstandard file is whole, by walking its blocks; nothing is decompressed."""

from __future__ import annotations

from typing import Final

MAGIC: Final = b"\x28\xb5\x2f\xfd"
_SKIPPABLE: Final = range(0x184D2A50, 0x184D2A60)
_RLE: Final = 1
_DICT_BYTES: Final = (0, 1, 2, 4)
_SIZE_BYTES: Final = (0, 2, 4, 8)


def is_whole(raw: bytes) -> bool:
    """Whether a file consists of complete frames and of nothing else."""
    at = 0
    while at < len(raw):
        magic = int.from_bytes(raw[at : at + 4], "little")
        if magic in _SKIPPABLE:
            at += 8 + int.from_bytes(raw[at + 4 : at + 8], "little")
        elif raw[at : at + 4] == MAGIC:
            at = _frame_end(raw, at)
        else:
            return False
    return at == len(raw) and at > 0


def _frame_end(raw: bytes, at: int) -> int:
    """Offset behind a frame; beyond the file if a part of it is missing."""
    beyond = len(raw) + 1
    if at + 5 > len(raw):
        return beyond
    descriptor = raw[at + 4]
    single = bool(descriptor & 0x20)
    size_bytes = _SIZE_BYTES[descriptor >> 6] or int(single)
    at += 5 + (not single) + _DICT_BYTES[descriptor & 3] + size_bytes
    last = False
    while not last:
        if at + 3 > len(raw):
            return beyond
        header = int.from_bytes(raw[at : at + 3], "little")
        last = bool(header & 1)
        at += 3 + (1 if (header >> 1) & 3 == _RLE else header >> 3)
    return at + (4 if descriptor & 4 else 0)
