"""Recorded WebSocket streams: level updates, trades and a first picture, line by line."""

from __future__ import annotations

import io
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.errors import InputError
from tradedesk.history.instants import LAST_NS
from tradedesk.practice.market.recorded.raw import STEP_BACK_NS, Recorded
from tradedesk.practice.market.recorded.stream_fold import StreamFold, Update

if TYPE_CHECKING:
    from pathlib import Path

STREAM_HELP: Final = (
    "a recorded stream has a line for each message: the receive time in Unix nanoseconds, a space, "
    "and the JSON as it came"
)
DIGITS: Final = 9
STEP: Final = Decimal(1).scaleb(-DIGITS)
_MOST_PRICE: Final = 10**18

Pairs = list[tuple[str, str]]


class _Data(msgspec.Struct):
    """Members of the three kinds of messages that count; others are left out."""

    e: str = ""
    s: str = ""
    T: int = 0
    u: int = 0
    U: int = 0
    pu: int | None = None
    b: Pairs | str = ""
    a: Pairs | str = ""
    p: str = ""
    q: str = ""
    m: bool = False


class _Message(msgspec.Struct):
    """A message of a combined stream, a bare one, or the answer to a request for a picture."""

    stream: str = ""
    data: _Data | None = None
    number: int = msgspec.field(default=0, name="lastUpdateId")
    symbol: str = ""
    bids: Pairs = []
    asks: Pairs = []


class _Numbers:
    """Prices and sizes of decimal texts; each text is worked out once."""

    def __init__(self) -> None:
        self._prices: dict[str, int] = {}
        self._sizes: dict[str, int] = {}

    def price(self, text: str) -> int:
        """In steps of the recording."""
        steps = self._prices.get(text)
        if steps is None:
            scaled = Decimal(text).scaleb(DIGITS)
            steps = int(scaled)
            if steps != scaled or not 0 < steps < _MOST_PRICE:
                raise ValueError(text)
            self._prices[text] = steps
        return steps

    def size(self, text: str) -> int:
        """Contracts; a part of one counts as one."""
        size = self._sizes.get(text)
        if size is None:
            amount = Decimal(text)
            if not 0 <= amount < _MOST_PRICE:
                raise ValueError(text)
            size = max(round(amount), 1) if amount else 0
            self._sizes[text] = size
        return size

    def levels(self, pairs: Pairs) -> list[tuple[int, int]]:
        """Price and size of each pair."""
        price, size = self.price, self.size
        return [(price(px), size(qty)) for px, qty in pairs]


def is_stream(raw: bytes) -> bool:
    """Whether a text begins like a recorded stream."""
    time, _, rest = raw[:64].partition(b" ")
    return time.isdigit() and rest.lstrip().startswith(b"{")


def read_stream(path: Path, raw: bytes) -> dict[str, Recorded]:
    """Read a recording of ``depthUpdate``, ``trade`` and a picture of the book.

    Parameters
    ----------
    path : Path
        For sentences.
    raw : bytes
        Lines of receive time and message, unpacked.

    Returns
    -------
    dict of str to Recorded
        By symbol.

    Raises
    ------
    InputError
        Names the line that cannot be read or goes back in time.
    """
    reader = _Reader(b'"lastUpdateId"' in raw)
    for number, line in enumerate(io.BytesIO(raw), 1):
        if not line.strip():
            continue
        try:
            reader.line(line)
        except _BackError:
            raise InputError(
                f"{path} line {number} goes back in time or lies beyond the year 2200: "
                f"{STREAM_HELP}."
            ) from None
        except (ValueError, InvalidOperation, msgspec.MsgspecError) as error:
            raise InputError(f"{path} line {number} cannot be read: {STREAM_HELP}.") from error
    return {symbol: fold.recorded(STEP) for symbol, fold in reader.folds.items()}


class _BackError(Exception):
    """A time that cannot be."""


class _Reader:
    def __init__(self, awaits: bool) -> None:
        self.folds: dict[str, StreamFold] = {}
        self._awaits = awaits
        self._numbers = _Numbers()
        self._decode = msgspec.json.Decoder(_Message).decode
        self._bare = msgspec.json.Decoder(_Data).decode
        self._ts_ns = 0

    def line(self, line: bytes) -> None:
        """Go on by one line."""
        stamp, _, text = line.partition(b" ")
        ts_ns = self._time(int(stamp))
        message = self._decode(text)
        data = message.data
        if data is None and not message.number:
            data = self._bare(text)
        if data is None:
            self._picture(ts_ns, message)
        elif data.e == "depthUpdate":
            self._update(ts_ns, data)
        elif data.e == "trade":
            size = self._numbers.size(data.q)
            if size:
                px = self._numbers.price(data.p)
                self._fold(data.s).trade(ts_ns, data.T, px, size, data.m)

    def _time(self, ts_ns: int) -> int:
        if ts_ns > LAST_NS or ts_ns < self._ts_ns - STEP_BACK_NS:
            raise _BackError
        self._ts_ns = max(self._ts_ns, ts_ns // 1_000 * 1_000)
        return self._ts_ns

    def _fold(self, symbol: str) -> StreamFold:
        fold = self.folds.get(symbol)
        if fold is None:
            fold = self.folds[symbol] = StreamFold(self._awaits)
        return fold

    def _update(self, ts_ns: int, data: _Data) -> None:
        if isinstance(data.b, str) or isinstance(data.a, str):
            raise ValueError(data.b)  # noqa: TRY004 - it is the line's text that is wrong
        bids, asks = self._numbers.levels(data.b), self._numbers.levels(data.a)
        update = Update(data.U, data.u, data.pu, data.T, bids, asks)
        self._fold(data.s).update(ts_ns, update)

    def _picture(self, ts_ns: int, message: _Message) -> None:
        symbol = message.symbol
        if not symbol and len(self.folds) == 1:
            (symbol,) = self.folds
        bids, asks = self._numbers.levels(message.bids), self._numbers.levels(message.asks)
        self._fold(symbol).picture(ts_ns, message.number, bids, asks)
