"""Signing in: a real test first, and only what passed is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tradedesk.domain.errors import AuthError, StoreError
from tradedesk.ui.login.dialog import Credentials, SignInDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication

FIRMS = (("topstepx", "TopstepX"), ("other", "Another firm"))
LEFT = Qt.MouseButton.LeftButton


class Door:
    """What the dialog is given."""

    def __init__(self) -> None:
        self.tested: list[Credentials] = []
        self.stored: list[Credentials] = []
        self.gate = asyncio.Event()
        self.keyring = asyncio.Event()
        self.keyring.set()
        self.error: Exception | None = None
        self.store_error: Exception | None = None

    async def test(self, credentials: Credentials) -> str:
        self.tested.append(credentials)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return "2 accounts"

    async def store(self, credentials: Credentials) -> None:
        await self.keyring.wait()
        if self.store_error is not None:
            raise self.store_error
        self.stored.append(credentials)


@pytest.fixture
def open_dialog(dressed: QApplication) -> Iterator[Callable[[Door], SignInDialog]]:
    opened: list[SignInDialog] = []

    def make(door: Door) -> SignInDialog:
        dialog = SignInDialog(FIRMS, door.test, door.store)
        opened.append(dialog)
        dialog.show()
        QTest.keyClicks(dialog.username, "somebody")
        QTest.keyClicks(dialog.api_key, "secret-key")
        return dialog

    yield make
    for dialog in opened:
        dialog.close()
        dialog.deleteLater()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_saving_is_possible_only_after_a_test_that_passed(
    open_dialog: Callable[[Door], SignInDialog],
) -> None:
    door = Door()
    dialog = open_dialog(door)
    assert not dialog.save_button.isEnabled()
    QTest.mouseClick(dialog.test_button, LEFT)
    await settle()
    assert dialog.note.text() == "Signing in to TopstepX…"
    assert not dialog.test_button.isEnabled()
    door.gate.set()
    await settle()
    assert "2 accounts" in dialog.note.text()
    assert door.stored == []
    kept: list[object] = []
    dialog.signed_in.connect(kept.append)
    QTest.mouseClick(dialog.save_button, LEFT)
    await settle()
    assert door.stored == kept == [Credentials("topstepx", "somebody", "secret-key")]
    assert dialog.api_key.text() == ""


async def test_a_refusal_is_the_sentence_and_nothing_is_kept(
    open_dialog: Callable[[Door], SignInDialog],
) -> None:
    door = Door()
    door.error = AuthError("The venue refused “somebody”; check user name and key.")
    door.gate.set()
    dialog = open_dialog(door)
    QTest.mouseClick(dialog.test_button, LEFT)
    await settle()
    assert dialog.note.text() == "The venue refused “somebody”; check user name and key."
    assert dialog.note.property("tone") == "error"
    assert not dialog.save_button.isEnabled()
    assert dialog.test_button.isEnabled()


async def test_typing_after_the_test_needs_another_test(
    open_dialog: Callable[[Door], SignInDialog],
) -> None:
    door = Door()
    door.gate.set()
    dialog = open_dialog(door)
    QTest.mouseClick(dialog.test_button, LEFT)
    await settle()
    assert dialog.save_button.isEnabled()
    QTest.keyClicks(dialog.api_key, "x")
    assert not dialog.save_button.isEnabled()


async def test_a_keyring_that_fails_is_told(open_dialog: Callable[[Door], SignInDialog]) -> None:
    door = Door()
    door.gate.set()
    door.store_error = StoreError("There is no system keyring here.")
    dialog = open_dialog(door)
    QTest.mouseClick(dialog.test_button, LEFT)
    await settle()
    QTest.mouseClick(dialog.save_button, LEFT)
    await settle()
    assert dialog.username.isEnabled()
    assert dialog.save_button.isEnabled(), "it can be tried again"
    assert dialog.note.text() == "There is no system keyring here."
    assert dialog.isVisible()


async def test_a_keyring_that_takes_its_time_is_shown_and_waited_for(
    open_dialog: Callable[[Door], SignInDialog],
) -> None:
    door = Door()
    door.gate.set()
    door.keyring.clear()
    dialog = open_dialog(door)
    QTest.mouseClick(dialog.test_button, LEFT)
    await settle()
    QTest.mouseClick(dialog.save_button, LEFT)
    await settle()
    assert dialog.note.text().startswith("Saving…")
    assert not dialog.save_button.isEnabled()
    assert not dialog.api_key.isEnabled(), "what is stored is what was tested"
    assert door.stored == []
    door.keyring.set()
    await settle()
    assert door.stored == [Credentials("topstepx", "somebody", "secret-key")]
    assert not dialog.isVisible()


async def test_closing_ends_a_test_under_way(open_dialog: Callable[[Door], SignInDialog]) -> None:
    door = Door()
    dialog = open_dialog(door)
    QTest.mouseClick(dialog.test_button, LEFT)
    await settle()
    dialog.reject()
    await settle()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_key_is_hidden_on_screen_and_in_text(
    open_dialog: Callable[[Door], SignInDialog],
) -> None:
    dialog = open_dialog(Door())
    assert dialog.api_key.echoMode() is QLineEdit.EchoMode.Password
    assert "secret-key" not in repr(dialog.entered)


async def test_it_starts_in_the_first_field_with_nothing_to_press(dressed: QApplication) -> None:
    door = Door()
    dialog = SignInDialog(FIRMS, door.test, door.store)
    dialog.show()
    assert dialog.focusWidget() is dialog.username
    assert not dialog.test_button.isEnabled()
    assert not dialog.save_button.isEnabled()
    dialog.close()
    dialog.deleteLater()
