"""What is closed is gone: no panel is kept alive by a connection or a listener."""

from __future__ import annotations

import gc
import weakref
from dataclasses import fields
from typing import TYPE_CHECKING

from tests.ui.fakes.desk import FakeDesk, exits, position

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def test_a_closed_window_and_its_panels_are_gone(dressed: QApplication) -> None:
    desk = FakeDesk()
    desk.window.show()
    desk.ready(orders=exits(), positions=(position(1),))
    widgets = desk.window.widgets
    watched = {f.name: weakref.ref(getattr(widgets, f.name)) for f in fields(widgets)}
    watched["window"] = weakref.ref(desk.window)
    watched["presenter"] = weakref.ref(desk.window.presenter)
    state, frames = desk.state, desk.frames
    del widgets
    desk.close()
    del desk
    gc.collect()
    assert [name for name, ref in watched.items() if ref() is not None] == []
    assert frames.callbacks == []
    assert state._listeners == []
