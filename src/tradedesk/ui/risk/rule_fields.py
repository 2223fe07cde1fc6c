"""The fields of the risk limits, made from the declarations of the settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from tradedesk.domain.errors import InputError
from tradedesk.domain.settings import check_values, setting_fields
from tradedesk.ui.widgets.field import Field
from tradedesk.ui.widgets.layout import card_title, column, small
from tradedesk.ui.widgets.segments import Segments
from tradedesk.ui.widgets.toggle import CheckBox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.settings import SettingField, Settings

_ORDERS = {
    "max_order_size": "Largest order",
    "max_position_size": "Largest position",
    "price_band_percent": "Price band",
    "min_bracket_ticks": "Nearest stop or target",
    "repeat_guard_ms": "Double-click guard",
    "orders_per_10_s": "Orders in 10 s",
    "max_click_age_s": "Oldest click",
}
_PLAN = {"trade_risk": "Risk per trade"}
_POLICIES = {
    "cover_bracketed": "Entered with a stop",
    "cover_unbracketed": "Entered without one",
}
_DEEDS = (("alarm", "Tell"), ("stop", "Place a stop"), ("close", "Close"))
_COVER = {
    "cover_alarm_after_s": "Tell after",
    "cover_act_after_s": "Stop or close after",
    "cover_confirm_s": "Close if no stop in",
    "cover_stop_ticks": "Distance of the stop",
}
_UNITS = {"dollars": "$", "percent": "%", "seconds": "s"}
_STEPS = {"dollars": 50, "ms": 50}


class RuleFields(QWidget):
    """Three columns: single orders, the day with risk boxes, and positions that have no stop.

    Signals
    -------
    changed()
        Something else stands in a field, or a box was ticked.
    """

    changed = Signal()

    def __init__(self, *, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prefix = "practice_" if practice else ""
        day = {
            f"{prefix}daily_loss": "Daily loss",
            "daily_profit": "Daily profit",
            f"{prefix}flat_at": "Go flat at (Chicago)",
        }
        self._declared = {field.name: field for field in setting_fields()}
        self.fields: dict[str, Field] = {}
        self.policies: dict[str, Segments] = {}
        self.flatten = CheckBox("Flatten when a limit of the day is reached")
        self.flatten.setToolTip(self._declared["flatten_at_limit"].help)
        self.flatten.clicked.connect(self.changed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.addLayout(self._column("SINGLE ORDERS", _ORDERS), 0, 0)
        right = self._column("THE DAY", day)
        right.addWidget(self.flatten)
        right.addSpacing(10)
        right.addLayout(self._column("RISK BOXES ON THE CHART", _PLAN))
        right.addStretch(1)
        grid.addLayout(right, 0, 1)
        grid.addLayout(self._cover_column(), 0, 2)
        for at in range(3):
            grid.setColumnStretch(at, 1)

    def show_settings(self, settings: Settings) -> None:
        """Fill the fields."""
        for name, field in self.fields.items():
            field.show_text(self._text(name, getattr(settings, name)))
            field.show_error("")
        for name, choice in self.policies.items():
            choice.select(getattr(settings, name))
        self.flatten.setChecked(settings.flatten_at_limit)

    def follow(self, before: Settings, now: Settings) -> None:
        """Show what was changed elsewhere, except where something else is typed already."""
        for name, field in self.fields.items():
            old, new = getattr(before, name), getattr(now, name)
            if new != old and field.text == self._text(name, old):
                field.show_text(self._text(name, new))

    def read(self, settings: Settings) -> Settings:
        """The settings with what the fields hold; wrong fields are marked.

        Raises
        ------
        InputError
            The sentence of the first field that is wrong, or what contradicts what.
        """
        first = ""
        values: dict[str, object] = {
            name: self._value(name, field.text) for name, field in self.fields.items()
        }
        for name, field in self.fields.items():
            said = " ".join(check_values({name: values[name]})[1])
            said = said.replace(f"{name} =", f"{field.label.text}:")
            field.show_error(said)
            first = first or said
        if first:
            raise InputError(first)
        values |= {name: choice.taken for name, choice in self.policies.items()}
        try:
            return settings.changed(**values, flatten_at_limit=self.flatten.isChecked())
        except InputError as error:
            raise InputError(self._mark(str(error).split("\n")[0])) from error

    # --- inside -----------------------------------------------------------------------------

    def _column(self, title: str, names: dict[str, str]) -> QVBoxLayout:
        return column(card_title(title), *self._made(names))

    def _cover_column(self) -> QVBoxLayout:
        made = column(card_title("POSITION WITHOUT A STOP"), spacing=4)
        for name, label in _POLICIES.items():
            choice = Segments(_DEEDS, stretch=True)
            choice.setToolTip(self._declared[name].help)
            choice.setAccessibleName(label)
            choice.chosen.connect(self.changed)
            self.policies[name] = choice
            made.addSpacing(3)
            made.addWidget(small(label))
            made.addWidget(choice)
        made.addSpacing(4)
        made.addLayout(column(*self._made(_COVER)))
        made.addStretch(1)
        return made

    def _mark(self, sentence: str) -> str:
        """Mark the fields that contradict each other; the sentence in their own words."""
        named = {name for name in self.fields if re.search(rf"\b{name}\b", sentence)}
        for name in named:
            sentence = re.sub(rf"\b{name}\b", f"“{self.fields[name].label.text}”", sentence)
        for name in named:
            self.fields[name].show_error(sentence)
        return sentence

    def _made(self, names: dict[str, str]) -> Iterable[Field]:
        for name, label in names.items():
            declared = self._declared[name]
            field = Field(label, unit=_UNITS.get(declared.unit, declared.unit))
            field.setToolTip(_help(declared))
            field.label.setToolTip(_help(declared))
            if not declared.low:
                field.input.setPlaceholderText("off")
            field.edited.connect(self.changed)
            field.stepped.connect(lambda steps, name=name: self._step(name, steps))
            self.fields[name] = field
            yield field

    def _step(self, name: str, steps: int) -> None:
        declared, field = self._declared[name], self.fields[name]
        now = self._value(name, field.text)
        if not isinstance(now, int) or declared.low is None or declared.high is None:
            return
        value = now + steps * _STEPS.get(declared.unit, 1)
        value = min(max(value, declared.low), declared.high)
        field.show_text(self._text(name, value))
        self.changed.emit()

    def _text(self, name: str, value: int | str) -> str:
        if not value and not self._declared[name].low:
            return ""
        return f"{value:,}" if isinstance(value, int) else value

    def _value(self, name: str, text: str) -> int | str:
        """What a text means; one that means nothing stays as it is, to be refused with itself."""
        text = text.strip()
        if self._declared[name].kind == "str":
            return text
        plain = text.replace(",", "").replace("$", "")
        if not plain and not self._declared[name].low:
            return 0
        return int(plain) if plain.isascii() and plain.isdigit() else text


def _help(declared: SettingField) -> str:
    if declared.low is None:
        return declared.help
    return f"{declared.help} {declared.low} to {declared.high:,} {declared.unit}."
