"""Fails a test that made Qt complain or left a window or a running timer behind.

Imports Qt only inside functions: the core's tests run where Qt is not installed.
"""

from __future__ import annotations

import gc
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType
    from PySide6.QtWidgets import QApplication

HARMLESS = {
    r"This plugin does not support": "the offscreen platform has no window manager to ask",
}
"""Messages that Qt prints in a healthy run, each with its reason."""


class QtMessages:
    """Collects Qt's warnings, and the patterns that a test expects."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.expected: list[re.Pattern[str]] = []

    def reset(self) -> None:
        """Forget everything; called before each test."""
        self.texts.clear()
        self.expected.clear()

    def expect(self, pattern: str) -> None:
        """Announce messages that match; at least one must come."""
        self.expected.append(re.compile(pattern))

    def install(self) -> None:
        """Become Qt's message handler."""
        from PySide6.QtCore import QtMsgType, qInstallMessageHandler

        quiet = {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}

        def keep(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
            if kind not in quiet and not any(re.search(p, text) for p in HARMLESS):
                self.texts.append(text)

        qInstallMessageHandler(keep)

    def complaints(self) -> list[str]:
        """One line for every unexpected message and every expected one that never came."""
        wrong = [f"Qt: {t}" for t in self.texts if not any(p.search(t) for p in self.expected)]
        return wrong + [
            f"expected Qt message never came: {p.pattern}"
            for p in self.expected
            if not any(p.search(t) for t in self.texts)
        ]


def running_app() -> QApplication | None:
    """The application, where one exists; never imports Qt by itself."""
    widgets: Any = sys.modules.get("PySide6.QtWidgets")
    app = widgets.QApplication.instance() if widgets else None
    return app if widgets and isinstance(app, widgets.QApplication) else None


def alive(app: QApplication) -> set[Any]:
    """Visible windows, our own hidden ones, and running timers that Python code made."""
    from PySide6.QtCore import QTimer
    from shiboken6 import Shiboken

    windows = {
        w
        for w in app.topLevelWidgets()
        # pyqtgraph keeps hidden context menus, which go with their view
        if w.isVisible() or type(w).__module__.startswith("tradedesk")
    }
    timers = {w for w in Shiboken.getAllValidWrappers() if isinstance(w, QTimer) and w.isActive()}
    return windows | timers


def settle(app: QApplication) -> None:
    """Carry out deletions that were asked for and not yet done."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def describe(thing: Any) -> str:
    """Class, name and parent, for the message."""
    parent = thing.parent()
    owner = f" of {type(parent).__name__}" if parent is not None else ""
    return f"{type(thing).__name__} {thing.objectName()!r}{owner}"


def remove(things: set[Any]) -> None:
    """End what a failed test left, so that it does not disturb the next one."""
    for thing in things:
        stop = getattr(thing, "stop", None) or thing.close
        stop()
        if thing.parent() is None:
            thing.deleteLater()


class GarbageRounds:
    """Collects garbage between tests, in the main thread, once there are widgets.

    Threads of later tests would else destroy widgets of earlier ones: see
    `tradedesk.app.gui.garbage`.
    """

    _FULL_EVERY = 50

    def __init__(self) -> None:
        self._rounds = 0

    def round(self) -> None:
        """A test that had widgets is over."""
        gc.disable()
        self._rounds += 1
        gc.collect(1 if self._rounds % self._FULL_EVERY else 2)
