"""What a trader can set: each declared once with type, default, unit, bounds and help.

The settings file, the dialog and the checks all read these declarations; there is no second list.
"""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError, InputError
from tradedesk.domain.setting_types import (
    ChicagoTime,
    Contracts,
    Cover,
    Dollars,
    Look,
    Milliseconds,
    Orders,
    Percent,
    Position,
    Risk,
    Seconds,
    Ticks,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a trader can set. Frozen: a change makes a new one, see `changed`."""

    symbol: Annotated[
        str,
        Meta(
            pattern="^[A-Z0-9]{1,8}$",
            description="Contract of the first start; later ones open with the last.",
        ),
    ] = "MNQ"
    timeframe: Annotated[
        str,
        Meta(description="Bars of the first start, such as 1m, 1h, 500t or 10r."),
    ] = "1m"
    order_size: Annotated[Contracts, Meta(description="Size in the ticket at the first start.")] = 1
    order_size_presets: Annotated[
        tuple[Contracts, ...],
        Meta(
            min_length=1,
            max_length=5,
            description="Sizes behind the buttons and the keys 1 to 5, ascending.",
        ),
    ] = (1, 2, 3, 5, 10)
    bracket_on: Annotated[
        bool, Meta(description="Whether entries carry a bracket at the first start.")
    ] = True
    stop_ticks: Annotated[Ticks, Meta(description="Distance of the stop loss from the entry.")] = 20
    target_ticks: Annotated[Ticks, Meta(description="Distance of the target from the entry.")] = 40
    max_order_size: Annotated[
        Contracts, Meta(description="Largest single order; more is refused before it is sent.")
    ] = 10
    max_position_size: Annotated[
        Position,
        Meta(description="Largest position in one contract, working entries included."),
    ] = 20
    price_band_percent: Annotated[
        Percent, Meta(description="Farthest a price may lie from the price on the screen.")
    ] = 5
    min_bracket_ticks: Annotated[
        Ticks, Meta(description="Nearest a stop loss or target may lie to the entry.")
    ] = 4
    trade_risk: Annotated[
        Risk,
        Meta(description="Dollars at risk that a risk box on the chart is sized by."),
    ] = 250
    max_click_age_s: Annotated[
        Seconds, Meta(description="Oldest a click may be when the executor takes it.")
    ] = 2
    repeat_guard_ms: Annotated[
        Milliseconds,
        Meta(
            description="How long an order equal to the one before is refused, scripts excepted; "
            "0 is off."
        ),
    ] = 250
    orders_per_10_s: Annotated[
        Orders, Meta(description="Most entries in ten seconds; 0 is off.")
    ] = 20
    daily_loss: Annotated[
        Dollars,
        Meta(description="Loss of a trading day that locks entries at a firm; 0 is off."),
    ] = 0
    daily_profit: Annotated[
        Dollars, Meta(description="Profit of a trading day that locks entries; 0 is off.")
    ] = 0
    flatten_at_limit: Annotated[
        bool, Meta(description="Whether the daily loss or profit flattens everything as well.")
    ] = False
    flat_at: Annotated[
        ChicagoTime,
        Meta(description="Chicago time of going flat at a firm, such as 15:05; empty is off."),
    ] = ""
    practice_daily_loss: Annotated[
        Dollars,
        Meta(description="Loss of a trading day that locks entries on practice; 0 is off."),
    ] = 1_000
    practice_flat_at: Annotated[
        ChicagoTime,
        Meta(description="Chicago time of going flat on practice, such as 15:05; empty is off."),
    ] = "15:05"
    cover_bracketed: Annotated[
        Cover,
        Meta(description="What is done when a position entered with a stop has none."),
    ] = "stop"
    cover_unbracketed: Annotated[
        Cover,
        Meta(description="What is done when a position entered without a stop has none."),
    ] = "alarm"
    cover_alarm_after_s: Annotated[
        Seconds,
        Meta(description="How long a position may have no stop before that is told."),
    ] = 2
    cover_act_after_s: Annotated[
        Seconds,
        Meta(
            description="How long a position may have no stop before one is placed or it is closed."
        ),
    ] = 5
    cover_confirm_s: Annotated[
        Seconds,
        Meta(
            description="How long a stop that was placed may take to be seen at work before the "
            "position is closed."
        ),
    ] = 3
    cover_stop_ticks: Annotated[
        Ticks,
        Meta(description="Distance of a protective stop where the entry named none."),
    ] = 40
    palette: Annotated[Look, Meta(description="Colours of the desk.")] = "dark"
    shapes: Annotated[
        bool, Meta(description="Whether shapes tell sides apart as well, in every palette.")
    ] = False
    journal_strict: Annotated[
        bool,
        Meta(description="Whether an order waits until the disk has its journal row for sure."),
    ] = False

    def changed(self, **values: object) -> Settings:
        """Make settings that differ in some values.

        Raises
        ------
        InputError
            If a name or a value is unusable; the message lists every problem, one a line.
        """
        settings, problems = check_settings({**msgspec.structs.asdict(self), **values})
        if problems:
            raise InputError("\n".join(problems))
        return settings


class SettingField(msgspec.Struct, frozen=True):
    """One declaration, as a dialog or a document needs it.

    Parameters
    ----------
    name : str
        Attribute of `Settings` and key in the file.
    kind : str
        ``bool``, ``int``, ``str`` or ``ints``.
    default : bool, int, str or tuple of int
        Value in a new desk.
    unit : str
        ``ticks``, ``contracts`` ...; empty where there is none.
    low, high : int or None
        Bounds, both allowed values themselves; of each number for ``ints``.
    help : str
        One sentence.
    examples : tuple of str
        Values of a text that would do.
    """

    name: str
    kind: str
    default: bool | int | str | tuple[int, ...]
    unit: str
    low: int | None
    high: int | None
    help: str
    examples: tuple[str, ...] = ()


def setting_fields() -> tuple[SettingField, ...]:
    """All declarations, in the order of the file and the dialog."""
    hints = typing.get_type_hints(Settings, include_extras=True)
    return tuple(
        _describe(field.name, hints[field.name], field.default)
        for field in msgspec.structs.fields(Settings)
    )


def check_settings(values: Mapping[str, object]) -> tuple[Settings, tuple[str, ...]]:
    """Read settings from plain values.

    Returns
    -------
    tuple of Settings and tuple of str
        The settings, with the default wherever a value is missing or unusable, and one sentence for
        every problem; all problems at once, never only the first.
    """
    good, problems = check_values(values)
    for names, problem in _contradictions(Settings(**good)):
        problems.append(problem)
        for name in names:
            good.pop(name, None)
    return Settings(**good), tuple(problems)


def check_values(values: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    """Hold each value against its own bounds: those that are good, and a sentence for the rest."""
    hints = typing.get_type_hints(Settings, include_extras=True)
    problems: list[str] = []
    good: dict[str, Any] = {}
    for name, value in values.items():
        if name not in hints:
            problems.append(f"{name} is no setting; remove the line or correct the name.")
            continue
        try:
            good[name] = msgspec.convert(value, hints[name])
        except msgspec.ValidationError:
            problems.append(_sentence(name, value))
    return good, problems


def _contradictions(found: Settings) -> list[tuple[tuple[str, ...], str]]:
    """Values in bounds that make no sense: names that go back to default, and the sentence."""
    wrong: list[tuple[tuple[str, ...], str]] = []
    try:
        BarSpec.parse(found.timeframe)
    except BarSpecError as error:
        wrong.append((("timeframe",), f"timeframe: {error}"))
    sizes = found.order_size_presets
    if list(sizes) != sorted(set(sizes)):
        wrong.append((("order_size_presets",), f"order_size_presets {list(sizes)} must ascend."))
    if found.order_size > found.max_order_size:
        text = f"order_size {found.order_size} is above max_order_size {found.max_order_size}."
        wrong.append((("order_size", "max_order_size"), text))
    alarm, act = found.cover_alarm_after_s, found.cover_act_after_s
    if act < alarm:
        text = f"cover_act_after_s {act} must not be below cover_alarm_after_s {alarm}."
        wrong.append((("cover_alarm_after_s", "cover_act_after_s"), text))
    low = found.min_bracket_ticks
    wrong += [
        ((name, "min_bracket_ticks"), f"{name} {ticks} must not be below min_bracket_ticks {low}.")
        for name, ticks in (("stop_ticks", found.stop_ticks), ("target_ticks", found.target_ticks))
        if ticks < low
    ]
    return wrong


def _sentence(name: str, value: object) -> str:
    """Say what is wrong with one value, and what would do."""
    field = next(f for f in setting_fields() if f.name == name)
    if field.kind == "bool":
        fix = "true or false"
    elif field.low is not None:
        fix = f"{field.low} to {field.high} {field.unit}"
        if field.kind == "ints":
            fix = f"a list of one to five numbers, each {fix}"
    else:
        fix = "a text such as " + " or ".join(repr(text) for text in field.examples)
    return f"{name} = {value!r} cannot be used; it takes {fix}."


def _describe(name: str, hint: Any, default: Any) -> SettingField:
    """Turn one annotated type into its declaration."""
    metas: list[Meta] = [m for m in hint.__metadata__ if isinstance(m, Meta)]
    base = hint.__origin__
    kind = "ints"
    if typing.get_origin(base) is tuple:
        inner = typing.get_args(base)[0]
        metas += [m for m in inner.__metadata__ if isinstance(m, Meta)]
    else:
        kind = {bool: "bool", int: "int", str: "str"}[base]
    return SettingField(
        name=name,
        kind=kind,
        default=default,
        unit=next((m.extra["unit"] for m in metas if m.extra), ""),
        low=next((int(m.ge) for m in metas if m.ge is not None), None),
        high=next((int(m.le) for m in metas if m.le is not None), None),
        help=next(m.description for m in metas if m.description),
        examples=next((tuple(m.examples) for m in metas if m.examples), (str(default),)),
    )
