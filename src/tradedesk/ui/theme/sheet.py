"""The style sheet, with the names of tokens in place of values."""

from __future__ import annotations

from typing import Final

_GROUNDS = """
QWidget { color: $tx; selection-background-color: $accent_ground; selection-color: $tx; }
QMainWindow, QDialog, QWidget[ground="panel"] { background: $bg1; }
QWidget[ground="raised"] { background: $bg2; }
QWidget[ground="plot"] { background: $bg0; }
QFrame[rule="true"] { background: $line; border: none; }
QWidget[band="sim"] { background: $sim_band; }
QWidget[band="kill"] { background: $danger_button; }
QWidget[band="kill"] QLabel { color: $on_button; }
QWidget[band="stress"] { background: $warn; }
QWidget[band="stress"] QLabel { color: $on_chip; }
QWidget[band="live"] { background: $live_band; }
QLabel { background: transparent; }
QLabel[tone="soft"] { color: $tx2; }
QLabel[tone="label"] { color: $tx3; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="error"] { color: $danger; }
QLabel[tone="buy"] { color: $buy_text; }
QLabel[tone="sell"] { color: $sell_text; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="accent"] { color: $accent; }
QLabel[chip="plain"] { color: $tx2; background: $bg3; border-radius: 4px; padding: 0 7px; }
QLabel[chip="covered"] { color: $covered; background: $covered_ground; border-radius: 4px;
    padding: 0 7px; }
QLabel[chip="bare"] { color: $on_button; background: $danger_button; border-radius: 4px;
    padding: 0 7px; font-weight: 600; }
QFrame[cover="quiet"] { background: transparent; border: 1px solid transparent; }
QFrame[cover="bare"] { background: $danger_tag; border: 1px solid $danger_fill;
    border-radius: 6px; }
QLabel[chip="warn"] { color: $on_chip; background: $warn; border-radius: 4px; padding: 0 7px; }
"""

_BUTTONS = """
QPushButton { background: $bg2; color: $tx2; border: 1px solid $line; border-radius: 6px;
    padding: 0 10px; min-height: 26px; }
QPushButton:hover { background: $bg3; color: $tx; }
QPushButton:pressed { background: $bg0; }
QPushButton:disabled { color: $tx3; background: $bg1; }
QPushButton[kind="primary"] { background: $accent_ground; color: $tx; border-color: $accent; }
QPushButton[kind="primary"]:disabled { background: $bg1; color: $tx3; border-color: $line; }
QPushButton[kind="danger"] { background: $danger_tag; color: $danger; border-color: $danger_button;
    font-weight: 600; }
QPushButton[kind="danger"]:hover { background: $danger_button; color: $on_button; }
QPushButton[kind="kill"] { background: $bg1; color: $danger; border: 2px solid $danger_button;
    padding: 0 7px; min-height: 24px; font-weight: 600; }
QPushButton[kind="kill"]:hover { background: $danger_tag; }
QPushButton[kind="kill"]:disabled { color: $tx3; border-color: $line; }
QPushButton[kind="onkill"] { background: $bg1; color: $tx; border-color: $bg1; }
QPushButton[kind="onkill"]:hover { border-color: $on_button; }
QPushButton[kind="onkill"]:disabled { color: $tx3; }
QFrame[cell="quiet"] { border: 1px solid $line; }
QFrame[cell="active"] { border: 1px solid $accent; }
QPushButton[kind="onstress"] { background: $bg1; color: $tx; border-color: $bg1;
    min-height: 20px; }
QPushButton[kind="onstress"]:hover { border-color: $tx; }
QPushButton[kind="flat"] { background: transparent; border-color: transparent; padding: 0 6px; }
QPushButton[kind="flat"]:hover { background: $bg2; }
QPushButton[kind="flat"]:disabled { background: transparent; }
QPushButton[kind="link"], QPushButton[kind="link"]:hover { background: transparent;
    border: none; padding: 0; text-align: right; }
QPushButton[kind="picker"] { background: $bg3; color: $tx; border-color: $bg3; }
QPushButton[kind="picker"]:hover { border-color: $line; }
QPushButton[kind="sim"], QPushButton[kind="sim"]:disabled {
    background: $sim_ground; color: $sim; border-color: $sim_ground; }
QPushButton[kind="live"], QPushButton[kind="live"]:disabled {
    background: $warn; color: $on_chip; border-color: $warn; }
QPushButton[kind="preset"], QPushButton[kind="tight"] { padding: 0; }
QPushButton[kind="choice"] { text-align: left; padding: 0 8px; min-height: 28px; color: $tx; }
QPushButton[kind="preset"]:checked { background: $accent_ground; color: $tx;
    border-color: $accent; }
QPushButton[kind="segment"] { background: transparent; border: 1px solid transparent;
    border-radius: 4px; padding: 0 8px; min-height: 22px; color: $tx2; }
QPushButton[kind="segment"]:hover { color: $tx; }
QPushButton[kind="segment"]:checked { background: $bg3; color: $tx; font-weight: 500; }
QPushButton[kind="tab"] { background: transparent; border: none; border-radius: 0; padding: 0; }
QPushButton::menu-indicator { width: 0; image: none; }
QPushButton[ring="true"], QPushButton[ring="true"]:checked { border: 2px solid $accent;
    padding: 0 9px; }
QPushButton[kind="segment"][ring="true"] { padding: 0 7px; }
QPushButton[kind="preset"][ring="true"] { padding: 0; }
QFrame[group="segments"] { background: $bg0; border: 1px solid $line; border-radius: 6px; }
"""

