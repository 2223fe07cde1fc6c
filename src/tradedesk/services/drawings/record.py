"""All drawings of one contract as a file has them.

A newer version may have written members and kinds of drawings that this one does not know. They
are kept and written back, so that a file survives being opened here.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tradedesk.services.drawings.drawing import Drawing, Kind


class DrawingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Drawings of one contract, those in front last.

    Attributes
    ----------
    before : dict
        The file from which they were read, as JSON has it; empty without one.
    """

    contract_id: str = ""
    drawings: tuple[Drawing, ...] = ()
    before: dict[str, Any] = {}

    @property
    def foreign(self) -> list[dict[str, Any]]:
        """Drawings in the file of a kind that is not known here, as JSON has them."""
        return [each for each in self.before.get("drawings", ()) if _is_foreign(each)]


class _Frame(msgspec.Struct):
    contract_id: str = ""
    drawings: tuple[dict[str, Any], ...] = ()


def read_record(content: bytes) -> DrawingRecord:
    """Read a file.

    Raises
    ------
    msgspec.DecodeError
        If it is damaged.
    """
    before = msgspec.json.decode(content)
    frame = msgspec.convert(before, _Frame)
    known = [each for each in frame.drawings if not _is_foreign(each)]
    return DrawingRecord(
        contract_id=frame.contract_id,
        drawings=msgspec.convert(known, tuple[Drawing, ...]),
        before=before,
    )


def record_content(record: DrawingRecord) -> bytes:
    """Write a file: what is known as it is now, what is not known as it was."""
    before = record.before
    told = {each.get("id"): each for each in before.get("drawings", ())}
    drawings = [
        _with_unknown(msgspec.to_builtins(drawing), told.get(drawing.id))
        for drawing in record.drawings
    ]
    for place, each in enumerate(before.get("drawings", ())):
        if _is_foreign(each):
            drawings.insert(place, each)
    now = {"contract_id": record.contract_id, "drawings": drawings}
    return msgspec.json.format(msgspec.json.encode({**before, **now}))


def _is_foreign(drawing: dict[str, Any]) -> bool:
    """Whether it is a drawing, but none of ours; one without any kind is damaged."""
    kind = drawing.get("kind")
    return isinstance(kind, str) and kind not in set(Kind)


def _with_unknown(now: Any, before: Any) -> Any:
    """What is now, and what stood beside it that is not known."""
    if isinstance(now, dict) and isinstance(before, dict):
        known = {name: _with_unknown(value, before.get(name)) for name, value in now.items()}
        return {**before, **known}
    if isinstance(now, tuple) and isinstance(before, list) and len(now) == len(before):
        return [_with_unknown(*pair) for pair in zip(now, before, strict=True)]
    return now
