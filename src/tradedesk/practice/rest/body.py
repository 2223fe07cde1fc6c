"""Reads request bodies as ASP.NET does: media type, encoding, JSON, types. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
import numpy as np

StructT = TypeVar("StructT", bound=msgspec.Struct)

# A string that never ends reaches to the end, so that no quote in it is looked at twice.
_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)', re.DOTALL)
DEEPEST: Final = 32
_BOM: Final = b"\xef\xbb\xbf"
_CHARSETS: Final = {"utf-8": "utf-8", "utf8": "utf-8", "utf-16": "utf-16", "unicode": "utf-16"}
_PATH: Final = re.compile(r" - at `\$(?P<path>[^`]*)`\s*$")
_EXPECTED: Final = re.compile(r"Expected `(?P<kind>[a-z]+)")
_MISSING: Final = re.compile(r"missing required field `(?P<name>[^`]+)`")
_BYTE: Final = re.compile(r"\(byte (?P<at>\d+)\)")
_BAD_TIME: Final = "Invalid RFC3339"
_TIME: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(T(?P<minute>\d\d:\d\d)(?P<second>:\d\d)?"
    r"(?P<fraction>\.\d{1,16})?(?P<zone>Z|[+-]\d\d:\d\d)?)?"
)
_KINDS: Final = {
    "int": "System.Int32",
    "float": "System.Decimal",
    "bool": "System.Boolean",
    "str": "System.String",
    "datetime": "System.DateTime",
}


class UnsupportedMediaError(Exception):
    """The content type is none that the venue reads."""


class BodyError(Exception):
    """A body that cannot be read.

    Parameters
    ----------
    key, text : str
        Member at fault, as ASP.NET names it (``$.size``), and what is wrong with it.
    """

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key
        self.text = text


class MediaType(NamedTuple):
    """A content type that the venue reads."""

    codec: str


def media_type(header: str | None) -> MediaType:
    """Read a Content-Type header: ``application/json``, ``text/json``, ``application/*+json``.

    Raises
    ------
    UnsupportedMediaError
        For any other, none at all, and an encoding that is neither UTF-8 nor UTF-16.
    """
    kind, *parameters = (header or "").lower().split(";")
    kind = kind.strip()
    suffixed = kind.startswith("application/") and kind.endswith("+json")
    if kind not in ("application/json", "text/json") and not suffixed:
        raise UnsupportedMediaError
    named = (part.strip().partition("=") for part in parameters)
    charset = next((text.strip('" ') for name, _, text in named if name.strip() == "charset"), "")
    codec = _CHARSETS.get(charset or "utf-8")
    if codec is None:
        raise UnsupportedMediaError
    return MediaType(codec)


def decode(raw: bytes, media: MediaType, kind: type[StructT]) -> StructT:
    """Turn a body into a struct; unknown members are ignored, null is absent.

    Raises
    ------
    BodyError
        If it is no JSON, nested too deep, or a member is missing or of another type.
    """
    if media.codec != "utf-8":
        raw = raw.decode(media.codec, errors="replace").encode()
    raw = raw.removeprefix(_BOM)
    if not raw.strip():
        raise BodyError("", "A non-empty request body is required.")
    if _too_deep(raw):
        raise BodyError("$", f"The maximum configured depth of {DEEPEST} has been exceeded.")
    try:
        return _lenient_times(raw, kind)
    except msgspec.ValidationError as error:
        raise _conversion(str(error), kind) from error
    except msgspec.DecodeError as error:
        raise _malformed(raw, str(error)) from error
    except UnicodeDecodeError as error:
        raise BodyError("$", "The input is not valid UTF-8.") from error


def _lenient_times(raw: bytes, kind: type[StructT]) -> StructT:
    """Decode; times that only msgspec finds wrong are rewritten, as long as there are any.

    ASP.NET takes a date alone, a time without seconds, and the last moment of the year 9999.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        if not str(error).startswith(_BAD_TIME):
            raise
    members: dict[str, Any] = msgspec.json.decode(raw)
    _rewrite_times(members)
    return msgspec.convert(members, kind)


def _rewrite_times(members: dict[str, Any]) -> None:
    for name, value in members.items():
        if isinstance(value, dict):
            _rewrite_times(value)
        elif isinstance(value, str) and (found := _TIME.fullmatch(value)):
            fraction = (found["fraction"] or "")[:7]
            clock = f"{found['minute'] or '00:00'}{found['second'] or ':00'}{fraction}"
            text = f"{found['day']}T{clock}{found['zone'] or ''}"
            try:
                datetime.fromisoformat(text)
            except ValueError:
                continue
            members[name] = text


def _too_deep(raw: bytes) -> bool:
    """Whether brackets outside of strings are nested too deep; quick for any text at all."""
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return False
    bare = np.frombuffer(_STRINGS.sub(b"", raw), np.uint8)
    steps = np.zeros(len(bare), np.int8)
    steps[(bare == ord("[")) | (bare == ord("{"))] = 1
    steps[(bare == ord("]")) | (bare == ord("}"))] = -1
    return bool((np.cumsum(steps, dtype=np.int32) > DEEPEST).any())


def _conversion(text: str, kind: type[msgspec.Struct]) -> BodyError:
    """What the JSON serialiser of .NET would say."""
    found = _PATH.search(text)
    path = "$" + (found["path"] if found else "")
    missing = _MISSING.search(text)
    if missing:
        key = f"{path}.{missing['name']}"
        return BodyError(
            key,
            f"JSON deserialization for type '{kind.__name__}' was missing required properties, "
            f"including the following: {missing['name']}",
        )
    if text.startswith(_BAD_TIME):
        wanted = _KINDS["datetime"]
    else:
        expected = _EXPECTED.search(text)
        wanted = _KINDS.get(expected["kind"] if expected else "float", kind.__name__)
        if wanted == "System.Int32" and path.endswith("rderId"):
            wanted = "System.Int64"
    return BodyError(path, f"The JSON value could not be converted to {wanted}. Path: {path}")


def _malformed(raw: bytes, text: str) -> BodyError:
    found = _BYTE.search(text)
    at = min(int(found["at"]), len(raw)) if found else len(raw)
    before = raw[:at]
    line, column = before.count(b"\n"), at - (before.rfind(b"\n") + 1)
    said = (
        f"'{chr(raw[at])}' is invalid here"
        if at < len(raw)
        else "Expected more data, but reached the end"
    )
    return BodyError("$", f"{said}. Path: $ | LineNumber: {line} | BytePositionInLine: {column}.")
