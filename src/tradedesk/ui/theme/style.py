"""Tells Qt about the tokens: base style, palette, fonts and the one style sheet."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import use_palette
from tradedesk.ui.theme.focus_ring import FocusRing
from tradedesk.ui.theme.sheet import SHEET
from tradedesk.ui.theme.tokens import DARK, METRICS, Palette


def style_sheet(palette: Palette) -> str:
    """The window's style sheet in the colours of one palette."""
    return Template(SHEET).substitute(asdict(palette))


def qt_palette(palette: Palette) -> QPalette:
    """Every role that Qt's own drawing may fall back to, so that nothing is default grey."""
    role = QPalette.ColorRole
    colours = {
        role.Window: palette.bg1,
        role.WindowText: palette.tx,
        role.Base: palette.bg0,
        role.AlternateBase: palette.bg1,
        role.Text: palette.tx,
        role.PlaceholderText: palette.tx3,
        role.Button: palette.bg2,
        role.ButtonText: palette.tx,
        role.BrightText: palette.on_button,
        role.ToolTipBase: palette.bg3,
        role.ToolTipText: palette.tx,
        role.Highlight: palette.accent_ground,
        role.HighlightedText: palette.tx,
        role.Link: palette.accent,
        role.LinkVisited: palette.accent,
        role.Accent: palette.accent,
        role.Light: palette.bg3,
        role.Midlight: palette.bg3,
        role.Mid: palette.line,
        role.Dark: palette.bg0,
        role.Shadow: palette.bg0,
    }
    result = QPalette()
    for each, value in colours.items():
        result.setColor(each, QColor(value))
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, each, QColor(palette.tx3))
    return result


def apply_theme(app: QApplication, palette: Palette = DARK) -> None:
    """Dress the whole application; call once before the first window, or again to change it.

    Whatever is open takes the new colours at once: every widget is told by a change event, and
    those that paint themselves ask for their colours while they do.
    """
    use_palette(palette)
    if FocusRing.install(app):  # once: another style would make every widget lay out anew
        app.setStyle("Fusion")
    qt = qt_palette(palette)
    app.setPalette(qt)
    app.setFont(fonts.body())
    QToolTip.setPalette(qt)
    QToolTip.setFont(fonts.ui_font(METRICS.title_px))
    app.setStyleSheet(style_sheet(palette))


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by, and draw anew if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
