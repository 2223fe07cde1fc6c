"""Takes secrets out of text: by value, in every form that a value takes on its way into a text, and
by pattern, what looks like one although nobody registered it.

By value means whole or in part: a piece of 15 characters or more is found wherever it stands, so a
token that was cut short, wrapped or split shows no more than a stub.
"""

from __future__ import annotations

import base64
import html
import json
import re
from typing import Final
from urllib.parse import quote, quote_plus

HIDDEN: Final = "<hidden>"
SHORTEST_SECRET: Final = 6
_BLOCK: Final = 8
"""Any piece of 15 characters holds one whole block of these."""

_PIECE: Final = 2 * _BLOCK - 1

_SIGNS: Final = (
    "eyj", "access_token", "bearer", "apikey", "api_key", "login_key", "loginkey", "token",
    "password", "secret", "basic",
)  # fmt: skip
"""Without one of these in the line, in small letters, no pattern below can match."""

_PATTERNS: Final = (
    # a JSON Web Token wherever it stands
    (
        re.compile(r"eyJ[\w-]{8,}(?:(?:\.|%2E)[\w-]{4,}(?:(?:\.|%2E)[\w-]*)?)?", re.IGNORECASE),
        HIDDEN,
    ),
    (re.compile(r"(access_token(?:=|%3D))[^&\s\"'>]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"((?:bearer|basic)(?:\s|%20|\+)+)[^\s\"',]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    # apiKey=..., "apiKey": "...", \"apiKey\": \"...\", api_key='...', b'apiKey': b'...'
    (
        re.compile(
            r"((?:api_?key|login_?key|token|password|secret)[\\\"']*\s*(?:=|:|%3[AD])\s*"
            r"(?:b(?=[\"']))?[\\\"']*)[^\s\\\"',&})]+",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
)


class Redactor:
    """Knows live secrets and hides them.

    A text is looked through once for runs of characters that secrets are made of, and those for
    blocks of them; only where a block is found does it cost more.
    """

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._short: list[str] = []
        self._blocks: dict[str, list[tuple[str, int]]] = {}
        self._runs: re.Pattern[str] | None = None

    def register(self, value: str) -> None:
        """Hide this value from now on; shorter than 6 characters would eat ordinary words."""
        if len(value) < SHORTEST_SECRET or value in self._values:
            return
        self._values.add(value)
        forms = {form for each in self._values for form in forms_of(each)}
        self._short = sorted((form for form in forms if len(form) < _PIECE), key=len, reverse=True)
        long = [form for form in forms if len(form) >= _PIECE]
        self._blocks = {}
        for form in long:
            for at in range(0, len(form) - _BLOCK + 1, _BLOCK):
                self._blocks.setdefault(form[at : at + _BLOCK], []).append((form, at))
        made_of = "".join(sorted({character for form in long for character in form}))
        self._runs = re.compile(f"[{re.escape(made_of)}]{{{_PIECE},}}") if long else None

    def redact(self, text: str) -> str:
        """Give the text without secrets."""
        for form in self._short:
            if form in text:
                text = text.replace(form, HIDDEN)
        if self._runs is not None:
            text = self._runs.sub(self._without_pieces, text)
        small = text.lower()
        if any(sign in small for sign in _SIGNS):
            for pattern, replacement in _PATTERNS:
                text = pattern.sub(replacement, text)
        return text

    def _without_pieces(self, run: re.Match[str]) -> str:
        """One run of characters without the pieces of secrets in it."""
        word, blocks = run[0], self._blocks
        parts: list[str] = []
        at = done = 0
        while at <= len(word) - _BLOCK:
            found = blocks.get(word[at : at + _BLOCK])
            if found is None:
                at += 1
                continue
            start, end = max((_piece(word, at, *where) for where in found), key=_length)
            if end - start < _PIECE:
                at += 1  # too short to be told from an accident
                continue
            parts += [word[done : max(done, start)], HIDDEN]
            at = done = end
        return word if not parts else "".join((*parts, word[done:]))


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]


def _piece(word: str, at: int, form: str, place: int) -> tuple[int, int]:
    """The piece of ``form`` around its block ``place`` that stands in the word at ``at``."""
    start, left = at, place
    while start and left and word[start - 1] == form[left - 1]:
        start, left = start - 1, left - 1
    end, right = at + _BLOCK, place + _BLOCK
    while end < len(word) and right < len(form) and word[end] == form[right]:
        end, right = end + 1, right + 1
    return start, end


def forms_of(secret: str) -> set[str]:
    """The secret as it looks in URLs, JSON, reprs, markup, hexadecimal and base64."""
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    forms |= {repr(secret)[1:-1], repr(raw)[2:-1], html.escape(secret)}
    forms.add(secret.replace("/", "\\/"))
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        forms |= {quoted, re.sub("%..", lambda hit: hit[0].lower(), quoted), quote(quoted, safe="")}
    forms |= {raw.hex(), raw.hex().upper()}
    for shift in range(3):
        # what stands before it moves the secret by one or two bytes within base64's groups
        whole = base64.b64encode(bytes(shift) + raw).decode()
        first = (0, 2, 3)[shift]
        last = len(whole) if not (len(raw) + shift) % 3 else len(whole.rstrip("=")) - 1
        inner = whole[first:last]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= SHORTEST_SECRET}
