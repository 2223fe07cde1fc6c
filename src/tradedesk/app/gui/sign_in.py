"""Signing in to a firm: a real test with what was typed, then the system keyring."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.app.log_setup import register_secret
from tradedesk.gateway.config import FIRMS, firm_config
from tradedesk.gateway.order_side import build_order_side
from tradedesk.store.credentials import Credentials
from tradedesk.ui.login.dialog import SignInDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from tradedesk.domain.clock import Clock
    from tradedesk.store.credentials import CredentialStore
    from tradedesk.ui.login.dialog import Credentials as TypedCredentials

_NAMES = {"topstepx": "TopstepX"}


class SignIn:
    """Opens the dialog and does what it asks.

    Parameters
    ----------
    store : CredentialStore
        Where a key is kept that passed its test.
    go_to : callable
        Told the firm to connect to.
    """

    def __init__(self, store: CredentialStore, clock: Clock, go_to: Callable[[str], None]) -> None:
        self._store = store
        self._clock = clock
        self._go_to = go_to
        self.dialog: SignInDialog | None = None

    def open(self, parent: QWidget, firm: str = "") -> None:
        """Show the dialog, at a firm if one is named; one dialog at a time."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        names = sorted(FIRMS, key=lambda name: name != firm)
        firms = [(name, _NAMES.get(name, name)) for name in names]
        dialog = SignInDialog(firms, self._test, self._keep, parent)
        dialog.signed_in.connect(lambda typed: self._go_to(typed.firm))
        dialog.finished.connect(self._finished)
        self.dialog = dialog
        dialog.open()

    async def close(self) -> None:
        """Close the dialog if it is open."""
        if self.dialog is not None:
            self.dialog.reject()

    def _finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    async def _test(self, typed: TypedCredentials) -> str:
        register_secret(typed.api_key)
        side = build_order_side(
            firm_config(typed.firm), lambda: (typed.username, typed.api_key), self._clock
        )
        try:
            await side.gateway.login()
            accounts = [a for a in await side.gateway.accounts() if a.can_trade]
        finally:
            await side.gateway.aclose()
        return "1 account" if len(accounts) == 1 else f"{len(accounts)} accounts"

    async def _keep(self, typed: TypedCredentials) -> None:
        # A keyring may ask the person for its password, which takes as long as it takes.
        kept = Credentials(typed.username, typed.api_key)
        await asyncio.to_thread(self._store.save, typed.firm, kept)
