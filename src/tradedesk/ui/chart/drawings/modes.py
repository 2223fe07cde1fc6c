"""What can be drawn: the tools of the strip with their names and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from PySide6.QtCore import QKeyCombination, Qt

from tradedesk.services.drawings.drawing import ANCHORS, Anchor, Drawing, Kind, Style
from tradedesk.services.drawings.risk_plan import risk_anchors


@dataclass(frozen=True, slots=True)
class Mode:
    """A tool of the strip; `kind` is None for one that leaves nothing behind."""

    name: str
    key: Qt.Key
    kind: Kind | None
    glyph: str
    shift: bool = False
    extend_left: bool = False
    extend_right: bool = False

    @property
    def key_text(self) -> str:
        """``Alt+T``."""
        return f"Alt+{'Shift+' if self.shift else ''}{chr(self.key.value)}"

    @property
    def keys(self) -> QKeyCombination:
        """The letter with what is held."""
        alt = Qt.Modifier.ALT
        return QKeyCombination(alt | Qt.Modifier.SHIFT if self.shift else alt, self.key)

    def begun(self, id: str, anchor: Anchor, style: Style) -> Drawing:
        """A drawing of this kind with all its anchors at one place."""
        assert self.kind is not None
        anchors = (anchor,) * ANCHORS[self.kind]
        if self.kind is Kind.RISK:
            anchors = risk_anchors(anchor, anchor)
        return Drawing(
            id=id,
            kind=self.kind,
            anchors=anchors,
            style=style,
            extend_left=self.extend_left,
            extend_right=self.extend_right,
        )


MODES: Final = (
    Mode("Trend line", Qt.Key.Key_T, Kind.TREND, "trend"),
    Mode("Ray", Qt.Key.Key_Y, Kind.TREND, "ray", extend_right=True),
    Mode(
        "Extended line",
        Qt.Key.Key_E,
        Kind.TREND,
        "extended",
        extend_left=True,
        extend_right=True,
    ),
    Mode("Horizontal line", Qt.Key.Key_H, Kind.HORIZONTAL, "horizontal"),
    Mode("Vertical line", Qt.Key.Key_V, Kind.VERTICAL, "vertical"),
    Mode("Rectangle", Qt.Key.Key_R, Kind.RECTANGLE, "rectangle", shift=True),
    Mode("Fibonacci retracement", Qt.Key.Key_F, Kind.FIBONACCI, "fibonacci"),
    Mode("Text", Qt.Key.Key_N, Kind.TEXT, "text"),
    Mode("Risk / reward box", Qt.Key.Key_P, Kind.RISK, "risk"),
    Mode("Measure", Qt.Key.Key_M, None, "measure"),
)
MEASURE: Final = MODES[-1]
STRIP: Final = Qt.Key.Key_D
"""With Alt it shows or hides the strip of tools."""
LETTERS: Final = (*(mode.keys for mode in MODES), QKeyCombination(Qt.Modifier.ALT, STRIP))
"""All keys of tools and strip."""
DEFAULT_STYLES: Final = {
    Kind.TREND: Style(ink="blue", width=2),
    Kind.HORIZONTAL: Style(ink="violet"),
    Kind.VERTICAL: Style(ink="grey", dash="dashed"),
    Kind.RECTANGLE: Style(ink="blue"),
    Kind.FIBONACCI: Style(ink="violet"),
    Kind.TEXT: Style(ink="plain"),
    Kind.RISK: Style(ink="plain"),
}


def finished_by(drawing: Drawing, anchor: Anchor) -> Drawing:
    """A drawing that is being placed, with its last anchor elsewhere."""
    if drawing.kind is Kind.RISK:
        return msgspec.structs.replace(drawing, anchors=risk_anchors(drawing.anchors[0], anchor))
    return drawing.at(len(drawing.anchors) - 1, anchor)