_INPUTS = """
QFrame[role="field"] { background: $bg0; border: 1px solid $line; border-radius: 6px; }
QFrame[role="field"][off="true"] { background: $bg1; }
QFrame[role="field"][inside="mouse"] { border-color: $tx3; }
QFrame[role="field"][inside="keyboard"] { border: 2px solid $accent; }
QFrame[role="field"][error="true"] { border: 1px solid $danger_fill; }
QFrame[role="field"] QLineEdit { background: transparent; border: none; padding: 0; }
QFrame[role="field"] QLineEdit:disabled { color: $tx3; }
QLineEdit { background: $bg0; color: $tx; border: 1px solid $line; border-radius: 6px;
    padding: 0 8px; min-height: 28px; }
QLineEdit { placeholder-text-color: $tx3; }
QLineEdit:focus { border-color: $tx3; }
QLineEdit[ring="true"] { border: 2px solid $accent; padding: 0 7px; }
QLineEdit:disabled { background: $bg1; color: $tx3; }
QFrame[role="field"] QLineEdit[ring="true"] { border: none; padding: 0; }
QLineEdit[kind="interval"], QLineEdit[kind="interval"][ring="true"] { background: $bg2;
    color: $tx; border: 1px solid $accent; border-radius: 4px; padding: 0 4px; }
QLineEdit[kind="interval"][wrong="true"] { border-color: $warn; }
QPushButton[kind="step"] { background: transparent; border: none; color: $tx3; padding: 0;
    min-height: 20px; }
QPushButton[kind="step"]:hover { color: $tx; background: $bg3; border-radius: 4px; }
QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit { background: $bg0; color: $tx;
    border: 1px solid $line; border-radius: 6px; padding: 0 8px; min-height: 28px; }
QComboBox::drop-down { border: none; width: 16px; }
QAbstractItemView { background: $bg1; color: $tx; border: 1px solid $line; outline: none; }
"""

_LISTS = """
QTableView { background: $bg1; border: none; gridline-color: $line; outline: none; }
QTableView[ring="true"] { border: 2px solid $accent; }
QHeaderView { background: $bg1; border: none; }
QHeaderView::section { background: $bg1; color: $tx3; border: none;
    border-bottom: 1px solid $line; padding: 0 12px; }
QTableCornerButton::section { background: $bg1; border: none; }
QListView { background: transparent; border: none; outline: none; }
QListView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; color: $tx2; }
QListView::item:hover { background: $bg2; color: $tx; }
QListView::item:selected { background: $bg3; color: $tx; }
QScrollArea { background: $bg1; border: none; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 0; }
QScrollBar::handle { background: $bg3; border-radius: 3px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $line; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: $bg1; }
"""

_WINDOWS = """
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QMenu { background: $bg2; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; color: $tx2; }
QMenu::item:selected { background: $bg3; color: $tx; }
QMenu::item:disabled { color: $tx3; }
QMenu::item:checked { color: $tx; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 8px; }
QMenu::icon { left: 8px; }
QToolTip { background: $bg3; color: $tx; border: 1px solid $line; padding: 4px 6px; }
QFrame[role="popup"], QFrame[role="sheet"] { background: $bg2; border: 1px solid $line;
    border-radius: 8px; }
QFrame[role="alarm"] { background: $bg2; border: 1px solid $warn; border-left: 4px solid $warn;
    border-radius: 6px; }
QFrame[role="toast"] { background: $bg3; border: 1px solid $line; border-radius: 6px;
    border-left: 3px solid $accent; }
QFrame[role="toast"][level="buy"] { border-left: 3px solid $buy_fill; }
QFrame[role="toast"][level="sell"] { border-left: 3px solid $sell_fill; }
QFrame[role="toast"][level="error"] { border: 1px solid $danger_fill;
    border-left: 3px solid $danger_fill; }
QFrame[role="toast"][level="warning"] { border-left: 3px solid $warn; }
QFrame[role="toast"][level="alert"] { border: 1px solid $warn; border-left: 3px solid $warn; }
"""

SHEET: Final = _GROUNDS + _BUTTONS + _INPUTS + _LISTS + _WINDOWS
