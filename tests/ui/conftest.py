"""Fixtures for tests of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from tests.ui.fakes.desk import FakeDesk

from tradedesk.ui.theme.style import apply_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _no_button_left_down(qapp: QApplication) -> Iterator[None]:
    """A button that a test leaves down would be held in every test after it."""
    yield
    assert qapp.mouseButtons() == Qt.MouseButton.NoButton, "a mouse button was left down"


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application in the colours of the desk."""
    apply_theme(qapp)
    return qapp


@pytest.fixture
def make_desk(dressed: QApplication) -> Iterator[Callable[..., FakeDesk]]:
    """Open windows; all of them are closed after the test."""
    opened: list[FakeDesk] = []

    def make(width: int = 1600, height: int = 1000, **options: object) -> FakeDesk:
        desk = FakeDesk(**options)  # type: ignore[arg-type]
        opened.append(desk)
        desk.window.resize(width, height)
        desk.window.show()
        desk.frame()
        return desk

    yield make
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """A window of 1600 x 1000 on a desk that is not signed in yet."""
    return make_desk()
