"""How each kind of indicator is shown: its title, group, pane, lines, guides and unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from tradedesk.ui.chart.study_look import SIDES


class Kind(Enum):
    """What a line is drawn as."""

    LINE = "line"
    LEVELS = "levels"
    """Flat pieces, as wide as a bar, not joined where they jump."""
    DOTS = "dots"
    COLUMNS = "columns"
    """From zero up or down."""
    NOTHING = "nothing"
    """Only says of another line which side it is on."""


class Unit(Enum):
    """What a value counts."""

    PRICE = "price"
    """Ticks, shown as a price."""
    RANGE = "range"
    """Ticks, shown as a distance of two prices."""
    NUMBER = "number"
    COUNT = "count"
    """Contracts."""


@dataclass(frozen=True, slots=True)
class LineFace:
    """How a line is drawn unless a trader chose otherwise.

    Attributes
    ----------
    kind : Kind
        What it is drawn as.
    ink : int or str
        How many colours behind the first one of its indicator, or `SIDES`.
    side : int or None
        Which output tells the side, for `SIDES`.
    chip : bool
        Whether its newest value has a chip over the bars; in panes below all have.
    hidden : bool
        Whether it has to be switched on.
    """

    kind: Kind = Kind.LINE
    ink: int | str = 0
    side: int | None = None
    chip: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """How an indicator is shown.

    Attributes
    ----------
    title, group, words : str
        Its name for people, what it is listed under, and what it says in a line.
    over_bars : bool
        Whether it goes over the bars; else it gets a pane.
    unit : Unit
        Of its values.
    lines : tuple of LineFace
        For each output.
    fills : tuple of pairs
        Outputs between which the room is tinted.
    guides : tuple of float
        Values at which a quiet line helps.
    bounds : tuple of float, optional
        Between which all values lie.
    """

    title: str
    group: str
    words: str
    over_bars: bool = True
    unit: Unit = Unit.PRICE
    lines: tuple[LineFace, ...] = (LineFace(chip=True),)
    fills: tuple[tuple[int, int], ...] = ()
    guides: tuple[float, ...] = ()
    bounds: tuple[float, float] | None = None

    def line(self, at: int) -> LineFace:
        """The face of an output; outputs that are not listed follow in colour."""
        return self.lines[at] if at < len(self.lines) else LineFace(ink=at)


GROUPS: Final = (
    *("Averages", "Bands and channels", "Trend", "Oscillators", "Volatility"),
    *("Volume and order flow", "Levels", "Your own"),
)
_LINE, _CHIP, _SECOND = LineFace(), LineFace(chip=True), LineFace(ink=1)
_COLUMNS = LineFace(Kind.COLUMNS, SIDES)
_BANDS = (_LINE, _CHIP, _LINE)
_PRICE = Face("", GROUPS[0], "")
_CHANNEL = replace(_PRICE, group=GROUPS[1], lines=_BANDS, fills=((0, 2),))
_BELOW = Face("", GROUPS[3], "", over_bars=False, unit=Unit.NUMBER)
_HUNDRED = replace(_BELOW, bounds=(0.0, 100.0), guides=(30.0, 70.0))
_KD = replace(_HUNDRED, lines=(_LINE, _SECOND), guides=(20.0, 80.0))
_VOLUME = replace(_BELOW, group=GROUPS[5], unit=Unit.COUNT)
_VWAP = replace(_PRICE, group=GROUPS[5], lines=(_CHIP, LineFace(), LineFace()), fills=((1, 2),))


def _level(ink: int, chip: bool = False) -> LineFace:
    return LineFace(Kind.LEVELS, ink, chip=chip)


FACES: Final[dict[str, Face]] = {
    "sma": replace(_PRICE, title="SMA", words="Mean of the last closes"),
    "ema": replace(_PRICE, title="EMA", words="Mean that weighs newer closes more"),
    "wma": replace(_PRICE, title="WMA", words="Mean with weights that rise evenly"),
    "hma": replace(_PRICE, title="HMA", words="Hull's mean: smooth with little lag"),
    "linreg": replace(
        _PRICE,
        title="Linear regression",
        words="End of the straight line through the last closes",
        lines=(_CHIP, LineFace(Kind.NOTHING)),
    ),
    "bollinger": replace(
        _CHANNEL, title="Bollinger", words="Mean, with bands of standard deviations"
    ),
    "keltner": replace(_CHANNEL, title="Keltner", words="Mean, with bands of true ranges"),
    "donchian": replace(_CHANNEL, title="Donchian", words="Highest high and lowest low"),
    "supertrend": replace(
        _PRICE,
        title="Supertrend",
        group=GROUPS[2],
        words="Trailing stop that turns with the trend",
        lines=(LineFace(ink=SIDES, side=1, chip=True), LineFace(Kind.NOTHING)),
    ),
    "sar": replace(
        _PRICE,
        title="Parabolic SAR",
        group=GROUPS[2],
        words="Dots of a stop that catches up with price",
        lines=(LineFace(Kind.DOTS, chip=True),),
    ),
    "ichimoku": replace(
        _PRICE,
        title="Ichimoku",
        group=GROUPS[2],
        words="Middles of ranges, and the cloud ahead of price",
        lines=(LineFace(), LineFace(ink=1), *(LineFace(ink=k) for k in (3, 5, 4))),
        fills=((2, 3),),
    ),
    "adx": replace(
        _BELOW,
        title="ADX",
        group=GROUPS[2],
        words="Strength of the trend, and which side has it",
        lines=(_LINE, LineFace(ink=1), LineFace(ink=2)),
        guides=(25.0,),
    ),
    "macd": replace(
        _BELOW,
        title="MACD",
        words="Distance of two means, its signal and the rest",
        unit=Unit.RANGE,
        lines=(_LINE, _SECOND, _COLUMNS),
        guides=(0.0,),
    ),
    "rsi": replace(_HUNDRED, title="RSI", words="Share of the rises in all changes"),
    "stochastic": replace(_KD, title="Stochastic", words="Where the close lies in its range"),
    "fast_stochastic": replace(
        _KD, title="Fast stochastic", words="The same without the first mean"
    ),
    "cci": replace(
        _BELOW, title="CCI", words="Distance from the mean in deviations", guides=(-100.0, 100.0)
    ),
    "roc": replace(_BELOW, title="ROC", words="Change in per cent", guides=(0.0,)),
    "mfi": replace(
        _HUNDRED,
        title="MFI",
        group=GROUPS[5],
        words="RSI with volume as weight",
        guides=(20.0, 80.0),
    ),
    "atr": replace(
        _BELOW,
        title="ATR",
        group=GROUPS[4],
        words="Mean true range of a bar",
        unit=Unit.RANGE,
    ),
    "stddev": replace(
        _BELOW,
        title="Standard deviation",
        group=GROUPS[4],
        words="How far closes spread",
        unit=Unit.RANGE,
    ),
    "vwap": replace(_VWAP, title="VWAP", words="Mean price of all contracts of the session"),
    "anchored_vwap": replace(
        _VWAP, title="Anchored VWAP", words="Mean price of all contracts since a moment"
    ),
    "obv": replace(_VOLUME, title="OBV", words="Volume of rises less volume of falls"),
    "delta": replace(
        _VOLUME,
        title="Delta",
        words="Bought less sold at market, bar by bar",
        lines=(_COLUMNS,),
        guides=(0.0,),
    ),
    "cumulative_delta": replace(
        _VOLUME,
        title="Cumulative delta",
        words="Bought less sold at market, added up",
        guides=(0.0,),
    ),
    "pivots": replace(
        _PRICE,
        title="Pivots",
        group=GROUPS[6],
        words="Levels from the session before",
        lines=(_level(0, True), *(_level(1),) * 3, *(_level(2),) * 3),
    ),
    "opening_range": replace(
        _PRICE,
        title="Opening range",
        group=GROUPS[6],
        words="High and low of the first minutes",
        lines=(_level(0), _level(0), _level(0, True)),
        fills=((0, 1),),
    ),
}
"""By the name of the indicator."""


def face_of(name: str) -> Face:
    """The face of an indicator; one of a user's own is a number in a pane of its own."""
    found = FACES.get(name)
    if found is None:
        title = name.replace("_", " ")
        found = replace(_BELOW, title=title, group=GROUPS[-1], words="Added by your own code")
    return found
