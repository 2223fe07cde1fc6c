"""Rows, columns and separators with the spacing of the tokens."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.tokens import METRICS

_L = TypeVar("_L", bound=QBoxLayout)


def row(*items: QWidget | QLayout | int | None, spacing: int = METRICS.gap) -> QHBoxLayout:
    """Items from left to right; an int is a fixed gap, None takes the free room."""
    return _filled(QHBoxLayout(), items, spacing)


def column(*items: QWidget | QLayout | int | None, spacing: int = METRICS.gap) -> QVBoxLayout:
    """Items from top to bottom; an int is a fixed gap, None takes the free room."""
    return _filled(QVBoxLayout(), items, spacing)


def rule(*, vertical: bool = False) -> QFrame:
    """A separator of one pixel."""
    line = QFrame()
    line.setProperty("rule", "true")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def card_title(text: str) -> QLabel:
    """Title of a card."""
    title = QLabel(text)
    title.setFont(fonts.title())
    title.setProperty("tone", "soft")
    return title


def small(text: str = "", tone: str = "label", *, wrap: bool = False) -> QLabel:
    """A label of 11 px."""
    made = QLabel(text)
    made.setFont(fonts.label())
    made.setProperty("tone", tone)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    return made


def chip(text: str, kind: str = "plain") -> QLabel:
    """A short word on a ground of its own."""
    made = small(text)
    made.setProperty("tone", "")
    made.setProperty("chip", kind)
    made.setFixedHeight(18)
    return made


def _filled(layout: _L, items: tuple[QWidget | QLayout | int | None, ...], spacing: int) -> _L:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)
    return layout
