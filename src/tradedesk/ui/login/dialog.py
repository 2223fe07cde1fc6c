"""The sign-in dialog: test first, keep only what passed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget

from tradedesk.domain.errors import TradeDeskError
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.widgets.layout import column, row, small
from tradedesk.ui.widgets.menu_button import MenuButton

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_PROMISE = "The key is kept in the system keyring, only after a test that passed."
TEST_DEADLINE_S = 15.0
SAVE_DEADLINE_S = 120.0
"""The system may ask for the password of its keyring first, and people take their time."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed. Its text form hides the key."""

    firm: str
    username: str
    api_key: str

    def __repr__(self) -> str:
        return f"Credentials(firm={self.firm!r}, username={self.username!r}, api_key=<hidden>)"


class SignInDialog(QDialog):
    """Asks for firm, user name and API key.

    Parameters
    ----------
    firms : sequence of (key, name)
        What can be chosen.
    test : callable
        Signs in for real and returns a sentence such as ``2 accounts``; raises ``TradeDeskError``.
    store : callable
        Keeps the credentials in the system keyring, without holding up the window; called only
        after a test that passed. Raises ``TradeDeskError``.

    Signals
    -------
    signed_in(object)
        The stored `Credentials`.
    """

    signed_in = Signal(object)

    def __init__(
        self,
        firms: Sequence[tuple[str, str]],
        test: Callable[[Credentials], Awaitable[str]],
        store: Callable[[Credentials], Awaitable[None]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sign in — tradedesk")
        self.setFixedWidth(420)
        self._firms = dict(firms)
        self._firm = next(iter(self._firms))
        self._test = test
        self._store = store
        self._task: asyncio.Task[None] | None = None
        self._passed: Credentials | None = None
        self.firm = MenuButton("choice")
        self.firm.offer(lambda: list(self._firms.items()))
        self.username = QLineEdit()
        self.api_key = QLineEdit()
        self.api_key.setEchoMode(QLineEdit.EchoMode.Password)
        self.note = small(wrap=True)
        self.note.setFixedHeight(3 * self.note.fontMetrics().height())
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.test_button = QPushButton("Test")
        self.save_button = QPushButton("Save and connect")
        self.save_button.setProperty("kind", "primary")
        self.cancel_button = QPushButton("Cancel")
        self._arrange()
        self._connect()
        self._show_firm()
        self._say(_PROMISE)
        self._allow()
        self.username.setFocus()

    @property
    def entered(self) -> Credentials:
        """What is typed now."""
        return Credentials(self._firm, self.username.text().strip(), self.api_key.text().strip())

    def done(self, result: int) -> None:
        if self._task is not None:
            self._task.cancel()
        self.api_key.clear()
        super().done(result)

    def _arrange(self) -> None:
        rows = []
        for text, widget in (
            ("Firm", self.firm),
            ("User name", self.username),
            ("API key", self.api_key),
        ):
            label = QLabel(text)
            label.setProperty("tone", "soft")
            label.setFixedWidth(84)
            widget.setAccessibleName(text)
            rows.append(row(label, widget))
            rows[-1].setStretch(1, 1)
        buttons = row(self.test_button, None, self.cancel_button, self.save_button)
        layout = column(*rows, 4, self.note, buttons, spacing=12)
        layout.setContentsMargins(20, 20, 20, 16)
        self.setLayout(layout)
        self.save_button.setAutoDefault(False)
        self.cancel_button.setAutoDefault(False)
        self.firm.setAutoDefault(False)
        self.test_button.setDefault(True)

    def _connect(self) -> None:
        self.firm.chosen.connect(self._choose_firm)
        for field in (self.username, self.api_key):
            field.textEdited.connect(self._changed)
        self.test_button.clicked.connect(self._start)
        self.save_button.clicked.connect(self._save)
        self.cancel_button.clicked.connect(self.reject)

    def _choose_firm(self, firm: str) -> None:
        self._firm = firm
        self._show_firm()
        self._changed()

    def _show_firm(self) -> None:
        self.firm.show_text(self._firms[self._firm])

    def _changed(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._passed = None
        self.test_button.setDefault(True)
        self._say(_PROMISE)
        self._allow()

    def _allow(self) -> None:
        entered = self.entered
        complete = bool(entered.username and entered.api_key)
        self.test_button.setEnabled(complete and self._task is None)
        self.save_button.setEnabled(self._passed == entered and complete and self._task is None)

    def _start(self) -> None:
        self._say(f"Signing in to {self._firms[self._firm]}…")
        # A button that goes dead must not hand the focus on to Cancel.
        self.api_key.setFocus()
        self._task = asyncio.ensure_future(self._run_test(self.entered))
        self._allow()

    async def _run_test(self, credentials: Credentials) -> None:
        try:
            async with asyncio.timeout(TEST_DEADLINE_S):
                found = await self._test(credentials)
        except TimeoutError:
            self._say(f"No answer within {TEST_DEADLINE_S:.0f} s; check the network.", "error")
        except TradeDeskError as error:
            self._say(str(error), "error")
        else:
            self._passed = credentials
            self._say(f"Signed in: {found}. Nothing is stored yet.", "ok")
        finally:
            if self._task is asyncio.current_task():
                self._task = None
                self._allow()
                passed = self._passed is not None
                (self.save_button if passed else self.test_button).setDefault(True)

    def _save(self) -> None:
        passed = self._passed
        if passed is None or self._task is not None:
            return
        self._say("Saving… The system may ask for the password of its keyring.")
        self._task = asyncio.ensure_future(self._run_save(passed))
        self._lock(locked=True)

    async def _run_save(self, passed: Credentials) -> None:
        try:
            async with asyncio.timeout(SAVE_DEADLINE_S):
                await self._store(passed)
        except TimeoutError:
            self._say(
                f"The system keyring has not answered for {SAVE_DEADLINE_S:.0f} s; unlock it "
                "and save again.",
                "error",
            )
        except TradeDeskError as error:
            self._say(str(error), "error")
        else:
            self._task = None
            self.signed_in.emit(passed)
            self.accept()
            return
        finally:
            if self._task is asyncio.current_task():
                self._task = None
                self._lock(locked=False)

    def _lock(self, *, locked: bool) -> None:
        """While it is being saved nothing can be typed: what is stored is what was tested."""
        for widget in (self.firm, self.username, self.api_key):
            widget.setEnabled(not locked)
        self._allow()

    def _say(self, text: str, tone: str = "label") -> None:
        self.note.setText(text)
        restyle(self.note, "tone", tone)
